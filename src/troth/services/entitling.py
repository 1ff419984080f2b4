"""Entitling: whether the published rule of a reward gives it today, by which version, and why not.

A row of ``rewards.toml`` is the rule: ``from`` and ``until`` its first and last day, ``budget`` how many
there are, ``version`` its number, which goes up when the rule changes.  What a person likes plays no part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

GIVEN, HELD, EARLY, LATE, NONE_LEFT, PAUSED = "given", "held", "early", "late", "none left", "paused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says; ``facts`` are what it looked at, as the evidence has them."""

    outcome: str
    version: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def gives(self) -> bool:
        """Whether the reward is given."""
        return self.outcome == GIVEN


def judged(row: Mapping[str, Any], today: date, *, held: bool, given: int, paused: bool = False) -> Verdict:
    """Judge a claim by its rule; ``held``: the person has it already, ``given``: how many are out.

    ``paused``: its business has set it to rest.

    >>> judged({"until": "2025-03-31", "version": 2}, date(2025, 4, 1), held=False, given=0)
    Verdict(outcome='late', version='2', facts={'day': '2025-04-01', 'until': '2025-03-31'})
    """
    version = str(row.get("version", 1))
    bounds = {k: str(row[k]) for k in ("from", "until") if row.get(k)}
    facts = {"day": today.isoformat(), **bounds}
    if "budget" in row:
        facts |= {"budget": str(row["budget"]), "given": str(given)}
    outcome = _outcome(bounds, row, today, held=held, given=given)
    return Verdict(PAUSED if paused and outcome == GIVEN else outcome, version, facts)


def _outcome(
    bounds: Mapping[str, str], row: Mapping[str, Any], today: date, *, held: bool, given: int
) -> str:
    if held:
        return HELD
    if "from" in bounds and today < date.fromisoformat(bounds["from"]):
        return EARLY
    if "until" in bounds and today > date.fromisoformat(bounds["until"]):
        return LATE
    return NONE_LEFT if "budget" in row and given >= int(row["budget"]) else GIVEN
