"""Inviting: who signs in through a friend's link, and what the link tells before anything is typed.

INVARIANT (told first): nobody is joined to a friend whose link they did not open on a page that says so.
"""

from __future__ import annotations

from troth.policy.model import Purpose
from troth.runtime import Company
from troth.services import befriending, referring
from troth.terms import Clause
from troth.web.confirming import proved
from troth.web.crediting import shop_of
from troth.web.moments import moved, open_account


def inviter(company: Company, ticket: str) -> int | None:
    """Return who gave out a link for friends, of either kind; None when it leads nowhere."""
    shop = shop_of(company)
    return referring.inviter(shop, ticket) or befriending.asking(shop, ticket) if ticket else None


def expected(company: Company, address: str, invited: str) -> tuple[bool, int | None]:
    """Say whether a code goes to an address, and whose it is: known, or new and come by a friend's link."""
    person = open_account(company, address)
    if person is not None:
        return True, person
    new = company.gate.find(kind="email", value=address) is None
    return new and inviter(company, invited) is not None, None


def welcome(company: Company, address: str, invited: str) -> int | None:
    """Return who signs in by an address they have proved: who is known or, by a friend's link, somebody new.

    None for nobody, and for an account that was closed.
    """
    gate, where = company.gate, company.contact
    awaited, person = expected(company, address, invited)
    if person is not None or not awaited or where is None:
        return person
    person = gate.new_person()
    gate.identify(person=person, kind="email", value=address)
    gate.collect(
        person=person, data=where.data, body={where.field: address}, purpose=where.purpose, source="person"
    )
    return person


def prove(company: Company, person: int, address: str, invited: str) -> str:
    """Note that an address was proved and, at the first sign-in, who invited its person.

    Says what became of the link: ``''`` for none, ``known`` for who has been here before, else as ``join``.
    """
    first = not company.gate.proved(person=person, kind="email")
    company.gate.identify(person=person, kind="email", value=address, verified=True)
    if first:
        moved(company, person, "confirmed")
        proved(company, person)
    new = company.gate.enter(person=person)
    if not invited:
        return ""
    if referring.inviter(shop_of(company), invited) == person:
        return "self"
    return referring.join(shop_of(company), person, invited) if new else "known"


def reasons(company: Company) -> tuple[str, Clause] | None:
    """Return why a friendship is noted and by which clause; None where the document knows no such thing."""
    shop = shop_of(company)
    data = shop.category("side", "acted")
    purpose = shop.collecting(data.name) if data else ""
    found = next((p for p in company.policy.of(Purpose) if p.name == purpose), None)
    return (found.text or found.name, found.clause) if found else None
