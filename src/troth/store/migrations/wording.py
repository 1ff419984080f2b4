"""Wording: what the revisions' statements for PostgreSQL have in common: whose rows, and who may see them.

A company's rows carry its name and are seen by a connection that says it works for this company, by no other.
"""

from __future__ import annotations

from collections.abc import Sequence

COMPANY = "company text COLLATE \"C\" NOT NULL DEFAULT current_setting('troth.company')"
ONE_COMPANY = "PRIMARY KEY(company)"


def walled(table: str, writer: str, *, readers: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what puts a table behind the wall between companies and opens it to these roles."""
    mine = "company = current_setting('troth.company', true)"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_company ON {table} USING ({mine}) WITH CHECK ({mine})",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {writer}",
        *(f"GRANT SELECT ON {table} TO {reader}" for reader in readers),
    )


def run(sqlite: Sequence[str], postgresql: Sequence[str]) -> None:
    """Run a revision's statements on the database that Alembic is at."""
    from alembic import op

    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in sqlite if connection.dialect.name == "sqlite" else postgresql:
        connection.exec_driver_sql(statement)
