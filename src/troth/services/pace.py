"""Pace: how often somebody wants to hear from others, and whether they have heard as often by now.

A week begins on Monday; days, weeks and months are those of the company's own zone.  The wish is an upper
limit for every sender together, and of what was sent nothing is known but the moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WISH, HEARD = "at-most", "heard-at"  # the fields by which the document's categories are known
FACT = "pace-reached"  # the fact that stops a message, where the document has it


def reached(at_most: int, per: str, heard: Iterable[datetime], now: datetime, zone: str) -> bool:
    """Say whether no further message may go in the day, week or month of ``now``.

    >>> from datetime import UTC
    >>> monday, sunday = datetime(2025, 3, 3, 9, tzinfo=UTC), datetime(2025, 3, 9, 9, tzinfo=UTC)
    >>> reached(1, "week", [monday], sunday, "Europe/Oslo")
    True
    >>> reached(1, "week", [monday], sunday + timedelta(days=1), "Europe/Oslo")
    False
    """
    start = _start(now, per, zone)
    return sum(1 for at in heard if _day(at, zone) >= start) >= at_most


def _start(now: datetime, per: str, zone: str) -> date:
    today = _day(now, zone)
    match per:
        case "day":
            return today
        case "month":
            return today.replace(day=1)
    return today - timedelta(days=today.weekday())


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
