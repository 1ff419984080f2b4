"""Payouts: what an operator asks to be paid for a reward it has honoured, booked once, and its own sums.

The books are ours; a partner posts a request and reads what is its own.  A booking names the entitlement it
is for, so that a second one is known.
"""

from __future__ import annotations

from troth.gate import Gate
from troth.services.giving import ONE_AT_A_TIME, history
from troth.services.shop import Shop, fitting
from troth.terms import TrothError

PAYOUT = "payout:"


class NoPayout(TrothError):
    """There is nothing of this operator's to pay for; ``why``: unknown or booked."""

    def __init__(self, why: str) -> None:
        self.why = why
        said = {"unknown": "there is no such reward of yours", "booked": "this reward was paid for before"}
        super().__init__(said[why])


def pay(shop: Shop, *, operator: str, entitlement: str, amount: str) -> None:
    """Book a payout for a reward of this operator's, once; raise ``NoPayout`` or ``Refused``."""
    reward, books = shop.reward, shop.category("posted", "amount")
    if reward is None or books is None:
        raise NoPayout("unknown")
    with ONE_AT_A_TIME:
        people = shop.gate.bearers(data=reward.name, value=entitlement)
        lines = history(shop, people[0]) if people else ()
        if not any(x.entitlement == entitlement and x.operator == operator for x in lines):
            raise NoPayout("unknown")
        held = shop.gate.access(person=people[0]).held
        if any(h.data == books.name and h.body.get("rule") == PAYOUT + entitlement for h in held):
            raise NoPayout("booked")
        body = {
            "posted": shop.today.isoformat(),
            "amount": amount,
            "operator": operator,
            "rule": PAYOUT + entitlement,
        }
        purpose = shop.collecting(books.name)
        body_ = fitting(books, body)
        shop.gate.collect(person=people[0], data=books.name, body=body_, purpose=purpose, source="device")


def paid(shop: Shop, operator: str) -> tuple[int, tuple[str, ...]]:
    """Return how many payouts of this operator stand in the books, and their sums by currency."""
    books = shop.category("posted", "amount")
    if books is None:
        return 0, ()
    return _sum(shop.gate, books.name, shop.collecting(books.name), operator)


def _sum(gate: Gate, data: str, purpose: str, operator: str) -> tuple[int, tuple[str, ...]]:
    sums: dict[str, float] = {}
    number = 0
    for _, held in gate.people_for(data=data, purpose=purpose):
        mine = held.body.get("operator") == operator and str(held.body.get("rule", "")).startswith(PAYOUT)
        if mine:
            amount, _, currency = str(held.body["amount"]).partition(" ")
            number, sums[currency] = number + 1, sums.get(currency, 0) + float(amount)
    return number, tuple(f"{amount:g} {currency}".strip() for currency, amount in sorted(sums.items()))
