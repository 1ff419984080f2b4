"""Figures: how many people, and which share, stand behind each value: numbers that are about nobody.

A value is told from the document's minimum of people on, and never while what it leaves out of the whole is
a small group.  Whoever asks again gets the same number until enough of its people are others.  INVARIANT (no
two set off): of any two numbers told on one value, the people in one and not in the other are none or a
crowd; a question that would break this is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

from troth.gate.anonymity import crowd
from troth.gate.clock import Reckoning
from troth.gate.errors import BadBody
from troth.gate.facts import known
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.read import may, meaning_of, readable
from troth.gate.released import Released, apart, borne_by, history, release
from troth.gate.totals import COUNTED
from troth.store import Record
from troth.terms import Action, Form, Refused, RefusedBy, Request, Unsaid

ALL = ""  # the value under which everybody in the question is counted


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: a field, of records whose fields have these values and that came in this month.

    ``ever``: whoever has any record with the value counts for it; otherwise their newest record alone does.
    """

    data: str
    field: str
    purpose: str
    where: Mapping[str, str]
    month: str = ""
    ever: bool = False

    @property
    def measure(self) -> str:
        return f"{self.data}.{self.field}"

    @property
    def touch(self) -> Request:
        return Request(Action.USE, self.data, self.purpose, field=self.field, form=Form.ANONYMOUS)

    @property
    def mark(self) -> str:
        """Return the same short word for the same question, which tells nothing of what was asked for."""
        said = [self.measure, sorted(self.where.items()), self.month, self.ever]
        return sha256(json.dumps(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with its people and their share in percent; None where it may not be told."""

    value: str
    people: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The answer; ``people`` is everybody in the question, None where that is no crowd."""

    data: str
    field: str
    least: int
    people: int | None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """Who stands behind each value of a question, and how each was counted before."""

    people: Mapping[str, frozenset[int]]
    borne: Mapping[int, frozenset[str]]


def figures(house: House, *, question: Question) -> Figures:
    """Answer a question about groups.

    Raises ``Refused`` where no rule opens such numbers, or an earlier one beside this one would show a few;
    ``BadBody`` for a field that is not counted.
    """
    _insist_countable(house, question)
    least = crowd(house)
    with house.lock:
        found, told = _counted(house, question), history(house, question.measure)
        cells = {value: _cell(house, question, value, found, told, least) for value in found.people}
        shown = _shown(question, cells, least)
        for value, cell in shown.items():
            if cell.leaf < 0:
                clause = house.purposes[question.purpose].clause
                release(house, question.measure, cell, found.people[value], clause, question.purpose)
    return _answer(house, question, shown, least)


def _insist_countable(house: House, question: Question) -> None:
    types = {f.name: f.type for f in house.datum(question.data).fields}
    for name in (question.field, *question.where):
        house.part(f"{question.data}.{name}")
        if types[name] not in COUNTED:
            raise BadBody(question.data, name, "is not counted: only choices and numbers are")
    decision = may(house, person=None, request=question.touch)
    if isinstance(decision, Unsaid):
        raise Refused(decision)


def _counted(house: House, question: Question) -> _Found:
    """Find who stands behind each value, of those whom neither they nor a law keep out."""
    people: dict[str, set[int]] = {ALL: set()}
    borne: dict[int, frozenset[str]] = {}
    for person in house.store.persons():
        records = standing(house, person)
        if not any(r.data == question.data for r in records):
            continue
        mind = Reckoning(house, known(house, records), house.clock())
        if not house.kernel.decide(question.touch, mind.state, mind.now):
            continue
        values = _values(house, mind, records, question)
        for value in values | ({ALL} if values else set()):
            people.setdefault(value, set()).add(person)
        borne[person] = borne_by(house, records, question.measure)
    return _Found({v: frozenset(ps) for v, ps in sorted(people.items())}, borne)


def _values(house: House, mind: Reckoning, records: Iterable[Record], question: Question) -> set[str]:
    zone = ZoneInfo(house.policy.zone)
    mine = [r for r in records if isinstance(r.body, dict) and question.where.items() <= r.body.items()]
    held = readable(mind, mine, question.data, question.purpose, question.field)
    dated = sorted((h.collected, h.rid, str(h.body[question.field])) for h in held)
    values = [v for at, _, v in dated if question.month in ("", f"{at.astimezone(zone):%Y-%m}")]
    return set(values if question.ever else values[-1:])


def _cell(
    house: House, question: Question, value: str, found: _Found, told: Iterable[Released], least: int
) -> Released | None:
    """Return the number to be told: the one told before, a new one, or none; raise ``Refused``."""
    people = found.people[value]
    before = [t for t in told if t.value == value]
    distances = {t: apart(house, question.measure, people, found.borne, t) for t in before}
    mine = next((t for t in reversed(before) if t.question == question.mark), None)
    if mine is not None and distances[mine] < least:
        return mine
    if len(people) < least:
        return None
    if any(0 < distance < least for distance in distances.values()):
        said = meaning_of(house, Form.ANONYMOUS)
        wanted = f"at least {least} people between this number and each that was told before"
        raise Refused(RefusedBy(question.touch, said, (wanted,)))
    return Released(question.mark, value, len(people))


def _shown(question: Question, cells: Mapping[str, Released | None], least: int) -> dict[str, Released]:
    """Return what may be told: nothing whose rest, or whose rest together, is a small group of the whole."""
    everybody = cells.get(ALL)
    if everybody is None:
        return {}
    parts = {v: c for v, c in cells.items() if c is not None and v != ALL}
    parts = {v: c for v, c in parts.items() if not 0 < everybody.people - c.people < least}
    while not question.ever and parts:
        if not 0 < everybody.people - sum(c.people for c in parts.values()) < least:
            break
        del parts[min(parts, key=lambda v: (parts[v].people, v))]
    return {ALL: everybody, **parts}


def _answer(house: House, question: Question, shown: Mapping[str, Released], least: int) -> Figures:
    declared = next(f for f in house.datum(question.data).fields if f.name == question.field)
    values = declared.choices if declared.type == "choice" else tuple(v for v in shown if v != ALL)
    everybody = shown[ALL].people if ALL in shown else None
    cells = tuple(_row(v, shown.get(v), everybody) for v in values)
    return Figures(question.data, question.field, least, everybody, cells)


def _row(value: str, cell: Released | None, everybody: int | None) -> Cell:
    if cell is None or not everybody:
        return Cell(value, None, None)
    return Cell(value, cell.people, round(100 * cell.people / everybody))
