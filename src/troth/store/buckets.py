"""Buckets: which month's salt a record is sealed under.

A record whose due time lies in one of the next ``AHEAD`` months is sealed under that month's salt; all
others are in ``open``.  When a month is over and empty its salt is destroyed, and old
backups of its records with it.
"""

from __future__ import annotations

from datetime import UTC, datetime

OPEN = "open"
AHEAD = 14


def bucket_of(due: str | None, now: datetime) -> str:
    """Return the bucket of a record due then.

    >>> now = datetime(2026, 11, 24, tzinfo=UTC)
    >>> [bucket_of(d, now) for d in ("2027-01-31T23:30:00-01:00", "2031-01-01T00:00:00+00:00", None)]
    ['2027-02', 'open', 'open']
    """
    if due is None:
        return OPEN
    at = moment(due)
    ahead = (at.year - now.year) * 12 + at.month - now.month
    return f"{at:%Y-%m}" if 0 <= ahead < AHEAD else OPEN


def moment(instant: str | datetime) -> datetime:
    """Read an aware instant as UTC; a naive one is an error, never guessed at."""
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    if at.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return at.astimezone(UTC)


def ended(bucket: str, now: datetime) -> bool:
    """Say whether a bucket's month is over."""
    return bucket != OPEN and bucket < f"{now.astimezone(UTC):%Y-%m}"
