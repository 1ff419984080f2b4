"""Lasting: when what a page sets on a device is gone, by the time that the document promises for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from troth.kernel.calendar import step
from troth.policy.model import Span


def until(lasts: str, now: datetime) -> datetime | None:
    """Return the latest moment at which something set now is gone; None for what ends with the browser.

    >>> until("12 months", datetime(2025, 2, 10, 9)), until("session", datetime(2025, 2, 10))
    (datetime.datetime(2026, 2, 10, 9, 0), None)
    """
    amount, _, unit = lasts.partition(" ")
    if not amount.isdigit():
        return None
    span = Span(int(amount), unit.rstrip("s"))
    return now + timedelta(hours=span.amount) if span.unit == "hour" else _on(step(now.date(), span), now)


def _on(day: date, now: datetime) -> datetime:
    return now.replace(year=day.year, month=day.month, day=day.day)
