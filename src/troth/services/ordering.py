"""Ordering: an order comes in, is sent, delivered, cancelled or put right; each is one deed of the gate.

The books are only added to: what is put right gets an entry of its own that names the one it corrects, and
both can be read.  While an order is not settled the contract about it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from troth.gate import Gate
from troth.gate.transact import Entry
from troth.services.orders import CANCELLED, NEXT, OPEN, Line, Order, Orders, items, orders_of, total
from troth.services.shop import number
from troth.terms import TrothError

ORDERED, SETTLED = "ordered", "settled"
MOST = 99  # of one product


class NoOrder(TrothError):
    """There is no order of this number."""

    def __init__(self) -> None:
        super().__init__("there is no order of this number, or it is gone")


class NotNow(TrothError):
    """The order cannot become this any more."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"an order that is {state} cannot become {wanted}; nothing was changed")


class BadOrder(TrothError):
    """The order names what is not sold, or says too little."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(f"{field}: {why}")


@dataclass(frozen=True, slots=True)
class Till:
    """What orders are taken with: the door, the words of ``orders.toml`` and the clock."""

    gate: Gate
    orders: Orders
    clock: Callable[[], datetime]
    zone: str

    @property
    def today(self) -> date:
        """The day it is where the company is."""
        return self.clock().astimezone(ZoneInfo(self.zone)).date()


def place(till: Till, person: int, *, lines: Sequence[Line], buyer: str, address: Mapping[str, str]) -> Order:
    """Take an order in: the contract begins, the address comes in, the books get a line; all or nothing."""
    _insist(till, lines, buyer)
    taken, today = number("O"), till.today.isoformat()
    orders = till.orders
    placed = [_row(orders, taken, line, OPEN, today) for line in lines]
    where = Entry(orders.address, address, orders.purpose, "person")
    said = ", ".join(v for v in address.values() if v)
    body = {"number": taken, "posted": today, "buyer": buyer, "address": said}
    sale = _sale(orders, {**body, "items": items(orders, lines), "amount": total(orders, lines)})
    till.gate.transact(person=person, entries=(where, *placed, sale), events=(ORDERED,))
    return one_of(till, person, taken)


def orders(till: Till, person: int) -> tuple[Order, ...]:
    """Return a person's orders, newest first."""
    return orders_of(till.orders, till.gate.access(person=person).held)


def one_of(till: Till, person: int, wanted: str) -> Order:
    """Return an order by its number; raise ``NoOrder``."""
    found = next((o for o in orders(till, person) if o.number == wanted), None)
    if found is None:
        raise NoOrder
    return found


def move(till: Till, person: int, wanted: str, state: str) -> Order:
    """Let an order become shipped, delivered or cancelled; the last one settled ends the contract."""
    order = one_of(till, person, wanted)
    if state not in NEXT[order.state]:
        raise NotNow(order.state, state)
    rows = [_row(till.orders, wanted, line, state, order.placed, line.rid) for line in order.lines]
    others = [o for o in orders(till, person) if o.number != wanted]
    over = not NEXT[state] and all(o.settled for o in others)
    till.gate.transact(person=person, entries=rows, events=(SETTLED,) if over else ())
    return one_of(till, person, wanted)


def correct(till: Till, person: int, wanted: str, *, lines: Sequence[Line], reason: str) -> Order:
    """Put an order and its invoice right; the books get an entry that names the one before."""
    if not reason.strip():
        raise BadOrder("reason", "is missing; a correction says why")
    order = one_of(till, person, wanted)
    first = next((s for s in sales(till, person) if s["number"] == wanted), None)
    _insist(till, lines, str(first["buyer"]) if first else "")
    if first is None or order.state == CANCELLED:
        raise NotNow(order.state, "another order")
    fixed = _fixed(till.orders, order, lines)
    priced = {"items": items(till.orders, lines), "amount": total(till.orders, lines)}
    whose = {n: first[n] for n in ("buyer", "address")}
    about = {"number": number("R"), "posted": till.today.isoformat(), "corrects": wanted, "reason": reason}
    sale = _sale(till.orders, {**whose, **about, **priced})
    till.gate.transact(person=person, entries=(*fixed, sale), reason=reason)
    return one_of(till, person, wanted)


def sales(till: Till, person: int) -> tuple[Mapping[str, object], ...]:
    """Return the books' entries about a person, oldest first."""
    held = till.gate.access(person=person).held
    return tuple(h.body for h in held if h.data == till.orders.sale)


def _insist(till: Till, lines: Sequence[Line], buyer: str) -> None:
    if not lines:
        raise BadOrder("lines", "nothing is ordered")
    if not buyer.strip():
        raise BadOrder("buyer", "is missing; the books name who bought")
    for line in lines:
        if till.orders.product(line.product) is None:
            raise BadOrder("product", "is not sold here")
        if not 1 <= line.count <= MOST:
            raise BadOrder("count", f"is a number from 1 to {MOST}")
    if len({line.product for line in lines}) < len(lines):
        raise BadOrder("product", "stands there twice")


def _row(orders: Orders, taken: str, line: Line, state: str, placed: str, replaces: int = 0) -> Entry:
    body = {"number": taken, "product": line.product, "count": line.count, "state": state, "placed": placed}
    return Entry(orders.order, body, orders.purpose, "use", replaces)


def _sale(orders: Orders, body: Mapping[str, object]) -> Entry:
    return Entry(orders.sale, body, orders.books, "use")


def _fixed(orders: Orders, order: Order, lines: Sequence[Line]) -> list[Entry]:
    """Return the rows of an order as they should have been: each in the place of one that stood."""
    if len(lines) != len(order.lines):
        raise BadOrder("lines", "a correction names each line that was ordered, and no other")
    pairs = zip(order.lines, lines, strict=True)
    return [_row(orders, order.number, new, order.state, order.placed, old.rid) for old, new in pairs]
