"""Editions: what was told of a table, so that telling it again gives nobody away.

A cell is told from the document's minimum of people on, and told anew only when its people changed by at
least that many, or not at all: two reports laid side by side show nobody.  Where the document blurs numbers,
one is drawn with each edition and stays, so that asking again averages nothing out; and once the editions of
a year are spent, what was told last stands.  The edition stands in the evidence (values of the document and
counts); that a person was counted stands with that person, under a pseudonym that dies with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from troth.gate.errors import Nobody
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.noise import blurred
from troth.kernel.calendar import local_day
from troth.policy.model import FormMeaning
from troth.store import Record
from troth.terms import Form

KIND, MARKS = "insight told", "counted"
Value = Callable[[list[Record]], str | None]  # what a person of whom this is held falls under


@dataclass(frozen=True, slots=True)
class Told:
    """A cell of the last edition: how many people, which number stands for them, and their mark's number."""

    people: int
    edition: int
    number: int


@dataclass(slots=True)
class Edition:
    """The last edition of a table: its cells, since when, and how many editions each year had."""

    cells: dict[str, Told] = field(default_factory=dict)
    since: datetime | None = None
    years: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom a build finds: persons by value, and the mark that each still bears."""

    now: Mapping[str, frozenset[int]]
    marks: Mapping[int, str]


def meaning(house: House) -> FormMeaning | None:
    """Return what the document calls anonymous; None where it does not say from how many people on."""
    said = [m for m in house.policy.of(FormMeaning) if m.form is Form.ANONYMOUS and m.at_least]
    return max(said, key=lambda m: m.at_least or 0, default=None)


def minimum(house: House) -> int | None:
    """Return the smallest group that may be told; None when the document does not define anonymous."""
    said = meaning(house)
    return said.at_least if said else None


def count(house: House, name: str, value: Value) -> Counted:
    """Find who falls under which value of a table; clear the marks of those who fall under none."""

    def values(records: list[Record]) -> Mapping[str, str]:
        found = value(records)
        return {} if found is None else {name: found}

    return count_each(house, lambda table: table == name, values).get(name, Counted({}, {}))


def count_each(
    house: House, ours: Callable[[str], bool], values: Callable[[list[Record]], Mapping[str, str]]
) -> Mapping[str, Counted]:
    """Find, in one pass over everybody, who falls under which value of each table of a family.

    ``values`` gives a person's value by table, ``ours`` says whether a table is of the family; a mark of one
    under which the person no longer falls is cleared.
    """
    found: dict[str, dict[str, set[int]]] = {}
    marks: dict[str, dict[int, str]] = {}
    over: list[tuple[int, str]] = []
    for person in list(house.store.persons()):
        records = standing(house, person)
        borne, mine = _borne(house, records), values(records)
        for table, value in mine.items():
            found.setdefault(table, {}).setdefault(value, set()).add(person)
        for table, mark in ((t, m) for t, m in borne.items() if m and ours(t)):
            if table in mine:
                marks.setdefault(table, {})[person] = mark
            else:
                over.append((person, table))
    for person, table in over:
        _write(house, person, table, "")
    return {
        table: Counted({v: frozenset(ps) for v, ps in cells.items()}, marks.get(table, {}))
        for table, cells in found.items()
    }


def edition(
    house: House,
    name: str,
    clause: str,
    counted: Counted,
    fits: Callable[[Mapping[str, Told]], bool] = lambda cells: True,
) -> Edition:
    """Return a table as it is told from now on, after writing down which cells were told anew.

    ``fits``: whether these cells could be shown at all; what could not is not told, and binds nobody later.
    """
    last = _recalled(house).get(name, Edition())
    values = sorted({*last.cells, *counted.now})
    anew = [v for v in values if _moves(house, name, v, last.cells.get(v), counted)]
    if not anew or _spent(house, last):
        return last
    cells = _told_anew(house, last.cells, anew, counted)
    if not fits(cells):
        return last
    for value in anew:
        _mark(house, name, value, last.cells.get(value), cells.get(value), counted)
    said = {v: [c.people, c.edition, c.number] for v, c in cells.items()}
    house.store.log(kind=KIND, clause=clause, detail={"table": name, "cells": said})
    return _recalled(house)[name]


def _told_anew(
    house: House, last: Mapping[str, Told], anew: Iterable[str], counted: Counted
) -> dict[str, Told]:
    """Return the cells with those told anew in their place, or without them where too few are left."""
    least, number = minimum(house) or 0, 1 + max((cell.edition for cell in last.values()), default=0)
    cells = {value: cell for value, cell in last.items() if value not in set(anew)}
    for value in anew:
        people = len(counted.now.get(value, ()))
        if people >= least:
            cells[value] = Told(people, number, max(least, people + blurred(meaning(house))))
    return cells


def _spent(house: House, last: Edition) -> bool:
    """Say whether the editions that a table may have in a year are spent."""
    said = meaning(house)
    year = local_day(house.clock(), house.policy.zone).year
    return bool(said and said.times) and last.years[year] >= (said.times or 0 if said else 0)


def _moves(house: House, name: str, value: str, cell: Told | None, counted: Counted) -> bool:
    """Say whether a cell may be told anew: for the first time, or when enough of its people are others."""
    people, least = counted.now.get(value, frozenset()), minimum(house) or 0
    if cell is None:
        return len(people) >= least
    stay = sum(1 for p in people if counted.marks.get(p) == _token(house, p, name, value, cell))
    return (len(people) - stay) + (cell.people - stay) >= least


def _mark(house: House, name: str, value: str, old: Told | None, new: Told | None, counted: Counted) -> None:
    """Write with each person that they were counted in this edition, and with who left that they were not."""
    people = counted.now.get(value, frozenset()) if new else frozenset[int]()
    gone = {
        p
        for p, mark in counted.marks.items()
        if old and p not in people and mark == _token(house, p, name, value, old)
    }
    for person in sorted(people | gone):
        token = _token(house, person, name, value, new) if new and person in people else ""
        _write(house, person, name, token)


def _write(house: House, person: int, name: str, token: str) -> None:
    try:
        with opened(house, person) as folder:
            before = folder.marks.get(MARKS, {})
            folder.mark(
                counted={**{n: t for n, t in before.items() if n != name}, **({name: token} if token else {})}
            )
    except Nobody:
        return


def _token(house: House, person: int, name: str, value: str, cell: Told) -> str:
    return house.store.tag(person=person, label=f"{name}={value}#{cell.edition}")


def _recalled(house: House) -> dict[str, Edition]:
    """Return the last edition of every table, read on from where the evidence was left."""
    start = int(house.editions.get("", 0))
    tables: dict[str, Edition] = house.editions.setdefault("tables", {})
    for leaf in house.store.leaves(start=start):
        start = leaf.index + 1
        if leaf.kind == KIND:
            cells = {str(v): Told(*map(int, said)) for v, said in leaf.detail["cells"].items()}
            at, name = datetime.fromisoformat(leaf.at), str(leaf.detail["table"])
            years = tables[name].years if name in tables else Counter[int]()
            years[local_day(at, house.policy.zone).year] += 1
            tables[name] = Edition(cells, at, years)
    house.editions[""] = start
    return tables


def _borne(house: House, records: Iterable[Record]) -> Mapping[str, str]:
    for record in records:
        if record.data == house.kinds["events"] and isinstance(record.body, dict):
            found = record.body.get(MARKS, {})
            return found if isinstance(found, dict) else {}
    return {}
