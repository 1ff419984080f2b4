"""Booking: a day and an hour that somebody would like, and the invitation to a calendar.

A moment is written in the company's own zone; one that is over is refused.  An invitation is iCalendar (RFC
5545) with its times in UTC, so that every calendar reads it alike.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LASTS = timedelta(minutes=45)


def moment(text: str, zone: str) -> datetime | None:
    """Read a moment as a form sends it, in a zone; None when it is none.

    >>> moment("2025-03-10T14:00", "Europe/Helsinki").astimezone(UTC).isoformat()
    '2025-03-10T12:00:00+00:00'
    >>> moment("tomorrow", "UTC")
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def invitation(*, uid: str, at: datetime, made: datetime, title: str, sender: str, guest: str) -> str:
    """Write the invitation to one meeting; all moments are aware.

    >>> when = datetime(2025, 3, 10, 12, tzinfo=UTC)
    >>> "DTSTART:20250310T120000Z" in invitation(
    ...     uid="1", at=when, made=when, title="A, b", sender="a@x.example", guest="b@y.example")
    True
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Troth//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{_utc(made)}",
        f"DTSTART:{_utc(at)}",
        f"DTEND:{_utc(at + LASTS)}",
        f"SUMMARY:{_text(title)}",
        f"ORGANIZER:mailto:{sender}",
        f"ATTENDEE;RSVP=TRUE:mailto:{guest}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(folded for line in lines for folded in _folded(line)) + "\r\n"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    """Escape a text (RFC 5545, 3.3.11)."""
    for mark in ("\\", ";", ","):
        said = said.replace(mark, f"\\{mark}")
    return " ".join(said.split())


def _folded(line: str) -> list[str]:
    """Fold a line after 75 octets (RFC 5545, 3.1), never inside a character."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > 75:
            parts.append(part)
            part = " "
        part += letter
    return [*parts, part]
