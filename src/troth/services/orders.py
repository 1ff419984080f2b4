"""Orders: what a company sells and how its document calls what an order leaves behind (``orders.toml``).

    order = "history"       # the category of what was ordered: number, product, count, state, placed
    address = "address"     # where it is delivered
    sale = "sale"           # the line in the books: number, posted, buyer, address, items, amount
    purpose = "serve"       # for what an order is taken
    books = "books"         # for what the line is kept
    viewed = "activity"     # what is noted of a product that was looked at, and for what
    study = "improve"

    [[product]]
    name = "hub"
    title = "Hub"
    price = "1990 NOK"

Orders are values here: taking one in, and what becomes of it, is ``ordering``.  One rule: *a folder whose
document does not cover an order takes none*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from troth.gate.values import Held
from troth.services.coverage import Coverage
from troth.terms import Place, Problem

PRICE = re.compile(r"(?P<amount>[0-9]{1,9}(\.[0-9]{1,2})?) (?P<currency>[A-Z]{3})")
NEEDED = {
    "order": ("number", "product", "count", "state", "placed"),
    "sale": ("number", "posted", "buyer", "address", "items", "amount", "corrects", "reason"),
}
OPEN, SHIPPED, DELIVERED, CANCELLED = STATES = ("open", "shipped", "delivered", "cancelled")
NEXT = {OPEN: (SHIPPED, DELIVERED, CANCELLED), SHIPPED: (DELIVERED,), DELIVERED: (), CANCELLED: ()}


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that is sold; ``texts`` are titles in other languages."""

    name: str
    title: str
    amount: Decimal
    currency: str
    text: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    def spoken(self, language: str) -> str:
        """Return the title in a language, as it was written where there is no translation."""
        return self.texts.get(language, self.title)


@dataclass(frozen=True, slots=True)
class Orders:
    """What is sold, and the document's words for an order; empty where nothing is sold."""

    order: str = ""
    address: str = ""
    sale: str = ""
    purpose: str = ""
    books: str = ""
    viewed: str = ""
    study: str = ""
    products: tuple[Product, ...] = ()

    def product(self, name: str) -> Product | None:
        """Return a product by its name."""
        return next((p for p in self.products if p.name == name), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order; ``rid`` is its record."""

    product: str
    count: int
    rid: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands."""

    number: str
    state: str
    placed: str
    lines: tuple[Line, ...]
    collected: datetime

    @property
    def settled(self) -> bool:
        """Say whether nothing is left to be done for it."""
        return not NEXT[self.state]


def read_orders(table: Mapping[str, Any], path: str) -> tuple[Orders, tuple[Problem, ...]]:
    """Read ``orders.toml``; the problems are empty when it may be checked and served.

    >>> orders, _ = read_orders({"product": [{"name": "hub", "title": "Hub", "price": "1990 NOK"}]}, "")
    >>> orders.products[0].amount
    Decimal('1990')
    """
    problems: list[Problem] = []
    products = [p for row in table.get("product", []) if (p := _product(row, path, problems))]
    known = ("order", "address", "sale", "purpose", "books", "viewed", "study")
    odd = [name for name in table if name not in (*known, "product")]
    problems += [Problem(Place(path, 1), f"unknown setting '{name}'") for name in odd]
    return Orders(**{k: str(table.get(k, "")) for k in known}, products=tuple(products)), tuple(problems)


def check_orders(orders: Orders, coverage: Coverage, path: str) -> tuple[Problem, ...]:
    """Return what keeps these orders from being taken under the policy; empty when they may be."""
    return tuple(_faults(orders, coverage, path)) if orders.products else ()


def orders_of(orders: Orders, held: Iterable[Held]) -> tuple[Order, ...]:
    """Read a person's orders out of their records, newest first."""
    found: dict[str, list[Held]] = {}
    for one in held:
        if one.data == orders.order and "number" in one.body:
            found.setdefault(str(one.body["number"]), []).append(one)
    read = (_order(number, rows) for number, rows in found.items())
    return tuple(sorted(read, key=lambda o: (o.collected, o.number), reverse=True))


def total(orders: Orders, lines: Iterable[Line]) -> str:
    """Add up what lines cost, as the books write it.

    >>> hub = Product("hub", "Hub", Decimal("1990"), "NOK")
    >>> total(Orders(products=(hub,)), [Line("hub", 2)])
    '3980 NOK'
    """
    priced = [(orders.product(line.product), line.count) for line in lines]
    amount = sum((p.amount * n for p, n in priced if p), Decimal(0))
    return f"{amount} {next((p.currency for p, _ in priced if p), '')}".strip()


def items(orders: Orders, lines: Iterable[Line]) -> str:
    """Write lines as the books do.

    >>> items(Orders(products=(Product("hub", "Hub", Decimal(1), "NOK"),)), [Line("hub", 2)])
    '2 × Hub'
    """
    named = ((line.count, orders.product(line.product)) for line in lines)
    return ", ".join(f"{count} × {product.title}" for count, product in named if product)


def _order(number: str, rows: list[Held]) -> Order:
    first = rows[0]
    lines = tuple(Line(str(r.body["product"]), int(str(r.body["count"])), r.rid) for r in rows)
    return Order(number, str(first.body["state"]), str(first.body["placed"]), lines, first.collected)


def _product(row: Mapping[str, Any], path: str, problems: list[Problem]) -> Product | None:
    name, title = str(row.get("name", "")), str(row.get("title", ""))
    price = PRICE.fullmatch(str(row.get("price", "")))
    if not name or not title or price is None:
        hint = 'price = "1990 NOK"'
        problems.append(Problem(Place(path, 1), f"the product '{name}' has no name, title or price", hint))
        return None
    texts = {k.removeprefix("title-"): str(v) for k, v in row.items() if k.startswith("title-")}
    return Product(name, title, Decimal(price["amount"]), price["currency"], str(row.get("text", "")), texts)


def _faults(orders: Orders, coverage: Coverage, path: str) -> Iterator[Problem]:
    here = Place(path, 1)
    pairs = ((orders.order, orders.purpose), (orders.sale, orders.books), (orders.address, orders.purpose))
    for name, purpose in pairs:
        data = coverage.data(name)
        if data is None or coverage.purpose(purpose) is None:
            yield Problem(here, f"an order needs '{name}' for '{purpose}', and the policy has not both")
            return
        if not any(coverage.covers(name, f.name, purpose) for f in data.fields):
            yield Problem(here, f"an order collects '{name}' for '{purpose}', but no clause lets it")
    for role, name in (("order", orders.order), ("sale", orders.sale)):
        fields = {f.name: f for f in coverage.data(name).fields}  # type: ignore[union-attr]
        missing = [f for f in NEEDED[role] if f not in fields]
        if missing:
            yield Problem(here, f"'{name}' holds an order's {role}, but has no field {', '.join(missing)}")
    choices = _choices(coverage, orders.order, "product")
    for product in orders.products:
        if choices and product.name not in choices:
            yield Problem(here, f"'{orders.order}.product' is never '{product.name}'")


def _choices(coverage: Coverage, data: str, name: str) -> tuple[str, ...]:
    found = coverage.data(data)
    return next((f.choices for f in found.fields if f.name == name), ()) if found else ()
