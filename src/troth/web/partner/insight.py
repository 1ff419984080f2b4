"""Insight: a partner's own markets, as tables, drawings and a file."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.insight import Table
from troth.services.insight import markets, readers
from troth.web.bars import bars
from troth.web.insight import NoMarket, as_csv, report
from troth.web.pages import page
from troth.web.partner.home import frame
from troth.web.partner.signin import partner_of


async def insight(request: Request) -> Response:
    """Show the tables of one of the partner's markets; the choice of them stands above."""
    session, company = partner_of(request), request.state.company
    mine = _mine(request)
    chosen = request.query_params.get("of", next(iter(mine), ""))
    tables = await _tables(request, chosen) if mine or chosen else ()
    return page(
        request,
        "partner/insight.html",
        **frame(company, session, "insight"),
        choices=mine,
        chosen=chosen,
        tables=[(t, bars(t.cells, f"{t.data}.{t.field}", t.within)) for t in tables],
    )


async def insight_csv(request: Request) -> Response:
    """Give the same tables as CSV."""
    company = request.state.company
    return as_csv(company.name, await _tables(request, request.query_params.get("of", "")))


async def _tables(request: Request, market: str) -> tuple[Table, ...]:
    session, company = partner_of(request), request.state.company
    if market not in _mine(request):
        raise HTTPException(403 if session.party not in readers(company.policy) else 404)
    try:
        return await run_in_threadpool(
            lambda: report(company, party=session.party, member=session.member, market=market)
        )
    except NoMarket as none:
        raise HTTPException(404, str(none)) from none


def _mine(request: Request) -> dict[str, str]:
    """Return the partner's markets by name, with what each is called."""
    session, company = partner_of(request), request.state.company
    known = markets(company.site) if session.party in readers(company.policy) else {}
    own = company.gate.markets(party=session.party, member=session.member)
    return {name: known[name].title for name in own if name in known}


ROUTES = (("GET", "/partner/insight", insight), ("GET", "/partner/insight.csv", insight_csv))
