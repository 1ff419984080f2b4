"""Oppose: the person's no: an objection to a purpose (GDPR Art. 21) or a restriction of data (Art. 18).

An objection stands while it is undecided or upheld.  One the document honours stands at once and needs no
decision; one it weighs gets a request with a date.  Derived data that rested on the purpose go in the same
deed.
"""

from __future__ import annotations

from troth.gate.ask import opened_request
from troth.gate.derive import drop_made_for_nothing
from troth.gate.errors import GateError, Unknown
from troth.gate.folder import opened
from troth.gate.house import MARKETING, House, base
from troth.gate.values import Act, Asked
from troth.policy.model import Purpose

GROUNDS = 6  # words: a label such as "business need" weighs nothing


def object_to(
    house: House, *, person: int, purpose: str, given: bool = True, channel: str = ""
) -> Asked | None:
    """Object to a purpose, or to all ``direct marketing``; return the request when it will be weighed."""
    said = house.purposes.get(base(purpose))
    if said is None and purpose != MARKETING:
        raise Unknown("purpose", purpose)
    house.members(purpose)
    with opened(house, person) as folder:
        version = house.policy.version
        folder.act(Act("objection", purpose, given, folder.now, version=version, channel=channel))
        clause = said.clause if said else ""
        folder.note("objected" if given else "objection withdrawn", clause, purpose=purpose)
        drop_made_for_nothing(folder)
        if given and said is not None and weighed(said):
            return opened_request(folder, "object", channel, about=purpose, within=said.objection_within)
    return None


def decide_objection(house: House, *, person: int, purpose: str, upheld: bool, reason: str, by: str) -> None:
    """Decide a weighed objection: upheld it stands, else it ends; the person reads the reason."""
    if base(purpose) not in house.purposes:
        raise Unknown("purpose", purpose)
    house.members(purpose)
    _decidable(house.purposes[base(purpose)], upheld, reason)
    with opened(house, person) as folder:
        folder.act(
            Act("objection", purpose, upheld, folder.now, reason, house.policy.version, channel="decided")
        )
        folder.trail("objection decided", by=by, purpose=purpose, reason=reason)
        outcome = "upheld" if upheld else "not upheld"
        folder.note(f"objection {outcome}", house.purposes[base(purpose)].clause, purpose=purpose)


def _decidable(purpose: Purpose, upheld: bool, reason: str) -> None:
    """See to it that a no to the person is one that may be weighed, and says its grounds (Art. 21(1))."""
    if upheld:
        return
    if not weighed(purpose):
        raise GateError(f"an objection to '{purpose.name}' is honoured ({purpose.clause}), never weighed")
    if len(reason.split()) < GROUNDS:
        raise GateError(
            "compelling grounds are written down: which interest, and why it outweighs the person's"
        )


def restrict(house: House, *, person: int, data: str = "*", on: bool = True) -> None:
    """Restrict the use of all data, of a category or of one field, or lift that."""
    if data != "*":
        house.part(data)
    with opened(house, person) as folder:
        folder.act(Act("restriction", data, on, folder.now, version=house.policy.version))
        folder.note("restricted" if on else "restriction lifted", data=data)


def weighed(purpose: Purpose) -> bool:
    """Say whether an objection to this purpose is weighed; one to marketing, or an honoured one, is not."""
    if MARKETING in purpose.marks or purpose.objection == "honoured":
        return False
    grounds = {g.kind for b in purpose.bases for g in b.grounds}
    return purpose.objection == "weighed" or bool(grounds & {"legitimate interest", "public task"})
