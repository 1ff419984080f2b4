"""Insight: what a brand or a client is told of its markets, as a table, a drawing and a file, for staff."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.insight import Table
from troth.runtime import Company
from troth.services.insight import markets, readers
from troth.web.asking import staff_of
from troth.web.bars import bars
from troth.web.insight import NoMarket, as_csv, report
from troth.web.pages import page


async def insight(request: Request) -> Response:
    """Show the tables of one member's market; the choice of them stands above."""
    session, company = staff_of(request), request.state.company
    choices = _choices(company)
    chosen = request.query_params.get("of", choices[0][0] if choices else "")
    tables = await _tables(company, chosen, choices) if choices else ()
    return page(
        request,
        "desk/insight.html",
        title="Insight",
        here="console",
        tab="insight",
        wide=True,
        session=session,
        choices=choices,
        chosen=chosen,
        tables=[(t, bars(t.cells, f"{t.data}.{t.field}", t.within)) for t in tables],
    )


async def insight_csv(request: Request) -> Response:
    """Give the same tables as CSV."""
    staff_of(request)
    company: Company = request.state.company
    tables = await _tables(company, request.query_params.get("of", ""), _choices(company))
    return as_csv(company.name, tables)


async def _tables(company: Company, chosen: str, choices: list[tuple[str, str]]) -> tuple[Table, ...]:
    if chosen not in {key for key, _ in choices}:
        raise HTTPException(404)
    party, member, market = chosen.split(":")
    try:
        return await run_in_threadpool(lambda: report(company, party=party, member=member, market=market))
    except NoMarket as none:
        raise HTTPException(404, str(none)) from none


def _choices(company: Company) -> list[tuple[str, str]]:
    """Return (party:member:market, how it is called) for every market that is some member's own."""
    known = markets(company.site)
    return [
        (f"{party}:{member}:{market}", f"{about.get('title', member)}: {known[market].title}")
        for party in readers(company.policy)
        for member, about in company.parties.get(party, {}).items()
        for market in company.gate.markets(party=party, member=member)
        if market in known
    ]
