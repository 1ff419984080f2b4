"""Proofs: evidence, counters, visits and what-if questions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from troth.web.api.wire.base import ClauseOut, Fields, In, Moment, Out, Tag, Word


class CheckpointOut(Out, frozen=True):
    checkpoint: str
    public_key: str


class EvidenceOut(Out, frozen=True):
    """A proof as ``verify_evidence.py`` takes it."""

    proof: dict[str, Any]


class VerifiedOut(Out, frozen=True):
    sound: bool
    problems: tuple[str, ...]


class EntryOut(Out, frozen=True):
    number: int
    at: datetime
    kind: str
    clause: str
    detail: dict[str, Any]
    version: str = ""  # of the document, in force on that day


class EntriesOut(Out, frozen=True):
    entries: tuple[EntryOut, ...]


class CountIn(In, frozen=True):
    dims: dict[str, Annotated[str, Meta(max_length=60)]]


class CountOut(Out, frozen=True):
    dims: dict[str, str]
    count: int


class CountsOut(Out, frozen=True):
    counter: str
    counts: tuple[CountOut, ...]


class VisitRecord(In, frozen=True):
    """The technical facts of a visit; fields that the document does not declare are dropped and reported."""

    tag: Tag
    data: Word
    purpose: Word
    fields: Fields


class VisitIn(In, frozen=True):
    flow: Word
    via: str = ""
    referrer: Annotated[str, Meta(max_length=2000)] = ""
    campaign: Annotated[str, Meta(max_length=60)] = ""
    record: VisitRecord | None = None


class VisitOut(Out, frozen=True):
    channel: str
    rid: int | None = None
    dropped: tuple[str, ...] = ()


class VisitsOut(Out, frozen=True):
    counts: tuple[CountOut, ...]


Stands = Annotated[  # a word, or one for a member and a purpose: ``task(mailco, news)``
    str, Meta(min_length=1, max_length=120, pattern=r"^[A-Za-z][\w:.@()-]*(, [\w.-]+\))?$")
]


class Given(In, frozen=True):
    """A person as assumed: what stands, and nothing else."""

    consents: tuple[Word, ...] = ()
    objections: tuple[Word, ...] = ()
    restricted: tuple[str, ...] = ()
    facts: tuple[Stands, ...] = ()
    age: Annotated[int, Meta(ge=0, le=130)] | None = None
    notice: bool = True


class TouchIn(In, frozen=True):
    """A touch of personal data, as a question."""

    action: Literal["collect", "use", "share", "show", "keep"]
    data: Word
    purpose: Word
    party: str = ""
    field: str = ""
    member: str = ""
    source: str = ""
    form: Literal["identified", "truncated", "pseudonymous", "anonymous"] = "identified"


class DecideIn(TouchIn, frozen=True, kw_only=True):
    """A touch and a person as assumed; ``at`` is now when it is left out."""

    given: Given = Given()
    at: Moment | None = None


class ExplainIn(TouchIn, frozen=True, kw_only=True):
    """A touch of a real person's data (``tag`` empty: of nobody's); nothing is read and nobody is named."""

    tag: str = ""


class DutyOut(Out, frozen=True):
    name: str
    detail: str = ""


class DecisionOut(Out, frozen=True):
    answer: Literal["allowed", "refused", "unsaid"]
    said: str
    clauses: tuple[ClauseOut, ...]
    missing: tuple[str, ...] = ()
    duties: tuple[DutyOut, ...] = ()
    version: str = ""
