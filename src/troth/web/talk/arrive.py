"""Arrive: where a conversation begins, by which way somebody came, and who may be served what.

A visit is counted under the document's own counters and belongs to nobody.  What an advertising network adds
to a link (gclid, fbclid …) is never read: of a query only ``via``, ``campaign``, ``lang``, ``embed`` and
``preview`` are looked at.
"""

from __future__ import annotations

from datetime import UTC
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Data, Door, Purpose, Recipient, Role
from troth.runtime import Company
from troth.services import Coverage, Flow, Visit, channel, clicked, counted, link_problem
from troth.services.facts import site_of
from troth.web.asking import session_of
from troth.web.look import brand_of, framers
from troth.web.me.centre import role_title
from troth.web.moments import today
from troth.web.pages import language_of, page


def served(request: Request) -> Flow:
    """Return the flow of this address; 404 for none, one with problems, a draft outside a rehearsal; 410 for
    one whose last day is gone."""
    company: Company = request.state.company
    flow = company.flows.get(request.path_params["flow"])
    if flow is None or company.problems.get(flow.name) or (flow.draft and not rehearsal(request)):
        raise HTTPException(404)
    if flow.over(today(company)):
        raise HTTPException(410, "This conversation has ended. Nothing was stored.")
    return flow


def embedded(request: Request) -> bool:
    return request.query_params.get("embed") == "1"


def rehearsal(request: Request) -> bool:
    """Say whether staff look at this flow without anything being stored."""
    if request.query_params.get("preview") != "1" or embedded(request):
        return False
    session = session_of(request)
    return session is not None and bool(session.staff)


def manner(request: Request) -> str:
    """Return the query that keeps a conversation in its frame or its rehearsal."""
    return "?embed=1" if embedded(request) else "?preview=1" if rehearsal(request) else ""


def spoken_in(request: Request, flow: Flow) -> str:
    """Return the language this conversation begins in: the reader's if the flow speaks it, else its own."""
    wanted = language_of(request)
    return wanted if wanted in flow.languages else flow.language


async def opening(request: Request) -> Response:
    """Show where a flow begins; counts the visit by its channel and sets nothing."""
    flow, company = served(request), request.state.company
    language = spoken_in(request, flow)
    spoken = flow.spoken(language)
    if embedded(request) and not _may_frame(request, flow):
        raise HTTPException(403, "This page is not one that may show this conversation.")
    if not rehearsal(request):
        await run_in_threadpool(_count, request, flow)
    session = None if embedded(request) else session_of(request)
    return page(
        request,
        "talk/start.html",
        flow=spoken,
        title=spoken.title,
        language=language,
        languages=flow.languages,
        brand=brand_of(company.site, flow.name),
        embed=embedded(request),
        preview=rehearsal(request),
        manner=manner(request),
        asks=_asks(company, flow),
        readers=readers(company, {s.ask.data for s in flow.steps if s.ask}),
        campaign=""
        if link_problem(request.query_params.get("campaign", ""))
        else request.query_params.get("campaign", ""),
        came=site_of(request.headers.get("referer", "")),
        resume=session is not None and flow.name in session.talks,
    )


async def click(request: Request) -> Response:
    """Answer a banner's click: lead to the landing page under the placement's name and drop the query."""
    company: Company = request.state.company
    name = request.path_params["placement"]
    placed = company.site.get("placements", {}).get(name)
    if placed is None or link_problem(name):
        raise HTTPException(404)
    ended = str(placed.get("until", ""))
    flow = company.flows.get(str(placed.get("flow", "")))
    if flow is None or flow.draft or (ended and today(company).isoformat() >= ended):
        return page(
            request,
            "message.html",
            status=410,
            title="This offer has ended",
            text="The conversation behind this link is closed.",
            clauses=(),
            missing=(),
        )
    await run_in_threadpool(_click, company, name)
    query = urlencode({"via": "ad", "campaign": name})
    return RedirectResponse(f"/{company.name}/f/{flow.name}?{query}", 303)


def readers(company: Company, data: set[str]) -> list[str]:
    """Name those whom the document lets see any of these categories as they are."""
    names = {p.name: p.text or p.name for p in company.policy.of(Recipient)}
    names |= {r.name: role_title(r) for r in company.policy.of(Role)}
    doors = [d for d in company.policy.of(Door) if any(x.split(".")[0] in data for x in d.data)]
    return list(dict.fromkeys(names.get(d.party, d.party) for d in doors if d.form.value == "identified"))


def why(company: Company, data: str, purpose: str) -> Purpose | None:
    """Return the purpose an answer is asked for, to stand beside the question."""
    return next((p for p in company.policy.of(Purpose) if p.name == purpose), None)


def _asks(company: Company, flow: Flow) -> list[str]:
    coverage = Coverage(company.policy)
    found: dict[str, Data] = {s.ask.data: d for s in flow.steps if s.ask and (d := coverage.data(s.ask.data))}
    return [d.text or d.name for d in found.values()]


def _may_frame(request: Request, flow: Flow) -> bool:
    """Say whether the page around the frame is registered; the browser enforces it, the count needs it."""
    around = site_of(request.headers.get("referer", ""))
    own = f"{request.url.scheme}://{request.url.netloc}"
    return not around or around == own or around in framers(request.state.company.site, flow.name)


def _click(company: Company, placement: str) -> None:
    hour = company.clock().astimezone(UTC).strftime("%Y-%m-%dT%H")
    for counter, dims in clicked(company.policy, placement, hour):
        company.gate.count(counter=counter, dims=dims)


def _count(request: Request, flow: Flow) -> None:
    company: Company = request.state.company
    campaign = request.query_params.get("campaign", "")
    visit = Visit(
        flow.name,
        company.clock().astimezone(UTC).strftime("%Y-%m-%dT%H"),
        channel(request.query_params.get("via", ""), request.headers.get("referer", "")),
        "" if link_problem(campaign) else campaign,
    )
    for counter, dims in counted(company.policy, visit):
        company.gate.count(counter=counter, dims=dims)
