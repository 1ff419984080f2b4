"""Settling: when the ledgers of rewards are gone through: on start, once a day, and while something is owed.

A business that could not be reached is tried again at each turn, so that nobody has to look at their page for
their reward to get there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from troth.kernel.calendar import local_day
from troth.services.settling import Settled, settle
from troth.services.shop import Shop

if TYPE_CHECKING:
    from troth.runtime.company import Company


__all__ = ["Round", "Settled", "settle_due"]


@dataclass(slots=True)
class Round:
    """The last round of one company: its local day, and how many deliveries it left owed."""

    day: date | None = None
    owed: int = 0


def settle_due(company: Company, last: Round) -> Settled:
    """Go through the ledgers when it is time to."""
    today = local_day(company.clock(), company.policy.zone)
    if not company.rewards or (last.day == today and not last.owed):
        return Settled()
    done = settle(Shop(company.gate, company.policy, company.rewards, company.parties, company.clock))
    last.day, last.owed = today, done.owed
    return done
