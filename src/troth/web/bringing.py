"""Bringing: what a person brought along from another business picks offers for that same person.

It is read for the purpose that rests on the person's yes for that business, each time anew, so that the offer
goes with the yes; to anybody else it shows nothing.
"""

from __future__ import annotations

from troth.runtime import Company
from troth.services import Coverage, Liked
from troth.terms import TrothError


def brought(company: Company, person: int) -> tuple[Liked, ...]:
    """Return what may be used now of what a person brought, as far as some offer asks for it."""
    wanted = {o.rule.question for o in company.offers.each if o.rule and o.brought}
    return tuple(one for question in sorted(wanted) for one in _of(company, person, question))


def _of(company: Company, person: int, question: str) -> list[Liked]:
    data, _, field = question.partition(".")
    coverage = Coverage(company.policy)
    datum, purpose = coverage.data(data), coverage.nearest(data)
    found: list[Liked] = []
    for party in datum.sources if datum and purpose else ():
        for member, about in company.parties.get(party, {}).items():
            try:
                held = company.gate.read(
                    person=person,
                    data=data,
                    purpose=purpose[1] if purpose else "",
                    field=field,
                    member=member,
                )
            except TrothError:
                continue
            title = str(about.get("title", member))
            mine = [h for h in held if h.source == f"{party}:{member}"]
            found += [Liked(question, str(h.body[field]), 1, source=title) for h in mine]
    return found
