"""Rights: a person's requests and the day by which each must be answered (GDPR Art. 12(3): one month).

The calendar is that of Regulation 1182/71 as the language reads it: the day of the request is not counted, a
month ends on the same day of the next one, or on its last day when there is none.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from troth.policy.model import Area, Policy, Right
from troth.terms import Clause

WARNING_DAYS = 7


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """One request: which right, when it was made, when an answer is due, and when it was given."""

    tag: str
    right: str
    made: date
    due: date
    answered: date | None = None
    clause: Clause | None = None


def answerers(policy: Policy, right: str) -> tuple[str, ...]:
    """Return the roles that alone answer a right, as ``requests to`` says where the company itself answers.

    Nothing is returned where every role may, as for a question that is no right of the law.

    >>> own = Area(name="own", role="controller", requests_to="officer")
    >>> here = Policy((own, Right(name="access")))
    >>> answerers(here, "access"), answerers(here, "question")
    (('officer',), ())
    """
    if right not in {r.name for r in policy.of(Right)}:
        return ()
    named = (a.requests_to for a in policy.of(Area) if a.role == "controller" and a.requests_to)
    return tuple(dict.fromkeys(named))


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, clipped to the end of a shorter month.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_day(policy: Policy, right: str, made: date) -> date:
    """Return the last day on which a request may be answered: the document's term, else one month.

    >>> due_day(Policy(), "access", date(2026, 11, 24))
    datetime.date(2026, 12, 24)
    """
    for said in policy.of(Right):
        if said.name == right and said.within is not None and said.within.unit == "month":
            return min(months_later(made, said.within.amount), months_later(made, 1))
    return months_later(made, 1)


def standing(request: RightsRequest, today: date) -> str:
    """Say how a request stands: answered, late, soon or open.

    >>> r = RightsRequest("t1", "access", date(2026, 1, 1), date(2026, 2, 1))
    >>> standing(r, date(2026, 1, 28)), standing(r, date(2026, 2, 2))
    ('soon', 'late')
    """
    if request.answered is not None:
        return "answered"
    left = (request.due - today).days
    return "late" if left < 0 else "soon" if left <= WARNING_DAYS else "open"
