"""Issues: a job of the company writes to its own business contacts, and learns who was left out and why."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from troth.runtime.issues import issue
from troth.web.api.door import Call
from troth.web.api.wire.base import In, Out, Word


class IssueIn(In, frozen=True):
    """A letter for one purpose; without ``to`` it goes to everybody who may get it."""

    purpose: Word
    subject: Annotated[str, Meta(max_length=400)]
    text: Annotated[str, Meta(max_length=8000)]
    to: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()


class SkippedOut(Out, frozen=True):
    address: str
    reason: str


class IssueOut(Out, frozen=True):
    """How many left, and each address that got nothing with its reason."""

    sent: int
    skipped: tuple[SkippedOut, ...]


def write(call: Call) -> IssueOut:
    """Write a letter; each address is asked of the document by itself."""
    sent = call.read(IssueIn)
    purpose = call.purpose(sent.purpose)
    made = issue(call.company, purpose=purpose, subject=sent.subject, text=sent.text, to=sent.to)
    return IssueOut(sent=made.sent, skipped=tuple(SkippedOut(address=a, reason=r) for a, r in made.skipped))
