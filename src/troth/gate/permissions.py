"""Permissions: who of the staff was given or lost which role, by whom and when, in the security log.

Such a line is about nobody whom the house serves, so it stands under a nameless person of its own; it is kept
as long as the document keeps its log and shown to the role that the document opens it to.  The evidence says
that it happened and in which role, and no name.
"""

from __future__ import annotations

from troth.gate.errors import Unknown
from troth.gate.folder import opened
from troth.gate.house import House
from troth.gate.read import show
from troth.gate.values import Held
from troth.policy.model import Door, Role

HOUSE = "house"


def permission(house: House, *, by: str, about: str, role: str, given: bool) -> None:
    """Write a change of permission down; raise ``Unknown`` for a role the document does not have."""
    if role not in {r.name for r in house.policy.of(Role)}:
        raise Unknown("role", role)
    said = "permission given" if given else "permission taken back"
    person = house.store.find(namespace=HOUSE, value=HOUSE)
    if person is None:
        person = house.store.new_person(area=HOUSE)
    with opened(house, person) as folder:
        folder.deed.index(namespace=HOUSE, value=HOUSE)
        folder.trail(said, by=by, about=about, role=role)
        folder.note(said, house.home("trail")[1], role=role)


def changes(house: House, *, role: str, staff: str, reason: str = "") -> tuple[Held, ...]:
    """Show the changes of permission to a role that the document opens the log to; raise ``Refused``."""
    person = house.store.find(namespace=HOUSE, value=HOUSE)
    if person is None:
        return ()
    data, purposes = house.kinds["trail"], house.home("trail")[0]
    opening = (
        p
        for d in house.policy.of(Door)
        if d.verb == "show" and d.party == role and data in d.data
        for p in d.purposes
    )
    purpose = next(opening, purposes[0] if purposes else "")
    found = show(house, person=person, data=data, purpose=purpose, role=role, reason=reason, staff=staff)
    return tuple(h for h in found if str(h.body.get("act", "")).startswith("permission"))
