"""Shop: what rewards are given out of: the offers, whose they are, and the document's words for them.

Categories are known by their fields, so that a document may call them what it likes (``docs/rewards.md``).
It looks up and does nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from troth.gate import Gate
from troth.policy.model import Counter, Data, Door, Fact, Policy, Purpose
from troth.services.coupons import ENTROPY, SIGNS
from troth.services.ledger import having, reward_data

Offers = Mapping[str, Mapping[str, Any]]
Parties = Mapping[str, Mapping[str, Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Shop:
    """An open company as far as rewards go; ``offers`` is ``rewards.toml`` by name."""

    gate: Gate
    policy: Policy
    offers: Offers
    parties: Parties
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        """The day it is where the company is."""
        return self.clock().astimezone(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the company reckons its days."""
        return ZoneInfo(self.policy.zone)

    @property
    def reward(self) -> Data | None:
        return reward_data(self.policy)

    def category(self, *fields: str) -> Data | None:
        """Return the category that has these fields."""
        return having(self.policy, *fields)

    def collecting(self, data: str, *, shared: bool = False) -> str:
        """Name the first purpose that may collect a category; ``shared``: for which a door passes it on."""
        doors = [d for d in self.policy.of(Door) if d.verb == "share" and data in _names(d)]
        for purpose in self.policy.of(Purpose):
            uses = (u for b in purpose.bases for u in b.uses)
            passed = any(purpose.name in d.purposes for d in doors)
            if any(u.data == data and not u.reads for u in uses) and (passed or not shared):
                return purpose.name
        return ""

    def member(self, name: str) -> str:
        """Return the open class that a business grants rewards in, '' when it grants none."""
        doors = self.doors(name)
        return doors[0].party if doors else ""

    def doors(self, operator: str) -> tuple[Door, ...]:
        """Return the doors through which this business gets what it needs to credit a reward."""
        data = self.reward
        purpose = self.collecting(data.name, shared=True) if data else ""
        return tuple(
            d
            for d in self.policy.of(Door)
            if d.verb == "share" and purpose in d.purposes and operator in self.parties.get(d.party, {})
        )

    def fields(self, operator: str) -> tuple[str, ...]:
        """Return what goes to this business: one way to reach the person, and what names the reward."""
        wanted = str(self.parties.get(self.member(operator), {}).get(operator, {}).get("contact-by", ""))
        found: list[str] = []
        for door in self.doors(operator):
            mine = [name for name in door.data if not wanted or name.partition(".")[2] == wanted]
            found += (mine or list(door.data))[:1] if door.one_of else door.data
        return tuple(found)

    def opening(self, operator: str, at: int) -> tuple[str, ...]:
        """Return the facts of this business that open its doors: first when owed (0), then when used (1)."""
        groups = next((d.guard.when for d in self.doors(operator) if d.guard.when), ())
        group = groups[min(at, len(groups) - 1)] if groups else ()
        per = {f.name: f.per for f in self.policy.of(Fact)}
        return tuple(fact for fact in group if self.member(operator) in per.get(fact, ()))

    def guarding(self, data: str, member: str) -> tuple[str, ...]:
        """Return the facts of a business that open the door by which a category goes to it."""
        per = {f.name: f.per for f in self.policy.of(Fact)}
        for door in self.policy.of(Door):
            if door.verb == "share" and data in _names(door) and member in self.parties.get(door.party, {}):
                facts = next(iter(door.guard.when), ())
                return tuple(f for f in facts if door.party in per.get(f, ()))
        return ()

    def counter(self, *dims: str) -> str:
        """Name the counter of exactly these dimensions, '' when the document has none."""
        return next((c.name for c in self.policy.of(Counter) if set(c.of) == set(dims)), "")


def fitting(data: Data, body: Mapping[str, object]) -> dict[str, object]:
    """Return what of a body the category has fields for, and what is empty left out."""
    known = {f.name for f in data.fields}
    return {name: value for name, value in body.items() if name in known and value not in ("", None)}


def number(prefix: str) -> str:
    """Return a fresh number that says nothing of the person: ``E-7QK2M9XD``."""
    return f"{prefix}-{''.join(secrets.choice(SIGNS) for _ in range(8))}"


def randomness() -> bytes:
    """Return what a coupon's code is made of."""
    return secrets.token_bytes(ENTROPY)


def _names(door: Door) -> Sequence[str]:
    return [name.partition(".")[0] for name in door.data]
