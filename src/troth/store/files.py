"""Files: the two SQLite files of a store, their tables, and how an error of theirs is said.

``PATH`` holds sealed records; ``PATH.keys`` holds keys, blind indexes, the ledger, fences and the last
committed deed.  A line in ``dropped`` says that all of a record in that bucket up to deed ``seq`` is gone:
one line, however often the record was rewritten.
INVARIANT (keys are the truth): a deed has happened when the keys file says so, and only then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from troth.store.errors import StoreError, StoreFull

DATA = """
CREATE TABLE IF NOT EXISTS rows(
  pid INTEGER NOT NULL, rid INTEGER NOT NULL, seq INTEGER NOT NULL, bucket TEXT NOT NULL, data TEXT NOT NULL,
  due TEXT, sealed BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS rows_person ON rows(pid, rid, seq);
CREATE INDEX IF NOT EXISTS rows_due ON rows(due, pid) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS rows_seq ON rows(seq);
CREATE INDEX IF NOT EXISTS rows_bucket ON rows(bucket);
CREATE TABLE IF NOT EXISTS counters(name TEXT NOT NULL, dims TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(name, dims));
CREATE TABLE IF NOT EXISTS state(one INTEGER PRIMARY KEY CHECK(one = 1), store TEXT NOT NULL,
  head TEXT NOT NULL DEFAULT '',
  applied INTEGER NOT NULL DEFAULT 0, swept INTEGER NOT NULL DEFAULT 0);
"""

KEYS = """
CREATE TABLE IF NOT EXISTS state(one INTEGER PRIMARY KEY CHECK(one = 1), store TEXT NOT NULL,
  signer BLOB NOT NULL,
  committed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS epochs(name TEXT PRIMARY KEY, wrapped BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS persons(pid INTEGER PRIMARY KEY, area TEXT NOT NULL, epoch TEXT NOT NULL,
  wrapped BLOB,
  state TEXT NOT NULL DEFAULT 'live', next INTEGER NOT NULL DEFAULT 1, erased INTEGER NOT NULL DEFAULT 0,
  leaf INTEGER NOT NULL DEFAULT -1);
CREATE INDEX IF NOT EXISTS persons_erased ON persons(erased) WHERE erased > 0;
CREATE TABLE IF NOT EXISTS blind(pid INTEGER NOT NULL, namespace TEXT NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY(namespace, digest, pid));
CREATE INDEX IF NOT EXISTS blind_person ON blind(pid);
CREATE TABLE IF NOT EXISTS buckets(name TEXT PRIMARY KEY, salt BLOB);
CREATE TABLE IF NOT EXISTS dropped(pid INTEGER NOT NULL, rid INTEGER NOT NULL, bucket TEXT NOT NULL,
  seq INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(pid, rid, bucket));
CREATE INDEX IF NOT EXISTS dropped_at ON dropped(at);
CREATE TABLE IF NOT EXISTS leaves(n INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS nodes(level INTEGER NOT NULL, at INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY(level, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trail(pid INTEGER NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY(pid, leaf));
CREATE TABLE IF NOT EXISTS heads(size INTEGER PRIMARY KEY, head TEXT NOT NULL);
"""


def connect(path: str, tables: str) -> sqlite3.Connection:
    """Open one file durably: WAL, every commit synced, deleted bytes overwritten; raise ``StoreError``."""
    with said():
        db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")
            db.execute("PRAGMA temp_store=MEMORY")
            db.executescript(tables)
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def said() -> Iterator[None]:
    """Turn what SQLite raises into ``StoreFull`` or ``StoreError``."""
    try:
        yield
    except sqlite3.Error as error:
        if "full" in str(error):
            raise StoreFull(f"the disk is full, nothing was done ({error})") from error
        raise StoreError(f"the store could not do it, nothing was done ({error})") from error


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commit what happens inside, or none of it."""
    with said():
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
