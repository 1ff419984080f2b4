"""Rewards: credits a person earned, each once per flow; the records themselves lie behind the gate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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

    def fields(self, expires: str = "") -> dict[str, object]:
        """Return the credit as the fields of a record.

        >>> Reward("summer/coupon", 1, "One coffee", "credit").fields()
        {'entitlement': 'coupon', 'amount': 1, 'key': 'summer/coupon'}
        """
        told: dict[str, object] = {"entitlement": self.name, "amount": self.amount, "key": self.key}
        return {**told, "expires": expires} if expires else told


def earned(flow: Flow, answers: Mapping[str, str]) -> tuple[Reward, ...]:
    """Return the credits that lie on the way these answers took."""
    steps = [flow.step(name) for name in path(flow, answers)]
    return tuple(
        Reward(f"{flow.name}/{s.reward.name}", s.reward.amount, s.reward.text, s.reward.purpose)
        for s in steps
        if s.reward is not None
    )


def balance(records: Iterable[Mapping[str, object]]) -> int:
    """Add up the credits in a person's reward records, counting each key once.

    >>> balance([{"key": "a", "amount": "2"}, {"key": "a", "amount": "2"}, {"key": "b", "amount": 1}])
    3
    """
    once = {str(r.get("key", n)): int(float(str(r.get("amount", 0)))) for n, r in enumerate(records)}
    return sum(once.values())


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
