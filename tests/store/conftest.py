"""A store in a folder of its own, and a clock that a test can turn."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from troth.store import Store, open

ROOT = bytes(range(32))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reopen(tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Store]]:
    opened: list[Store] = []

    def again() -> Store:
        for store in opened:
            store.close()
        opened.append(open(tmp_path / "s.db", root_key=ROOT, now=clock))
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Store:
    return reopen()


@pytest.fixture
def found(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return the files in which a text stands, as it is, in UTF-16, hex or base64."""

    def search(text: str) -> list[str]:
        raw = text.encode()
        forms = [raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode()]
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            forms.append(coded[4 if shift else 0 : -4])
        files = [p for p in tmp_path.iterdir() if p.name.startswith("s.db")]
        return [p.name for p in files if any(f in p.read_bytes() for f in forms)]

    return search
