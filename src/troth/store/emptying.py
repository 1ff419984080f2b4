"""Emptying: how the bytes of deleted rows leave a PostgreSQL server's files, and how one sees that.

Deleting leaves a row's bytes in its page, and a copy in the write-ahead log.  So tables are rewritten, the
log is switched and checkpointed, and then it is looked whether anything may still hold what was there before.
Its one rule: '' is said only where nothing does; a right that is missing is a reason, not a guess.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import psycopg
from psycopg import Connection, errors, sql

from troth.store.founding import OWNER, SCHEMAS, pooled

TABLES = {"data": (), "keys": ("persons", "blind", "dropped", "trail", "epochs", "buckets", "aside")}
WAIT = "5s"
PATIENCE = 20  # looks, a tenth of a second apart, for other deeds' short transactions to pass

# Who may still see rows that were deleted before transaction ``x``.
HOLDERS = """
SELECT (SELECT count(*) FROM pg_stat_activity
        WHERE pid != pg_backend_pid() AND age(backend_xmin) >= age(%(x)s::xid)),
       (SELECT count(*) FROM pg_replication_slots WHERE age(xmin) >= age(%(x)s::xid)),
       (SELECT count(*) FROM pg_prepared_xacts WHERE age(transaction) >= age(%(x)s::xid)),
       pg_has_role('pg_read_all_stats', 'USAGE')
"""
OLDEST = "SELECT min(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"


def emptied(addresses: Mapping[str, str], company: str) -> str:
    """Rewrite the tables of both schemas and empty the log; return '' or what still holds old bytes."""
    try:
        for kind, address in addresses.items():
            with psycopg.connect(address, autocommit=True) as login:
                if pooled(login):
                    return "a pooler stands before the server; sweep at the server's own address"
                if why := _emptied(login, kind, company):
                    return why
    except errors.InsufficientPrivilege as error:
        return f"this login may not look after the server's files ({error.diag.message_primary})"
    return ""


def _emptied(login: Connection, kind: str, company: str) -> str:
    if _asked(login, "SHOW wal_recycle") == "on":
        return "the server keeps old write-ahead segments for new ones; set wal_recycle = off"
    before = str(_asked(login, "SELECT pg_current_xact_id()::xid::text"))
    last = _asked(login, "SELECT pg_walfile_name(pg_current_wal_lsn())")
    if why := _patiently(lambda: _held(login, before)):
        return why
    if why := _rewritten(login, kind, company):
        return why
    login.execute("RESET ROLE")
    login.execute("SELECT pg_switch_wal()")
    login.execute("CHECKPOINT")
    if str(_asked(login, OLDEST)) <= str(last):
        return "the server still keeps the write-ahead log of that time (a replica, a slot, wal_keep_size)"
    return ""


def _held(login: Connection, before: str) -> str:
    row = login.execute(HOLDERS, {"x": before}).fetchone()
    assert row is not None
    readers, slots, prepared, seen = row
    if not seen:
        return "this login may not see who still reads; grant it pg_monitor"
    if readers or slots or prepared:
        return "a reader, a replica or a prepared transaction still holds a snapshot"
    return ""


def _rewritten(login: Connection, kind: str, company: str) -> str:
    login.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    login.execute(f"SET lock_timeout = '{WAIT}'".encode())
    for table in TABLES[kind] or _parts(login, company):
        name = sql.Identifier(SCHEMAS[kind], table)
        try:
            login.execute(sql.SQL("VACUUM (FULL) {}").format(name))
        except errors.LockNotAvailable:
            return f"a deed holds the table {table}"
    return ""


def _parts(login: Connection, company: str) -> list[str]:
    """Return the tables that hold a company's sealed rows."""
    found = login.execute(
        "SELECT c.relname FROM pg_partition_tree(to_regclass('troth.rows_' || substr(md5(%s), 1, 16))) t"
        " JOIN pg_class c ON c.oid = t.relid WHERE t.isleaf ORDER BY 1",
        (company,),
    ).fetchall()
    return [str(name) for (name,) in found]


def _patiently(look: Callable[[], str]) -> str:
    for _ in range(PATIENCE):
        if not (why := look()):
            return ""
        time.sleep(0.1)
    return why


def _asked(login: Connection, question: str) -> object:
    row = login.execute(question.encode()).fetchone()
    return row[0] if row else None
