"""Every statement on a table of people names one person, or stands on the short list of those that ask all.

A store that lies on several machines is parted by the person's number: a statement that names one goes to one
machine, and a key that holds it is held by one.  What must ask every machine is listed here with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import troth.store

HERE = Path(troth.store.__file__).parent
OF_PEOPLE = ("rows", "persons", "blind", "dropped", "trail")
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(\w+)")
STATEMENT = re.compile(r"(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s")
KEY = re.compile(
    r"CREATE TABLE (?P<table>\w+)|UNIQUE INDEX \w+ ON (?P<of>\w+)\((?P<unique>[^)]*)\)"
    r"|PRIMARY KEY\((?P<primary>[^)]*)\)|(?P<column>\w+) \w+ PRIMARY KEY"
)
SCATTER = {
    "SELECT 1 FROM rows WHERE seq >": "recovery: whether a deed was cut off",
    "DELETE FROM rows WHERE seq >": "recovery: what a deed that was cut off left",
    "DELETE FROM rows WHERE bucket =": "a month that has ended goes whole",
    "SELECT pid, erased, leaf FROM persons WHERE erased > 0": "a restored copy learns who was erased since",
    "SELECT pid, rid, due FROM rows WHERE bucket =": "what is left of a month that ends moves on",
    "SELECT DISTINCT pid FROM rows WHERE bucket =": "whose records a month holds that ends",
    "DELETE FROM dropped WHERE bucket =": "a month that has ended needs no note of what left it",
    "SELECT 1 FROM persons WHERE persons.epoch =": "rotation: whether a key still wraps anybody's",
    "SELECT epoch, COUNT(wrapped), COUNT(*) FROM persons": "rotation: how far it is",
    "SELECT p.pid, p.wrapped, p.epoch, e.wrapped FROM persons": "rotation: whose key is next",
    "SELECT pid FROM persons WHERE state": "a job that goes through all people",
    "SELECT pid FROM blind WHERE namespace": "who has this address: asked before anybody is known",
    "SELECT pid, rid FROM rows WHERE seq >": "restoring: what was written since the copy",
    "SELECT DISTINCT pid, rid FROM rows": "restoring: which records the copy brings back",
    "SELECT DISTINCT pid, rid FROM dropped WHERE at >": "restoring: which of them went since",
    "SELECT pid, MAX(rid) FROM dropped": "restoring: which were given out since",
    "SELECT pid, next FROM persons WHERE state = 'live'": "restoring: which are missing now",
    "SELECT due, data, COUNT(*) FROM rows": "the forecast of what goes when",
    "SELECT pid FROM rows WHERE due": "the sweep: whose day has come",
    "SELECT pid, rid, bucket, seq FROM dropped WHERE at >": "a copy learns what was dropped since",
}  # fmt: skip


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a module; what is filled in is written ``{}``, and its parts are not given again."""
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            yield node.value


def statements() -> Iterator[str]:
    """Yield the statements on tables of people that the store's modules hold."""
    for path in sorted(HERE.glob("*.py")):
        for text in texts(ast.parse(path.read_text("utf-8"))):
            if STATEMENT.match(text) and set(TABLE.findall(text)) & set(OF_PEOPLE):
                yield text


def names_one(statement: str) -> bool:
    return statement.startswith("INSERT INTO") or "pid = " in statement


def test_a_statement_on_a_table_of_people_names_one_or_is_listed_as_asking_all() -> None:
    found = list(statements())
    all_ask = {s for s in found if not names_one(s)}
    unlisted = {s for s in all_ask if not s.startswith(tuple(SCATTER))}
    idle = {start for start in SCATTER if not any(s.startswith(start) for s in all_ask)}

    assert len(found) > 30
    assert unlisted == set()
    assert idle == set()


def test_every_unique_key_of_a_table_of_people_holds_the_person() -> None:
    keys = []
    for path in sorted(HERE.glob("migrations/*/r*.py")):
        table = ""
        for text in texts(ast.parse(path.read_text("utf-8"))):
            for said in KEY.finditer(text):
                table = said["table"] or said["of"] or table
                held = said["unique"] or said["primary"] or said["column"]
                if table in OF_PEOPLE and held:
                    keys.append((table, held))

    assert {table for table, _ in keys} >= {"persons", "blind", "dropped", "trail", "rows"}
    assert [k for k in keys if "pid" not in re.split(r",\s*", k[1])] == []


def test_no_key_of_a_table_of_people_points_into_another_table() -> None:
    for path in sorted(HERE.glob("migrations/*/r*.py")):
        assert "REFERENCES" not in path.read_text("utf-8")
