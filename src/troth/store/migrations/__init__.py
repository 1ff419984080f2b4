"""Migrations: the revisions of a store's tables; a new store gets all at once, an older one those it lacks.

One place for each revision's statements, whichever way they are run.  Alembic is loaded only where a store
has to be brought forward.  INVARIANT (whole or not): a migration is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from troth.store.errors import StoreError
from troth.store.migrations import data, keys
from troth.store.migrations.data import r0001 as data_1
from troth.store.migrations.keys import r0001 as keys_1
from troth.store.migrations.keys import r0002 as keys_2
from troth.store.migrations.keys import r0003 as keys_3

REVISIONS: dict[str, tuple[ModuleType, ...]] = {"data": (data_1,), "keys": (keys_1, keys_2, keys_3)}
FOLDERS = {"data": data, "keys": keys}
VERSION = "alembic_version"


def head(kind: str) -> str:
    """Return the newest revision of ``data`` or ``keys``."""
    return str(REVISIONS[kind][-1].revision)


def first(kind: str) -> str:
    """Return the revision that a store without a mark is of."""
    return str(REVISIONS[kind][0].revision)


def make(kind: str, dialect: str, run: Callable[[str], object]) -> None:
    """Give a new database all tables; ``run`` runs one statement in the caller's transaction."""
    for revision in REVISIONS[kind]:
        for statement in revision.SQLITE if dialect == "sqlite" else revision.POSTGRESQL:
            run(statement)
    mark(head(kind), run)


def mark(revision: str, run: Callable[[str], object]) -> None:
    """Write down which revision a database is of, in Alembic's own table."""
    run(f"CREATE TABLE {VERSION}(version_num VARCHAR(32) PRIMARY KEY)")
    run(f"INSERT INTO {VERSION} VALUES('{revision}')")


def refuse_newer(kind: str, revision: str) -> None:
    """Raise ``StoreError`` for a database that a newer Troth has brought forward."""
    if revision not in {r.revision for r in REVISIONS[kind]}:
        raise StoreError(f"the {kind} were written by a newer Troth ({revision}); run that one, or a newer")


def forward(kind: str, dialect: str, connection: Any) -> None:
    """Bring an older database forward; ``connection`` is its driver's, and is left open."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import StaticPool, create_engine
    from sqlalchemy.exc import SQLAlchemyError

    url = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}[dialect]
    engine = create_engine(url, creator=lambda: connection, poolclass=StaticPool)
    place = str(Path(FOLDERS[kind].__path__[0]))
    script = ScriptDirectory(place, version_locations=[place])

    def lacking(have: Any, _: Any) -> Any:
        return script._upgrade_revs("head", have)

    try:
        with engine.connect() as open_, EnvironmentContext(Config(), script, fn=lacking) as environment:
            open_.exec_driver_sql("BEGIN IMMEDIATE" if dialect == "sqlite" else "SELECT 1")
            environment.configure(connection=open_, transactional_ddl=True)
            environment.run_migrations()
            open_.commit()
    except SQLAlchemyError as error:
        why = f"{error}".partition("\n")[0]
        raise StoreError(f"the {kind} could not be brought forward, nothing was done ({why})") from error
