"""Grants: what is asked for one look or one disclosure, on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from troth.web.api.wire.base import ClauseOut, In, Line, Moment, Out, Tag, Word

Name = Annotated[str, Meta(max_length=120)]
Said = Annotated[str, Meta(max_length=400)]


class ReachIn(In, frozen=True):
    """Whose and which data: people by their tags, or the whole group of one of them; of which time.

    ``party`` and ``member`` say to whom outside it goes; without them it is a look of your own.
    """

    data: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=40)]
    people: Annotated[tuple[Tag, ...], Meta(max_length=100)] = ()
    group_of: Name = ""
    party: Name = ""
    member: Name = ""
    since: Moment | None = None
    until: Moment | None = None


class GrantIn(In, frozen=True):
    """By which fact of the document, with the words that it names; ``role`` where your key has several."""

    fact: Name
    reach: ReachIn
    names: dict[str, Said] = field(default_factory=dict)
    until: Moment | None = None
    role: Name = ""


class StepIn(In, frozen=True):
    """What you do about a grant, and why; a silence names its fact, its words and its end."""

    step: Literal["approve", "decline", "end", "review", "silence"]
    reason: Said = ""
    fact: Name = ""
    names: dict[str, Said] = field(default_factory=dict)
    until: Moment | None = None
    role: Name = ""


class ReachOut(Out, frozen=True):
    data: tuple[str, ...]
    people: tuple[str, ...]
    group: str
    party: str
    member: str
    since: Moment | None
    until: Moment | None


class StepOut(Out, frozen=True):
    at: Moment
    what: str
    by: str
    role: str
    note: str


class LookOut(Out, frozen=True):
    at: Moment
    by: str
    tag: str
    data: tuple[str, ...]
    records: int


class GrantOut(Out, frozen=True):
    """A grant with all that was done about it and under it, and how it stands (``Grant.state``)."""

    number: Line
    fact: str
    state: str
    names: dict[str, str]
    reach: ReachOut
    begins: Moment | None
    until: Moment | None
    silent: Moment | None
    review: Moment | None
    steps: tuple[StepOut, ...]
    looks: tuple[LookOut, ...]
    clause: ClauseOut | None


class GrantsOut(Out, frozen=True):
    grants: tuple[GrantOut, ...]


class ReportRow(Out, frozen=True):
    """How many asked on one ground for one receiver in a year, and how many got an answer."""

    fact: str
    party: str
    asked: int
    answered: int


class ReportOut(Out, frozen=True):
    rows: tuple[ReportRow, ...]


class ExceptionOut(Out, frozen=True):
    """One exception from a term that a class of parties needs; ``until`` is its last day."""

    party: str
    member: str
    term: str
    reason: str
    by: str
    approved: str
    until: date


class ExceptionsOut(Out, frozen=True):
    exceptions: tuple[ExceptionOut, ...]
