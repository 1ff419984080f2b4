"""Orders: what is sold, and an order, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from troth.services.orders import Order, Orders, items, total
from troth.web.api.wire.base import In, Line, Out, Word

Count = Annotated[int, Meta(ge=1, le=99)]
Short = Annotated[str, Meta(max_length=200)]


class LineIn(In, frozen=True):
    """One product and how many of it."""

    product: Word
    count: Count = 1


class OrderIn(In, frozen=True):
    """An order: what, who buys, and where it is delivered."""

    lines: Annotated[tuple[LineIn, ...], Meta(min_length=1, max_length=20)]
    buyer: Line
    address: dict[Word, Short]


class StateIn(In, frozen=True):
    state: Literal["shipped", "delivered", "cancelled"]


class FixIn(In, frozen=True):
    """What an order should have been, line by line, and why it is put right."""

    lines: Annotated[tuple[LineIn, ...], Meta(min_length=1, max_length=20)]
    reason: Annotated[str, Meta(max_length=400)] = ""


class ProductOut(Out, frozen=True):
    name: str
    title: str
    price: str
    text: str = ""


class ProductsOut(Out, frozen=True):
    products: tuple[ProductOut, ...]


class LineOut(Out, frozen=True):
    product: str
    count: int


class OrderOut(Out, frozen=True):
    number: str
    state: str
    placed: str
    at: datetime
    lines: tuple[LineOut, ...]
    items: str
    amount: str


class OrdersOut(Out, frozen=True):
    orders: tuple[OrderOut, ...]


def order_out(order: Order, sold: Orders) -> OrderOut:
    """Write an order out."""
    lines = tuple(LineOut(product=line.product, count=line.count) for line in order.lines)
    return OrderOut(
        number=order.number,
        state=order.state,
        placed=order.placed,
        at=order.collected,
        lines=lines,
        items=items(sold, order.lines),
        amount=total(sold, order.lines),
    )
