"""Server: a store's place on PostgreSQL: two schemas, each reached in a role of its own, for one company.

Every transaction says first whose it is (``SET LOCAL``), so that a pooled connection carries nothing over,
be it ours or a pooler's, and the server shows it that company's rows alone.  Deeds about different persons
run side by side until they write; evidence has one writer at a time, whatever the number of processes.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import ClientCursor, Connection, errors, sql
from psycopg_pool import ConnectionPool, PoolTimeout

from troth.store import emptying
from troth.store.errors import StoreError, StoreFull
from troth.store.founding import SCHEMAS, WRITERS, found, pooled
from troth.store.place import Asked, Values

MOST = 10  # connections of one process to each of the two
WAIT = 30  # seconds for a lock that another deed holds, or for a connection
TRIES = 3
BEGIN, STEADY = sql.SQL("BEGIN"), sql.SQL("BEGIN ISOLATION LEVEL REPEATABLE READ")


class Server:
    """One schema as a ``Database``; a thread keeps its connection for the length of a transaction."""

    def __init__(self, address: str, kind: str, company: str) -> None:
        self.address, self.kind, self.company = address, kind, company
        self._here = threading.local()
        told = {
            "role": WRITERS[kind],
            "search_path": SCHEMAS[kind],
            "lock_timeout": f"{WAIT}s",
            "troth.company": company,
        }
        local = (sql.SQL("set_config({}, {}, true)").format(name, value) for name, value in told.items())
        self._whose = sql.SQL("; SELECT {}").format(sql.SQL(", ").join(local))
        self._begin, self._steady = ((how + self._whose).as_bytes() for how in (BEGIN, STEADY))
        with said():
            found(address, kind)
            self._pool = ConnectionPool(
                address,
                min_size=1,
                max_size=MOST,
                num_workers=1,
                timeout=WAIT,
                kwargs={"autocommit": True},
                configure=_fitted,
                open=True,
            )

    def rows(self, text: str, values: Values = ()) -> list[tuple[Any, ...]]:
        return self.together((text, values))[0]

    def one(self, text: str, values: Values = ()) -> tuple[Any, ...] | None:
        return next(iter(self.rows(text, values)), None)

    def together(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        """Ask in one message that begins and ends its own transaction, where none is open here."""
        if self._mine() is None and self._wanted() is None:
            with said():
                return self._told(asked)
        with self._ready() as connection:
            return [connection.execute(_text(text), values).fetchall() for text, values in asked]

    def run(self, text: str, values: Values = ()) -> int:
        with self._ready() as connection:
            return max(connection.execute(_text(text), values).rowcount, 0)

    def run_each(self, text: str, each: Iterable[Values]) -> int:
        with self._ready() as connection, connection.cursor() as cursor:
            cursor.executemany(_text(text), list(each))
            return max(cursor.rowcount, 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        assert self._mine() is None, "a transaction is open on this thread"
        with said(), self._begun() as connection:
            yield
            _commit(connection)

    @contextmanager
    def session(self, *, steady: bool = False) -> Iterator[None]:
        """Begin with the first statement, if there is one."""
        if self._mine() is not None or self._wanted() is not None:
            yield
            return
        with said(), ExitStack() as stack:
            self._here.wanted = stack, STEADY if steady else BEGIN
            try:
                yield
            finally:
                self._here.wanted = None

    def close(self) -> None:
        self._pool.close()

    def _mine(self) -> Connection | None:
        return getattr(self._here, "connection", None)

    def _wanted(self) -> tuple[ExitStack, sql.SQL] | None:
        """Return the session that waits for its first statement."""
        return getattr(self._here, "wanted", None)

    @contextmanager
    def _ready(self) -> Iterator[Connection]:
        """Give the thread's open connection, or one for a single statement."""
        mine, wanted = self._mine(), self._wanted()
        with said():
            if mine is None and wanted is not None:
                mine = wanted[0].enter_context(self._begun(wanted[1]))
            if mine is not None:
                yield mine
                return
            with self._begun() as connection:
                yield connection
                _commit(connection)

    @contextmanager
    def _begun(self, how: sql.SQL = BEGIN) -> Iterator[Connection]:
        connection, _ = self._take((how + self._whose).as_bytes())
        self._here.connection = connection
        try:
            yield connection
        finally:
            self._here.connection = None
            self._give(connection)

    def _told(self, asked: Sequence[Asked]) -> list[list[tuple[Any, ...]]]:
        """Ask what changes nothing, or what the server does whole by itself."""
        begin = self._begin if len(asked) == 1 else self._steady
        text = b"; ".join((begin, *(_text(text) for text, _ in asked), b"COMMIT"))
        connection, cursor = self._take(text, [value for _, values in asked for value in values])
        try:
            cursor.nextset(), cursor.nextset()  # what BEGIN and the settings answered
            found = []
            for _ in asked:
                found.append(cursor.fetchall())
                cursor.nextset()
            return found
        finally:
            self._give(connection)

    def _give(self, connection: Connection) -> None:
        if not connection.closed:
            connection.rollback()  # what was not committed; reads need no more
        self._pool.putconn(connection)

    def _take(self, begin: bytes, values: Values = ()) -> tuple[Connection, ClientCursor[Any]]:
        """Take a connection and begin on it; one that a restarted server has cut off is replaced."""
        for left in reversed(range(MOST + TRIES)):
            connection = self._pool.getconn()
            try:
                # Several statements in one go, which the server's own way of binding values does not take.
                return connection, ClientCursor(connection).execute(begin, values)
            except psycopg.OperationalError:
                gone = connection.closed
                self._pool.putconn(connection)
                if not gone or not left:
                    raise
            except BaseException:
                self._pool.putconn(connection)
                raise
        raise AssertionError("unreachable")


class Servers:
    """Both schemas as a ``Place``; the keys may lie in another database than the data."""

    def __init__(self, address: str, company: str, keys: str = "") -> None:
        self.lock: AbstractContextManager[Any] = nullcontext()
        self.company = company
        self._made: set[str] = set()
        self.data = Server(address, "data", company)
        try:
            self.keys = Server(keys or address, "keys", company)
        except BaseException:
            self.data.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self.keys.session(), self.data.session():
            yield

    def alone(self, person: int) -> None:
        self._lock(f"person {person}")

    def serial(self) -> None:
        self._lock("writer")

    def _lock(self, what: str) -> None:
        name = hashlib.blake2b(f"{self.company}\0{what}".encode(), digest_size=8).digest()
        self.keys.one("SELECT pg_advisory_xact_lock(?)", (int.from_bytes(name, "big", signed=True),))

    def room(self, buckets: Collection[str]) -> None:
        for bucket in sorted(set(buckets) - self._made):
            self.data.one("SELECT make_bucket(?)", (bucket,))
            self._made.add(bucket)

    def discard(self, bucket: str) -> None:
        self.data.one("SELECT drop_bucket(?)", (bucket,))
        self._made.discard(bucket)

    def emptied(self, erased: int, *, thorough: bool) -> str:
        if not erased:
            return ""
        if not thorough:
            return "the server's files are rewritten by the nightly sweep"
        with said():
            return emptying.emptied({"data": self.data.address, "keys": self.keys.address}, self.company)

    def close(self) -> None:
        self.data.close()
        self.keys.close()


def _fitted(connection: Connection) -> None:
    """Prepare no statement where a pooler would send the next transaction to another connection."""
    if pooled(connection):
        connection.prepare_threshold = None


def _commit(connection: Connection) -> None:
    """Commit, and say when that did not happen: a failed transaction is rolled back without an error."""
    try:
        done = connection.execute("COMMIT").statusmessage
    except psycopg.OperationalError as error:
        raise StoreError("the connection broke at the commit; look whether it was done") from error
    if done != "COMMIT":
        raise StoreError("an earlier statement had failed, nothing was done")


@lru_cache(maxsize=256)
def _text(text: str) -> bytes:
    return text.replace("%", "%%").replace("?", "%s").encode()


@contextmanager
def said() -> Iterator[None]:
    """Turn what the driver raises into ``StoreFull`` or ``StoreError``, without the values it speaks of."""
    try:
        yield
    except errors.DiskFull as error:
        raise StoreFull("the server's disk is full, nothing was done") from error
    except (psycopg.Error, PoolTimeout) as error:
        told = error.diag.message_primary if isinstance(error, psycopg.Error) else None
        why = told or f"{error}".partition("\n")[0]
        raise StoreError(f"the store could not do it, nothing was done ({why})") from error
