"""The first tables of the data."""

from __future__ import annotations

from troth.store.migrations.wording import COMPANY, ONE_COMPANY, run, walled

revision, down_revision = "data_0001", None

SQLITE = (
    "CREATE TABLE rows(pid INTEGER NOT NULL, rid INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " bucket TEXT NOT NULL, data TEXT NOT NULL, due TEXT, sealed BLOB NOT NULL)",
    "CREATE UNIQUE INDEX rows_person ON rows(pid, rid, seq)",
    "CREATE INDEX rows_due ON rows(due, pid) WHERE due IS NOT NULL",
    "CREATE INDEX rows_seq ON rows(seq)",
    "CREATE INDEX rows_bucket ON rows(bucket)",
    "CREATE TABLE counters(name TEXT NOT NULL, dims TEXT NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY(name, dims))",
    "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), store TEXT NOT NULL,"
    " head TEXT NOT NULL DEFAULT '', applied INTEGER NOT NULL DEFAULT 0, swept INTEGER NOT NULL DEFAULT 0)",
)

MAKE = """
CREATE FUNCTION make_bucket(wanted text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
  whose text := current_setting('troth.company');
  mine text := 'rows_' || substr(md5(whose), 1, 16);
  part text := mine || '_' || replace(wanted, '-', '_');
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('troth rows', 0));
  IF to_regclass(mine) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF rows FOR VALUES IN (%L) PARTITION BY LIST (bucket)',
      mine, whose);
  END IF;
  IF to_regclass(part) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%L)', part, mine, wanted);
  END IF;
END $$
"""

DROP = """
CREATE FUNCTION drop_bucket(over text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
BEGIN
  EXECUTE format('DROP TABLE IF EXISTS %I',
    'rows_' || substr(md5(current_setting('troth.company')), 1, 16) || '_' || replace(over, '-', '_'));
END $$
"""

POSTGRESQL = (
    'CREATE TABLE rows(pid bigint NOT NULL, rid bigint NOT NULL, seq bigint NOT NULL, bucket text COLLATE "C"'
    f' NOT NULL, data text COLLATE "C" NOT NULL, due text COLLATE "C", sealed bytea NOT NULL, {COMPANY},'
    " PRIMARY KEY(pid, rid, seq, bucket, company)) PARTITION BY LIST (company)",
    "ALTER TABLE rows ALTER COLUMN sealed SET STORAGE EXTERNAL",  # what is sealed packs no smaller
    "CREATE INDEX rows_due ON rows(due, pid) WHERE due IS NOT NULL",
    "CREATE INDEX rows_seq ON rows(seq)",
    'CREATE TABLE counters(name text COLLATE "C" NOT NULL, dims text COLLATE "C" NOT NULL, n bigint NOT NULL,'
    f" {COMPANY}, PRIMARY KEY(company, name, dims))",
    "CREATE TABLE state(one integer CHECK(one = 1), store text NOT NULL, head text NOT NULL DEFAULT '',"
    f" applied bigint NOT NULL DEFAULT 0, swept bigint NOT NULL DEFAULT 0, {COMPANY}, {ONE_COMPANY})",
    MAKE,
    DROP,
    *walled("rows", "troth_gate"),
    *walled("counters", "troth_gate", readers=("troth_console", "troth_metrics")),
    *walled("state", "troth_gate"),
    "REVOKE ALL ON FUNCTION make_bucket(text), drop_bucket(text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION make_bucket(text), drop_bucket(text) TO troth_gate",
)


def upgrade() -> None:
    """Make the tables."""
    run(SQLITE, POSTGRESQL)
