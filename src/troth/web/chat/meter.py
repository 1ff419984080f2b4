"""Meter: how fast an agent may be asked and how much in a day, for each visitor and each team's key.

``[agents]`` in ``site.toml`` says ``per-minute`` and ``daily-tokens``; ``[agents.budgets]`` gives a key of
``staff.toml`` its own day.  What a day has used stands in the store, so that a restart gives nobody a second
budget; the pace of a minute lives in this process.  Neither names anybody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from troth.runtime import Company
from troth.terms import TrothError
from troth.web.api.pace import Left, Limit, Pace

MINUTE = 20  # messages in a minute, where the company says nothing
DAY = 200_000  # tokens in a day, for everybody together
LETTERS = 4  # characters that count as one token


class TooMuch(TrothError):
    """This asker, or this company, has had enough; ``wait`` in seconds, ``fields`` for headers."""

    def __init__(self, why: str, wait: int, fields: Mapping[str, str] | None = None) -> None:
        self.wait, self.fields = wait, dict(fields or {})
        super().__init__(f"{why}; wait {wait} seconds")


def tokens(text: str) -> int:
    """Return about how many tokens a text has.

    >>> tokens("How do I reset it?"), tokens("")
    (5, 0)
    """
    return -(-len(text) // LETTERS)


@dataclass
class Meter:
    """What was asked of late."""

    seconds: Callable[[], float] = time.monotonic
    pace: Pace = field(default_factory=Pace)

    def take(self, company: Company, who: str, key: str = "") -> Left:
        """Let one message pass, or raise ``TooMuch``; ``key`` names a team's key, whose purse is its own."""
        said: Mapping[str, Any] = company.site.get("agents", {})
        limit = Limit("agents", max(1, int(said.get("per-minute", MINUTE))), 60)
        left = self.pace.take(limit, f"{company.name} {who}", self.seconds())
        if left.wait:
            raise TooMuch("too many messages in a minute", left.wait, left.fields)
        purse, most = _purse(said, key)
        if company.gate.spent(purse=purse) >= most:
            raise TooMuch("the budget of this day is spent", _until_tomorrow(company), left.fields)
        return left

    def spend(self, company: Company, text: str, key: str = "") -> None:
        """Count what was asked and answered."""
        purse, _ = _purse(company.site.get("agents", {}), key)
        company.gate.spend(purse=purse, tokens=tokens(text))


def _purse(said: Mapping[str, Any], key: str) -> tuple[str, int]:
    budgets: Mapping[str, Any] = said.get("budgets", {})
    if key in budgets:
        return key, int(budgets[key])
    return "", int(said.get("daily-tokens", DAY))


def _until_tomorrow(company: Company) -> int:
    now = company.clock().astimezone(ZoneInfo(company.policy.zone))
    return 86_400 - (now.hour * 3600 + now.minute * 60 + now.second)
