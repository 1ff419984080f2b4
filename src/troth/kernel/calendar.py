"""Calendar: when a period that began with an event is over (reading 14 of the language).

Regulation (EEC, Euratom) 1182/71 Art. 3 without the working-day shift: the day of the event is not counted;
days, weeks, months and years end at 24:00 local time of their last day, month ends clipped; minutes and hours
run in real time.  A moment that is the end of a last day is written as that day's last microsecond
(``close_of``), so that its local date is still the day from which a second step counts.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from troth.policy.model import Span

TICK = timedelta(microseconds=1)
_REAL = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def local_day(moment: datetime, zone: str) -> date:
    """Return the local date of an aware moment; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(ZoneInfo(zone)).date()


def step(day: date, span: Span) -> date:
    """Return the last day of ``span`` (days or longer) counted from ``day``.

    >>> step(date(2025, 8, 31), Span(6, "month"))
    datetime.date(2026, 2, 28)
    """
    if span.unit in _DAYS:
        return day + timedelta(days=span.amount * _DAYS[span.unit])
    if span.unit not in _MONTHS:
        raise ValueError(f"'{span.unit}' is no calendar unit; write day, week, month or year")
    year, month = divmod(day.year * 12 + day.month - 1 + span.amount * _MONTHS[span.unit], 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(event: datetime, span: Span, zone: str, *more: Span) -> date:
    """Return the last local day of the period, each further span counted from the last day of the one before.

    >>> used = datetime(2025, 1, 15, 12, tzinfo=UTC)
    >>> last_day(used, Span(6, "month"), "Europe/Oslo", Span(30, "day"))
    datetime.date(2025, 8, 14)
    """
    real = span.unit in _REAL
    day = local_day(_real(event, span), zone) if real else step(local_day(event, zone), span)
    for later in more:
        day = step(day, later)
    return day


def ends_at(event: datetime, span: Span, zone: str, *more: Span) -> datetime:
    """Return the first instant after the period: the next day's start, or real time for hours and minutes.

    >>> str(ends_at(datetime(2025, 3, 1, 12, tzinfo=UTC), Span(30, "day"), "Europe/Oslo"))
    '2025-04-01 00:00:00+02:00'
    """
    if span.unit in _REAL and not more:
        return _real(event, span).astimezone(ZoneInfo(zone))
    return start_of(last_day(event, span, zone, *more) + timedelta(days=1), zone)


def stops_at(event: datetime, span: Span, zone: str) -> datetime:
    """Return the moment at which a span runs out, inside its last day: what a second step counts from."""
    if span.unit in _REAL:
        return ends_at(event, span, zone)
    return close_of(last_day(event, span, zone), zone)


@lru_cache(maxsize=4096)
def start_of(day: date, zone: str) -> datetime:
    """Return the first instant of a local day, also where a clock change swallows midnight."""
    there = ZoneInfo(zone)
    return datetime(day.year, day.month, day.day, tzinfo=there).astimezone(UTC).astimezone(there)


@lru_cache(maxsize=4096)
def close_of(day: date, zone: str) -> datetime:
    """Return the last microsecond of a local day."""
    return (start_of(day + timedelta(days=1), zone).astimezone(UTC) - TICK).astimezone(ZoneInfo(zone))


def after_close(moment: datetime, zone: str) -> datetime:
    """Return the next day's start for the close of a day, and any other moment as it is, in the zone."""
    here = moment.astimezone(ZoneInfo(zone))
    closes = close_of(here.date(), zone)
    # Compared in UTC: where clocks go back at midnight a local time stands twice.
    same = here.astimezone(UTC) == closes.astimezone(UTC)
    return start_of(here.date() + timedelta(days=1), zone) if same else here


def financial_year_end(day: date, year_end: tuple[int, int] = (12, 31)) -> date:
    """Return the last day of the financial year in which ``day`` falls; ``year_end`` is (month, day).

    >>> financial_year_end(date(2024, 3, 10))
    datetime.date(2024, 12, 31)
    """
    end = _year_end(day.year, year_end)
    return end if day <= end else _year_end(day.year + 1, year_end)


def _year_end(year: int, year_end: tuple[int, int]) -> date:
    month, day = year_end
    return date(year, month, min(day, monthrange(year, month)[1]))


def _real(event: datetime, span: Span) -> datetime:
    if event.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return event.astimezone(UTC) + span.amount * _REAL[span.unit]


def working_end(event: datetime, days: int, zone: str, country: str) -> datetime:
    """Return the first instant after so many working days, the event's own day not counted.

    They run from Monday to Friday, without the public holidays of the country.

    >>> friday = datetime(2025, 3, 7, 12, tzinfo=UTC)
    >>> str(working_end(friday, 3, "Europe/Helsinki", "FI"))
    '2025-03-13 00:00:00+02:00'
    >>> str(working_end(datetime(2025, 4, 30, 12, tzinfo=UTC), 1, "Europe/Helsinki", "FI"))
    '2025-05-03 00:00:00+03:00'
    """
    free = holidays.country_holidays(country) if country in holidays.list_supported_countries() else ()
    day, left = local_day(event, zone), days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in free
    return start_of(day + timedelta(days=1), zone)
