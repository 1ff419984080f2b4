"""Founding: roles, schemas and tables on a PostgreSQL server, made on first use and brought forward later.

``troth`` holds sealed rows, ``troth_keys`` keys and evidence; in the same database or another one.  Nobody
logs in as one of the roles: a login is their member, and a deed takes on the role it needs.
``troth_console`` reads evidence and counters, ``troth_metrics`` counters, neither a sealed row nor a key.
"""

from __future__ import annotations

import psycopg
from psycopg import Connection, errors, sql

from troth.store import migrations
from troth.store.errors import StoreError

OWNER = "troth_owner"
SCHEMAS = {"data": "troth", "keys": "troth_keys"}
WRITERS = {"data": "troth_gate", "keys": "troth_keys"}
READERS = ("troth_console", "troth_metrics")
ROLES = (OWNER, *WRITERS.values(), *READERS)
ONE_FOUNDER = "SELECT pg_advisory_lock(hashtextextended('troth founding', 0))"


def found(address: str, kind: str) -> None:
    """Make what ``kind`` (data or keys) needs at an address, or bring it forward; leave what is current."""
    with psycopg.connect(address, autocommit=True) as login:
        if _revision(login, kind) == migrations.head(kind):
            return
        if pooled(login):
            raise StoreError(
                "a pooler stands before the server; open the store once at the server's own address"
            )
        login.execute(ONE_FOUNDER)  # until this connection closes
        have = _revision(login, kind)
        if have is None:
            _roles(login)
            _make(login, kind)
        elif have != migrations.head(kind):
            migrations.refuse_newer(kind, have)
            login.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
            login.execute(_path(kind))
            login.autocommit = False
            migrations.forward(kind, "postgresql", login)


def pooled(login: Connection) -> bool:
    """Say whether a pooler stands in between, which gives each transaction any of its own connections."""
    row = login.execute("SELECT pg_backend_pid()").fetchone()
    return row is None or row[0] != login.info.backend_pid


def _revision(login: Connection, kind: str) -> str | None:
    place = f"{SCHEMAS[kind]}.{migrations.VERSION}"
    try:
        if login.execute("SELECT to_regclass(%s)", (place,)).fetchone() == (None,):
            return None
        row = login.execute(f"SELECT version_num FROM {place}".encode()).fetchone()
    except errors.InsufficientPrivilege as error:
        raise StoreError(f"this login is no member of {WRITERS[kind]}; grant it that role") from error
    return str(row[0]) if row else None


def _roles(login: Connection) -> None:
    for role in ROLES:
        known = login.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        name = sql.Identifier(role)
        try:
            if not known:
                login.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
            login.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
        except (errors.DuplicateObject, errors.UniqueViolation):
            continue  # made for another database of this server at this very moment
        except errors.InsufficientPrivilege as error:
            raise StoreError(
                f"this login may neither make the role {role} nor join it; make the roles {', '.join(ROLES)}"
                " and grant them to it, or open the store once with a login that may"
            ) from error


def _make(login: Connection, kind: str) -> None:
    schema, owner = sql.Identifier(SCHEMAS[kind]), sql.Identifier(OWNER)
    roles = sql.SQL(", ").join(map(sql.Identifier, (WRITERS[kind], *READERS)))
    with login.transaction():
        login.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(schema, owner))
        login.execute(sql.SQL("SET LOCAL ROLE {}").format(owner))
        login.execute(sql.SQL("SET LOCAL search_path = {}").format(schema))
        migrations.make(kind, "postgresql", lambda text: login.execute(text.encode()))
        login.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, roles))
        version = sql.Identifier(migrations.VERSION)
        login.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(version, sql.Identifier(WRITERS[kind])))


def _path(kind: str) -> sql.Composed:
    return sql.SQL("SET search_path = {}").format(sql.Identifier(SCHEMAS[kind]))
