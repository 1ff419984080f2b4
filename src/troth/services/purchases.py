"""Purchases: something is bought in the product itself, paid by card or on invoice, delivered, given back.

``[purchases]`` in ``site.toml`` says what is sold and how the document calls what happens:

    ordered = "ordered"           # the event with which the contract about an order begins
    settled = "settled"           # … ends
    reopened = "reopened"         # … begins again, when something is given back
    bought = "profile.bought"     # where it is noted what somebody has, and for what
    care = "care"
    owed = "recover"              # for what a reminder is sent, and the fact that lets it
    unpaid = "unpaid"
    days = 21                     # until an invoice is due, and between two reminders
    remind = 14

    [[purchases.product]]
    name = "pack"
    title = "Agent pack"
    price = "30.00 GBP"

The book of payments, the means and the firm stand in the document alone (``gate.means``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from troth.gate import Gate
from troth.gate.means import FAILED, IN, OPEN, OUT, PAID, Means, means_of, money
from troth.policy.model import Event, Fact, Policy
from troth.services.orders import PRICE, Product
from troth.services.shop import number
from troth.terms import Place, Problem, TrothError

WORDS = ("ordered", "settled", "reopened", "bought", "care", "owed", "unpaid")
CARD, INVOICE = "card", "invoice"
DAYS, REMIND = 21, 14


class NoPurchase(TrothError):
    """There is no such thing to buy, or no such order of this person."""

    def __init__(self, what: str) -> None:
        super().__init__(f"there is no such {what} here, or it is gone")


@dataclass(frozen=True, slots=True)
class Purchases:
    """What is sold in the product, and the document's words for it; empty where nothing is."""

    ordered: str = ""
    settled: str = ""
    reopened: str = ""
    bought: str = ""
    care: str = ""
    owed: str = ""
    unpaid: str = ""
    days: int = DAYS
    remind: int = REMIND
    products: tuple[Product, ...] = ()

    def product(self, name: str) -> Product | None:
        """Return a product by its name."""
        return next((p for p in self.products if p.name == name), None)


@dataclass(frozen=True, slots=True)
class Selling:
    """What things are sold with: the door, the words and the clock."""

    gate: Gate
    words: Purchases
    means: Means
    clock: Callable[[], datetime]
    zone: str

    @property
    def today(self) -> date:
        """The day it is where the company is."""
        return self.clock().astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order: what it is about, how it stands, and what was given back of it."""

    number: str
    item: str
    amount: str
    state: str
    day: str
    due: str = ""
    given_back: str = ""


def read_purchases(site: Mapping[str, Any]) -> Purchases:
    """Read ``[purchases]`` out of ``site.toml``; a product without a name or a price is left out.

    >>> row = {"name": "pack", "title": "Pack", "price": "30.00 GBP"}
    >>> read_purchases({"purchases": {"product": [row, {"name": "x"}]}}).products[0].amount
    Decimal('30.00')
    """
    table = site.get("purchases", {})
    products = tuple(p for row in table.get("product", ()) if (p := _product(row)))
    said: dict[str, Any] = {word: str(table.get(word, "")) for word in WORDS}
    days, remind = int(table.get("days", DAYS)), int(table.get("remind", REMIND))
    return Purchases(**said, days=days, remind=remind, products=products)


def check_purchases(site: Mapping[str, Any], policy: Policy, path: str) -> Iterator[Problem]:
    """Yield what keeps these things from being sold under the policy."""
    words, here = read_purchases(site), Place(path, 1)
    if "purchases" not in site:
        return
    if means_of(policy) is None:
        yield Problem(here, "sells things, but no clause shares a card with a firm that takes payments")
    if len(words.products) < len(site["purchases"].get("product", ())):
        yield Problem(here, "a product has no name, title or price", 'price = "30.00 GBP"')
    events = {e.name for e in policy.of(Event)} | {f.name for f in policy.of(Fact)}
    for word in ("ordered", "settled", "reopened", "unpaid"):
        if (named := getattr(words, word)) and named not in events:
            yield Problem(here, f"[purchases] {word}: the policy has no event or fact '{named}'")


def buy(selling: Selling, person: int, *, product: str, by: str = CARD) -> Purchase:
    """Order something: its line stands open in the book; on invoice it is delivered at once."""
    found = selling.words.product(product)
    if found is None:
        raise NoPurchase("product")
    wanted = number("P")
    due = {"due": (selling.today + timedelta(days=selling.words.days)).isoformat()} if by == INVOICE else {}
    amount = f"{found.amount} {found.currency}"
    line = {"direction": IN, "amount": amount, "order": wanted, "item": found.name, "state": OPEN, **due}
    selling.gate.owe(person=person, body=line, orders=_named(selling.words.ordered))
    if by == INVOICE:
        _deliver(selling, person, found)
    return purchase(selling, person, wanted)


def pay(
    selling: Selling, person: int, wanted: str, *, given: Mapping[str, object], save: bool = False
) -> Purchase:
    """Pay an order, and deliver what was not; the last one paid ends the contract about orders."""
    before = purchase(selling, person, wanted)
    others = [p for p in purchases(selling, person) if p.number != wanted and p.state in (OPEN, FAILED)]
    owing = [p for p in others if p.due and p.due < selling.today.isoformat()]
    over = [] if owing else [f"{name} ended" for name in _named(selling.words.unpaid)]
    settled = [] if others else _named(selling.words.settled)
    selling.gate.pay(person=person, order=wanted, given=given, save=save, settles=[*over, *settled])
    product = selling.words.product(before.item)
    if product is not None and not before.due:
        _deliver(selling, person, product)
    return purchase(selling, person, wanted)


def give_back(selling: Selling, person: int, wanted: str, *, amount: str) -> Purchase:
    """Give some or all of what was paid back."""
    words = selling.words
    purchase(selling, person, wanted)
    selling.gate.refund(
        person=person,
        order=wanted,
        amount=amount,
        reopens=_named(words.reopened),
        settles=_named(words.settled),
    )
    return purchase(selling, person, wanted)


def purchases(selling: Selling, person: int) -> tuple[Purchase, ...]:
    """Return a person's orders, newest first."""
    held = [h for h in selling.gate.access(person=person).held if h.data == selling.means.book]
    bodies = [{k: str(v) for k, v in h.body.items()} for h in held]
    lines = [b for b in bodies if b.get("direction") == IN and b.get("order")]
    return tuple(_purchase(line, bodies) for line in reversed(lines))


def purchase(selling: Selling, person: int, wanted: str) -> Purchase:
    """Return one order of the person's; raise ``NoPurchase``."""
    found = next((p for p in purchases(selling, person) if p.number == wanted), None)
    if found is None:
        raise NoPurchase("order")
    return found


def _purchase(line: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> Purchase:
    back = [b for b in lines if b.get("order") == line["order"] and b.get("direction") == OUT]
    total = sum((money(b["amount"])[0] for b in back), Decimal(0))
    said = f"{total} {money(line['amount'])[1]}".strip() if back else ""
    day, due = line.get("on", ""), line.get("due", "")
    return Purchase(
        line["order"], line.get("item", ""), line["amount"], line.get("state", PAID), day, due, said
    )


def _deliver(selling: Selling, person: int, product: Product) -> None:
    data, _, field = selling.words.bought.partition(".")
    if field:
        selling.gate.collect(
            person=person,
            data=data,
            body={field: product.title},
            purpose=selling.words.care,
            source="company",
        )


def _named(name: str) -> list[str]:
    return [name] if name else []


def _product(row: Mapping[str, Any]) -> Product | None:
    price = PRICE.fullmatch(str(row.get("price", "")))
    if not row.get("name") or not row.get("title") or price is None:
        return None
    text = str(row.get("text", ""))
    return Product(str(row["name"]), str(row["title"]), Decimal(price["amount"]), price["currency"], text)
