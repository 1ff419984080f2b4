"""Crediting: gives what a conversation earned, once a person and flow, while the reward's budget lasts.

``rewards.toml`` says who grants a reward, how many there are and how long each is good.  What a person likes
plays no part.  INVARIANT (one at a time): the budget is counted and taken under one lock, so that the last
one is given once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from troth.policy.model import Door, Fact
from troth.runtime import Company
from troth.services import Reward
from troth.services.rewards import good_until
from troth.terms import TrothError

ONE_AT_A_TIME = Lock()


def credit(company: Company, person: int, reward: Reward) -> str:
    """Credit a reward; say what became of it: ``credited``, ``held`` (already), ``spent`` or ``refused``."""
    row: Mapping[str, Any] = company.rewards.get(reward.name, {})
    with ONE_AT_A_TIME:
        if any(h.body.get("key") == reward.key for h in company.gate.access(person=person).held):
            return "held"
        if "budget" in row and given(company, reward) >= int(row["budget"]):
            return "spent"
        body = reward.fields(_until(company, str(row.get("valid", ""))))
        try:
            company.gate.collect(
                person=person, data=reward.data, body=body, purpose=reward.purpose, source="device"
            )
        except TrothError:
            return "refused"
    _owe(company, person, reward, str(row.get("operator", "")))
    return "credited"


def given(company: Company, reward: Reward) -> int:
    """Count how many of a reward are out."""
    everyone = company.gate.people_for(data=reward.data, purpose=reward.purpose)
    return sum(1 for _, held in everyone if held.body.get("entitlement") == reward.name)


def _until(company: Company, valid: str) -> str:
    today = company.clock().astimezone(ZoneInfo(company.policy.zone)).date()
    until: date | None = good_until(today, valid)
    return (until - timedelta(days=1)).isoformat() if until else ""


def _owe(company: Company, person: int, reward: Reward, operator: str) -> None:
    """Raise the fact that opens the operator's door, where the document guards it by one of its own."""
    per_member = {f.name: f.per for f in company.policy.of(Fact) if f.per}
    for door in company.policy.of(Door):
        opening = next(iter(door.guard.when), ())
        if (
            door.verb == "share"
            and reward.purpose in door.purposes
            and operator in company.parties.get(door.party, {})
        ):
            for fact in opening:
                if door.party in per_member.get(fact, ()):
                    company.gate.raise_fact(person=person, name=fact, member=operator)
            return
