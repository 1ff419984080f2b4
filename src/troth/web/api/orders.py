"""Orders: what is sold, taking an order in, and what becomes of it; a person, the shop's job, the staff."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Door, Purpose
from troth.services import ordering
from troth.services.ordering import BadOrder, NoOrder
from troth.services.orders import Line
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.orders import (
    FixIn,
    LineIn,
    OrderIn,
    OrderOut,
    OrdersOut,
    ProductOut,
    ProductsOut,
    StateIn,
    order_out,
)
from troth.web.deriving import refresh
from troth.web.till import confirm, corrected, moved, till_of


def products(call: Call) -> ProductsOut:
    """List what is sold."""
    sold = call.company.orders.products
    return ProductsOut(
        products=tuple(
            ProductOut(name=p.name, title=p.title, price=f"{p.amount} {p.currency}", text=p.text)
            for p in sold
        )
    )


def orders(call: Call) -> OrdersOut:
    """Return a person's orders, newest first."""
    found = ordering.orders(till_of(call.company), call.person())
    return OrdersOut(orders=tuple(order_out(o, call.company.orders) for o in found))


def order(call: Call) -> OrderOut:
    """Take an order in; its contract, its address and its line in the books are written in one deed."""
    sent, company, person = call.read(OrderIn), call.company, call.person()
    if call.asker.kind == "job":
        call.purpose(company.orders.purpose)
    try:
        made = ordering.place(
            till_of(company), person, lines=_lines(sent.lines), buyer=sent.buyer, address=sent.address
        )
    except BadOrder as error:
        raise Fault(422, "invalid", str(error), fields=(error.field,)) from None
    refresh(company, person)
    confirm(company, person, made)
    return order_out(made, company.orders)


def move(call: Call) -> OrderOut:
    """Let an order be sent, delivered or cancelled; its person may cancel, and no more."""
    company, person, state = call.company, call.person(), call.read(StateIn).state
    if call.asker.kind == "person" and state != "cancelled":
        raise Fault(
            403, "wrong-asker", f"that an order is {state}, the house says", clauses=order_clauses(call)
        )
    _look(call, person)
    try:
        made = ordering.move(till_of(company), person, call.path["number"], state)
    except NoOrder as error:
        raise Fault(404, "not-here", str(error)) from None
    moved(company, person, made)
    return order_out(made, company.orders)


def fix(call: Call) -> OrderOut:
    """Put an order and its invoice right, and say why; the former entry in the books stays readable."""
    sent, company, person = call.read(FixIn), call.company, call.person()
    if not sent.reason.strip():
        raise Fault(422, "invalid", "reason: is missing", fields=("reason",))
    _look(call, person)
    till, number = till_of(company), call.path["number"]
    try:
        made = ordering.correct(till, person, number, lines=_lines(sent.lines), reason=sent.reason)
    except NoOrder as error:
        raise Fault(404, "not-here", str(error)) from None
    except BadOrder as error:
        raise Fault(422, "invalid", str(error), fields=(error.field,)) from None
    refresh(company, person)
    corrected(company, person, made)
    return order_out(made, company.orders)


def order_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which orders are taken."""
    return clauses_of(call.company.policy, Purpose, call.company.orders.purpose)


def _look(call: Call, person: int) -> None:
    """Have a member of staff see the person's orders first, by the door their role has for them now."""
    if call.asker.kind == "job":
        call.purpose(call.company.orders.purpose)
    if call.asker.kind != "staff":
        return
    data, roles = call.company.orders.order, call.asker.roles
    doors = [d for d in call.company.policy.of(Door) if d.verb == "show" and data in d.data]
    mine = next((d for d in doors if d.party in roles), None)
    if mine is None:
        raise Fault(403, "wrong-asker", "this role sees no orders", clauses=tuple(d.clause for d in doors))
    reason = f"order {call.path['number']}"
    call.company.gate.show(
        person=person,
        data=data,
        purpose=mine.purposes[0],
        role=mine.party,
        reason=reason,
        staff=call.asker.name,
    )


def _lines(sent: Sequence[LineIn]) -> tuple[Line, ...]:
    return tuple(Line(one.product, one.count) for one in sent)
