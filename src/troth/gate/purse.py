"""Purse: what agents have used of a day's budget, by purse; it names nobody and outlives a restart."""

from __future__ import annotations

from troth.gate.house import House
from troth.kernel.calendar import local_day

SPENT = "agents:spent"  # a name that no document's counter can have


def spend(house: House, *, purse: str, tokens: int) -> None:
    """Count tokens against today's budget, today being the company's own."""
    house.store.count(name=SPENT, dims={"purse": purse, "day": _today(house)}, n=tokens)


def spent(house: House, *, purse: str) -> int:
    """Return how many tokens of today's budget are used."""
    asked = {"purse": purse, "day": _today(house)}
    return sum(n for dims, n in house.store.counts(name=SPENT) if dims == asked)


def _today(house: House) -> str:
    return local_day(house.clock(), house.policy.zone).isoformat()
