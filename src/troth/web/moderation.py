"""Moderation: whose conversations are sampled, who may look, and what marks add up to, for page and API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from troth.gate.pool import MADE, REAL
from troth.policy.model import Data, Door
from troth.runtime import Company
from troth.services.agreement import kappa
from troth.services.synthetic import conversations


@dataclass(frozen=True, slots=True)
class Quality:
    """What the marks of real, or of made-up, conversations add up to."""

    made: str
    samples: int
    verdicts: Mapping[str, int] = field(default_factory=dict)
    agreement: float | None = None


def sampled(company: Company) -> str:
    """Return the category whose conversations are sampled, the first declared; '' where none is."""
    return next(iter(company.gate.sampled()), "")


def reviewing(company: Company) -> tuple[str, ...]:
    """Name the roles to which the document shows samples."""
    names = {d.name for d in company.policy.of(Data) if d.percent and d.inputs}
    doors = (d for d in company.policy.of(Door) if d.verb == "show" and names & set(d.data))
    return tuple(dict.fromkeys(door.party for door in doors))


def quality(company: Company) -> tuple[Quality, ...]:
    """Return the totals of real and of made-up samples apart, over everybody and without a text."""
    rows = company.gate.verdicts(data=sampled(company))
    return tuple(_quality(made, [marks for m, _, _, marks in rows if m == made]) for made in (REAL, MADE))


def make_up(company: Company, agent: str, *, seed: int, many: int) -> tuple[str, ...]:
    """Put made-up conversations into the pool, as long as real ones are; return their numbers."""
    data = sampled(company)
    lengths = next((d.shape for d in reversed(company.gate.draws()) if d.data == data), {})
    texts = conversations(company.agents[agent], seed=seed, many=many, shape=lengths)
    return company.gate.invent(data=data, texts=tuple({"text": t, "agent": agent} for t in texts))


def _quality(made: str, marks: list[tuple[str, ...]]) -> Quality:
    counted = Counter(v for verdicts in marks for v in verdicts)
    return Quality(made, len(marks), dict(sorted(counted.items())), kappa(marks))
