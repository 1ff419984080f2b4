"""Flows: each conversation with its problems, visits by channel and links; and the outbox of what went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Counter
from troth.runtime import Company
from troth.web.asking import staff_of
from troth.web.look import brand_of, framers
from troth.web.pages import page


async def flows(request: Request) -> Response:
    """List the flows as staff need them."""
    session, company = staff_of(request), request.state.company
    visits = await run_in_threadpool(arrivals, company)
    site = f"{request.url.scheme}://{request.url.netloc}/{company.name}"
    return page(
        request,
        "desk/flows.html",
        title="Flows",
        here="console",
        tab="flows",
        wide=True,
        session=session,
        site=site,
        flows=[_row(company, name, visits) for name in company.flows],
        placements=company.site.get("placements", {}),
    )


async def outbox(request: Request) -> Response:
    """Show what was sent, newest first."""
    session, company = staff_of(request), request.state.company
    return page(
        request,
        "desk/outbox.html",
        title="Outbox",
        here="console",
        tab="outbox",
        wide=True,
        session=session,
        mails=list(company.mails())[::-1][:100],
    )


def arrivals(company: Company) -> Mapping[str, Mapping[str, int]]:
    """Return visits by flow and channel, from the document's own counters."""
    found: dict[str, dict[str, int]] = {}
    for counter in company.policy.of(Counter):
        if {"flow", "channel"} <= set(counter.of):
            for dims, n in counted(company.gate.counts(counter=counter.name)):
                channels = found.setdefault(dims.get("flow", ""), {})
                channels[dims.get("channel", "")] = channels.get(dims.get("channel", ""), 0) + n
    return found


def delicate(company: Company, flow: str) -> list[tuple[str, str, int]]:
    """Return how many free answers of a flow sounded delicate, by step and kind; never which."""
    return [
        (dims["step"], dims["kind"], n)
        for counter in company.policy.of(Counter)
        if set(counter.of) == {"flow", "step", "kind"}
        for dims, n in counted(company.gate.counts(counter=counter.name))
        if dims["flow"] == flow
    ]


def counted(rows: Any) -> list[tuple[dict[str, str], int]]:
    """Read the gate's counts as (dimensions, number)."""
    return [(dict(dims), int(n)) for dims, n in (rows.items() if isinstance(rows, Mapping) else rows)]


def _row(company: Company, name: str, visits: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    flow, problems = company.flows[name], company.problems.get(name, ())
    return {
        "name": name,
        "title": flow.title,
        "draft": flow.draft,
        "problems": [str(p) for p in problems],
        "served": not flow.draft and not problems,
        "brand": brand_of(company.site, name),
        "framers": framers(company.site, name),
        "languages": flow.languages,
        "steps": len(flow.steps),
        "delicate": delicate(company, name),
        "visits": sorted(visits.get(name, {}).items()),
        "total": sum(visits.get(name, {}).values()),
    }
