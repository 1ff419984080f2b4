"""Offering: which offers a person sees now, and by which of their own answers.

The purpose of ``offers.toml`` must be allowed to use what was counted, asked anew each time and for each
client; where it is not, everybody's offers remain.  Nothing of the choice is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from troth.runtime import Company, likes_for
from troth.services import Chosen, Liked, choose, liked
from troth.services.content import Shown, purpose_of, show
from troth.web.bringing import brought
from troth.web.me.senders import silenced


def offers_for(
    company: Company, person: int, *, client: str = "", insist: bool = False
) -> tuple[Chosen, ...]:
    """Return a person's offers, the best liked first; with ``insist`` a no to choosing raises ``Refused``.

    A client that the person switched off shows nothing at all, not even what everybody sees.
    """
    known: dict[str, tuple[Liked, ...]] = {}
    asked_for = frozenset(o.rule.question.partition(".")[0] for o in company.offers.each if o.rule)

    def likes(whose: str) -> tuple[Liked, ...]:
        if whose not in known:
            purpose = company.offers.purpose
            own = likes_for(company, person, purpose, whose, insist=insist, named=asked_for)
            known[whose] = (*own, *brought(company, person))
        return known[whose]

    if insist:
        likes(client)
    quiet = silenced(company, company.gate.access(person=person).objections)
    return tuple(c for c in choose(company.offers, likes, client=client) if c.offer.client not in quiet)


def explained(company: Company, person: int, found: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Add the answers behind each choice, for the person's own eyes."""
    held = company.gate.access(person=person).held
    told = {(one.question, one.answer): one.behind for one in liked(company.policy, held)}
    return tuple(
        replace(c, why=replace(c.why, behind=told.get((c.why.question, c.why.answer), ()))) if c.why else c
        for c in found
    )


def fitting(company: Company, person: int) -> tuple[Chosen, ...]:
    """Return what the company's own first page shows a person by a rule, with why; nothing of a client's.

    Whoever objected, and whoever owns nothing that a rule names, sees what everybody sees.
    """
    own = [c for c in offers_for(company, person) if c.why is not None and not c.offer.client]
    return explained(company, person, own)


def block_for(company: Company, person: int | None) -> Shown | None:
    """Return the block of the first page for somebody: by what they declared, while they say yes to that."""

    def likes() -> tuple[Liked, ...]:
        purpose = purpose_of(company.site)
        return likes_for(company, person, purpose) if person is not None and purpose else ()

    return show(company.site, likes)
