"""Insight: numbers about groups that are told again and again, and never give one person away.

A cell is told from the document's minimum of people on, and told anew only when its people changed by at
least that many, or not at all: two reports laid side by side show nobody.  The edition stands in the evidence
(values of the document and counts); that a person was counted stands with that person, under a pseudonym that
dies with them.  INVARIANT (no for one is no for all): whoever's state stops the use, or the share with any
member of any class that gets these numbers, is counted in no edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from troth.gate.clock import Reckoning
from troth.gate.errors import GateError, Nobody, Unknown
from troth.gate.facts import assuming, known, state_of
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.house import named as word
from troth.gate.read import readable
from troth.gate.totals import COUNTED, minimum
from troth.policy.model import Door, Fact
from troth.store import Record
from troth.terms import Action, Allowed, Clause, Form, Refused, RefusedBy, Request

KIND, MARKS = "insight told", "counted"


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it is told; a cell of None is withheld, and no total stands beside it."""

    data: str
    field: str
    cells: tuple[tuple[str, int | None], ...]
    since: datetime | None  # when a cell was last told anew
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A cell of the last edition: how many people, and the number under which they were marked."""

    people: int
    edition: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom a build finds: persons by value, and the mark that each still bears."""

    now: Mapping[str, frozenset[int]]
    marks: Mapping[int, str]


def insight(
    house: House,
    *,
    data: str,
    field: str,
    purpose: str,
    party: str,
    member: str = "",
    market: str = "",
    whole: bool = False,
) -> Table:
    """Return a table for a member of a party, built anew as far as the rule of editions lets it.

    ``whole``: the sum of these cells may be known from elsewhere, so that no small group may be what is
    missing to it.  Raises ``Refused`` for a market that is not the member's, and for a party to which the
    document opens no such numbers; ``Unknown`` and ``GateError`` for what is not countable.
    """
    least = minimum(house)
    types = {f.name: f.type for f in house.datum(data).fields}
    if least is None or types.get(field) not in COUNTED:
        raise GateError(
            f"'{data}.{field}' is not counted: only choices and numbers are, by a minimum of people"
        )
    if purpose not in house.purposes:
        raise Unknown("purpose", purpose)
    if member not in house.parties.get(party, {}):
        raise Unknown(party, member)
    clauses = _opened(house, data, field, purpose, party, member, market)
    with house.lock:
        counted = _count(house, data, field, purpose)
        told, since = _edition(house, f"{data}.{field}", purpose, least, counted)
        hidden = {value: len(people) for value, people in counted.now.items() if value not in told}
        cells = _cells(house, data, field, told, least, whole, hidden)
        detail = {"data": f"{data}.{field}", "purpose": purpose, "party": party, "member": member}
        house.store.log(kind="totals told", clause=clauses[0].ref, detail=detail)
    return Table(data, field, cells, since, clauses)


def assigned(house: House, *, party: str, member: str) -> tuple[str, ...]:
    """Return the markets that ``parties.toml`` assigns to a member."""
    said = house.parties.get(party, {}).get(member, {}).get("markets", ())
    return tuple(map(str, said)) if isinstance(said, list | tuple) else ()


def _opened(
    house: House, data: str, field: str, purpose: str, party: str, member: str, market: str
) -> tuple[Clause, ...]:
    """Return the clauses by which the numbers go there; what is true of the party is assumed for its own."""
    asked = Request(Action.SHARE, data, purpose, party, field, member, form=Form.ANONYMOUS)
    facts = _of_party(house, party, member)
    if market not in assigned(house, party=party, member=member):
        door = next((d.clause for d in _doors(house, data) if d.party == party), None)
        clauses = [f.clause for f in _settings(house, party)] or [door or house.datum(data).clause]
        raise Refused(RefusedBy(asked, tuple(clauses), tuple(sorted(f"fact {name}" for name in facts))))
    decision = house.kernel.decide(
        asked, assuming(state_of(house, None, house.clock()), facts), house.clock()
    )
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.clauses


def _settings(house: House, party: str) -> list[Fact]:
    """Return the facts about a party that nobody raises: what the company wrote of it makes them true."""
    return [f for f in house.facts.values() if f.of == "party" and party in f.per and not f.raised_by]


def _of_party(house: House, party: str, member: str) -> frozenset[str]:
    return frozenset(word(f.name, member) for f in _settings(house, party))


def _doors(house: House, data: str) -> Iterator[Door]:
    for door in house.policy.of(Door):
        if door.verb == "share" and door.form is Form.ANONYMOUS and data in door.data:
            yield door


# -- an edition ------------------------------------------------------------------------------------


def _edition(
    house: House, name: str, purpose: str, least: int, counted: Counted
) -> tuple[dict[str, Told], datetime | None]:
    """Return the cells as they are told from now on, after writing down which were told anew."""
    told, since = _recalled(house).get(name, ({}, None))
    anew = [v for v in sorted({*told, *counted.now}) if _moves(house, name, v, told.get(v), counted, least)]
    if not anew:
        return told, since
    number = 1 + max((cell.edition for cell in told.values()), default=0)
    cells = dict(told)
    for value in anew:
        people = counted.now.get(value, frozenset())
        cells.pop(value, None)
        if len(people) >= least:
            cells[value] = Told(len(people), number)
    for value in anew:
        _mark(house, name, value, told.get(value), cells.get(value), counted)
    said = {v: [c.people, c.edition] for v, c in cells.items()}
    house.store.log(
        kind=KIND, clause=house.purposes[purpose].clause.ref, detail={"table": name, "cells": said}
    )
    return _recalled(house)[name]


def _moves(house: House, name: str, value: str, cell: Told | None, counted: Counted, least: int) -> bool:
    """Say whether a cell may be told anew: for the first time, or when enough of its people are others."""
    people = counted.now.get(value, frozenset())
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


def _recalled(house: House) -> dict[str, tuple[dict[str, Told], datetime | None]]:
    """Return the last edition of every table, read on from where the evidence was left."""
    start = int(house.editions.get("", 0))
    tables: dict[str, tuple[dict[str, Told], datetime | None]] = house.editions.setdefault("tables", {})
    for leaf in house.store.leaves(start=start):
        start = leaf.index + 1
        if leaf.kind == KIND:
            cells = {str(v): Told(int(c[0]), int(c[1])) for v, c in leaf.detail["cells"].items()}
            tables[str(leaf.detail["table"])] = cells, datetime.fromisoformat(leaf.at)
    house.editions[""] = start
    return tables


# -- who is counted --------------------------------------------------------------------------------


def _count(house: House, data: str, field: str, purpose: str) -> Counted:
    """Find who answered what, of those whom neither they nor a law keep out; clear marks of nothing."""
    name, now = f"{data}.{field}", house.clock()
    found: dict[str, set[int]] = {}
    marks: dict[int, str] = {}
    over: list[int] = []
    asked = tuple(_touches(house, data, field, purpose))
    for person in list(house.store.persons()):
        records = standing(house, person)
        mark = _borne(house, records).get(name, "")
        value = _value(house, records, asked, data, field, purpose, now)
        if value is not None:
            found.setdefault(value, set()).add(person)
        if mark and value is None:
            over.append(person)
        elif mark:
            marks[person] = mark
    for person in over:
        _write(house, person, name, "")
    return Counted({v: frozenset(ps) for v, ps in found.items()}, marks)


def _touches(house: House, data: str, field: str, purpose: str) -> Iterator[tuple[Request, frozenset[str]]]:
    """Yield what must be allowed for a person to be counted, with the facts that hold of the party."""
    yield Request(Action.USE, data, purpose, field=field, form=Form.ANONYMOUS), frozenset()
    for door in _doors(house, data):
        for member in house.parties.get(door.party, {}):
            asked = Request(Action.SHARE, data, purpose, door.party, field, member, form=Form.ANONYMOUS)
            yield asked, _of_party(house, door.party, member)


def _value(
    house: House,
    records: list[Record],
    asked: Iterable[tuple[Request, frozenset[str]]],
    data: str,
    field: str,
    purpose: str,
    now: datetime,
) -> str | None:
    if not any(r.data == data for r in records):
        return None
    mind = Reckoning(house, known(house, records), now)
    if not all(house.kernel.decide(r, assuming(mind.state, facts), now) for r, facts in asked):
        return None
    newest = max(readable(mind, records, data, purpose, field), key=lambda h: h.collected, default=None)
    return None if newest is None else str(newest.body[field])


def _borne(house: House, records: Iterable[Record]) -> Mapping[str, str]:
    for record in records:
        if record.data == house.kinds["events"] and isinstance(record.body, dict):
            found = record.body.get(MARKS, {})
            return found if isinstance(found, dict) else {}
    return {}


# -- what is told ----------------------------------------------------------------------------------


def _cells(
    house: House,
    data: str,
    field: str,
    told: Mapping[str, Told],
    least: int,
    whole: bool,
    hidden: Mapping[str, int],
) -> tuple[tuple[str, int | None], ...]:
    """Return each declared value with its people, most first, those withheld last and in no order of size."""
    shown = {value: cell.people for value, cell in told.items()}
    kept = dict(hidden)
    while whole and shown and kept and (sum(kept.values()) < least or len(kept) < 2):
        least_told = min(shown, key=lambda v: (shown[v], v))
        kept[least_told] = shown.pop(least_told)
    part = next(f for f in house.datum(data).fields if f.name == field)
    declared = part.choices if part.type == "choice" else ()
    rest = sorted({*declared, *(kept if part.type == "choice" else ())} - shown.keys())
    ordered = sorted(shown.items(), key=lambda c: (-c[1], c[0]))
    return (*ordered, *((value, None) for value in rest))
