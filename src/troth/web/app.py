"""App: the routes, each under its company's name; errors become answers in one place (``problems.py``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from troth.gate.errors import ClockLeapt
from troth.runtime import Company
from troth.services.traffic import page_of
from troth.terms import Refused
from troth.web import (
    api,
    device,
    front,
    logbook,
    measuring,
    preferring,
    ready,
    staying,
    usage,
)
from troth.web.asking import insist_chosen
from troth.web.chat.meter import Meter
from troth.web.guard import Guard
from troth.web.look import framers
from troth.web.problems import on_fault, on_http, on_refused
from troth.web.registered import Registered, Strays
from troth.web.scope import Scoped, hosts
from troth.web.sessions import IDLE, Sessions
from troth.web.shared import Saving, Shared
from troth.web.table import ROUTES, Page
from troth.web.visitors import Visitors


def app(companies: Sequence[Company], unready: Collection[str] = ()) -> Starlette:
    """Return the ASGI application that serves these companies, each under ``/name/``.

    ``unready`` names companies whose document is not loaded: they are answered with 503.
    """
    by_name = {company.name: company for company in companies}
    for company in companies:
        with suppress(ClockLeapt):  # which the next turn of the sweep says; what is due is refused anyway
            company.gate.sweep_on()  # a restored backup holds nothing whose day has come

    def at(method: str, path: str, endpoint: Page) -> Route:
        async def found(request: Request) -> Response:
            company = by_name.get(request.path_params["company"])
            if company is None:
                raise HTTPException(404)
            request.state.company = company
            insist_chosen(request, path)
            preferring.resumed(request)
            response = await staying.resumed(request, shown(endpoint))
            await run_in_threadpool(measuring.noted, request, response)
            await run_in_threadpool(usage.noted, request, response)
            await run_in_threadpool(logbook.noted, request, response)
            await run_in_threadpool(preferring.remembered, request, response)
            await run_in_threadpool(device.tidied, request, response)
            return response

        return Route("/{company}" + path, found, methods=[method], name=f"{method} {path}")

    def shown(endpoint: Page) -> Page:
        async def prepared(request: Request) -> Response:
            await run_in_threadpool(measuring.prepared, request, pages)
            return await endpoint(request)

        return prepared

    async def hit(request: Request) -> Response:
        return await run_in_threadpool(measuring.hit, request, pages)

    pages = frozenset(page_of("/{company}" + path) for method, path, _ in ROUTES if method == "GET")

    async def alone(request: Request) -> Response:
        if len(by_name) != 1 or request.path_params["file"] != "gpc.json":
            raise HTTPException(404)
        return RedirectResponse(f"/{next(iter(by_name))}/.well-known/gpc.json")

    def frames(name: str, flow: str) -> tuple[str, ...]:
        return framers(by_name[name].site, flow) if name in by_name else ()

    made = Starlette(
        routes=[
            *ready.routes(companies, unready),
            *front.routes(by_name),
            Route("/.well-known/{file}", alone),
            *api.routes(companies),
            at("GET", "/hit.gif", hit),
            *(at(*line) for line in ROUTES),
        ],
        exception_handlers={HTTPException: on_http, Refused: on_refused, Exception: on_fault},
    )
    strays = made.state.strays = Strays()
    made.add_middleware(Registered, companies=companies, strays=strays)
    made.add_middleware(Scoped, hosts=hosts(companies))
    made.add_middleware(Guard, framers=frames)
    made.state.sessions = _stays(made, companies)
    made.state.meter = Meter()
    made.state.visits = {}
    made.state.visitors = Visitors()
    return made


def _stays(made: Starlette, companies: Sequence[Company]) -> Sessions:
    """Return the stays, in the memory of this process or in the store of each company for all of them."""
    known = {company.name: company.waiting for company in companies if company.waiting is not None}
    if not known:
        return Sessions()
    shared = Shared(known)
    made.add_middleware(Saving, shared=shared, longest=IDLE)
    return Sessions(shared)
