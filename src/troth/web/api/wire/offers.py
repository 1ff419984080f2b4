"""Offers: what is chosen for a person and by which answers, what is counted, how far people come."""

from __future__ import annotations

from datetime import datetime

from troth.services import Chosen
from troth.web.api.wire.base import In, Out, Word
from troth.web.api.wire.people import BehindOut, behind_out


class WhyOut(Out, frozen=True):
    """Why somebody sees an offer: their answer to a question, how often, and when they gave it."""

    question: str
    answer: str
    times: int
    source: str = ""  # the business the person brought it along from
    behind: tuple[BehindOut, ...] = ()


class OfferOut(Out, frozen=True):
    """One offer; ``why`` is null where everybody sees it."""

    name: str
    text: str
    client: str = ""
    link: str = ""
    why: WhyOut | None = None


class OffersOut(Out, frozen=True):
    offers: tuple[OfferOut, ...]
    profiled: bool


class MessageOut(Out, frozen=True):
    """One message as the person got it: which wording, by which rule; no question where everybody gets it."""

    at: datetime
    message: str
    wording: str
    purpose: str
    member: str = ""
    question: str = ""
    answer: str = ""
    clause: str = ""


class MessagesOut(Out, frozen=True):
    messages: tuple[MessageOut, ...]


class DeriveIn(In, frozen=True):
    data: Word
    purpose: Word


class DerivedOut(Out, frozen=True):
    results: int


class StepOut(Out, frozen=True):
    """How many came to a step, and how many of them went no further."""

    step: str
    came: int
    left: int


class DropOffOut(Out, frozen=True):
    flow: str
    steps: tuple[StepOut, ...]


def offer_out(chosen: Chosen) -> OfferOut:
    """Write an offer out."""
    offer, why = chosen.offer, chosen.why
    told = (
        None
        if why is None
        else WhyOut(
            question=why.question,
            answer=why.answer,
            times=why.times,
            source=why.source,
            behind=tuple(behind_out(b) for b in why.behind),
        )
    )
    return OfferOut(name=offer.name, text=offer.text, client=offer.client, link=offer.link, why=told)
