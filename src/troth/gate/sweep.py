"""Sweep: everything whose time has come goes, and leaves evidence; nothing waits for somebody to ask.

Records and single fields go by their stored instant, a person of whom only the event log is left is
forgotten, the files lose the bytes, and the salts of months that are over are destroyed, so that no backup
can be read either.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from troth.gate.errors import ClockLeapt
from troth.gate.folder import IDLE, Folder, opened
from troth.gate.house import House
from troth.gate.values import Cleared
from troth.store import StoreError

LEAP = timedelta(days=400)  # between two sweeps: longer, and the clock is not believed by itself
SWEPT, NEVER = "swept", timedelta(days=365_000)


def sweep(house: House, *, now: datetime | None = None) -> Cleared:
    """Let everything due by ``now`` go; a moment that lies ahead of the clock is refused as a fault."""
    at = house.clock()
    if now is not None and now > at:
        raise ValueError("a sweep cannot run ahead of the clock: what is not due yet stays")
    at = now or at
    before = _size(house)
    gone = people = 0
    for person in dict.fromkeys(r.person for r in house.store.due_before(instant=at)):
        records, forgotten = _person(house, person)
        gone, people = gone + records, people + forgotten
    with house.lock:
        house.memory.clear()
        house.store.lift_ended()
        files = house.store.sweep_files(thorough=True)
        house.store.rebucket()
        buckets = sum(_end(house, name) for name in house.store.ended_buckets())
        told = house.clock()
        house.store.lay(kind=SWEPT, name=SWEPT, value=told.isoformat().encode(), until=told + NEVER)
    return Cleared(gone, people, buckets, _size(house) - before, files.blocked)


def sweep_on(house: House) -> Cleared:
    """Sweep, unless the clock has leapt since the last sweep: what goes does not come back.

    Raises ``ClockLeapt``.  Evidence is no measure of it: a wrong clock may have written some already.
    """
    last, now = _last(house), house.clock()
    if last is not None and now - last > LEAP:
        raise ClockLeapt(last, now)
    return sweep(house)


def _last(house: House) -> datetime | None:
    """Return when was swept last, else the last moment that the evidence proves; None for a new store."""
    laid = house.store.laid(kind=SWEPT, name=SWEPT)
    return datetime.fromisoformat(laid.value.decode()) if laid else house.store.latest()


def retime(house: House) -> int:
    """Move the dates of every person's records after the document changed; return how many persons."""
    people = list(house.store.persons())
    for person in people:
        with opened(house, person) as folder:
            folder.stale = True
            folder.note("re-timed", version=house.policy.version)
    return len(people)


def _person(house: House, person: int) -> tuple[int, bool]:
    with opened(house, person) as folder:
        if not folder.empty() or not (folder.erased() or _idle(folder)):
            return folder.gone, False
        _forget(folder)
    return folder.gone, True


def _idle(folder: Folder) -> bool:
    """Say whether a person with nothing left is not simply somebody who has just come in."""
    made = [datetime.fromisoformat(r.meta.collected) for r in folder.records.values()]
    return not made or folder.now - min(made) >= IDLE


def _forget(folder: Folder) -> None:
    if folder.erased():
        for rid in list(folder.records):
            folder.drop(rid)
    else:
        folder.deed.erase_person()
    folder.over = True


def _size(house: House) -> int:
    """Return how many entries the signed evidence has."""
    head = house.store.checkpoint()
    return int(head.split("\n")[1]) if head else 0


def _end(house: House, bucket: str) -> int:
    """Destroy an ended month's salt; a month whose records wait for something is left for the next sweep."""
    try:
        house.store.end_bucket(bucket=bucket)
    except StoreError:
        return 0
    return 1
