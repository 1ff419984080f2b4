"""Reading: when the document itself was last read over, and when it must be again (``read over every N``).

A version counts as read over on the day it begins; later readings stand in the evidence, with who read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from troth.gate.errors import GateError
from troth.gate.house import House
from troth.kernel.calendar import local_day, step
from troth.policy.model import Change
from troth.store import Leaf

KIND = "document read over"


@dataclass(frozen=True, slots=True)
class Reading:
    """The last reading and the day by which the next is due; None where the document names no length."""

    version: str
    last: date | None
    by: date | None
    overdue: bool


def reading(house: House, *, at: datetime | None = None) -> Reading:
    """Return how the document stands at a moment, now when left out."""
    said = next((c for c in house.policy.of(Change) if c.reviewed), None)
    today = local_day(at or house.clock(), house.policy.zone)
    days = [local_day(datetime.fromisoformat(leaf.at), house.policy.zone) for leaf in _readings(house)]
    last = max([*days, *([house.policy.since] if house.policy.since else [])], default=None)
    by = step(last, said.reviewed) if said and said.reviewed and last else None
    return Reading(house.policy.version, last, by, bool(by and today > by))


def read_over(house: House, *, by: str) -> Reading:
    """Write down that the document was read over; raise ``GateError`` where it asks for no reading."""
    said = next((c for c in house.policy.of(Change) if c.reviewed), None)
    if said is None:
        raise GateError("the document does not say how often it is read over; add 'read over every LENGTH'")
    house.store.log(kind=KIND, clause=said.clause.ref, detail={"by": by, "version": house.policy.version})
    return reading(house)


def _readings(house: House) -> list[Leaf]:
    return [leaf for leaf in house.store.leaves(start=0) if leaf.kind == KIND]
