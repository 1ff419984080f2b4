"""The same job on each engine, with a worker killed on the way: ``./run campaign bulk``.

Each part of the work kills its process the first time that it is asked for.  The data and the counts must be
those of a run that nobody disturbed, on every engine; what the engine itself reports is not looked at.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import deltalake
import pyarrow
import pyarrow.parquet

from troth.runtime.bulk import ENGINES, Forgetting, Job, forget
from troth.runtime.bulk.lake import plan

FILES, ROWS, PEOPLE, GONE = 12, 5_000, 500, 25
VALUES = tuple(f"person-{n:04}" for n in range(0, PEOPLE, PEOPLE // GONE))


@dataclass(frozen=True)
class Killing:
    """Forgetting by a process that is killed the first time it is asked for some of the parts."""

    work: Forgetting
    marks: Path
    kill: bool = True

    def __call__(self, raw: bytes) -> tuple[bytes, int, int]:
        mark = self.marks / str(len(raw) % 3)
        if self.kill and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.work(raw)


def lake(folder: Path) -> Path:
    """Write a lake of people's rows and return its folder."""
    for number in range(FILES):
        whose = [f"person-{(number * 31 + n) % PEOPLE:04}" for n in range(ROWS)]
        text = [f"{who} said {n}" for n, who in enumerate(whose)]
        table = pyarrow.table({"person": whose, "text": text})
        path = folder / f"day={number:02}" / "part.parquet"
        path.parent.mkdir(parents=True)
        pyarrow.parquet.write_table(table, path)
    return folder


def left(folder: Path) -> set[str]:
    """Name which of the forgotten still stand in any file below a folder, as bytes."""
    raws = [p.read_bytes() for p in folder.rglob("*") if p.is_file()]
    return {value for value in VALUES if any(value.encode() in raw for raw in raws)}


def on(engine: str, home: Path) -> tuple[bool, str]:
    """Run the job on one engine; say whether all is right, in a line."""
    folder, marks = lake(home / "lake"), home / "marks"
    marks.mkdir()
    work = Killing(Forgetting("person", VALUES), marks)
    begun = time.monotonic()
    done = Job(home / "job", work, engine, workers=2).do(plan(folder))
    rows = sum(pyarrow.parquet.read_metadata(p).num_rows for p in folder.rglob("*.parquet"))
    expected = FILES * ROWS * GONE // PEOPLE
    right = (done.changed, done.read, rows) == (expected, FILES * ROWS, FILES * ROWS - expected)
    killed = len(list(marks.iterdir()))
    told = (
        f"{done.changed} of {done.read} rows gone, {killed} workers killed, {len(left(folder))} people left"
    )
    return right and not left(folder) and killed > 0, f"{engine:<10} {told}, {time.monotonic() - begun:.1f} s"


def delta(home: Path) -> tuple[bool, str]:
    """Forget people in a Delta table with a past; say whether any byte of them is left."""
    table = home / "table"
    for number in range(3):
        whose = [f"person-{(number * 31 + n) % PEOPLE:04}" for n in range(ROWS)]
        deltalake.write_deltalake(str(table), pyarrow.table({"person": whose}), mode="append")
    done = forget(table, Forgetting("person", VALUES), Job(home / "delta", Forgetting("person", VALUES)))
    right = done.changed == 3 * ROWS * GONE // PEOPLE and not left(table)
    return (
        right,
        f"delta      {done.changed} of {done.read} rows gone, {len(left(table))} people left in its files",
    )


def main() -> int:
    told = []
    for engine in ENGINES:
        with tempfile.TemporaryDirectory() as home:
            told.append(on(engine, Path(home)))
            print(told[-1][1], flush=True)
    with tempfile.TemporaryDirectory() as home:
        told.append(delta(Path(home)))
        print(told[-1][1], flush=True)
    return 0 if all(right for right, _ in told) else 1


if __name__ == "__main__":
    sys.exit(main())
