"""PostgreSQL: a real, throw-away server for the tests, on a Unix socket and nowhere else.

It runs as the user ``postgres`` where the tests run as root, which the server refuses to be.  It dies with
its folder.  ``fsync`` is off: what a killed *server* loses is not what these tests are about.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg

from troth.store.founding import found

ASKED = "TROTH_TEST_STORE"  # set to ``postgresql``, companies are served on a server rather than on files
OPTIONS = (
    "listen_addresses=''",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_recycle=off",
    "max_connections=200",
    "shared_buffers=32MB",
    "autovacuum=off",
)
DURABLE = ("synchronous_commit=on", "full_page_writes=on")
PATTERN = "founded"
FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class NoServer(Exception):
    """PostgreSQL is not installed; ``./run`` installs it."""


@dataclass(slots=True)
class Cluster:
    """A running server: its folder and the names of its databases to come."""

    folder: Path
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _pattern: str = ""

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql:///{database}?host={self.folder}&user=postgres"

    def fresh(self, like: str = "template1") -> str:
        """Make a database, empty or like another one, and return its address."""
        name = f"t{next(self.names)}"
        self._tell(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def founded(self) -> str:
        """Make a database with a store's tables in it, and return its address."""
        if not self._pattern:
            self._tell(f"CREATE DATABASE {PATTERN}")
            for kind in ("data", "keys"):
                found(self.url(PATTERN), kind)
            self._pattern = PATTERN
        return self.fresh(PATTERN)

    def standing(self, name: str) -> str:
        """Return the address of a database of this name, made where it is not there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as login:
            if not login.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                login.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def drop(self, address: str) -> None:
        """Take a database away, whoever is still at it."""
        name = address.removeprefix("postgresql:///").partition("?")[0]
        self._tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _tell(self, text: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as login:
            login.execute(text.encode())


@contextmanager
def cluster(
    *, durable: bool = False, more: tuple[str, ...] = (), keep: Path | None = None
) -> Iterator[Cluster]:
    """Start a server in a folder of its own; stop it and remove the folder after, unless it is to be kept.

    ``durable``: what it has acknowledged outlives the end of its own processes.
    """
    folder = keep or Path(tempfile.mkdtemp(prefix="troth-pg-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not (folder / "data").exists():
            _make(folder, (*(DURABLE if durable else ()), *more))
        _run("pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "start")
        try:
            yield Cluster(folder)
        finally:
            _run("pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path, more: tuple[str, ...]) -> None:
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _run("initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    with (folder / "data/postgresql.auto.conf").open("a") as conf:
        for option in (*OPTIONS, *more, f"unix_socket_directories='{folder}'"):
            conf.write(f"{option}\n")


def asked() -> bool:
    """Say whether companies are to be served on a server."""
    return os.environ.get(ASKED) == "postgresql"


@cache
def shared() -> Cluster:
    """Return the one server of this process, which ends with it."""
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(cluster())


def _run(program: str, *words: object) -> None:
    found = next((f / program for f in FOLDERS if (f / program).exists()), None)
    if found is None:
        raise NoServer(f"{program} is missing: apt-get install postgresql")
    user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    done = subprocess.run(
        [found, *map(str, words)],
        stdout=subprocess.DEVNULL,  # the server keeps what it is given open
        stderr=subprocess.DEVNULL,
        check=False,
        cwd="/",
        **user,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise NoServer(f"{program} failed with {done.returncode}")


@contextmanager
def pooler(address: str, folder: Path, *, connections: int = 8) -> Iterator[str]:
    """Put PgBouncer before a database: each transaction gets any of a few connections. Give its address."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
    if program is None:
        raise NoServer("pgbouncer is missing: apt-get install pgbouncer")
    name, _, words = address.removeprefix("postgresql:///").partition("?")
    host = dict(word.split("=") for word in words.split("&"))["host"]
    place = Path(tempfile.mkdtemp(prefix="troth-pool-", dir=folder))
    (place / "users").write_text('"postgres" ""\n')
    (place / "ini").write_text(
        f"[databases]\n{name} = host={host} dbname={name}\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n"
        f"unix_socket_dir = {place}\nauth_type = trust\nauth_file = {place}/users\npool_mode = transaction\n"
        f"default_pool_size = {connections}\nlogfile = {place}/log\npidfile = {place}/pid\n"
    )
    user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    if user:
        shutil.chown(place, "postgres", "postgres")
    running = subprocess.Popen([program, place / "ini"], stderr=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
    try:
        for _ in range(100):
            if (place / ".s.PGSQL.6432").exists():
                break
            time.sleep(0.05)
        yield f"postgresql:///{name}?host={place}&port=6432&user=postgres"
    finally:
        running.terminate()
        running.wait()
