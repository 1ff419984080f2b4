"""Minors: somebody is reported to be a child: use stops at once, and a case waits for a person.

Nothing is erased on a stranger's word, and nothing is told to them; the document's own door says by when a
person looks into it.
"""

from __future__ import annotations

from troth.gate.ask import opened_request
from troth.gate.errors import GateError
from troth.gate.folder import opened
from troth.gate.house import House
from troth.gate.values import Act, Asked
from troth.policy.model import RequestDoor

DOES, BY = "erase", "anyone"


def door(house: House) -> RequestDoor | None:
    """Return the door by which anyone reports a child; None where the document has none."""
    return next((d for d in house.policy.of(RequestDoor) if d.does == DOES and d.by == BY), None)


def report_child(house: House, *, person: int) -> Asked:
    """Restrict all use of a person's data and open the case; one that waits already is the case."""
    found = door(house)
    if found is None:
        raise GateError("the document opens no door for reports about children; add 'request … by anyone'")
    with opened(house, person) as folder:
        if "*" not in folder.state.restricted:
            folder.act(Act("restriction", "*", True, folder.now, channel=found.name))
            folder.note("restricted", found.clause, data="*", case=found.name)
        return opened_request(folder, found.name, "page", about=found.name)
