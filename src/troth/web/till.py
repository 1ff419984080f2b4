"""Till: hands a company to the services that take orders, and writes to the person what became of one."""

from __future__ import annotations

from troth.runtime import Company
from troth.services.ordering import Till
from troth.services.orders import Order, items, total
from troth.terms import TrothError
from troth.web import tongue
from troth.web.confirming import tongue_of


def till_of(company: Company) -> Till:
    """Return the company as far as orders go."""
    return Till(company.gate, company.orders, company.clock, company.policy.zone)


def confirm(company: Company, person: int, order: Order) -> None:
    """Write that the order came in; one that cannot be written to sees it on their page."""
    write(
        company,
        person,
        order,
        "Your order {number}",
        "We have your order {number}: {items}, {amount} in all.\nHow it stands, and how to cancel it: {link}",
    )


def moved(company: Company, person: int, order: Order) -> None:
    """Write that an order was sent, delivered or cancelled."""
    write(
        company,
        person,
        order,
        "Your order {number}: {state}",
        "Your order {number} ({items}) is {state} now.\nAll your orders: {link}",
    )


def corrected(company: Company, person: int, order: Order) -> None:
    """Write that an order and its invoice were put right, and where the former ones can be read."""
    write(
        company,
        person,
        order,
        "Your order {number} was put right",
        "We corrected your order {number}. It is now: {items}, {amount} in all. The former invoice and the "
        "correction stand side by side on your page: {link}",
    )


def write(company: Company, person: int, order: Order, subject: str, text: str) -> None:
    """Write to a person about an order, in their language, on the ground of plain service mail."""
    address = address_of(company, person)
    say = tongue.speaker(tongue_of(company, person, company.policy.language))
    named = {
        "number": order.number,
        "items": items(company.orders, order.lines),
        "amount": total(company.orders, order.lines),
        "state": say(order.state),
        "link": f"{company.base_url}/{company.name}/me/orders",
    }
    if not address:
        return
    try:
        company.send(address, say(subject, **named), say(text, **named), person=person)
    except TrothError:
        return  # what the document does not let be written stands on the person's page all the same


def address_of(company: Company, person: int) -> str:
    """Return where plain service mail may reach a person now, '' when nowhere."""
    where = company.contact
    if where is None or not company.gate.proved(person=person, kind="email"):
        return ""
    try:
        held = company.gate.read(person=person, data=where.data, purpose=where.purpose, field=where.field)
    except TrothError:
        return ""
    return str(held[-1].body[where.field]) if held else ""
