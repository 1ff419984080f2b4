"""Liking: what may be used of a person to choose content by, asked of the gate at the moment of choosing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troth.services import Liked, liked
from troth.services.choosing import sources
from troth.terms import Refused

if TYPE_CHECKING:
    from troth.runtime.company import Company


def likes_for(
    company: Company,
    person: int,
    purpose: str,
    member: str = "",
    *,
    insist: bool = False,
    named: frozenset[str] = frozenset(),
) -> tuple[Liked, ...]:
    """Return by what a purpose may choose for a person now; nothing after an objection.

    With ``insist`` a no raises ``Refused``.  ``named`` are the categories that rules ask for: what no rule
    asks for is not read; all are where none is named.
    """
    found: list[Liked] = []
    for datum, field in sources(company.policy, purpose):
        if named and not named & {datum.name, *datum.inputs}:
            continue
        try:
            held = company.gate.read(
                person=person, data=datum.name, purpose=purpose, field=field, member=member
            )
        except Refused:
            if insist:
                raise
            continue
        found += liked(company.policy, held)
    return tuple(found)
