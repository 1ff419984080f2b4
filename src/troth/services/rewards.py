"""Rewards: credits a person earned, each once per flow; the records themselves lie behind the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from troth.services.flows import Flow, path


@dataclass(frozen=True, slots=True)
class Reward:
    """One credit, as it is written into the ledger of a person's rewards; ``key`` makes it happen once."""

    key: str
    amount: int
    text: str
    purpose: str
    data: str = "reward"

    def fields(self) -> dict[str, str]:
        """Return the credit as the fields of a record.

        >>> Reward("summer/coupon", 1, "One coffee", "credit").fields()
        {'entitlement': 'One coffee', 'amount': '1', 'key': 'summer/coupon'}
        """
        return {"entitlement": self.text, "amount": str(self.amount), "key": self.key}


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
    once = {str(r.get("key", number)): int(float(str(r.get("amount", 0)))) for number, r in enumerate(records)}
    return sum(once.values())
