"""Giving: credits what a person earned, once for each key, while the offer lasts, and tells who honours it.

``rewards.toml`` says who grants a reward, how many there are, when it is offered and how long each is good.
What a person likes plays no part.  INVARIANT (one at a time): what is counted is taken under one lock, so
that the last one is given once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from threading import RLock
from typing import Any

from troth.services.coupons import code
from troth.services.entitling import HELD, Verdict, judged
from troth.services.ledger import Line, lines, over
from troth.services.performance import GIVEN, dims
from troth.services.rewards import Reward, good_until
from troth.services.shop import Shop, fitting, number, randomness
from troth.terms import Refused, TrothError

ONE_AT_A_TIME = RLock()
RETRIED = timedelta(days=7)


def credit(shop: Shop, person: int, reward: Reward) -> str:
    """Credit a reward; say what became of it: ``credited``, ``held`` (once already), ``spent``, ``refused``.

    ``spent``: none is left, or it is not offered today.
    """
    row: Mapping[str, Any] = shop.offers.get(reward.name, {})
    with ONE_AT_A_TIME:
        verdict = judge(shop, person, reward)
        shop.gate.entitled(
            person=person,
            purpose=reward.purpose,
            rule=reward.name,
            version=verdict.version,
            outcome=verdict.outcome,
            facts=verdict.facts,
        )
        if not verdict.gives:
            return "held" if verdict.outcome == HELD else "spent"
        line = _write(shop, person, reward, row)
        if line is None:
            return "refused"
        if counter := shop.counter("offer"):
            shop.gate.count(counter=counter, dims={"offer": reward.name})
        if counter := shop.counter("flow", "month", "result"):
            flow, given_ = reward.key.partition("/")[0], GIVEN + reward.name
            shop.gate.count(counter=counter, dims=dims(flow, given_, shop.clock().astimezone(shop.zone)))
        if shop.reward is not None:
            shop.gate.tie(person=person, data=shop.reward.name, value=line.entitlement)
    book(shop, person, line)
    hand_over(shop, person, line)
    return "credited"


def judge(shop: Shop, person: int, reward: Reward) -> Verdict:
    """Say what the published rule of a reward says of a person's claim to it today."""
    row = shop.offers.get(reward.name, {})
    held = any(line.key == reward.key for line in history(shop, person))
    out = given(shop, reward) if "budget" in row else 0
    return judged(row, shop.today, held=held, given=out, paused=_paused(shop, reward.name, row))


def given(shop: Shop, reward: Reward) -> int:
    """Say how many of a reward are out: as counted for nobody, so that who leaves gives none back.

    A document without a counter ``of offer`` is counted by what people hold.
    """
    if counter := shop.counter("offer"):
        counts = shop.gate.counts(counter=counter)
        return sum(n for dims, n in counts if dims.get("offer") == reward.name)
    everyone = shop.gate.people_for(data=reward.data, purpose=reward.purpose)
    return sum(
        1 for _, held in everyone if reward.name in (held.body.get("rule"), held.body.get("entitlement"))
    )


def history(shop: Shop, person: int) -> tuple[Line, ...]:
    """Return all that was ever written in the person's ledger, oldest first."""
    data = shop.reward
    held = shop.gate.access(person=person).held
    return lines(h for h in held if data is not None and h.data == data.name)


def statement(shop: Shop, person: int) -> tuple[Line, ...]:
    """Return the ledger as it stands today: what has expired counts as gone before it is written off."""
    written = history(shop, person)
    return (*written, *(_expired(shop, line, left) for line, left in over(written, shop.today)))


def owed(shop: Shop, person: int) -> tuple[Line, ...]:
    """Return what was earned and still has to be told to the business that grants it."""
    written = history(shop, person)
    told = {line.about for line in written if line.turn == "credited"}
    return tuple(
        line
        for line in written
        if line.turn == "earned"
        and line.entitlement not in told
        and shop.doors(line.operator)
        and (line.expires is None or line.expires >= shop.today)
    )


def write(shop: Shop, person: int, line: Line) -> Line | None:
    """Add a line to the ledger, with a number of its own; None when the document does not let it."""
    data = shop.reward
    if data is None:
        return None
    name = line.entitlement or number("E")
    body = fitting(
        data,
        {
            "entitlement": name,
            "amount": line.amount,
            "turn": line.turn,
            "rule": line.rule,
            "operator": line.operator,
            "expires": line.expires.isoformat() if line.expires else "",
            "about": line.about,
            "coupon": line.coupon,
            "key": line.key,
        },
    )
    purpose = shop.collecting(data.name, shared=True) or shop.collecting(data.name)
    try:
        rid = shop.gate.collect(person=person, data=data.name, body=body, purpose=purpose, source="device")
    except TrothError:
        return None
    return next((x for x in history(shop, person) if x.rid == rid), None)


def book(shop: Shop, person: int, line: Line) -> None:
    """Enter a credit, or what was paid out of it, in the company's books, where the document keeps any."""
    data = shop.category("posted", "amount")
    if data is None:
        return
    row = shop.offers.get(line.rule, {})
    worth = str(row.get("worth", ""))
    body = {
        "posted": shop.today.isoformat(),
        "amount": ("-" if line.amount < 0 else "") + worth if worth else str(line.amount),
        "operator": line.operator,
        "rule": line.rule,
    }
    purpose = shop.collecting(data.name)
    try:
        shop.gate.collect(
            person=person, data=data.name, body=fitting(data, body), purpose=purpose, source="device"
        )
    except TrothError:
        return


def hand_over(shop: Shop, person: int, line: Line) -> bool:
    """Tell the business that grants a reward how to reach the person and what to credit, once.

    What opens its door is raised before and ends when it was told; while it is not, the door stays open, so
    that it may be tried again.
    """
    operator = line.operator
    fields = shop.fields(operator)
    if not fields:
        return False
    for fact in (facts := shop.opening(operator, 0)):
        shop.gate.raise_fact(person=person, name=fact, member=operator)
    if not passed_on(shop, person, line):
        return False
    write(shop, person, Line("", 0, line.at, "credited", line.rule, operator, about=line.entitlement))
    for fact in facts:
        shop.gate.lower_fact(person=person, name=fact, member=operator)
    return True


def passed_on(shop: Shop, person: int, line: Line) -> bool:
    """Disclose what the doors of a line's business let it have of this line; say whether it was taken."""
    data, fields = shop.reward, shop.fields(line.operator)
    held = shop.gate.access(person=person).held
    if data is None or not all(_has(held, name) for name in fields):
        return False
    purpose, party = shop.collecting(data.name, shared=True), shop.member(line.operator)
    try:
        shop.gate.disclose(
            person=person,
            data=fields,
            party=party,
            purpose=purpose,
            member=line.operator,
            records=(line.rid,),
        )
    except (Refused, TrothError):
        return False
    return True


def _paused(shop: Shop, name: str, row: Mapping[str, Any]) -> bool:
    """Say whether the business that grants a reward has set it to rest."""
    operator = str(row.get("operator", ""))
    party = shop.member(operator)
    return bool(party) and name in shop.gate.settings(party=party, member=operator).paused


def write_off(shop: Shop, person: int, line: Line, left: int) -> bool:
    """Add the line that takes away what expired, once; its business is owed nothing more."""
    with ONE_AT_A_TIME:
        if (line, left) not in over(history(shop, person), shop.today):
            return False
        done = write(shop, person, _expired(shop, line, left)) is not None
    if done and not owed(shop, person):
        for fact in shop.opening(line.operator, 0):
            shop.gate.lower_fact(person=person, name=fact, member=line.operator)
    return done


def _expired(shop: Shop, line: Line, left: int) -> Line:
    return Line("", -left, shop.clock(), "expired", line.rule, line.operator, about=line.entitlement)


def _write(shop: Shop, person: int, reward: Reward, row: Mapping[str, Any]) -> Line | None:
    until = good_until(shop.today, str(row.get("valid", "")))
    line = Line(
        "",
        reward.amount,
        shop.clock(),
        "earned",
        reward.name,
        str(row.get("operator", "")),
        until - timedelta(days=1) if until else None,
        coupon=code(randomness()) if row.get("coupon") else "",
        key=reward.key,
    )
    found = write(shop, person, line)
    if found is not None and found.coupon:
        shop.gate.tie(person=person, data=reward.data, value=found.coupon)
    return found


def _has(held: Any, name: str) -> bool:
    data, _, field = name.partition(".")
    return any(h.data == data and (not field or field in h.body) and not h.restricted for h in held)
