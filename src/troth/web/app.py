"""App: the routes, each under its company's name; errors become answers in one place (``problems.py``)."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence

import segno
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from troth.services import link_problem
from troth.terms import Refused
from troth.web import console_pages, flow_pages, me_pages
from troth.web.company import Company
from troth.web.guard import Guard
from troth.web.pages import page, static
from troth.web.problems import on_fault, on_http, on_refused
from troth.web.sessions import Sessions

Page = Callable[[Request], Awaitable[Response]]
TYPES = {"style.css": "text/css", "frame.js": "text/javascript", "embed.js": "text/javascript"}


def app(companies: Sequence[Company]) -> Starlette:
    """Return the ASGI application that serves these companies, each under ``/name/``."""
    by_name = {company.name: company for company in companies}

    def at(method: str, path: str, endpoint: Page) -> Route:
        async def found(request: Request) -> Response:
            company = by_name.get(request.path_params["company"])
            if company is None:
                raise HTTPException(404)
            request.state.company = company
            return await endpoint(request)

        return Route("/{company}" + path, found, methods=[method], name=f"{method} {path}")

    async def root(request: Request) -> Response:
        if len(by_name) == 1:
            return RedirectResponse(f"/{next(iter(by_name))}/")
        return Response("\n".join(f"/{name}/" for name in by_name), media_type="text/plain")

    made = Starlette(
        routes=[Route("/", root), *(at(*line) for line in ROUTES)],
        exception_handlers={HTTPException: on_http, Refused: on_refused, Exception: on_fault},
    )
    made.add_middleware(Guard, framers=lambda name: framers(by_name[name]) if name in by_name else ())
    made.state.sessions = Sessions()
    made.state.visits = {}
    return made


def framers(company: Company) -> tuple[str, ...]:
    """Return the origins that may frame this company's flows: ``embed`` lists in ``site.toml``."""
    clients = company.site.get("clients", {}).values()
    listed = [*company.site.get("embed", ()), *(origin for c in clients for origin in c.get("embed", ()))]
    return tuple(o for o in listed if o.startswith(("https://", "http://")) and not set(o) & set(" ;,'\"*"))


async def home(request: Request) -> Response:
    company = request.state.company
    flows = [f for f in company.flows.values() if not f.draft and not company.problems.get(f.name)]
    return page(request, "home.html", flows=flows)


async def privacy(request: Request) -> Response:
    company = request.state.company
    return page(request, "privacy.html", title="Privacy", here="privacy", notice=Markup(company.notice))


async def asset(request: Request) -> Response:
    name = request.path_params.get("name", "embed.js")
    if name not in TYPES:
        raise HTTPException(404)
    told = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(static(name), media_type=TYPES[name], headers=told)


async def qr(request: Request) -> Response:
    """Draw a QR code (ISO/IEC 18004, level M) of a flow's address and a campaign code, nothing personal."""
    flow = flow_pages.served(request)
    campaign = request.query_params.get("campaign", "")
    if set(request.query_params) - {"campaign"} or link_problem(campaign):
        raise HTTPException(
            400, link_problem(campaign) or "a QR code carries a campaign code and nothing else"
        )
    company, kind = request.state.company, request.path_params["kind"]
    if kind not in ("svg", "png"):
        raise HTTPException(404)
    address = f"{request.url.scheme}://{request.url.netloc}/{company.name}/f/{flow.name}?via=qr"
    code = segno.make(address + (f"&campaign={campaign}" if campaign else ""), error="m", micro=False)
    out = io.BytesIO()
    if kind == "svg":
        code.save(out, kind="svg", scale=8, title=flow.title, desc=address)
    else:
        code.save(out, kind="png", scale=8)
    return Response(out.getvalue(), media_type="image/svg+xml" if kind == "svg" else "image/png")


ROUTES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", home),
    ("GET", "/privacy", privacy),
    ("GET", "/static/{name}", asset),
    ("GET", "/embed.js", asset),
    ("GET", "/qr/{flow}.{kind}", qr),
    ("GET", "/f/{flow}", flow_pages.opening),
    ("POST", "/f/{flow}/start", flow_pages.begin),
    ("POST", "/f/{flow}/step", flow_pages.answering),
    ("POST", "/f/{flow}/back", flow_pages.returning),
    ("GET", "/f/{flow}/{step}", flow_pages.showing),
    ("GET", "/signin", me_pages.sign_in_page),
    ("POST", "/signin", me_pages.send_code),
    ("POST", "/signin/code", me_pages.take_code),
    ("POST", "/signout", me_pages.sign_out),
    ("GET", "/me", me_pages.centre),
    ("GET", "/me/download", me_pages.download),
    ("POST", "/me/correct", me_pages.act(me_pages.correct, "Corrected.")),
    ("POST", "/me/consent", me_pages.act(me_pages.consent, "Noted. It counts from now on.")),
    ("POST", "/me/object", me_pages.act(me_pages.object_to, "Your objection stands.")),
    ("POST", "/me/restrict", me_pages.act(me_pages.restrict, "Done.")),
    ("POST", "/me/close", me_pages.act(me_pages.close, "Your account is closed.")),
    ("POST", "/me/delete", me_pages.delete),
    ("GET", "/console/", console_pages.console),
    ("POST", "/console/signin", console_pages.sign_in),
    ("GET", "/console/forecast.csv", console_pages.forecast_csv),
)
