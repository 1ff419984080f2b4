"""Rewards: a person's ledger, coupons at a till, points spent, and what is taken back.

Nothing here changes or deletes a line: a use and a correction are lines of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Data, Door
from troth.services import disputing, giving, ledger, redeeming, referring
from troth.services.redeeming import Used
from troth.terms import Action, Clause, Request, Unsaid
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.rewards import (
    EntryOut,
    OpenOut,
    RedeemedOut,
    RedeemIn,
    ReverseIn,
    RewardsOut,
    SpendIn,
    entry_out,
)
from troth.web.crediting import shop_of
from troth.web.moments import moved

NO = {
    "mistyped": (422, "invalid", "code: this is no code; a sign is wrong or missing"),
    "unknown": (404, "not-here", "there is no such coupon"),
    "another": (403, "wrong-asker", "a coupon is used where it was issued"),
    "used": (409, "conflict", "this coupon was used before"),
    "expired": (410, "gone", "this coupon is no longer good"),
    "closed": (403, "refused", "the document lets nobody use this now"),
    "short": (409, "conflict", "there is not so much left here to use"),
    "untold": (409, "conflict", "the business did not take it; nothing was used"),
}


def rewards(call: Call) -> RewardsOut:
    """Return a person's rewards; what has expired is written off first."""
    shop, person = shop_of(call.company), call.person()
    written = giving.statement(shop, person)
    disputed = disputing.disputed(disputing.complaints(shop, person))
    open_now = tuple(
        OpenOut(
            entitlement=line.entitlement,
            text=text_of(call, line.rule),
            operator=line.operator,
            left=left,
            expires=line.expires,
            coupon=line.coupon,
            disputed=line.entitlement in disputed,
        )
        for line, left in ledger.open_now(written, shop.today)
    )
    return RewardsOut(
        open=open_now,
        entries=tuple(map(entry_out, written)),
        balance=ledger.balance(written),
        balances=dict(ledger.balances(written)),
    )


def text_of(call: Call, rule: str) -> str:
    """Return what a reward is called: by ``rewards.toml``, else by its own name."""
    return str(call.company.rewards.get(rule, {}).get("text", rule))


def spend(call: Call) -> EntryOut:
    """Use points at a business, which is told how to reach the person and the number of the use."""
    sent, company = call.read(SpendIn), call.company
    used = redeeming.spend(shop_of(company), call.person(), operator=sent.operator, amount=sent.amount)
    line = _done(call, used)
    assert line is not None
    return entry_out(line)


def redeem(call: Call) -> RedeemedOut:
    """Use a coupon at the till of the asker's own business."""
    sent, company = call.read(RedeemIn), call.company
    shop = shop_of(company)
    if call.asker.party != shop.member(call.asker.member):
        raise Fault(403, "wrong-asker", "coupons are used by who issues them", clauses=reward_clauses(call))
    used = redeeming.redeem(shop, typed=sent.code, operator=call.asker.member, reference=sent.reference or "")
    line = _done(call, used)
    assert line is not None
    if used.state == "redeemed" and used.person is not None:
        moved(company, used.person, "last-use")
        referring.acted(shop, used.person, "redeemed")
    return RedeemedOut(
        state="redeemed", reward=line.rule, text=text_of(call, line.rule), amount=line.amount, at=used.at
    )


def reverse(call: Call) -> EntryOut:
    """Take a line back, or a part of it, by a new line; a business takes back its own alone."""
    sent, shop, person = call.read(ReverseIn), shop_of(call.company), call.person()
    call.purpose(shop.collecting(shop.reward.name, shared=True) if shop.reward else "")
    name = call.path["entitlement"]
    line = next((x for x in giving.history(shop, person) if x.entitlement == name), None)
    if call.asker.kind == "party" and (line is None or line.operator != call.asker.member):
        raise Fault(403, "wrong-asker", "another's reward is refused", clauses=reward_clauses(call))
    done = redeeming.reverse(shop, person, entitlement=name, amount=sent.amount or 0)
    if done is None:
        raise Fault(409, "conflict", "nothing of this line is left to take back")
    return entry_out(done)


def reward_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which a reward goes to who grants it."""
    data = shop_of(call.company).reward
    doors = [d for d in call.company.policy.of(Door) if data and any(n.startswith(data.name) for n in d.data)]
    return (doors[0].clause,) if doors else clauses_of(call.company.policy, Data)


def _done(call: Call, used: Used) -> ledger.Line | None:
    """Return what was used; raise the no, of which one to the wrong business stands in the evidence."""
    if used.state in ("redeemed", "again"):
        return used.line
    status, kind, said = NO[used.state]
    clauses = tuple(reward_clauses(call)) if status == 403 else ()
    if used.state == "another":
        data = shop_of(call.company).reward
        touch = Request(Action.SHARE, data.name if data else "", "", call.asker.party)
        call.company.gate.refused(decision=Unsaid(touch, clauses), by=call.asker.sign)
    fields = ("code",) if used.state == "mistyped" else ()
    raise Fault(status, kind, said, clauses=clauses, fields=fields)
