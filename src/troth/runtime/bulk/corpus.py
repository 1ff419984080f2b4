"""Corpus: texts of any size scrubbed part by part; a part ends where a line does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from troth.runtime.bulk.segments import Segment, digest
from troth.scrub import lines

UNTOUCHED = '{"spans": [], '  # how a line of JSON comes out in which nothing was found
SIZE = 4 * 2**20  # bytes of one part, and up to the end of its last line


@dataclass(frozen=True, slots=True)
class Scrubbing:
    """The work on one part: every line scrubbed, and counted as changed when something was found in it.

    Labels are numbered anew in each part; ``pseudonym`` and ``fake`` with a key are the same in all.
    """

    operator: str = "label"
    key: bytes = b""

    def __call__(self, raw: bytes) -> tuple[bytes, int, int]:
        given = raw.decode("utf-8").splitlines(keepends=True)
        done = list(lines(given, operator=self.operator, key=self.key))
        kept = {line.rstrip("\r\n") for line in given}
        changed = sum(line not in kept and not line.startswith(UNTOUCHED) for line in done)
        return "".join(f"{line}\n" for line in done).encode(), len(given), changed


def plan(source: Path, into: Path, size: int = SIZE) -> Iterator[Segment]:
    """Yield the parts of a file, or of every file in a folder; their results are files of the same names."""
    files = sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
    for file in files:
        name = str(file.relative_to(source) if source.is_dir() else file.name)
        for number, (since, until, known) in enumerate(_parts(file, size)):
            part = f"{name.replace('/', '__')}.{number:05}"
            yield Segment(part, file, into / f"{name}.{number:05}", known, since, until)


def _parts(file: Path, size: int) -> Iterator[tuple[int, int, str]]:
    """Yield where each part begins and ends, and its digest."""
    with file.open("rb") as opened:
        since = 0
        while raw := opened.read(size):
            raw += opened.readline()
            yield since, since + len(raw), digest(raw)
            since += len(raw)
