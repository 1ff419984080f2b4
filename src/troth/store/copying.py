"""Copying: tables as lines and lines as tables, alike for both kinds of place.

A copy is a line that says what it is, lines of rows, and a line that says how many; a copy without its last
line is none.  Those of the keys are sealed line by line, each bound to its place among the others.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from troth.store.errors import StoreError
from troth.store.place import Database
from troth.store.seal import opener, seal

SOME = 500  # rows on one line


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, those by which it is walked, those that hold bytes."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    raw: frozenset[str] = frozenset()


def _table(name: str, columns: str, key: str, raw: str = "") -> Table:
    return Table(name, tuple(columns.split()), tuple(key.split()), frozenset(raw.split()))


DATA = (
    _table("state", "one store head applied swept", "one"),
    _table("rows", "pid rid seq bucket data due sealed", "pid rid seq", "sealed"),
    _table("counters", "name dims n", "name dims"),
)
KEYS = (
    _table("state", "one store signer committed beyond first", "one", "signer first"),
    _table("epochs", "name wrapped", "name", "wrapped"),
    _table("persons", "pid area epoch wrapped state next erased leaf", "pid", "wrapped"),
    _table("blind", "pid namespace digest", "rowid", "digest"),
    _table("buckets", "name salt", "name", "salt"),
    _table("dropped", "pid rid bucket seq at", "pid rid bucket"),
    _table("leaves", "n leaf", "n", "leaf"),
    _table("nodes", "level at hash", "level at", "hash"),
    _table("trail", "pid leaf", "pid leaf"),
    _table("heads", "size head", "size"),
    _table("copies", "name made committed gone", "name"),
)


def lines(database: Database, tables: tuple[Table, ...], about: dict[str, Any]) -> Iterator[str]:
    """Yield a copy of these tables as lines, in a session that the caller holds steady."""
    yield json.dumps(about)
    count = 0
    for table in tables:
        for rows in _walk(database, table):
            count += len(rows)
            yield json.dumps([table.name, rows])
    yield json.dumps({"rows": count})


def fill(
    database: Database, tables: tuple[Table, ...], told: Iterator[str], room: Callable[[str], None]
) -> int:
    """Put a copy's rows in the place of all that is there, in the caller's transaction; return how many.

    ``room`` is told of each bucket before rows of it come.
    """
    known = {table.name: table for table in tables}
    for table in tables:
        database.run(f"DELETE FROM {table.name}")
    count = 0
    for line in told:
        said = json.loads(line)
        if isinstance(said, dict):
            if said != {"rows": count}:
                raise StoreError("the copy is not whole; nothing was done")
            return count
        name, rows = said
        count += _put(database, known[name], rows, room)
    raise StoreError("the copy ends too early; nothing was done")


def sealed(told: Iterator[str], key: bytes, name: str) -> Iterator[str]:
    """Seal lines, each bound to its number."""
    for n, line in enumerate(told):
        yield base64.b64encode(seal(key, line.encode(), f"copy|{name}|{n}")).decode()


def opened(told: Iterator[str], key: bytes, name: str) -> Iterator[str]:
    """Open sealed lines; raise ``StoreError`` at one that was changed or moved."""
    unseal = opener(key)
    for n, line in enumerate(told):
        try:
            plain = unseal(base64.b64decode(line, validate=True), f"copy|{name}|{n}")
        except ValueError:
            plain = None
        if plain is None:
            raise StoreError(f"line {n + 2} of copy {name} was changed; nothing was done")
        yield plain.decode()


def _walk(database: Database, table: Table) -> Iterator[list[list[Any]]]:
    """Yield a table's rows, some at a time, in the order of its key."""
    by, what = ", ".join(table.key), ", ".join((*table.key, *table.columns))
    width, after = len(table.key), ""
    marks = ", ".join("?" * width)
    last: tuple[Any, ...] = ()
    while found := database.rows(f"SELECT {what} FROM {table.name}{after} ORDER BY {by} LIMIT {SOME}", last):
        yield [[_text(value) for value in row[width:]] for row in found]
        last, after = found[-1][:width], f" WHERE ({by}) > ({marks})"


def _put(database: Database, table: Table, rows: list[list[Any]], room: Callable[[str], None]) -> int:
    raw = [column in table.raw for column in table.columns]
    if "sealed" in table.columns:
        for bucket in {row[table.columns.index("bucket")] for row in rows}:
            room(bucket)
    marks = ", ".join("?" * len(table.columns))
    database.run_each(
        f"INSERT INTO {table.name}({', '.join(table.columns)}) VALUES({marks})",
        [
            [
                base64.b64decode(v) if r and v is not None else v
                for r, v in zip_longest(
                    raw, row
                )  # a column that a copy of an earlier revision lacks is empty
            ]
            for row in rows
        ],
    )
    return len(rows)


def _text(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
