"""Orders: what the person ordered, how it stands, what the books say of it, and how to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services import ordering
from troth.services.ordering import NoOrder, NotNow
from troth.services.orders import CANCELLED, NEXT, Order, items, total
from troth.web.asking import Form, person_of
from troth.web.me.matters import doors
from troth.web.moments import used
from troth.web.pages import page
from troth.web.sessions import Session
from troth.web.till import moved, till_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One order as it stands on the page, with the books' entries about it."""

    order: Order
    items: str
    amount: str
    cancellable: bool
    books: tuple[Mapping[str, object], ...]


async def orders(request: Request) -> Response:
    """Show the person's orders, newest first."""
    session, company = person_of(request), request.state.company
    person = session.person
    assert person is not None
    await run_in_threadpool(used, company, session)
    shown = await run_in_threadpool(_shown, company, person)
    said, session.said = session.said, ""
    return page(
        request,
        "me/orders.html",
        title="My orders",
        here="me",
        tab="orders",
        session=session,
        said=said,
        orders=shown,
        complaint=any(d.name == "complaint" for d in doors(company)),
    )


def cancel(company: Company, session: Session, person: int, form: Form) -> str:
    """Cancel an order that was not sent yet."""
    till, number = till_of(company), form.get("number", "")
    try:
        made = ordering.move(till, person, number, CANCELLED)
    except NoOrder as error:
        raise HTTPException(404, str(error)) from error
    except NotNow as error:
        raise HTTPException(409, str(error)) from error
    moved(company, person, made)
    return "Cancelled. Nothing is delivered, and nothing is owed."


def _shown(company: Company, person: int) -> tuple[Shown, ...]:
    till, sold = till_of(company), company.orders
    books = ordering.sales(till, person)
    return tuple(
        Shown(
            one,
            items(sold, one.lines),
            total(sold, one.lines),
            CANCELLED in NEXT[one.state],
            tuple(b for b in books if one.number in (b.get("number"), b.get("corrects"))),
        )
        for one in ordering.orders(till, person)
    )
