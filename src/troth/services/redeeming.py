"""Redeeming: what was earned is used: a coupon at the till of who issued it, points where the person says.

A coupon is used once; the same till asking again under the same reference gets the same answer.  Nothing is
changed that was written: each use and each correction is a line of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.services.coupons import proper
from troth.services.giving import ONE_AT_A_TIME, book, history, passed_on, statement, write
from troth.services.ledger import Line, lots, open_now
from troth.services.shop import Shop


@dataclass(frozen=True, slots=True)
class Used:
    """What became of a wish to use something.

    ``state``: redeemed, again (the same call before), unknown, another (it is another's), used, expired,
    closed (the person has left), short (not so much is there), untold (the business did not take it),
    mistyped.
    """

    state: str
    line: Line | None = None
    person: int | None = None
    at: datetime | None = None


def redeem(shop: Shop, *, typed: str, operator: str, reference: str = "") -> Used:
    """Use a coupon at the till of ``operator``; ``reference`` is the till's own name for the call."""
    code, data = proper(typed), shop.reward
    if not code:
        return Used("mistyped")
    person = next(iter(shop.gate.bearers(data=data.name, value=code) if data else ()), None)
    if person is None:
        return Used("unknown")
    with ONE_AT_A_TIME:
        written = history(shop, person)
        line = next((x for x in written if x.coupon == code and x.turn == "earned"), None)
        if line is None:
            return Used("unknown")
        if line.operator != operator:
            return Used("another", line, person)
        return _use(shop, person, written, line, reference)


def spend(shop: Shop, person: int, *, operator: str, amount: int) -> Used:
    """Use points at a business: one line, one disclosure of a way to reach the person and of its number."""
    with ONE_AT_A_TIME:
        written = statement(shop, person)
        mine = [
            n for line, n in open_now(written, shop.today) if line.operator == operator and not line.coupon
        ]
        if amount < 1 or sum(mine) < amount:
            return Used("short")
        rule = next((x.rule for x in written if x.operator == operator and not x.coupon), "")
        facts = shop.opening(operator, 1)
        for fact in facts:
            shop.gate.raise_fact(person=person, name=fact, member=operator)
        done = write(shop, person, Line("", -amount, shop.clock(), "redeemed", rule, operator))
        told = done is not None and passed_on(shop, person, done)
        for fact in facts:
            shop.gate.lower_fact(person=person, name=fact, member=operator)
        if done is None:
            return Used("closed")
        if not told:
            reverse(shop, person, entitlement=done.entitlement)
            return Used("untold", done, person)
    book(shop, person, done)
    return Used("redeemed", done, person, done.at)


def reverse(shop: Shop, person: int, *, entitlement: str, amount: int = 0) -> Line | None:
    """Take a line back, or ``amount`` of it, by a new one; None when nothing of it is left to take back."""
    with ONE_AT_A_TIME:
        written = statement(shop, person)
        line = next((x for x in written if x.entitlement == entitlement), None)
        if line is None or line.turn not in ("earned", "redeemed"):
            return None
        back = sum(x.amount for x in written if x.about == entitlement and x.turn == "reversed")
        left = lots(written).get(entitlement, 0) if line.turn == "earned" else -line.amount - back
        taken = min(left, amount or left)
        if taken <= 0:
            return None
        sign = -1 if line.turn == "earned" else 1
        done = write(
            shop,
            person,
            Line("", sign * taken, shop.clock(), "reversed", line.rule, line.operator, about=entitlement),
        )
    if done is not None:
        book(shop, person, done)
    return done


def _use(shop: Shop, person: int, written: tuple[Line, ...], line: Line, reference: str) -> Used:
    before = next(
        (x for x in reversed(written) if x.about == line.entitlement and x.turn == "redeemed"), None
    )
    key = f"{line.operator}/{reference}" if reference else ""
    if lots(written)[line.entitlement] <= 0:
        again = before is not None and bool(key) and before.key == key
        return Used("again" if again else "used", line, person, before.at if before else None)
    if line.expires is not None and line.expires < shop.today:
        return Used("expired", line, person)
    done = write(
        shop,
        person,
        Line(
            "",
            -line.amount,
            shop.clock(),
            "redeemed",
            line.rule,
            line.operator,
            about=line.entitlement,
            key=key,
        ),
    )
    if done is None:
        return Used("closed", line, person)
    book(shop, person, done)
    return Used("redeemed", line, person, done.at)
