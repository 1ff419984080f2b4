"""Settling: what the night owes the ledgers of rewards: expiry written off, what was not taken told again.

It goes through everybody who holds a reward, and what a person sees meanwhile is worked out and not written
(``giving.statement``).
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.services.giving import RETRIED, hand_over, history, owed, write_off
from troth.services.ledger import over
from troth.services.shop import Shop
from troth.terms import TrothError


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done: expired things written off, things told anew, and how many are owed still."""

    expired: int = 0
    told: int = 0
    owed: int = 0


def settle(shop: Shop) -> Settled:
    """Settle every ledger; who is gone meanwhile, or whose business cannot be reached, stays for the next."""
    expired = told = waiting = 0
    for person in _holders(shop):
        try:
            for line, left in over(history(shop, person), shop.today):
                expired += write_off(shop, person, line, left)
            for line in owed(shop, person):
                if shop.clock() - line.at <= RETRIED:
                    done = hand_over(shop, person, line)
                    told, waiting = told + done, waiting + (not done)
        except TrothError:
            waiting += 1
    return Settled(expired, told, waiting)


def _holders(shop: Shop) -> tuple[int, ...]:
    """Return who holds rewards, of those whose rewards may be used."""
    data = shop.reward
    if data is None:
        return ()
    purpose = shop.collecting(data.name, shared=True) or shop.collecting(data.name)
    tags = dict.fromkeys(tag for tag, _ in shop.gate.people_for(data=data.name, purpose=purpose))
    return tuple(person for tag in tags if (person := shop.gate.tagged(tag=tag)) is not None)
