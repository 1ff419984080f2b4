"""Trend: how many people stand behind a category week by week, as numbers that are about nobody.

A week is told once it is over, from the document's minimum of people on, and by the rule of editions: asked
again it gets the same number until enough of its people are others.  No week says how it was with any one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from troth.gate.clock import Reckoning
from troth.gate.editions import Counted, count_each, edition, minimum
from troth.gate.errors import GateError
from troth.gate.facts import known
from troth.gate.house import House
from troth.gate.read import may, readable
from troth.kernel.calendar import local_day
from troth.store import Record
from troth.terms import Action, Form, Refused, Request, Unsaid

ALL = "\0all"
LONGEST = 60  # weeks in one answer
NONE = Counted({}, {})


@dataclass(frozen=True, slots=True)
class Week:
    """One week by its Monday; ``people`` is None where they are fewer than may be told."""

    monday: date
    people: int | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Weeks, oldest first; a week of fewer than ``least`` people has no number."""

    least: int
    weeks: tuple[Week, ...]


def trend(house: House, *, data: str, purpose: str, weeks: int) -> Trend:
    """Return the last ``weeks`` whole weeks, oldest first; raise ``Refused`` where no rule opens them.

    Raises ``GateError`` where the document does not say from how many people on a number is anonymous.
    """
    house.datum(data)
    touch = Request(Action.USE, data, purpose, form=Form.ANONYMOUS)
    decision = may(house, person=None, request=touch)
    if isinstance(decision, Unsaid):
        raise Refused(decision)
    least = minimum(house)
    if least is None:
        raise GateError("the document does not say how many people a number needs; add 'anonymous totals …'")
    last = _monday(house, house.clock())
    mondays = [last - timedelta(weeks=n) for n in range(min(weeks, LONGEST), 0, -1)]
    clause = house.purposes[purpose].clause
    with house.lock:
        counted = _counted(house, touch, frozenset(mondays))
        told = tuple(_week(house, touch, day, clause.ref, counted) for day in mondays)
        detail = {"data": data, "purpose": purpose, "groups": sum(1 for w in told if w.people)}
        house.store.log(kind="totals told", clause=clause.ref, detail=detail)
    return Trend(least, told)


def _counted(house: House, touch: Request, mondays: frozenset[date]) -> Mapping[str, Counted]:
    """Find who has records of which week, of those whom neither they nor a law keep out."""
    family = f"{touch.data} for {touch.purpose} in the week of "

    def values(records: list[Record]) -> Mapping[str, str]:
        mine = [r for r in records if r.data == touch.data]
        if not mine:
            return {}
        mind = Reckoning(house, known(house, records), house.clock())
        if touch.purpose in mind.state.objections or not house.kernel.decide(touch, mind.state, mind.now):
            return {}
        held = readable(mind, mine, touch.data, touch.purpose, "")
        days = {_monday(house, h.collected) for h in held} & mondays
        return {_table(touch, day): ALL for day in days}

    return count_each(house, lambda table: table.startswith(family), values)


def _week(house: House, touch: Request, day: date, clause: str, counted: Mapping[str, Counted]) -> Week:
    name = _table(touch, day)
    cell = edition(house, name, clause, counted.get(name, NONE)).cells.get(ALL)
    return Week(day, cell.number if cell else None)


def _table(touch: Request, monday: date) -> str:
    return f"{touch.data} for {touch.purpose} in the week of {monday}"


def _monday(house: House, at: datetime) -> date:
    day = local_day(at, house.policy.zone)
    return day - timedelta(days=day.weekday())
