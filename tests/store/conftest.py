"""A store on either kind of place, and a clock that a test can turn.

A test runs on SQLite and on a real PostgreSQL server; one that is about files themselves is marked
``sqlite``.  On the server, each test is a company of its own in one database.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from postgresql import Cluster, cluster

from troth.store import Store, open

ROOT = bytes(range(32))
KINDS = ("sqlite", "postgresql")
COMPANIES = itertools.count(1)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Home:
    """Where one test's store lies; opening it again closes what was open."""

    kind: str
    address: str
    company: str
    clock: Clock
    folder: Path  # whose files hold the store's bytes
    opened: list[Store] = field(default_factory=list)

    def open(self, **more: Any) -> Store:
        self.close()
        told: dict[str, Any] = {"root_key": ROOT, "now": self.clock, "company": self.company} | more
        self.opened.append(open(self.address, **told))
        return self.opened[-1]

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()

    def raw(self) -> dict[str, bytes]:
        """Return the bytes of every file in which the store could leave something."""
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in self._files()}

    def _files(self) -> Iterator[Path]:
        every = (p for p in self.folder.rglob("*") if p.is_file())
        return (p for p in every if self.kind == "postgresql" or p.name.startswith("s.db"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that needs a place on both kinds."""
    if "kind" in metafunc.fixturenames:
        alone = [kind for kind in KINDS if metafunc.definition.get_closest_marker(kind)]
        metafunc.parametrize("kind", alone or KINDS)


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def database(server: Cluster) -> str:
    return server.fresh()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(kind: str, tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Home]:
    if kind == "sqlite":
        home = Home(kind, str(tmp_path / "s.db"), "", clock, tmp_path)
    else:
        address, running = request.getfixturevalue("database"), request.getfixturevalue("server")
        home = Home(kind, address, f"c{next(COMPANIES)}", clock, running.folder)
    yield home
    home.close()


@pytest.fixture
def reopen(home: Home) -> Callable[[], Store]:
    return home.open


@pytest.fixture
def store(home: Home) -> Store:
    return home.open()


@pytest.fixture
def found(home: Home) -> Callable[[str], list[str]]:
    """Return the files in which a text stands, as it is, in UTF-16, hex or base64."""

    def search(text: str) -> list[str]:
        raw = text.encode()
        forms = [raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode()]
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            forms.append(coded[4 if shift else 0 : -4])
        return [name for name, held in home.raw().items() if any(f in held for f in forms)]

    return search
