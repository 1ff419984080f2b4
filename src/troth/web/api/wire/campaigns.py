"""Campaigns: messages to many, the instructions they go under, and links, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from troth.web.api.wire.base import ClauseOut, In, Moment, Out, Word


class InstructIn(In, frozen=True):
    """The next version of a party's instructions: these purposes and no others."""

    purposes: Annotated[tuple[Word, ...], Meta(max_length=50)]


class InstructedOut(Out, frozen=True):
    party: str
    member: str
    version: int
    purposes: tuple[str, ...]
    at: datetime | None = None


class CampaignIn(In, frozen=True):
    """A message to everybody who said yes to its sender; ``member`` is the sender when staff plan it."""

    subject: Annotated[str, Meta(max_length=400)] = ""
    text: Annotated[str, Meta(max_length=8000)] = ""
    message: Annotated[str, Meta(max_length=60)] = ""  # one of the company's own, instead of the two
    member: str = ""
    at: Moment | None = None


class CampaignOut(Out, frozen=True):
    """How a campaign stands; ``held`` says why how many did not leave after all.

    A number of people too small to tell a party is null to it, or left out.
    """

    number: str
    party: str
    member: str
    at: datetime
    version: int
    clauses: tuple[ClauseOut, ...]
    queued: int | None = None
    sent: int | None = None
    held: dict[str, int] = field(default_factory=dict)
    done: datetime | None = None


class CampaignsOut(Out, frozen=True):
    campaigns: tuple[CampaignOut, ...]


class LinkIn(In, frozen=True):
    """A way to a flow; ``template`` is a link that somebody wrote, to be looked at before it is used."""

    channel: Literal["direct", "search", "email", "social", "ad", "qr", "link"] = "link"
    campaign: str = ""
    template: Annotated[str, Meta(max_length=2000)] = ""


class LinkOut(Out, frozen=True):
    """The link, its QR codes and the line that puts the flow into another page."""

    url: str
    svg: str
    png: str
    snippet: str
