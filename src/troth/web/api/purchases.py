"""Purchases: buying in the product over the API: order, pay, give back; each asked of the document first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from troth.gate.means import NoProvider
from troth.gate.pay import Declined, NotTaken
from troth.policy.model import Purpose
from troth.services import purchases
from troth.services.purchases import NoPurchase, Purchase, Selling
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import SaidOut
from troth.web.api.wire.orders import ProductOut
from troth.web.api.wire.purchases import (
    BookIn,
    PaymentIn,
    PurchaseIn,
    PurchaseOut,
    PurchasesOut,
    RefundIn,
    ShopOut,
    purchase_out,
)
from troth.web.selling import NothingSold, receipt, selling_of


def shop(call: Call) -> ShopOut:
    """List what is sold in the product."""
    selling = _selling(call)
    products = tuple(
        ProductOut(name=p.name, title=p.title, price=f"{p.amount} {p.currency}", text=p.text)
        for p in selling.words.products
    )
    return ShopOut(products=products, paying=call.company.gate.takes_payments())


def buy(call: Call) -> PurchaseOut:
    """Order something."""
    sent, person, selling = call.read(PurchaseIn), call.person(), _selling(call)
    made = _tried(lambda: purchases.buy(selling, person, product=sent.product, by=sent.by))
    return purchase_out(made)


def bought(call: Call) -> PurchasesOut:
    """Return your orders, newest first."""
    found = purchases.purchases(_selling(call), call.person())
    return PurchasesOut(purchases=tuple(map(purchase_out, found)))


def one(call: Call) -> PurchaseOut:
    """Return one order of yours."""
    selling, person = _selling(call), call.person()
    return purchase_out(_tried(lambda: purchases.purchase(selling, person, call.path["number"])))


def pay(call: Call) -> PurchaseOut:
    """Pay an order; 402 when it is declined, 502 when the firm is not reached, 503 when there is none."""
    sent, person, selling = call.read(PaymentIn), call.person(), _selling(call)
    means = {selling.means.card: sent.card, selling.means.account: sent.account}
    given = {k: v for k, v in {**means, "expires": sent.expires, "code": sent.code}.items() if k and v}
    given |= {"token": "saved"} if sent.saved else {}
    number = call.path["number"]
    made = _tried(lambda: purchases.pay(selling, person, number, given=given, save=sent.save))
    receipt(call.company, person, made, (sent.card or sent.account).strip()[-4:])
    return purchase_out(made)


def give_back(call: Call) -> PurchaseOut:
    """Give back some or all of what was paid."""
    sent, person, selling = call.read(RefundIn), call.person(), _selling(call)
    call.purpose(selling.means.purpose)
    number = call.path["number"]
    made = _tried(lambda: purchases.give_back(selling, person, number, amount=sent.amount))
    receipt(call.company, person, made)
    return purchase_out(made)


def book(call: Call) -> SaidOut:
    """Note a payment that happened elsewhere; 422 when it is for nothing."""
    sent, person, selling = call.read(BookIn), call.person(), _selling(call)
    call.purpose(selling.means.purpose)
    if not sent.order and not sent.reason.strip():
        raise Fault(422, "invalid", "order: a payment is for an order, or says its reason", fields=("order",))
    why = {"order": sent.order} if sent.order else {"reason": sent.reason.strip()}
    body = {"direction": sent.direction, "amount": sent.amount, "state": "paid", **why}
    call.company.gate.owe(person=person, body=body)
    return SaidOut(said="noted")


def purchase_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which things are sold."""
    try:
        return clauses_of(call.company.policy, Purpose, selling_of(call.company).means.purpose)
    except NothingSold:
        return clauses_of(call.company.policy, Purpose)


def _selling(call: Call) -> Selling:
    try:
        return selling_of(call.company)
    except NothingSold as error:
        raise Fault(404, "not-here", str(error)) from None


def _tried(deed: Callable[[], Purchase]) -> Purchase:
    """Do a deed; say with its own status why the money did not move."""
    try:
        return deed()
    except NoPurchase as error:
        raise Fault(404, "not-here", str(error)) from None
    except Declined as error:
        raise Fault(402, "declined", str(error)) from None
    except NoProvider as error:
        raise Fault(503, "not-now", str(error)) from None
    except NotTaken as error:
        raise Fault(502, "no-answer", str(error)) from None
