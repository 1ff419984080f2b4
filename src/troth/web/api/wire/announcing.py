"""Announcing on the wire: what is announced, what changes, and how many were written to."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from troth.web.api.wire.base import In, Line, Out, Text, Word


class AnnounceIn(In, frozen=True):
    """A version under ``versions/`` that is still to come."""

    version: Annotated[str, Meta(min_length=1, max_length=40)]


class TellIn(In, frozen=True):
    """One message for a purpose that is no marketing; ``having`` names what its readers bought."""

    purpose: Word
    subject: Line
    text: Text
    having: Annotated[str, Meta(max_length=60)] = ""


class ReadingOut(Out, frozen=True):
    """When the document was last read over, and the day by which it must be again."""

    version: str
    last: date | None
    by: date | None
    overdue: bool


class ChangedOut(Out, frozen=True):
    ref: str
    title: str
    how: str
    meaning: bool


class AnnouncedOut(Out, frozen=True):
    people: int
    changes: tuple[ChangedOut, ...] = ()
