"""Goods: what is sold, and ordering it.  A signed-in person's looking is noted where the document lets it be.

Nothing is noted of anybody else, and nothing is chosen for anybody on these pages.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import BadBody
from troth.policy.model import Field
from troth.runtime import Company
from troth.services import Coverage, ordering
from troth.services.ordering import BadOrder
from troth.services.orders import Line, Product
from troth.terms import TrothError
from troth.web.asking import Form, own_act, session_of
from troth.web.deriving import refresh
from troth.web.moments import used
from troth.web.pages import page
from troth.web.sessions import Session
from troth.web.till import confirm, till_of


async def shelf(request: Request) -> Response:
    """Show all that is sold; 404 where nothing is."""
    company: Company = request.state.company
    if not company.orders.products:
        raise HTTPException(404)
    return page(request, "goods/shelf.html", title="Shop", here="shop", products=company.orders.products)


async def product(request: Request) -> Response:
    """Show one product, with the form that orders it."""
    sold, session = _product(request), session_of(request)
    if session is not None and session.person is not None:
        await run_in_threadpool(look, request.state.company, session.person, sold.name)
    return _page(request, sold, session)


async def buying(request: Request) -> Response:
    """Take the order in, and lead to the page where it stands; what cannot be comes back with its reason."""
    session, form = await own_act(request)
    company, sold, person = request.state.company, _product(request), session.person
    assert person is not None
    await run_in_threadpool(used, company, session)
    try:
        made = await run_in_threadpool(_order, company, person, sold, form)
    except (BadOrder, BadBody) as error:
        return _page(request, sold, session, str(error), form, 422)
    session.said = f"Your order has the number {made}."
    return RedirectResponse(f"/{company.name}/me/orders", 303)


def look(company: Company, person: int, name: str) -> None:
    """Note that a person looked at something; a document, or a person, that does not let it goes without."""
    orders = company.orders
    found = Coverage(company.policy).data(orders.viewed)
    field = next((f.name for f in found.fields if name in f.choices), "") if found else ""
    if not field:
        return
    try:
        company.gate.collect(
            person=person, data=orders.viewed, body={field: name}, purpose=orders.study, source="use"
        )
    except TrothError:
        return


def address_fields(company: Company) -> tuple[Field, ...]:
    """Return the document's own fields of an address."""
    found = Coverage(company.policy).data(company.orders.address)
    return found.fields if found else ()


def _order(company: Company, person: int, sold: Product, form: Form) -> str:
    count = form.get("count", "1")
    lines = [Line(sold.name, int(count) if count.isdecimal() and len(count) < 4 else 0)]
    where = {f.name: form.get(f"address-{f.name}", "").strip() for f in address_fields(company)}
    missing = [f.name for f in address_fields(company) if not f.optional and not where[f.name]]
    if missing:
        raise BadOrder(missing[0], "is missing; it is where we deliver")
    buyer = form.get("buyer", "").strip()[:200]
    made = ordering.place(till_of(company), person, lines=lines, buyer=buyer, address=where)
    refresh(company, person)
    confirm(company, person, made)
    return made.number


def _product(request: Request) -> Product:
    found: Product | None = request.state.company.orders.product(request.path_params["product"])
    if found is None:
        raise HTTPException(404)
    return found


def _page(
    request: Request,
    sold: Product,
    session: Session | None,
    problem: str = "",
    typed: Form | None = None,
    status: int = 200,
) -> Response:
    company = request.state.company
    return page(
        request,
        "goods/product.html",
        status,
        title="Shop",
        here="shop",
        product=sold,
        session=session,
        known=session is not None and session.person is not None,
        fields=address_fields(company),
        purpose=Coverage(company.policy).purpose(company.orders.purpose),
        flows=[f for f in company.flows.values() if f.event and not f.draft],
        problem=problem,
        typed=typed or {},
    )
