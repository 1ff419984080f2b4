"""Copies: which backups of the keys were made, and up to which erasure none of them holds anything."""

from __future__ import annotations

from troth.store.migrations.wording import COMPANY, run, walled

revision, down_revision = "keys_0002", "keys_0001"

SQLITE = (
    "CREATE TABLE copies(name TEXT PRIMARY KEY, made TEXT NOT NULL, committed INTEGER NOT NULL, gone TEXT)",
    "ALTER TABLE state ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0",
)

POSTGRESQL = (
    f'CREATE TABLE copies(name text COLLATE "C", made text NOT NULL, committed bigint NOT NULL, gone text,'
    f" {COMPANY}, PRIMARY KEY(company, name))",
    "ALTER TABLE state ADD COLUMN beyond bigint NOT NULL DEFAULT 0",
    *walled("copies", "troth_keys"),
)


def upgrade() -> None:
    """Make the table."""
    run(SQLITE, POSTGRESQL)
