"""Rewards: what a conversation earns, once per person and flow, and until when it is good."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from troth.services.flows import Flow, path
from troth.services.rights import months_later

PERIOD = re.compile(r"P(\d{1,4})([DWMY])")


@dataclass(frozen=True, slots=True)
class Reward:
    """One credit, as it is written into the ledger of a person's rewards; ``key`` makes it happen once."""

    key: str
    amount: int
    text: str
    purpose: str
    data: str = "reward"

    @property
    def name(self) -> str:
        """The reward's own name in ``rewards.toml``."""
        return self.key.rsplit("/", 1)[-1]


def earned(flow: Flow, answers: Mapping[str, str]) -> tuple[Reward, ...]:
    """Return the credits that lie on the way these answers took."""
    steps = [flow.step(name) for name in path(flow, answers)]
    return tuple(
        Reward(f"{flow.name}/{s.reward.name}", s.reward.amount, s.reward.text, s.reward.purpose)
        for s in steps
        if s.reward is not None
    )


def good_until(earned_on: date, valid: str) -> date | None:
    """Return the first day on which a reward is no longer good; None when it has no end.

    >>> good_until(date(2026, 1, 31), "P1M"), good_until(date(2026, 1, 31), "")
    (datetime.date(2026, 3, 1), None)
    """
    found = PERIOD.fullmatch(valid)
    if found is None:
        return None
    amount, unit = int(found[1]), found[2]
    if unit in "DW":
        return earned_on + timedelta(days=amount * (7 if unit == "W" else 1) + 1)
    return months_later(earned_on, amount * (12 if unit == "Y" else 1)) + timedelta(days=1)
