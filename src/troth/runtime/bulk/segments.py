"""Segments: large work cut into parts, each of which can be run again, and counted once whoever ran it.

A part is planned with the digest of what it reads.  Its receipt is on the disk before its result takes its
place, so a result without a receipt is not possible, and a receipt whose result is missing is written anew.
INVARIANT (counts are the disk's): what a job did is read from its receipts, never from what an engine says;
a worker that was killed, ran twice or came late changes no number.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from troth.terms import TrothError

Work = Callable[[bytes], tuple[bytes, int, int]]  # what was read → what to write, rows read, rows changed


class Moved(TrothError):
    """A part is no longer what it was when the job was planned."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was changed by somebody else since the job was planned; plan it again")


class Unfinished(TrothError):
    """Some parts have no result."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} parts have no result; run the job again, and only those are done")


@dataclass(frozen=True, slots=True)
class Segment:
    """One part: the bytes ``since`` to ``until`` of a file, and the file that its result becomes.

    ``before`` is the SHA-256 of these bytes, in hexadecimal digits, when the job was planned.
    """

    name: str
    source: Path
    target: Path
    before: str
    since: int = 0
    until: int | None = None

    def bytes(self) -> bytes:
        """Read the part as it is now."""
        with self.source.open("rb") as file:
            file.seek(self.since)
            return file.read() if self.until is None else file.read(self.until - self.since)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one part: the digests of both states, the rows that were read and those changed."""

    segment: str
    before: str
    after: str
    read: int
    changed: int


@dataclass(frozen=True, slots=True)
class Total:
    """A whole job: its parts and rows, and one digest over all its receipts."""

    segments: int
    read: int
    changed: int
    digest: str


def digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def run(segment: Segment, work: Work, receipts: Path) -> Receipt:
    """Do one part and return its receipt; a part that is done is left alone.  Raise ``Moved``."""
    told = _told(segment, receipts)
    if told is not None and segment.target.exists() and digest(segment.target.read_bytes()) == told.after:
        return told
    raw = segment.bytes()
    if digest(raw) != segment.before:
        raise Moved(segment.name)
    fresh, read, changed = work(raw)
    receipt = Receipt(segment.name, segment.before, digest(fresh), read, changed)
    place(receipts / f"{segment.name}.json", json.dumps(asdict(receipt)).encode())
    place(segment.target, fresh)
    return receipt


def total(segments: Iterable[Segment], receipts: Path) -> Total:
    """Add a job up from its receipts; raise ``Unfinished`` when a part has no result on the disk."""
    planned = sorted(segments, key=lambda s: s.name)
    told = [t for s in planned if (t := _told(s, receipts)) and s.target.exists()]
    if len(told) < len(planned):
        raise Unfinished(len(planned) - len(told))
    over = digest("\n".join(json.dumps(asdict(t), sort_keys=True) for t in told).encode())
    return Total(len(told), sum(t.read for t in told), sum(t.changed for t in told), over)


def place(path: Path, raw: bytes) -> None:
    """Put bytes in a file's place whole or not at all, on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with fresh.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _told(segment: Segment, receipts: Path) -> Receipt | None:
    """Return the receipt of this part as it was planned, if one is there."""
    path = receipts / f"{segment.name}.json"
    if not path.exists():
        return None
    told = Receipt(**json.loads(path.read_text("utf-8")))
    return told if told.before == segment.before else None
