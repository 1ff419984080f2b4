"""Guided: changes texts at random and keeps those that reach a line of the product no text reached before.

``atheris`` does this over libFuzzer; it takes the process over, has no wheel for some Pythons we serve, and
what it draws cannot be repeated by a seed within a test.  These hundred lines can.  A reader may refuse what
it reads by the errors it names; anything else that it raises is a find, and so is a second spent on one text.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

SECOND = 1.0  # the longest that one small text may take
MOST = 4096  # bytes of a text that is tried
ODD = (
    b"\x00", b"\xff\xfe", b"\xf0\x9f\x92\xa9", b"\xe2\x80\xae", b"9" * 40, b"-1", b"1e999", b"[" * 60,
    b"(" * 60, b"*" * 60, b"`" * 60, b"<" * 60, b"\r\n", b"\n\n", b"\t", b" " * 60, b"\\", b'"', b"%",
    b"=?utf-8?b?", b"--",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """What is tried: ``read`` takes bytes and may raise ``refuses``; ``seeds`` are texts it takes."""

    name: str
    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    refuses: tuple[type[Exception], ...]


@dataclass(slots=True)
class Hunt:
    """What came of it: texts that reached something new, and what was wrong, each with its text."""

    reader: str
    tried: int = 0
    reached: int = 0
    kept: list[bytes] = field(default_factory=list)
    wrong: dict[str, bytes] = field(default_factory=dict)


def hunt(reader: Reader, rng: random.Random, *, rounds: int, seconds: float) -> Hunt:
    """Try changed texts so many times, or for so long, and return what was found."""
    found, seen, until = Hunt(reader.name), set[tuple[CodeType, int]](), time.monotonic() + seconds
    for seed in reader.seeds:
        _try(reader, seed, found, seen)
        found.kept.append(seed)
    while found.tried < rounds and time.monotonic() < until:
        text = changed(rng.choice(found.kept), found.kept, rng)
        if _try(reader, text, found, seen):
            found.kept.append(text)
    found.reached = len(seen)
    return found


def _try(reader: Reader, text: bytes, found: Hunt, seen: set[tuple[CodeType, int]]) -> bool:
    """Read a text with every line counted; say whether a new one was reached."""
    before, began = len(seen), time.perf_counter()
    found.tried += 1
    sys.settrace(_counting(seen))
    try:
        reader.read(text)
    except reader.refuses:
        pass
    except Exception as error:  # whatever it is, it is a find
        sys.settrace(None)
        last = traceback.extract_tb(error.__traceback__)[-1]
        found.wrong.setdefault(f"{type(error).__name__} in {last.name}, line {last.lineno}", text)
    finally:
        sys.settrace(None)
    took = time.perf_counter() - began
    if took > SECOND and (alone := timed(reader, text)) > SECOND / 2:  # tracing is slow: once more without
        found.wrong.setdefault(f"{alone:.1f} s for {len(text)} bytes", text)
    return len(seen) > before


def _counting(seen: set[tuple[CodeType, int]]) -> Callable[[FrameType, str, Any], Any]:
    def local(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line":
            seen.add((frame.f_code, frame.f_lineno))
        return local

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        return local if "troth" in frame.f_code.co_filename else None

    return trace


def changed(text: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Return a text with one to four changes: bytes and lines cut, doubled, moved, taken from others."""
    told = bytearray(text)
    for _ in range(rng.randint(1, 4)):
        at, end = sorted((rng.randrange(len(told) + 1), rng.randrange(len(told) + 1)))
        end = min(end, at + rng.choice((1, 4, 16, 64)))
        match rng.randrange(7):
            case 0:
                del told[at:end]
            case 1:
                told[at:at] = told[at:end] * rng.choice((1, 2, 8))
            case 2:
                told[at:end] = rng.choice(ODD)
            case 3:
                told[at:at] = rng.choice(ODD)
            case 4 if told:
                told[min(at, len(told) - 1)] = rng.randrange(256)
            case 5:
                told = _lines_moved(told, rng)
            case _:
                other = rng.choice(others)
                start = rng.randrange(len(other) + 1)
                told[at:end] = other[start : start + rng.choice((4, 32, 256))]
    return bytes(told[:MOST])


def _lines_moved(told: bytearray, rng: random.Random) -> bytearray:
    lines = bytes(told).split(b"\n")
    lines.insert(rng.randrange(len(lines) + 1), lines.pop(rng.randrange(len(lines))))
    return bytearray(b"\n".join(lines))


def timed(reader: Reader, text: bytes) -> float:
    """Return the seconds that one reading takes."""
    began = time.perf_counter()
    with suppress(*reader.refuses):
        reader.read(text)
    return time.perf_counter() - began


def swollen(
    reader: Reader, parts: Iterable[bytes] = ODD, *, size: int = 16_000, times: float = 3.2
) -> list[str]:
    """Return the parts for which twice the length takes more than ``times`` as long."""
    wrong = []
    for part in parts:
        once_, twice = (part * (n // len(part)) for n in (size, 2 * size))
        first = min(timed(reader, once_) for _ in range(2))
        second = min(timed(reader, twice) for _ in range(2))
        if second > 0.25 and second > times * first:
            wrong.append(f"{reader.name}: {part!r}: {first:.2f} s, and {second:.2f} s for twice as much")
    return wrong
