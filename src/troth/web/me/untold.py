"""Untold: what came from another business, told to its person on the first page they see (GDPR Art. 14).

It says who handed it in and where they say they have it from, what it is, for what and on which ground, how
long it stays, and which authority hears complaints.  Showing it is telling: the gate writes down that it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from troth.gate.told import Untold
from troth.policy.model import Controller, Keep, Purpose
from troth.runtime import Company
from troth.services import Coverage
from troth.terms import Clause


@dataclass(frozen=True, slots=True)
class Notice:
    """One record as it is made known."""

    source: str
    word: str  # the source's own word for where it has the data from
    title: str
    values: tuple[tuple[str, str], ...]
    purposes: tuple[str, ...]
    grounds: tuple[str, ...]
    keep: Clause | None
    authority: str
    clause: Clause


def notices(company: Company, names: Mapping[str, str], found: Sequence[Untold]) -> list[Notice]:
    """Return what there is to tell; ``names``: what each business is called."""
    return [_notice(company, names, one) for one in found]


def _notice(company: Company, names: Mapping[str, str], one: Untold) -> Notice:
    held, coverage = one.held, Coverage(company.policy)
    data = coverage.data(held.data)
    purposes = [p for name in held.purposes for p in coverage.purposes(name)]
    keeps = (k.clause for k in company.policy.of(Keep) if held.data in k.data)
    party, _, member = held.source.partition(":")
    return Notice(
        names.get(member or party, held.source),
        one.said.get("source", ""),
        data.text or data.name if data else held.data,
        tuple((name, str(value)) for name, value in held.body.items()),
        tuple(p.text or p.name for p in purposes),
        tuple(dict.fromkeys(g for p in purposes for g in _grounds(p, held.data))),
        next(keeps, None),
        next((c.authority for c in company.policy.of(Controller) if c.authority), ""),
        one.clause,
    )


def _grounds(purpose: Purpose, data: str) -> list[str]:
    bases = (b for b in purpose.bases if any(u.data == data for u in b.uses))
    return [g.kind for b in bases for g in b.grounds]
