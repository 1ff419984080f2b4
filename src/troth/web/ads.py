"""Ads: a unit shown inside its publisher's page, its zip, and the one address it may reach when pressed.

No session is looked at, no cookie is set, nothing is logged: a press is a step and an option of a unit, and
the hour is the server's own.  The address of whoever presses is used in memory to answer, and for a brake
that forgets it within a minute (``ads_pace``).
"""

from __future__ import annotations

from datetime import UTC
from time import monotonic
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Area
from troth.publish.ad import SANDBOX, bundle, frame, page
from troth.runtime import Company
from troth.services.ads import Unit, check_unit, creative, origins, pressed, units
from troth.services.facts import site_of
from troth.services.flows import Flow
from troth.web.ads_pace import BRAKE
from troth.web.problems import problem

COUNTED = frozenset({"step", "option"})


async def showing(request: Request) -> Response:
    """Show a unit in a frame of its publisher; the browser keeps every other page from framing it."""
    company: Company = request.state.company
    unit, flow = _unit(request)
    allowed = origins(company.site, unit.publisher)
    around = site_of(request.headers.get("referer", ""))
    if around and around not in {*allowed, _here(request)}:
        raise HTTPException(403, "This page is not one that may show this ad.")
    text = page(creative(unit, company.site, flow, counting(company, unit, _here(request))))
    reach = f"connect-src {_here(request)}" if counting(company, unit, "x") else "connect-src 'none'"
    bounds = (
        f"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; {reach}; "
        f"base-uri 'none'; form-action 'none'; sandbox {SANDBOX}; frame-ancestors {' '.join(allowed)}"
    )
    return Response(text, media_type="text/html", headers={"Content-Security-Policy": bounds})


async def packed(request: Request) -> Response:
    """Give a unit as a zip for an ad server; it reaches nobody, not even its counter."""
    unit, flow = _unit(request)
    raw = await run_in_threadpool(lambda: bundle(creative(unit, request.state.company.site, flow)))
    named = {"Content-Disposition": f'attachment; filename="{unit.name}.zip"'}
    return Response(raw, media_type="application/zip", headers=named)


async def press(request: Request) -> Response:
    """Count one press; what is not a step and an option of this unit is refused and goes nowhere."""
    company: Company = request.state.company
    unit, flow = _unit(request)
    if not BRAKE.free(request.client.host if request.client else "", monotonic()):
        raise HTTPException(429)
    sent = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    hour = f"{company.clock().astimezone(UTC):%Y-%m-%dT%H}"
    plain = set(sent) == COUNTED and not request.url.query
    moved = pressed(company.policy, unit, flow, sent["step"], sent["option"], hour) if plain else ()
    if not moved:
        areas = [a.clause for a in company.policy.of(Area) if a.no_personal_data]
        return problem(
            422, "invalid", "an ad counts a step and an option of its own, and nothing else", areas
        )
    for counter, dims in moved:
        await run_in_threadpool(company.gate.count, counter=counter, dims=dims)
    return Response(status_code=204)


def counting(company: Company, unit: Unit, origin: str) -> str:
    """Return where presses of a unit are counted, '' where the document declares no counter for them."""
    flow = company.flows[unit.flow]
    moved = pressed(company.policy, unit, flow, flow.steps[0].name, "", "")
    return f"{origin}/{company.name}/ad/{unit.name}/count" if moved else ""


def tag_of(company: Company, unit: Unit, origin: str) -> str:
    """Return the tag of a unit, for the publisher's page."""
    flow = company.flows[unit.flow]
    return frame(f"{origin}/{company.name}/ad/{unit.name}", flow.title, unit.dots)


def _unit(request: Request) -> tuple[Unit, Flow]:
    """Return the unit of this address; 404 for none, and for one that may not be published."""
    company: Company = request.state.company
    unit = units(company.site).get(request.path_params["unit"])
    if unit is None or not unit.publisher or company.problems.get(unit.flow):
        raise HTTPException(404)
    if check_unit(unit, company.site, company.flows, company.policy):
        raise HTTPException(404)
    return unit, company.flows[unit.flow]


def _here(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
