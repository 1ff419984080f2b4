"""Bulk: the commands for what is too much for one go: a corpus scrubbed, people taken out of a data lake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress

from troth.cli import say
from troth.cli.options import Json, SettingsFile, Store, opened
from troth.gate.bulk import FORGOTTEN, SCRUBBED
from troth.runtime import bulk
from troth.runtime.bulk.job import Going

Work: TypeAlias = Annotated[
    Path, Parameter(help="the job's own folder: its plan and receipts; name it again to go on")
]
Engine: TypeAlias = Annotated[str, Parameter(help="processes, ray or spark")]
Workers: TypeAlias = Annotated[int, Parameter(help="how many at once")]
Witness: TypeAlias = Annotated[
    Path | None, Parameter(name="--for", help="the company's folder: its evidence then says what was done")
]


def app(root: App) -> None:
    """Add these commands."""
    group = App(name="bulk", help="Large work in parts, which may be cut off and run again.")
    group.command(scrub)
    group.command(forget)
    root.command(group)


def scrub(
    source: Path,
    into: Path,
    /,
    *,
    job: Work,
    operator: Annotated[str, Parameter(help="label, mask, pseudonym, hash or fake")] = "label",
    key: Annotated[str, Parameter(help="the secret of pseudonym, hash and fake")] = "",
    engine: Engine = "processes",
    workers: Workers = 1,
    company: Witness = None,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Scrub a file or a folder of texts or JSON lines into another folder, part by part.

    Example: `troth bulk scrub chats clean --job work/chats`
    """
    work = bulk.Scrubbing(operator, key.encode())
    with _going() as going:
        done = bulk.scrub(source, into, bulk.Job(job, work, _known(engine), workers, going))
    _witnessed(done, SCRUBBED, company, store, settings)
    return _told(done, "lines in which something was found", json)


def forget(
    source: Path,
    /,
    *,
    job: Work,
    column: Annotated[str, Parameter(help="the column that says whose a row is")],
    people: Annotated[Path, Parameter(help="a file with one value of that column a line")],
    engine: Engine = "processes",
    workers: Workers = 1,
    company: Witness = None,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Take people's rows out of a folder of Parquet files, or out of a Delta table and all its versions.

    Example: `troth bulk forget lake --job work/forget --column person --people gone.txt`
    """
    values = tuple(sorted({line for line in people.read_text("utf-8").splitlines() if line}))
    work = bulk.Forgetting(column, values)
    with _going() as going:
        done = bulk.forget(source, work, bulk.Job(job, work, _known(engine), workers, going))
    _witnessed(done, FORGOTTEN, company, store, settings)
    return _told(done, "rows gone", json)


def _known(engine: str) -> str:
    if engine not in bulk.ENGINES:
        raise bulk.NoEngine(engine)
    return engine


def _witnessed(done: bulk.Total, kind: str, company: Path | None, store: str, settings: str) -> None:
    if company is not None:
        with opened(company, store, settings) as served:
            served.gate.witness(kind=kind, **asdict(done))


@contextmanager
def _going() -> Iterator[Going]:
    """Draw how far a job is on the terminal, if there is one."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("parts", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)


def _told(done: bulk.Total, what: str, json: bool) -> int:
    if json:
        say.as_json(asdict(done))
    else:
        print(f"{done.segments} parts, {done.read} read, {done.changed} {what}")
        print(f"receipts: {done.digest}")
    return 0
