"""Leaving: how somebody stops one kind of message or all, or picks what they get, by a link alone.

The links' secrets are made of the person's own key (``gate.ticket``), so that no sign-in and no cookie is
needed and nobody else's link fits.  A no takes every yes of that kind back and objects to it; a yes lifts
both.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.gate.house import MARKETING
from troth.policy.model import Data, Field, Purpose
from troth.services import question
from troth.services.classes import consents_of, marketing, needs_yes, topics
from troth.terms import Action, Allowed, Request

if TYPE_CHECKING:
    from troth.runtime.company import Company

PICK = "pick what you get"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message as it stands for somebody: whether they get it, and the question a yes answers."""

    purpose: Purpose
    on: bool
    question: str = ""


def leave_link(company: Company, person: int, purpose: str) -> str:
    """Return the address whose one POST ends a kind of message (RFC 8058)."""
    ticket = company.gate.ticket(person=person, deed=_deed(purpose))
    return f"{company.base_url}/{company.name}/leave/{purpose}/{ticket}"


def pick_link(company: Company, person: int) -> str:
    """Return the address of the page on which a person picks what they get."""
    return f"{company.base_url}/{company.name}/mail/{company.gate.ticket(person=person, deed=PICK)}"


def leaver(company: Company, purpose: str, ticket: str) -> tuple[int, Purpose] | None:
    """Return whom a link that ends a kind of message stands for; None for one that is none."""
    each = (p for p in company.policy.of(Purpose) if MARKETING in p.marks)
    found = next((p for p in each if p.name == purpose), None)
    person = company.gate.holder(ticket=ticket, deed=_deed(purpose)) if found else None
    return (person, found) if person is not None and found is not None else None


def picker(company: Company, ticket: str) -> int | None:
    """Return whose page a link opens; None for one that is none."""
    return company.gate.holder(ticket=ticket, deed=PICK)


def kinds_of(company: Company) -> tuple[Purpose, ...]:
    """Return the kinds of message that people may leave."""
    return marketing(company.policy, company.contact.data) if company.contact else ()


def standing(company: Company, person: int) -> tuple[Kind, ...]:
    """Return each kind of message as it stands for a person now."""
    return tuple(_kind(company, person, purpose) for purpose in kinds_of(company))


def switch(company: Company, person: int, purpose: Purpose, on: bool, channel: str) -> None:
    """Begin or end one kind of message for a person."""
    gate = company.gate
    stands = _kind(company, person, purpose).on
    if stands == on and purpose in kinds_of(company):
        return
    for name in consents_of(purpose):
        given = gate.access(person=person).consents().get(name, False)
        if given != on and (given or needs_yes(purpose)):
            text = question(company.policy, company.parties, name)
            gate.consent(person=person, name=name, given=on, text=text, channel=channel)
    if not on or not needs_yes(purpose):
        gate.object(person=person, purpose=purpose.name, given=not on, channel=channel)


def topics_of(company: Company) -> tuple[Data, Field] | None:
    """Return the question by which people pick their topics; None where the document has none."""
    return topics(company.policy, company.contact.data) if company.contact else None


def picked(company: Company, person: int) -> frozenset[str]:
    """Return the topics that a person picked."""
    found = topics_of(company)
    held = company.gate.access(person=person).held if found else ()
    return frozenset(str(h.body.get(found[1].name, "")) for h in held if found and h.data == found[0].name)


def pick(company: Company, person: int, wanted: Collection[str]) -> None:
    """Keep these topics of a person and no others."""
    found = topics_of(company)
    if found is None:
        return
    (data, field), gate = found, company.gate
    mine = (h for h in gate.access(person=person).held if h.data == data.name)
    held = {str(h.body.get(field.name)): h.rid for h in mine}
    purpose = _collecting(company, person, data)
    for topic in sorted(set(wanted) & set(field.choices) - set(held)) if purpose else ():
        said = {field.name: topic}
        gate.collect(person=person, data=data.name, body=said, purpose=purpose, source="person")
    for topic in sorted(set(held) - set(wanted)):
        gate.remove(person=person, rid=held[topic])


def _kind(company: Company, person: int, purpose: Purpose) -> Kind:
    where = company.reached(purpose.name)
    assert where is not None
    asked = Request(Action.USE, where.data, purpose.name, field=where.field)
    on = isinstance(company.gate.may(person=person, request=asked), Allowed)
    words = next((question(company.policy, company.parties, name) for name in consents_of(purpose)), "")
    return Kind(purpose, on, words)


def _collecting(company: Company, person: int, data: Data) -> str:
    """Return the first purpose for which a topic may be kept now; '' where nothing of it is wanted."""
    uses = ((p.name, u) for p in company.policy.of(Purpose) for b in p.bases for u in b.uses)
    for name in dict.fromkeys(name for name, use in uses if use.data == data.name and not use.reads):
        asked = Request(Action.COLLECT, data.name, name, field=data.fields[0].name, source="person")
        if isinstance(company.gate.may(person=person, request=asked), Allowed):
            return name
    return ""


def _deed(purpose: str) -> str:
    return f"leave {purpose}"
