"""Breaches: a case, its steps and its notices on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from troth.web.api.wire.base import ClauseOut, In, Line, Moment, Out, Text, Word

Said = Annotated[str, Meta(max_length=8000)]


class BreachIn(In, frozen=True):
    """What happened, since when we know of it, and what was open to whom in which time.

    ``staff`` is a member of staff by the name of their key; ``party`` a role or a recipient of the document.
    With neither, everybody counts of whom data of these categories lay here.
    """

    what: Text
    since: Moment
    until: Moment | None = None
    aware: Moment | None = None
    staff: Annotated[str, Meta(max_length=120)] = ""
    party: Word | Literal[""] = ""
    member: Word | Literal[""] = ""
    data: Annotated[tuple[Word, ...], Meta(max_length=60)] = ()


class ScopeIn(In, frozen=True):
    """What was open to whom in which time, once more is known; as in ``BreachIn``."""

    since: Moment
    until: Moment
    staff: Annotated[str, Meta(max_length=120)] = ""
    party: Word | Literal[""] = ""
    member: Word | Literal[""] = ""
    data: Annotated[tuple[Word, ...], Meta(max_length=60)] = ()


class AssessIn(In, frozen=True):
    """How great the risk to people is and why; the texts that are left out stay as they were."""

    risk: Literal["unlikely", "likely", "high"]
    reason: Line
    effects: Said = ""
    measures: Said = ""
    advice: Said = ""
    exception: Literal["", "unreadable", "averted", "effort"] = ""


class HoldIn(In, frozen=True):
    """Which request of a law enforcement body keeps the message to the people back, and until when."""

    reference: Annotated[str, Meta(max_length=200)]
    until: Moment


class NoticeIn(In, frozen=True):
    """To whom a notice goes or went.  ``late``: the reasons, where the authority hears after its time."""

    to: Literal["authority", "people", "site"]
    reference: Annotated[str, Meta(max_length=200)] = ""
    late: Said = ""
    shown: bool = True


class AffectedOut(Out, frozen=True):
    tag: str
    data: tuple[str, ...]


class StepOut(Out, frozen=True):
    at: Moment
    what: str
    by: str
    note: str


class BreachOut(Out, frozen=True):
    """One case as the register has it.  ``due``: by when the authority must hear, null when it need not."""

    number: str
    what: str
    aware: Moment
    due: Moment | None
    overdue: bool
    risk: str
    reason: str
    effects: str
    measures: str
    advice: str
    exception: str
    posted: bool
    held: Moment | None
    closed: Moment | None
    affected: tuple[AffectedOut, ...]
    steps: tuple[StepOut, ...]
    clause: ClauseOut | None


class BreachesOut(Out, frozen=True):
    breaches: tuple[BreachOut, ...] = field(default_factory=tuple)


class DraftsOut(Out, frozen=True):
    """The notices as they stand today: to the authority (Art. 33), to the people (Art. 34)."""

    authority: str
    subject: str
    people: str
