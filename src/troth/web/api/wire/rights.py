"""Rights: requests, access, erasure and closing on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from troth.gate.values import Asked, Stay
from troth.web.api.wire.base import ClauseOut, Fields, In, Line, Moment, Out, Text, Word, clause_out
from troth.web.api.wire.choices import ActOut
from troth.web.api.wire.parties import DisclosureOut
from troth.web.api.wire.people import RecordOut


class RequestIn(In, frozen=True):
    right: Word
    channel: str = "api"


class MailIn(In, frozen=True):
    """A request that came by mail or letter: from which address, and which right the writer means."""

    address: Line
    right: Annotated[str, Meta(max_length=120, pattern=r"^([A-Za-z][\w:.@()-]*)?$")] = (
        ""  # else as the text says
    )
    text: Annotated[str, Meta(max_length=8000)] = ""
    channel: Literal["mail", "letter", "telephone"] = "mail"
    received: Moment | None = None  # when the letter, or a party, got it: the time runs from there


class AnswerIn(In, frozen=True):
    outcome: Line
    text: str = ""


class ExtendIn(In, frozen=True):
    reason: Text


class AskedOut(Out, frozen=True):
    number: str
    tag: str
    right: str
    made: datetime
    due: datetime
    answered: datetime | None = None
    outcome: str = ""
    clause: ClauseOut | None = None
    confirmed: datetime | None = None
    channel: str = ""
    about: str = ""
    reason: str = ""


class RequestsOut(Out, frozen=True):
    requests: tuple[AskedOut, ...]


class MailOut(Out, frozen=True):
    """What the writer was told; the number is empty when nobody here has that address."""

    said: str
    number: str = ""
    due: datetime | None = None


class AccessOut(Out, frozen=True):
    """All that is held about a person (GDPR Art. 15)."""

    records: tuple[RecordOut, ...]
    acts: tuple[ActOut, ...]
    objections: tuple[str, ...]
    restricted: tuple[str, ...]
    disclosures: tuple[DisclosureOut, ...]
    requests: tuple[AskedOut, ...]
    age: int | None = None
    closed: datetime | None = None


class ExportOut(Out, frozen=True):
    """The copy a person takes away."""

    export: dict[str, Any]


class CarriedIn(In, frozen=True):
    """One record as another service's portable file has it."""

    data: Word
    fields: Fields
    purposes: tuple[str, ...] = ()
    collected: datetime | None = None
    beyond: bool = False  # the document lets it be carried, though the person did not give it (Art. 20)
    source: str = ""


class PortableIn(In, frozen=True):
    """A portable file; ``portable.schema.json`` among the published texts says its form."""

    format: Literal["troth-portable-1"]
    records: tuple[CarriedIn, ...]
    made: datetime | None = None
    schema: str = ""
    version: str = ""
    origin: str = field(default="", name="from")


class CarriedOut(Out, frozen=True):
    data: str
    fields: dict[str, Any]
    purposes: tuple[str, ...]
    collected: datetime
    beyond: bool = False
    source: str = ""


class PortableOut(Out, frozen=True):
    """What a person gave, to take along (GDPR Art. 20)."""

    format: str
    made: datetime
    schema: str
    version: str
    records: tuple[CarriedOut, ...]
    origin: str = field(default="", name="from")


class TakenIn(Out, frozen=True):
    """What became of one record that was brought along."""

    data: str
    stored: bool
    purpose: str = ""
    why: str = ""


class TakenOut(Out, frozen=True):
    records: tuple[TakenIn, ...]


class SureIn(In, frozen=True):
    sure: Literal[True]


class StayOut(Out, frozen=True):
    data: str
    because: str
    until: datetime | None
    waits: str
    clause: ClauseOut
    article: str = ""


class ReceiptOut(Out, frozen=True):
    """What an erasure did, what stays by which law until when, and the evidence that anyone can check."""

    at: datetime
    leaf: int
    stays: tuple[StayOut, ...]
    told: tuple[str, ...]
    evidence: dict[str, Any]


class ClosedOut(Out, frozen=True):
    records: tuple[RecordOut, ...]


def asked_out(asked: Asked, company: str) -> AskedOut:
    """Write a request for a right out."""
    plain = {name: getattr(asked, name) for name in AskedOut.__struct_fields__ if name != "clause"}
    return AskedOut(**plain, clause=clause_out(asked.clause, company) if asked.clause else None)


def stay_out(stay: Stay, company: str) -> StayOut:
    """Write out what an erasure left, and why."""
    return StayOut(
        data=stay.data,
        because=stay.because,
        until=stay.until,
        waits=stay.waits,
        clause=clause_out(stay.clause, company),
        article=stay.article,
    )
