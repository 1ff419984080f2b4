"""Mailing: a message of the company's own to everybody who may get it; its class comes from its purpose.

It is prepared first and handed over later.  INVARIANT (the last word counts): each person is asked again as
their message leaves, so that a no in between stops it.  Marketing closes with its way out and carries the
headers of RFC 2369 and RFC 8058; what cannot be refused says why, and carries no offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.policy.model import Guard, OptOut, Purpose
from troth.runtime.leaving import leave_link, pick_link
from troth.runtime.queue import Batch, NoCampaign, numbered
from troth.runtime.reaching import UNREACHABLE, address_for, became, insist, purpose_of, willing
from troth.runtime.wording import word
from troth.services.classes import MARKETING, REFUSABLE, class_of, consents_of, offers, plain
from troth.terms import Clause, TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company, Contact


class Offering(TrothError):
    """A message that nobody can refuse offers something."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a {kind} message cannot be refused, so it carries no offer; take it out")


class NotOwed(TrothError):
    """What is written to one person as a notice could be refused by them."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a notice belongs to the service; this is {kind}, and goes to those who may get it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing(Batch):
    """One message of the company's own to many.  ``kind`` is its class, ``member`` whose matter it is."""

    purpose: str
    kind: str


def prepare(
    company: Company,
    *,
    purpose: str,
    subject: str = "",
    text: str = "",
    message: str = "",
    member: str = "",
    offer: bool = False,
) -> Mailing:
    """Queue a message to everybody who may get it now; raise ``Refused`` when nobody ever could."""
    said = company.messages.get(message)
    if message and said is None:
        raise NoCampaign("the company's folder has no such message")
    purpose = said.purpose if said else purpose
    found, where = purpose_of(company, purpose), address_for(company, purpose)
    clauses = _insist(company, where, found, member)
    kind = class_of(found)
    texts = [v.text for v in said.variants] if said else [text]
    if kind not in REFUSABLE and (offer or any(map(offers, texts))):
        raise Offering(kind)
    made = Mailing(
        number=numbered(company.clock()),
        purpose=purpose,
        kind=kind,
        at=company.clock(),
        clauses=clauses,
        subject=subject,
        text=text,
        message=message,
        member=member,
    )
    return company.post.put(made, willing(company, where, purpose, member))


def hand_over(company: Company, number: str) -> Mailing:
    """Send what is queued, once; whoever said no meanwhile is left out."""
    return company.post.hand_over(number, lambda batch, person: _one(company, batch, person))


def notice(company: Company, *, person: int, purpose: str, subject: str, text: str, member: str = "") -> None:
    """Send one message that belongs to the service to one person; raise ``Refused`` or ``Offering``."""
    found = purpose_of(company, purpose)
    if class_of(found) in REFUSABLE:
        raise NotOwed(class_of(found))
    if offers(text):
        raise Offering(class_of(found))
    _send(company, found, person, subject, text, member)


def _one(company: Company, made: Mailing, person: int) -> str:
    """Send one message; return why it was held back, '' when it left."""

    def write() -> str:
        subject, text = made.subject, made.text
        if made.message:
            message = company.messages[made.message]
            variant = word(company, message, person, made.member)
            if variant is None:
                return "nothing to send"
            subject, text = message.title, variant.text
        if made.kind in REFUSABLE and not company.gate.takes_mail(person=person):
            return "bounced"
        _send(company, purpose_of(company, made.purpose), person, subject, text, made.member)
        return ""

    return became(company, "mailing", write)


def _send(company: Company, purpose: Purpose, person: int, subject: str, text: str, member: str) -> None:
    where = address_for(company, purpose.name)
    held = company.gate.read(
        person=person, data=where.data, purpose=purpose.name, field=where.field, member=member
    )
    if not held:
        raise NoCampaign("no address is held")
    kind = class_of(purpose)
    stop = leave_link(company, person, purpose.name) if kind == MARKETING else ""
    company.send(
        str(held[-1].body[where.field]),
        subject,
        f"{plain(text)}\n\n--\n{_foot(company, purpose, person, member, stop)}",
        person=person,
        purpose=purpose.name,
        member=member,
        unsubscribe=stop,
    )


def _foot(company: Company, purpose: Purpose, person: int, member: str, stop: str) -> str:
    """Return the last lines of a message: who writes and why; for marketing, the way out at the end."""
    abouts = (members[member] for members in company.parties.values() if member in members)
    partner = next((str(a.get("title", member)) for a in abouts), "") if stop and member else ""
    who = f"{company.title} sent you this" + (f", with an offer of {partner}" if partner else "")
    if stop:
        return (
            f"{who}: {purpose.text} (section {purpose.clause.ref}).\nChoose what you get: "
            f"{pick_link(company, person)}\n{_by_letter(company, purpose.name)}"
            f"Stop this kind of message with one press: {stop}\n"
        )
    if class_of(purpose) in REFUSABLE:
        choices = f"{company.base_url}/{company.name}/me/choices"
        return f"{who}: {purpose.text}. You need not answer. Say no to such questions: {choices}\n"
    return (
        f"{who}, because it belongs to what you have with us (section {purpose.clause.ref}). It carries no "
        "offer, and so it cannot be switched off.\n"
    )


def _by_letter(company: Company, purpose: str) -> str:
    """Say how all marketing ends by a letter with an exact subject, where the document opens such a door."""
    for door in (d for d in company.policy.of(OptOut) if purpose in d.purposes):
        boxes = " or ".join(said for kind, said in door.ways if kind == "email")
        for subject in (said for kind, said in door.ways if kind == "subject" and boxes):
            return f'To stop all marketing, write to {boxes} with the subject "{subject}".\n'
    return ""


def _insist(company: Company, where: Contact, purpose: Purpose, member: str) -> tuple[Clause, ...]:
    """Return the clauses by which somebody could be written to; raise ``Refused`` when nobody could."""
    facts = _facts(company, purpose, member)
    clauses = insist(company, where, purpose.name, member, consents=consents_of(purpose), facts=facts)
    if class_of(purpose) == MARKETING and not company.base_url:
        raise NoCampaign(UNREACHABLE)
    return clauses


def _facts(company: Company, purpose: Purpose, member: str) -> frozenset[str]:
    """Return the facts that a purpose asks for, as they would stand for somebody who may be written to."""
    guards: list[Guard] = [purpose.guard, *(b.guard for b in purpose.bases)]
    guards += [u.guard for b in purpose.bases for u in b.uses]
    named = {f for guard in guards for group in guard.when for f in group}
    named |= {g.name for b in purpose.bases for g in b.grounds if g.kind == "contract" and g.name}
    return frozenset({*named, *(f"{n}({member})" for n in named if member)})
