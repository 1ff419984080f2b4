"""Organisations on the wire: the one a person is in, invitations, and what colleagues wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from troth.web.api.wire.base import In, Line, Out, Word
from troth.web.api.wire.people import RecordOut


class OrganisationIn(In, frozen=True):
    """What the organisation is called."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]


class OrganisationOut(Out, frozen=True):
    """An organisation as its members see it; ``colleagues`` are the others' names."""

    number: str
    name: str
    members: int
    colleagues: tuple[str, ...]


class InviteeIn(In, frozen=True):
    """The one address for which the link is made."""

    email: Line


class GroupEventIn(In, frozen=True):
    """A moment that the document names, and that came for everybody in the organisation."""

    name: Word


class JoinIn(In, frozen=True):
    """The secret of the link in an invitation."""

    ticket: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[\w.-]+$")]


class ConversationOut(Out, frozen=True):
    """A colleague's conversation, without a word of it and without who held it."""

    number: str
    last: datetime
    turns: int


class SharedOut(Out, frozen=True):
    """The conversations of the colleagues, newest first."""

    conversations: tuple[ConversationOut, ...]


class TurnsOut(Out, frozen=True):
    """One conversation, turn by turn."""

    turns: tuple[RecordOut, ...]


class UploadIn(In, frozen=True):
    """A text and what it is called."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    text: Annotated[str, Meta(min_length=1, max_length=200_000)]


class UploadedOut(Out, frozen=True):
    """Under which number it is kept; ``masked``: how many of each kind were replaced before."""

    number: str
    masked: dict[str, int]
