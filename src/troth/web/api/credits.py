"""Credits: a job gives a person what a business owes them, and reads it back: six things and no more.

Whose, by which contact, how much, from whom, by which rule and when (GDPR Art. 5(1)(c)).  What is sent beside
them is refused by its name.
"""

from __future__ import annotations

from troth.services import giving
from troth.services.ledger import Line
from troth.services.shop import Shop
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.rewards import reward_clauses
from troth.web.api.wire.credits import CreditIn, CreditOut, CreditsOut
from troth.web.crediting import shop_of


def give(call: Call) -> CreditOut:
    """Credit an amount to a person, enter it in the books, and tell the business how to reach them."""
    sent, shop, person = call.read(CreditIn), shop_of(call.company), call.person()
    _bound(call, shop)
    if not shop.doors(sent.operator):
        raise Fault(422, "invalid", "operator: gives no rewards here", fields=("operator",))
    asked = Line("", sent.amount, call.now, "earned", sent.rule, sent.operator)
    line = giving.write(shop, person, asked)
    if line is None:
        raise Fault(403, "refused", "the document lets nobody credit this now", clauses=reward_clauses(call))
    giving.book(shop, person, line)
    giving.hand_over(shop, person, line)
    return _out(call, shop, line)


def credits(call: Call) -> CreditsOut:
    """Return what was credited to a person."""
    shop, person = shop_of(call.company), call.person()
    if call.asker.kind == "job":
        _bound(call, shop)
    earned = (line for line in giving.history(shop, person) if line.turn == "earned")
    return CreditsOut(credits=tuple(_out(call, shop, line) for line in earned))


def _bound(call: Call, shop: Shop) -> None:
    call.purpose(shop.collecting(shop.reward.name, shared=True) if shop.reward else "")


def _out(call: Call, shop: Shop, line: Line) -> CreditOut:
    contact = next((name for name in shop.fields(line.operator) if name.split(".")[0] != _reward(shop)), "")
    return CreditOut(
        person=call.company.gate.tag(person=call.person()),
        contact=contact,
        amount=line.amount,
        operator=line.operator,
        rule=line.rule,
        time=line.at,
    )


def _reward(shop: Shop) -> str:
    return shop.reward.name if shop.reward else ""
