"""Files: a store's place on SQLite: ``PATH`` with the sealed records, ``PATH.keys`` with keys and evidence.

Every commit is synced and deleted bytes are overwritten; one process writes at a time, the others wait.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from troth.store import migrations
from troth.store.errors import StoreError, StoreFull
from troth.store.place import Asked, Values

WAIT = 10.0  # seconds for another process's transaction


class File:
    """One file as a ``Database``."""

    def __init__(self, path: str, kind: str) -> None:
        self.path = path
        try:
            self.db = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise told(error) from error
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
                self.run(f"PRAGMA {pragma}")
            self._found(kind)
        except BaseException:
            self.db.close()
            raise

    def _found(self, kind: str) -> None:
        """Make the tables, or bring them forward."""
        have = self._revision(kind)
        if have == migrations.head(kind):
            return
        with self.transaction():
            have = self._revision(kind)  # another process may have been first
            if not have:
                migrations.make(kind, "sqlite", self.run)
        if have and have != migrations.head(kind):
            migrations.refuse_newer(kind, have)
            migrations.forward(kind, "sqlite", self.db)

    def _revision(self, kind: str) -> str:
        """Return which revision the tables are of, '' when there are none."""
        tables = {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if migrations.VERSION in tables:
            return str(self.rows(f"SELECT version_num FROM {migrations.VERSION}")[0][0])
        if "state" in tables:  # made before there was a second revision
            with self.transaction():
                migrations.mark(migrations.first(kind), self.run)
            return migrations.first(kind)
        return ""

    def rows(self, text: str, values: Values = ()) -> list[tuple[Any, ...]]:
        try:
            return self.db.execute(text, values).fetchall()
        except sqlite3.Error as error:
            raise told(error) from error

    def one(self, text: str, values: Values = ()) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = self.db.execute(text, values).fetchone()
        except sqlite3.Error as error:
            raise told(error) from error
        return row

    def together(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        with self.session(steady=True):
            return [self.rows(text, values) for text, values in asked]

    def run(self, text: str, values: Values = ()) -> int:
        try:
            return max(self.db.execute(text, values).rowcount, 0)
        except sqlite3.Error as error:
            raise told(error) from error

    def run_each(self, text: str, each: Iterable[Values]) -> int:
        try:
            return max(self.db.executemany(text, each).rowcount, 0)
        except sqlite3.Error as error:
            raise told(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    @contextmanager
    def session(self, *, steady: bool = False) -> Iterator[None]:
        if not steady or self.db.in_transaction:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self.db.execute("ROLLBACK")

    def close(self) -> None:
        self.db.close()


class Files:
    """Both files as a ``Place``."""

    def __init__(self, path: str) -> None:
        self.lock = threading.RLock()
        self.data = File(path, "data")
        try:
            self.keys = File(f"{path}.keys", "keys")
        except BaseException:
            self.data.close()
            raise

    def reading(self) -> AbstractContextManager[Any]:
        return self.lock

    def alone(self, person: int) -> None:
        """An open transaction keeps everybody else away as it is."""

    def serial(self) -> None:
        """An open transaction keeps everybody else away as it is."""

    def room(self, buckets: Collection[str]) -> None:
        """One table holds every bucket."""

    def discard(self, bucket: str) -> None:
        with self.data.transaction():
            self.data.run("DELETE FROM rows WHERE bucket = ?", (bucket,))

    def emptied(self, erased: int, *, thorough: bool) -> str:
        """Deleted bytes are overwritten as they go; what still holds them are the write-ahead logs."""
        for name, file in (("data", self.data), ("keys", self.keys)):
            done = file.one("PRAGMA wal_checkpoint(TRUNCATE)")
            if done is None or done[0]:
                return f"a reader still holds a snapshot of the {name} file"
        return ""

    def close(self) -> None:
        self.data.close()
        self.keys.close()


def told(error: sqlite3.Error) -> StoreError:
    """Say what SQLite raised as ``StoreFull`` or ``StoreError``."""
    if "full" in str(error):
        return StoreFull(f"the disk is full, nothing was done ({error})")
    return StoreError(f"the store could not do it, nothing was done ({error})")
