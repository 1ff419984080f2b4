"""Relating: a business may hand data in about those who deal with it here, and about nobody else.

Where the document guards what comes from a class of businesses by a fact of its own (``data customer … from
operator when dealing``), that fact holds for a business whose conversation the person finished, or whose
reward is theirs.
"""

from __future__ import annotations

from troth.policy.model import Data, Fact, Purpose
from troth.runtime import Company
from troth.terms import Action, Request
from troth.web.look import brand_of


def relate(company: Company, person: int, member: str) -> None:
    """Let the facts hold that say this person deals with this business; ones that hold already stay."""
    per = {f.name: f.per for f in company.policy.of(Fact)}
    for data in company.policy.of(Data):
        parties = [s for s in data.sources if member in company.parties.get(s, {})]
        for fact in dict.fromkeys(f for group in data.guard.when for f in group):
            if any(p in per.get(fact, ()) for p in parties) and not _stands(company, person, data, member):
                company.gate.raise_fact(person=person, name=fact, member=member)


def client_of(company: Company, flow: str) -> str:
    """Name the business whose conversation this is, '' for the company's own."""
    brand = brand_of(company.site, flow)
    return brand.name if brand else ""


def whence(company: Company, data: str, flow: str, step: str) -> dict[str, object]:
    """Return where an answer was given (flow, step, client), as far as its category has such fields."""
    found = next((d for d in company.policy.of(Data) if d.name == data), None)
    keys = {f.name for f in found.fields if f.type == "key"} if found else set()
    told = {"flow": flow, "step": step, "client": client_of(company, flow)}
    return {name: value for name, value in told.items() if name in keys and value}


def _stands(company: Company, person: int, data: Data, member: str) -> bool:
    purposes = (p.name for p in company.policy.of(Purpose))
    return any(
        company.gate.may(
            person=person,
            request=Request(Action.COLLECT, data.name, purpose, member=member, source=data.sources[0]),
        )
        for purpose in purposes
    )
