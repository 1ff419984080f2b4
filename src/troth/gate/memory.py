"""Memory: the states of the persons asked about last, so that asking again opens nothing.

A state counts while the store's mark of the person's folder is the one it was read under, which any deed
changes, be it another process's; and until the next moment at which time alone may change it.
INVARIANT (no longer than the folder): a deed about a person forgets them before it ends, and a sweep forgets
everybody, so that nothing of an erased person stays here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from troth.gate.facts import Known, edges, instructed, known, state_of
from troth.gate.folder import standing
from troth.gate.house import House, Remembered
from troth.kernel.calendar import local_day, start_of
from troth.store import Record
from troth.terms import State

SIZE = 1024  # persons remembered; the one longest here goes first


def state_now(house: House, *, person: int, now: datetime) -> State:
    """Return the state of a person, from memory where nothing can have changed it."""
    mark, found = house.store.mark(person=person), house.memory.get(person)
    stands = found and found.mark == mark and found.made <= now < found.until
    if found and stands and found.words == instructed(house):
        return found.state
    with house.lock:  # a deed forgets under the same lock, so nothing older is put back behind it
        mark = house.store.mark(person=person)
        records = standing(house, person, house.telling)
        mind = known(house, records)
        state = state_of(house, mind, now)
        if mark is not None:
            until = _until(house, mind, records, now)
            house.memory.pop(person, None)
            house.memory[person] = Remembered(mark, now, until, instructed(house), state)
            while len(house.memory) > SIZE:
                del house.memory[next(iter(house.memory))]
    return state


def _until(house: House, mind: Known, records: Iterable[Record], now: datetime) -> datetime:
    """Return the next moment at which the state may change: the day's end, a date, a span that ran out."""
    zone = house.policy.zone
    midnights = (
        start_of(local_day(now, zone) + timedelta(days=1), zone),
        now.replace(hour=0, minute=0, second=0, microsecond=0)
        + timedelta(days=1),  # ages go by the clock's day
    )
    ends = (datetime.fromisoformat(r.meta.due) for r in records if r.meta.due)
    return min(t for t in (*midnights, *ends, *edges(house, mind, now)) if t > now)
