"""Aside: what only waits, sealed and with its end; and the first root key, under the one in force."""

from __future__ import annotations

from troth.store.migrations.wording import COMPANY, run, walled

revision, down_revision = "keys_0003", "keys_0002"

SQLITE = (
    "CREATE TABLE aside(name BLOB PRIMARY KEY, kind TEXT NOT NULL, pid INTEGER, till TEXT NOT NULL,"
    " version INTEGER NOT NULL DEFAULT 1, sealed BLOB NOT NULL)",
    "CREATE INDEX aside_kind ON aside(kind)",
    "CREATE INDEX aside_person ON aside(pid) WHERE pid IS NOT NULL",
    "CREATE INDEX aside_till ON aside(till)",
    "ALTER TABLE state ADD COLUMN first BLOB",
)

POSTGRESQL = (
    "CREATE TABLE aside(name bytea PRIMARY KEY, kind text NOT NULL, pid bigint,"
    f' till text COLLATE "C" NOT NULL, version bigint NOT NULL DEFAULT 1, sealed bytea NOT NULL, {COMPANY})',
    "CREATE INDEX aside_kind ON aside(company, kind)",
    "CREATE INDEX aside_person ON aside(pid) WHERE pid IS NOT NULL",
    "CREATE INDEX aside_till ON aside(company, till)",
    "ALTER TABLE state ADD COLUMN first bytea",
    *walled("aside", "troth_keys"),
)


def upgrade() -> None:
    """Make the table."""
    run(SQLITE, POSTGRESQL)
