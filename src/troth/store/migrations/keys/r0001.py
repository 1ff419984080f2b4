"""The first tables of the keys."""

from __future__ import annotations

from troth.store.migrations.wording import COMPANY, ONE_COMPANY, run, walled

revision, down_revision = "keys_0001", None

SQLITE = (
    "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), store TEXT NOT NULL, signer BLOB NOT NULL,"
    " committed INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE epochs(name TEXT PRIMARY KEY, wrapped BLOB NOT NULL)",
    "CREATE TABLE persons(pid INTEGER PRIMARY KEY, area TEXT NOT NULL, epoch TEXT NOT NULL, wrapped BLOB,"
    " state TEXT NOT NULL DEFAULT 'live', next INTEGER NOT NULL DEFAULT 1,"
    " erased INTEGER NOT NULL DEFAULT 0, leaf INTEGER NOT NULL DEFAULT -1)",
    "CREATE INDEX persons_erased ON persons(erased) WHERE erased > 0",
    "CREATE TABLE blind(pid INTEGER NOT NULL, namespace TEXT NOT NULL, digest BLOB NOT NULL,"
    " PRIMARY KEY(namespace, digest, pid))",
    "CREATE INDEX blind_person ON blind(pid)",
    "CREATE TABLE buckets(name TEXT PRIMARY KEY, salt BLOB)",
    "CREATE TABLE dropped(pid INTEGER NOT NULL, rid INTEGER NOT NULL, bucket TEXT NOT NULL,"
    " seq INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(pid, rid, bucket))",
    "CREATE INDEX dropped_at ON dropped(at)",
    "CREATE TABLE leaves(n INTEGER PRIMARY KEY, leaf BLOB NOT NULL)",
    "CREATE TABLE nodes(level INTEGER NOT NULL, at INTEGER NOT NULL, hash BLOB NOT NULL,"
    " PRIMARY KEY(level, at)) WITHOUT ROWID",
    "CREATE TABLE trail(pid INTEGER NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY(pid, leaf))",
    "CREATE TABLE heads(size INTEGER PRIMARY KEY, head TEXT NOT NULL)",
)

# ``rowid`` gives blind indexes the order in which they came, as it does in SQLite without being asked for.
POSTGRESQL = (
    "CREATE TABLE state(one integer CHECK(one = 1), store text NOT NULL, signer bytea NOT NULL,"
    f" committed bigint NOT NULL DEFAULT 0, {COMPANY}, {ONE_COMPANY})",
    f'CREATE TABLE epochs(name text COLLATE "C", wrapped bytea NOT NULL, {COMPANY},'
    " PRIMARY KEY(company, name))",
    "CREATE TABLE persons(pid bigint PRIMARY KEY, area text NOT NULL, epoch text NOT NULL, wrapped bytea,"
    " state text NOT NULL DEFAULT 'live', next bigint NOT NULL DEFAULT 1,"
    f" erased bigint NOT NULL DEFAULT 0, leaf bigint NOT NULL DEFAULT -1, {COMPANY})",
    "CREATE INDEX persons_erased ON persons(company, erased) WHERE erased > 0",
    "CREATE TABLE blind(pid bigint, namespace text, digest bytea,"
    f" rowid bigint GENERATED ALWAYS AS IDENTITY, {COMPANY}, PRIMARY KEY(pid, namespace, digest))",
    "CREATE INDEX blind_digest ON blind(company, namespace, digest, rowid)",
    f'CREATE TABLE buckets(name text COLLATE "C", salt bytea, {COMPANY}, PRIMARY KEY(company, name))',
    "CREATE TABLE dropped(pid bigint, rid bigint, bucket text, seq bigint NOT NULL, at bigint NOT NULL,"
    f" {COMPANY}, PRIMARY KEY(pid, rid, bucket))",
    "CREATE INDEX dropped_at ON dropped(company, at)",
    f"CREATE TABLE leaves(n bigint, leaf bytea NOT NULL, {COMPANY}, PRIMARY KEY(company, n))",
    "CREATE TABLE nodes(level integer, at bigint, hash bytea NOT NULL,"
    f" {COMPANY}, PRIMARY KEY(company, level, at))",
    f"CREATE TABLE trail(pid bigint, leaf bigint, {COMPANY}, PRIMARY KEY(pid, leaf))",
    f"CREATE TABLE heads(size bigint, head text NOT NULL, {COMPANY}, PRIMARY KEY(company, size))",
    *(
        s
        for t in ("state", "epochs", "persons", "blind", "buckets", "dropped", "trail")
        for s in walled(t, "troth_keys")
    ),
    *(s for t in ("leaves", "nodes", "heads") for s in walled(t, "troth_keys", readers=("troth_console",))),
)


def upgrade() -> None:
    """Make the tables."""
    run(SQLITE, POSTGRESQL)
