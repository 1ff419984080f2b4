"""Payouts: an operator asks to be paid for a reward of its own, once, and reads its own sums alone."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from troth.services import payouts
from troth.services.payouts import NoPayout
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.rewards import reward_clauses
from troth.web.api.wire.base import In, Out, SaidOut, Word
from troth.web.crediting import shop_of


class PayIn(In, frozen=True):
    """For which reward, and how much with its currency."""

    entitlement: Word
    amount: Annotated[str, Meta(pattern=r"^\d{1,9}(\.\d{1,2})? [A-Z]{3}$")]


class PaidOut(Out, frozen=True):
    """How many payouts are booked for the asker, and their sums."""

    member: str
    payouts: int
    sums: tuple[str, ...]


def pay(call: Call) -> SaidOut:
    """Book a payout in our ledger; 409 for a second one."""
    sent, shop = call.read(PayIn), shop_of(call.company)
    try:
        payouts.pay(shop, operator=_operator(call), entitlement=sent.entitlement, amount=sent.amount)
    except NoPayout as none:
        if none.why == "booked":
            raise Fault(409, "conflict", str(none)) from None
        raise Fault(403, "refused", str(none), clauses=reward_clauses(call)) from None
    return SaidOut(said="booked")


def paid(call: Call) -> PaidOut:
    """Return the sums of the asker's own payouts."""
    operator = _operator(call)
    number, sums = payouts.paid(shop_of(call.company), operator)
    return PaidOut(member=operator, payouts=number, sums=sums)


def _operator(call: Call) -> str:
    party, member = call.member("", call.ask("member"))
    if shop_of(call.company).member(member) != party:
        raise Fault(403, "wrong-asker", "payouts are for who grants rewards", clauses=reward_clauses(call))
    return member
