"""Conversations: a person's own talks with agents on the wire, and what an erasure of them did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from troth.web.api.wire.base import In, Line, Out, Word
from troth.web.api.wire.people import RecordOut


class TalkOut(Out, frozen=True):
    """One conversation; ``goes``: the day on which its last turn goes, none while it waits for something."""

    number: str
    agent: str
    begun: datetime
    last: datetime
    turns: int
    goes: datetime | None


class TalksOut(Out, frozen=True):
    conversations: tuple[TalkOut, ...]


class WholeTalkOut(Out, frozen=True):
    """One conversation, each turn with what was asked and what was answered."""

    number: str
    turns: tuple[RecordOut, ...]


class LookIn(In, frozen=True):
    """In which role somebody looks, and for which request: the person sees both."""

    purpose: Word
    reason: Line
    role: Annotated[str, Meta(max_length=120)] = ""


class DetailIn(In, frozen=True):
    """What was missed, as it stands in the conversation."""

    text: Line


class OwnerOut(Out, frozen=True):
    tag: str


class ForgottenOut(Out, frozen=True):
    """What went, for good.

    ``deleted`` conversations went whole, for the ``doubts``; of ``stripped`` ones the bare words stay, which
    are nobody's.
    """

    conversations: int
    turns: int
    deleted: int
    stripped: int
    doubts: Mapping[str, int]
    said: str
