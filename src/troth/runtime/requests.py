"""Requests: one that comes by mail, letter or telephone becomes a case with a number, a date and a link.

INVARIANT (nobody before the link): the link goes to the address we know, never to where the letter says; what
is asked for is done once it is used (``web/me/case.py``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from troth.gate.values import Asked
from troth.policy.model import Consent, Controller
from troth.runtime.tongue import said_to, tongue_of, written_day

if TYPE_CHECKING:
    from troth.runtime.company import Company

SUBJECT, WHO = "Your request {number}", "Your request: who are you?"
IDENTITY = (
    "We have your request. We know nobody by this address, so we cannot tell yet whether it is about you. "
    "If we know you by another address, please write from that one; else answer with one fact that only you "
    "and we know, such as the number of {fact}. Until then nothing is told and nothing is erased."
)
ROUTED_SUBJECT = "Your request: whom to ask"
ROUTED = (
    "We hold data under this address on behalf of others, who answer for them:\n{whom}\n"
    "We have passed your wish on to them. Please ask there; of what we hold for them we may give out nothing."
)
COMPLAIN = "You may complain to {name} at any time{where}"
RECEIPT = (
    "We have your request. Its number is {number}, and we answer it by {day}. It is free.\n\n"
    "To show that it is yours, open this link and confirm:\n{link}\n\n"
    "Nothing is told and nothing is erased before that. If you did not ask, do nothing.{authority}"
)


def request(
    company: Company,
    *,
    address: str,
    right: str,
    channel: str,
    received: datetime | None = None,
    about: str = "",
    answers: str = "",
) -> Asked | None:
    """Open a case for whoever is known by an address and write them; None, and a question back, for others.

    ``answers`` is the id of the letter that this answers.
    """
    person, for_others = company.gate.find(kind="email", value=address), routed(company, address, right)
    if person is None and for_others:
        company.send(address, ROUTED_SUBJECT, for_others, answers=answers)
        return None
    if person is None:
        fact = "an order" if company.orders.products else "a reward"
        company.send(address, WHO, IDENTITY.format(fact=fact), answers=answers)
        return None
    asked: Asked = company.gate.ask(
        person=person, right=right, channel=channel, received=received, about=about
    )
    token, say = company.gate.link(person=person, number=asked.number), said_to(company, person)
    text = say(
        RECEIPT,
        number=asked.number,
        day=written_day(last_day(company, asked), tongue_of(company, person, company.policy.language)),
        link=f"{company.base_url}/{company.name}/case/{token}",
        authority=authority(company, person),
    )
    text += losses(company, person) if right == "withdraw" else ""
    text += f"\n\n{for_others}" if for_others else ""
    company.send(address, say(SUBJECT, number=asked.number), text, answers=answers)
    return asked


def routed(company: Company, address: str, right: str) -> str:
    """Pass a wish on to each party for whom this address is held; return what its writer is told of that.

    They learn for whom and whom to ask, and nothing of what is held (GDPR Art. 28(3)(e)).
    """
    told = []
    for party, member, person in company.gate.entrusted_by(address=address):
        company.gate.route(party=party, member=member, person=person, right=right)
        about = company.parties[party][member]
        told.append(f"- {about.get('title', member)}, {about.get('contact', 'by its own address')}")
    return ROUTED.format(whom="\n".join(told)) if told else ""


def losses(company: Company, person: int) -> str:
    """Return what ends when somebody takes back all they agreed to, so that they know before they confirm."""
    given = {n.partition("(")[0] for n, yes in company.gate.access(person=person).consents().items() if yes}
    ends = [f"- {c.without}" for c in company.policy.of(Consent) if c.name in given and c.without]
    return "\n\nWhat then ends:\n" + "\n".join(ends) if ends else "\n\nNothing else changes by it."


def last_day(company: Company, asked: Asked) -> datetime:
    """Return the last day on which a request may be answered."""
    return (asked.due - timedelta(microseconds=1)).astimezone(ZoneInfo(company.policy.zone))


def authority(company: Company, person: int | None = None) -> str:
    """Return the line that names to whom else a complaint may go; '' where the document names nobody."""
    first = next((c for c in company.policy.of(Controller) if c.authority), None)
    if first is None:
        return ""
    where = f": {first.complaints}" if first.complaints else "."
    return "\n\n" + said_to(company, person)(COMPLAIN, name=first.authority, where=where)
