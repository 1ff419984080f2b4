"""Parties: pushes, shares and disclosures on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from troth.gate.values import Disclosure
from troth.web.api.wire.base import ClauseOut, Fields, In, Line, Out, Who, Word


class Confirmed(In, frozen=True):
    """What the party that hands data over confirmed: its ground, and the day on which it told the person."""

    basis: Literal["contract", "consent", "legal obligation", "legitimate interest"]
    notice: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class PushRecord(In, frozen=True):
    who: Who
    data: Word
    purpose: Word
    fields: Fields
    source: Line = "own customer"


class PushIn(In, frozen=True):
    confirmed: Confirmed
    records: Annotated[tuple[PushRecord, ...], Meta(min_length=1, max_length=100)]


class PushedOut(Out, frozen=True):
    """What became of one record of a push; ``dropped`` names fields that the document does not declare."""

    stored: bool
    reference: str = ""  # by which a connector is asked about this person, and nobody else knows them
    dropped: tuple[str, ...] = ()
    why: str = ""
    clause: ClauseOut | None = None
    missing: tuple[str, ...] = ()


class PushOut(Out, frozen=True):
    records: tuple[PushedOut, ...]


class ShareIn(In, frozen=True):
    data: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=20)]
    purpose: Word
    party: str = ""
    member: str = ""
    form: Literal["identified", "truncated", "pseudonymous", "anonymous"] = "identified"
    grant: Annotated[str, Meta(max_length=40)] = ""


class FetchIn(In, frozen=True):
    """What to ask of a business for the person; all declared fields, when none is named."""

    data: Word
    purpose: Word
    party: Word
    member: Word
    fields: Annotated[tuple[Word, ...], Meta(max_length=40)] = ()


class FetchOut(Out, frozen=True):
    rid: int


class ShareOut(Out, frozen=True):
    """What left, to whom and by which clauses; the values themselves go with the carrier."""

    party: str
    member: str
    fields: tuple[str, ...]
    clauses: tuple[ClauseOut, ...]


class DeliveryOut(Out, frozen=True):
    """One delivery to a party: the fields that passed, for which purpose and by which clauses."""

    purpose: str
    kind: str
    fields: dict[str, Any]
    clauses: tuple[ClauseOut, ...]


class DeliveriesOut(Out, frozen=True):
    deliveries: tuple[DeliveryOut, ...]


class DisclosureOut(Out, frozen=True):
    at: datetime
    party: str
    member: str
    data: tuple[str, ...]
    purpose: str
    form: str
    clause: str
    kind: str


class DisclosuresOut(Out, frozen=True):
    disclosures: tuple[DisclosureOut, ...]


def disclosure_out(disclosure: Disclosure) -> DisclosureOut:
    """Write a disclosure out."""
    plain = {name: getattr(disclosure, name) for name in DisclosureOut.__struct_fields__ if name != "form"}
    return DisclosureOut(**plain, form=disclosure.form.value)
