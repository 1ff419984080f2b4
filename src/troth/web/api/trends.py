"""Trends: one number a week, of people and about nobody; a few are told as a few."""

from __future__ import annotations

from datetime import date

from troth.gate.trend import LONGEST
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.wire.base import Out

WEEKS = 12


class WeekOut(Out, frozen=True):
    """One whole week by its Monday; without a number where it may not be told, and ``says`` says so."""

    week: str
    monday: date
    people: int | None
    says: str


class TrendOut(Out, frozen=True):
    data: str
    purpose: str
    weeks: tuple[WeekOut, ...]


def trend(call: Call) -> TrendOut:
    """Count, for each of the last whole weeks, who has anything of a category from it."""
    asked = call.ask("weeks") or str(WEEKS)
    if not asked.isdigit() or not 0 < int(asked) <= LONGEST:
        raise Fault(422, "invalid", f"weeks: a number from 1 to {LONGEST}", fields=("weeks",))
    data, purpose = call.ask("data"), call.purpose(call.ask("purpose"))
    found = call.company.gate.trend(data=data, purpose=purpose, weeks=int(asked))
    told = tuple(_out(w.monday, w.people, found.least) for w in found.weeks)
    return TrendOut(data=data, purpose=purpose, weeks=told)


def _out(monday: date, people: int | None, least: int) -> WeekOut:
    year, week, _ = monday.isocalendar()
    says = f"fewer than {least}" if people is None else str(people)
    return WeekOut(week=f"{year}-W{week:02}", monday=monday, people=people, says=says)
