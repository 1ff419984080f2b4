"""Job: a plan, an engine that goes through it, and the sum of its receipts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from troth.runtime.bulk import corpus, lake
from troth.runtime.bulk.engines import ENGINES
from troth.runtime.bulk.segments import Segment, Total, Work, digest, place, run, total
from troth.terms import TrothError

Going = Callable[[int, int], None]  # parts done, parts in all
PLAN = "plan.json"


class OtherWork(TrothError):
    """A folder holds the plan of a job that does something else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is of a job with other work; name an empty folder")


@dataclass(frozen=True, slots=True)
class Job:
    """A job in a folder of its own, where its plan and receipts lie; run again, it goes on where it was."""

    folder: Path
    work: Work
    engine: str = "processes"
    workers: int = 1
    going: Going = lambda done, every: None

    def do(self, planned: Iterable[Segment]) -> Total:
        """Run every part that has no result yet, and add all up; raise ``Moved``, ``Unfinished``."""
        segments = self._plan(planned)
        engine, one = ENGINES[self.engine], partial(run, work=self.work, receipts=self.folder)
        for done, _ in enumerate(engine(segments, one, self.workers), 1):
            self.going(done, len(segments))
        return total(segments, self.folder)

    def _plan(self, planned: Iterable[Segment]) -> list[Segment]:
        """Keep the first plan: what is read in place is no longer what it was once a part is done."""
        path, work = self.folder / PLAN, digest(repr(self.work).encode())
        if not path.exists():
            rows = [{**asdict(s), "source": str(s.source), "target": str(s.target)} for s in planned]
            place(path, json.dumps({"work": work, "parts": rows}).encode())
        told = json.loads(path.read_text("utf-8"))
        if told["work"] != work:
            raise OtherWork(self.folder)
        rows = told["parts"]
        return [Segment(**{**s, "source": Path(s["source"]), "target": Path(s["target"])}) for s in rows]


def scrub(source: Path, into: Path, job: Job) -> Total:
    """Scrub a corpus of texts or JSON lines into a folder."""
    return job.do(corpus.plan(source.resolve(), into.resolve()))


def forget(source: Path, work: lake.Forgetting, job: Job) -> Total:
    """Take people's rows out of a folder of Parquet files, or out of one Delta table and its past."""
    if not lake.versioned(source):
        return job.do(lake.plan(source.resolve()))
    read, gone = lake.forget_in_table(source, work)
    told = json.dumps({"table": source.name, "read": read, "changed": gone}, sort_keys=True)
    place(job.folder / "table.json", told.encode())
    return Total(1, read, gone, digest(told.encode()))
