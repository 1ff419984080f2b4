"""Withheld: what a customer loaded and a hold keeps beyond its day, as the customer may know it.

It counts records by ground and names no person: whose they are the customer asks one by one.  Its one rule:
*a hold of what somebody entrusted to us is never silent towards them*.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.gate.entrust import entrusted
from troth.gate.facts import known, state_of
from troth.gate.folder import standing
from troth.gate.house import House
from troth.policy.model import Fact, Hold
from troth.terms import Clause


@dataclass(frozen=True, slots=True)
class Withheld:
    """One ground on which records of a member are held now, in the document's words, and how many."""

    fact: str
    text: str
    clause: Clause
    records: int


def withheld(house: House, *, party: str, member: str) -> tuple[Withheld, ...]:
    """Return each hold that stands over what a member loaded, in the order of the document."""
    counts: dict[str, int] = {}
    for person in house.store.persons():
        if entrusted(house, party=party, member=member, person=person):
            for fact, records in _held(house, person, f"{party}:{member}"):
                counts[fact] = counts.get(fact, 0) + records
    return tuple(
        Withheld(hold.while_fact, _text(house.facts[hold.while_fact]), hold.clause, counts[hold.while_fact])
        for hold in house.policy.of(Hold)
        if counts.get(hold.while_fact)
    )


def _held(house: House, person: int, source: str) -> list[tuple[str, int]]:
    """Return the grounds that hold records of one person from this source, each with how many."""
    records = standing(house, person)
    facts = state_of(house, known(house, records), house.clock()).facts
    mine = [r.data for r in records if r.meta.source == source]
    holds = (h for h in house.policy.of(Hold) if h.while_fact in facts)
    return [(h.while_fact, sum(data in h.data for data in mine)) for h in holds]


def _text(fact: Fact) -> str:
    return fact.text or fact.name
