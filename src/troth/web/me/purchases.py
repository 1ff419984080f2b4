"""Purchases: what is sold in the product, the person's orders, and the one page that asks for a card.

The card goes through to the firm that takes payments and is kept nowhere; the page says so beside the field,
and asks for a yes of its own before a card is saved.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import BadBody, GateError
from troth.gate.means import OPEN, NoProvider
from troth.gate.pay import Declined, NotTaken
from troth.policy.model import Consent
from troth.runtime import Company
from troth.services import purchases as buying
from troth.services.purchases import NoPurchase, Selling
from troth.web.asking import own_act, person_of
from troth.web.moments import used
from troth.web.pages import page
from troth.web.selling import NothingSold, receipt, selling_of, title_of

SAID = {
    Declined: (402, "The payment was declined. Nothing was taken; you may try another card."),
    NoProvider: (503, "Nobody takes payments here just now. Your order waits."),
    NotTaken: (502, "The firm that takes payments could not be reached safely. Nothing was taken."),
    BadBody: (422, "That is no card or account number."),
}


async def shop(request: Request) -> Response:
    """Show what is sold above what was bought."""
    session, company = person_of(request), request.state.company
    selling, person = _selling(company), session.person
    assert person is not None
    await run_in_threadpool(used, company, session)
    found = await run_in_threadpool(lambda: buying.purchases(selling, person))
    said, session.said = session.said, ""
    return page(
        request,
        "me/purchases.html",
        title="Your orders",
        here="me",
        tab="purchases",
        session=session,
        said=said,
        products=selling.words.products,
        orders=[(p, title_of(company, p)) for p in found],
    )


async def buy(request: Request) -> Response:
    """Order something, and go on to pay it."""
    session, form = await own_act(request)
    company, person = request.state.company, session.person
    assert person is not None
    selling, by = _selling(company), form.get("by", buying.CARD)
    if by not in (buying.CARD, buying.INVOICE):
        raise HTTPException(400)
    try:
        made = await run_in_threadpool(
            lambda: buying.buy(selling, person, product=form.get("product", ""), by=by)
        )
    except NoPurchase as error:
        raise HTTPException(404) from error
    return RedirectResponse(f"/{company.name}/me/purchases/{made.number}", 303)


async def order(request: Request) -> Response:
    """Show one order, with the form that pays it while it is not paid."""
    return await _order(request, person_of(request).person)


async def pay(request: Request) -> Response:
    """Pay an order; what stands in the way is said on the same page, and the card is typed anew."""
    session, form = await own_act(request)
    company, person = request.state.company, session.person
    assert person is not None
    selling, number, save = _selling(company), request.path_params["number"], "save" in form
    names = (selling.means.card, selling.means.account, "expires", "code")
    given = {n: form[n].strip() for n in names if n and form.get(n, "").strip()}

    def deed() -> None:
        if save:
            company.gate.consent(person=person, name=selling.means.saving, given=True, channel="page")
        made = buying.pay(selling, person, number, given=given, save=save)
        last = given.get(selling.means.card) or given.get(selling.means.account, "")
        receipt(company, person, made, last[-4:])

    try:
        await run_in_threadpool(deed)
    except NoPurchase as error:
        raise HTTPException(404) from error
    except GateError as error:
        known = next((SAID[kind] for kind in SAID if isinstance(error, kind)), None)
        if known is None:
            raise HTTPException(409) from error
        return await _order(request, person, *known)
    session.said = "Paid. Your receipt is on its way."
    return RedirectResponse(f"/{company.name}/me/purchases/{number}", 303)


async def _order(request: Request, person: int | None, status: int = 200, problem: str = "") -> Response:
    session, company = person_of(request), request.state.company
    selling = _selling(company)
    assert person is not None
    try:
        found = await run_in_threadpool(
            lambda: buying.purchase(selling, person, request.path_params["number"])
        )
    except NoPurchase as error:
        raise HTTPException(404) from error
    said, session.said = session.said, ""
    asked = next((c for c in company.policy.of(Consent) if c.name == selling.means.saving), None)
    return page(
        request,
        "me/purchase.html",
        status,
        title="An order",
        here="me",
        tab="purchases",
        session=session,
        said=said,
        problem=problem,
        order=found,
        item=title_of(company, found),
        payable=found.state in (OPEN, "failed"),
        paying=company.gate.takes_payments(),
        means=selling.means,
        asked=asked,
    )


def _selling(company: Company) -> Selling:
    try:
        return selling_of(company)
    except NothingSold as error:
        raise HTTPException(404) from error
