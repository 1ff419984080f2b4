"""Looks: what an Admin sees of the house's own looks at the people of the room: when, why, how many records.

It reads what the gate opens and adds the colleagues' names; who of the house it was stays with the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.policy.model import Data
from troth.services.instances import Rooms, Unfit
from troth.services.members import names, sight


@dataclass(frozen=True, slots=True)
class Line:
    """One look as the Admin's page has it."""

    at: datetime
    whose: str
    role: str
    data: str
    purpose: str
    reason: str
    records: int | None


def looks(rooms: Rooms, admin: int) -> tuple[Line, ...]:
    """Return the looks at the people of the admin's room, the last first; none where no rule shows them."""
    log = next((d.name for d in rooms.policy.of(Data) if d.records == "trail"), "")
    try:
        role, purpose = sight(rooms, log, admin=True)
    except Unfit:
        return ()
    called = names(rooms, admin)
    found = rooms.gate.group_looks(viewer=admin, purpose=purpose, role=role)
    return tuple(
        Line(s.at, called.get(s.person, ""), s.role, s.data, s.purpose, s.reason, s.records) for s in found
    )
