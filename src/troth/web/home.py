"""Home: a company's own first page, for strangers and for who is signed in."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.web import houseads
from troth.web.asking import session_of
from troth.web.chat.talk import served_all
from troth.web.look import brand_of
from troth.web.me import (
    offers,
)
from troth.web.offering import block_for, fitting
from troth.web.pages import language_of, page
from troth.web.room.seat import brand_of as room_brand
from troth.web.room.seat import hosted


async def home(request: Request) -> Response:
    """Show the company's own first page."""
    company: Company = request.state.company
    language = language_of(request)
    open_ = [f for f in company.flows.values() if not f.draft and not company.problems.get(f.name)]
    shown = [(f.spoken(language), brand_of(company.site, f.name)) for f in open_]
    session = session_of(request)
    person = session.person if session is not None else None
    fitted = () if person is None else await run_in_threadpool(fitting, company, person)
    questions = {c.why.question: offers.question(company, c.why.question) for c in fitted if c.why}
    hosting = await run_in_threadpool(hosted, request)
    ad = await run_in_threadpool(houseads.shown, company, person)
    block = await run_in_threadpool(block_for, company, person)
    return page(
        request,
        "home.html",
        brand=room_brand(hosting) if hosting else None,
        flows=shown,
        agents=served_all(company),
        here="home",
        fitted=fitted,
        questions=questions,
        ad=ad,
        block=block,
        asked=offers.question(company, block.why.question) if block and block.why else "",
    )
