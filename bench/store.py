"""Store: what keeping people costs, in files and on a PostgreSQL server, the same deeds side by side.

Everything is on: sealing, keys apart, evidence with signed heads, and every commit synced.  Figures are
medians of rounds that take turns; on a shared machine trust the ratios.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from postgresql import cluster

from troth.store import Meta, Store, open, rotate

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = {"text": "x" * 900}
FEW, MANY = 10, 2_000  # records of a person
SYNCED = ("fsync=on",)
Deed = Callable[[Store, int], None]


def store(rounds: int = 5, keys: int = 500) -> int:
    """Print the table; 0.  ``keys``: how many persons a rotation turns over."""
    with tempfile.TemporaryDirectory() as folder, cluster(durable=True, more=SYNCED) as running:
        places = {
            "files": opened(str(Path(folder) / "s.db")),
            "server": opened(running.founded()),
        }
        table: dict[str, dict[str, list[float]]] = {
            name: {place: [] for place in places} for name in (*DEEDS, "rotate, a person's key")
        }
        for n in range(rounds):
            for place, at in places.items():
                for name, (deed, count) in DEEDS.items():
                    table[name][place].append(timed(at, deed, count, n))
        for place, at in places.items():
            table["rotate, a person's key"][place].append(rotated(at, keys))
            at.close()
    print("| milliseconds each | files | server | server / files |\n|---|---|---|---|")
    for name, found in table.items():
        one, other = (statistics.median(found[place]) for place in places)
        print(f"| {name} | {one:.2f} | {other:.2f} | x{other / one:.1f} |")
    return 0


def opened(address: str) -> Store:
    """Open a store for the bench."""
    return open(address, root_key=bytes(32), now=lambda: NOON, company="club")


def person(at: Store, records: int) -> int:
    """Make a person with so many records."""
    pid = at.new_person()
    with at.deed(person=pid) as deed:
        for _ in range(records):
            deed.put(data="chat", body=BODY, meta=Meta(due="2027-02-01T00:00:00+00:00"))
    return pid


def collected(at: Store, pid: int) -> None:
    """Write one record with its index and its evidence."""
    with at.deed(person=pid) as deed:
        deed.put(data="contact", body=BODY, meta=Meta())
        deed.index(namespace="email", value=f"{pid}@example.org")
        deed.log(kind="collected")


def read(at: Store, pid: int) -> None:
    """Read all of a person."""
    at.records(person=pid)


def erased(at: Store, pid: int) -> None:
    """Make a person unreadable, with the receipt."""
    with at.deed(person=pid) as deed:
        deed.erase_person()


def swept(at: Store, pid: int) -> None:
    """Take an erased person's bytes out of the files."""
    erased(at, pid)
    done = at.sweep_files(thorough=True)
    assert done.blocked == "", done.blocked


DEEDS: dict[str, tuple[Deed, int]] = {
    "write one record of 1 KB, indexed, with evidence": (collected, FEW),
    f"read a person of {FEW} records": (read, FEW),
    f"erase a person of {FEW} records (unreadable)": (erased, FEW),
    f"erase a person of {MANY:,} records (unreadable)": (erased, MANY),
    "erase and sweep (absent from files)": (swept, FEW),
}


def timed(at: Store, deed: Deed, records: int, n: int) -> float:
    """Return the milliseconds of a deed, the median of some, or of one where it is large."""
    times = []
    for _ in range(1 if records == MANY or deed is swept else 10):
        pid = person(at, records)
        before = time.perf_counter()
        deed(at, pid)
        times.append((time.perf_counter() - before) * 1000)
    return statistics.median(times)


def rotated(at: Store, keys: int) -> float:
    """Return the milliseconds that turning one person's key over takes among so many."""
    for _ in range(keys - sum(1 for _ in at.persons())):
        at.new_person()
    before = time.perf_counter()
    done = rotate(at)
    return (time.perf_counter() - before) * 1000 / done.persons


if __name__ == "__main__":
    sys.exit(store(*map(int, sys.argv[1:])))
