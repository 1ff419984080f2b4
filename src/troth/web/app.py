"""App: the routes, each under its company's name; errors become answers in one place (``problems.py``)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress

from markupsafe import Markup
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
    ads,
    api,
    applying,
    assets,
    booking,
    colleagues,
    confirming,
    contact,
    device,
    draws,
    explained,
    front,
    goods,
    houseads,
    identity,
    leaving,
    logbook,
    measuring,
    minors,
    objecting,
    openai,
    papers,
    partners,
    preferring,
    ready,
    renewed,
    shelving,
    staying,
    stopping,
    undoing,
    usage,
    verify,
    voices,
    wasme,
)
from troth.web.asking import insist_chosen, session_of
from troth.web.chat import ending
from troth.web.chat import page as chat
from troth.web.chat.meter import Meter
from troth.web.chat.talk import served_all
from troth.web.desk import (
    breaches,
    campaigns,
    console,
    contests,
    evidence,
    explain,
    file,
    flows,
    grants,
    insight,
    moderation,
)
from troth.web.desk import signin as staff
from troth.web.guard import Guard
from troth.web.look import brand_of, framers
from troth.web.me import (
    account,
    case,
    centre,
    choices,
    closing,
    copying,
    deeds,
    download,
    erasing,
    invited,
    matters,
    offers,
    orders,
    purchases,
    rewards,
    rights,
    senders,
    signin,
    signup,
    support,
)
from troth.web.offering import block_for, fitting
from troth.web.pages import language_of, page
from troth.web.partner import ROUTES as PARTNER
from troth.web.problems import on_fault, on_http, on_refused
from troth.web.registered import Registered, Strays
from troth.web.room import ROUTES as ROOM
from troth.web.room.seat import brand_of as room_brand
from troth.web.room.seat import hosted
from troth.web.scope import Scoped, hosts
from troth.web.sessions import IDLE, Sessions
from troth.web.shared import Saving, Shared
from troth.web.site import ROUTES as SITE
from troth.web.talk import arrive, film, review, steps
from troth.web.visitors import Visitors

Page = Callable[[Request], Awaitable[Response]]


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


async def privacy(request: Request) -> Response:
    """Show the notice in the reader's language, as far as it is written in it."""
    company: Company = request.state.company
    text = company.notices.get(language_of(request), company.notice)
    former, changes = renewed.history(company)
    return page(
        request,
        "privacy.html",
        title="Privacy",
        here="privacy",
        wide=True,
        notice=Markup(text),
        former=former,
        changes=changes,
        coming=[e for e in company.editions if company.policy.since and e.since > company.policy.since],
    )


async def machine(request: Request) -> Response:
    """Give the notice as data: ``privacy.json``, or the vocabulary that others read (``privacy.jsonld``)."""
    names = {"json": "notice.json", "jsonld": "policy.jsonld"}
    if request.path_params["kind"] not in names:
        raise HTTPException(404)
    request.path_params["file"] = names[request.path_params["kind"]]
    return await document(request)


async def signal(request: Request) -> Response:
    """Say whether Global Privacy Control is honoured."""
    request.path_params["file"] = "gpc.json"
    return await document(request)


async def document(request: Request) -> Response:
    """Give one of the published files: the notice, the record of processing, DPV, the cookie list."""
    company: Company = request.state.company
    name = request.path_params["file"]
    if name not in company.published:
        raise HTTPException(404)
    kinds = {
        "json": "application/json",
        "jsonld": "application/ld+json",
        "html": "text/html",
        "csv": "text/csv",
    }
    return Response(company.published[name], media_type=kinds.get(name.rsplit(".", 1)[-1], "text/plain"))


act = deeds.act

ROUTES: tuple[tuple[str, str, Page], ...] = (
    *ROOM,
    ("GET", "/", home),
    ("GET", "/privacy", privacy),
    ("GET", "/published/{file}", document),
    ("GET", "/privacy.{kind}", machine),
    ("GET", "/.well-known/gpc.json", signal),
    ("GET", "/contact", contact.asking),
    ("POST", "/contact", contact.sending),
    ("GET", "/jobs", applying.asking),
    ("POST", "/jobs", applying.sending),
    ("GET", "/voices", voices.showing),
    ("POST", "/voices", voices.offering),
    ("GET", "/booking/{number}/{ticket}", booking.showing),
    ("POST", "/booking/{number}/{ticket}", booking.taking_back),
    ("GET", "/confirm/{ticket}", confirming.asking),
    ("POST", "/confirm/{ticket}", confirming.confirming),
    ("GET", "/mail", leaving.entering),
    ("POST", "/mail", leaving.sending),
    ("GET", "/mail/{ticket}", leaving.picking),
    ("POST", "/mail/{ticket}", leaving.picked),
    ("GET", "/leave/{purpose}/{ticket}", leaving.asking),
    ("POST", "/leave/{purpose}/{ticket}", leaving.leave),
    ("GET", "/stop/{consent}/{member}/{ticket}", stopping.asking),
    ("POST", "/stop/{consent}/{member}/{ticket}", stopping.stopping),
    ("GET", "/undo/{ticket}", undoing.asking),
    ("POST", "/undo/{ticket}", undoing.undoing),
    ("POST", "/likes", preferring.choosing),
    ("GET", "/static/{name}", assets.file),
    ("GET", "/look/{who}.css", assets.look),
    ("GET", "/embed.js", assets.file),
    ("GET", "/qr/{flow}.{kind}", assets.qr),
    *SITE,
    ("GET", "/house-ad/{campaign}", houseads.following),
    ("GET", "/go/{placement}", arrive.click),
    ("GET", "/ad/{unit}.zip", ads.packed),
    ("GET", "/ad/{unit}", ads.showing),
    ("POST", "/ad/{unit}/count", ads.press),
    ("GET", "/f/{flow}", arrive.opening),
    ("POST", "/f/{flow}/start", steps.begin),
    ("GET", "/f/{flow}/resume", steps.resuming),
    ("POST", "/f/{flow}/step", steps.answering),
    ("POST", "/f/{flow}/back", steps.returning),
    ("POST", "/f/{flow}/review", review.asking),
    ("POST", "/f/{flow}/film", film.playing),
    ("POST", "/f/{flow}/film/stop", film.stopping),
    ("GET", "/f/{flow}/{step}", steps.showing),
    ("GET", "/v1/openapi.json", openai.described),
    ("GET", "/v1/models", openai.models),
    ("GET", "/v1/models/{agent}", openai.model),
    ("POST", "/v1/chat/completions", openai.completions),
    ("GET", "/masking", chat.masking),
    ("GET", "/a/{agent}", chat.opening),
    ("POST", "/a/{agent}", chat.saying),
    ("POST", "/a/{agent}/say", chat.streaming),
    ("POST", "/a/{agent}/delete", ending.forgetting),
    ("POST", "/a/{agent}/missed", ending.pointing),
    ("POST", "/a/{agent}/person", chat.handing),
    ("GET", "/signin", signin.asking),
    ("POST", "/signin", signin.sending),
    ("POST", "/signin/code", signin.taking),
    ("POST", "/signin/password", signin.by_password),
    ("GET", "/signup", signup.asking),
    ("POST", "/signup", signup.sending),
    ("POST", "/signout", signin.leaving),
    ("GET", "/me", centre.centre),
    ("GET", "/me/rewards", rewards.rewards),
    *(("POST", path, act(deed, "Noted.", "/rewards")) for path, deed in rewards.ACTS),
    ("GET", "/i/{ticket}", invited.opening),
    ("POST", "/i/{ticket}", invited.going_on),
    ("GET", "/friend/{ticket}", invited.befriend),
    ("POST", "/friend/{ticket}", invited.accepting),
    *colleagues.ROUTES,
    *identity.ROUTES,
    *wasme.ROUTES,
    *renewed.ROUTES,
    *explained.ROUTES,
    *partners.ROUTES,
    *papers.ROUTES,
    ("GET", "/shop", goods.shelf),
    ("GET", "/shop/{product}", goods.product),
    ("POST", "/shop/{product}", goods.buying),
    ("GET", "/me/orders", orders.orders),
    ("POST", "/me/orders/cancel", act(orders.cancel, "Cancelled.", "/orders")),
    ("GET", "/me/matters", matters.matters),
    ("POST", "/me/matters", act(matters.write, "Noted.", "/matters")),
    ("POST", "/me/matters/statement", act(matters.supplement, "Noted.", "/matters")),
    ("GET", "/me/choices", choices.choices),
    ("GET", "/stop-profiling/{ticket}", objecting.asking),
    ("POST", "/stop-profiling/{ticket}", objecting.objecting),
    ("GET", "/me/offers", offers.offers),
    ("GET", "/me/purchases", purchases.shop),
    ("POST", "/me/purchases", purchases.buy),
    ("GET", "/me/purchases/{number}", purchases.order),
    ("POST", "/me/purchases/{number}", purchases.pay),
    ("GET", "/me/rights", rights.rights),
    ("GET", "/me/account", account.showing),
    ("POST", "/me/password", account.changing),
    ("GET", "/me/support", support.showing),
    ("POST", "/me/support", support.opening),
    ("POST", "/me/support/remove", support.removing),
    ("GET", "/me/support/files/{rid}", support.content),
    ("POST", "/me/support/{number}/files", support.attaching),
    ("POST", "/me/support/{number}/close", support.closing),
    ("POST", "/me/sessions/end", account.ending),
    ("GET", "/me/download", download.download),
    ("POST", "/me/correct", act(deeds.correct, "Corrected.")),
    ("POST", "/me/remove", act(deeds.remove, "Removed.")),
    ("POST", "/me/consent", act(deeds.consent, "Noted.", "/choices")),
    ("POST", "/me/withdraw", act(deeds.withdraw_all, "Every consent is taken back.", "/choices")),
    ("POST", "/me/sender", act(senders.switch, "Noted.", "/choices")),
    ("POST", "/me/object", act(deeds.object_to, "Noted.", "/choices")),
    ("POST", "/me/profiling", act(deeds.stop_profiling, "Noted.", "/choices")),
    ("POST", "/me/restrict", act(deeds.restrict, "Done.", "/rights")),
    ("POST", "/me/erase-used", act(deeds.erase_used, "Done.", "/rights")),
    ("POST", "/me/ask", act(deeds.ask, "Noted.", "/rights")),
    ("POST", "/me/close", closing.close),
    ("POST", "/me/delete", erasing.erase),
    ("GET", "/copy/{token}", copying.asking),
    ("POST", "/copy/{token}", copying.fetching),
    ("GET", "/case/{token}", case.asking),
    ("POST", "/case/{token}", case.confirming),
    ("GET", "/receipt/{receipt}.json", erasing.receipt_file),
    *minors.ROUTES,
    *draws.ROUTES,
    *contests.ROUTES,
    *shelving.ROUTES,
    ("GET", "/verify", verify.explain),
    ("POST", "/verify", verify.check),
    ("GET", "/checkpoint.json", verify.checkpoint),
    ("GET", "/verify_evidence.py", verify.script),
    *PARTNER,
    ("GET", "/console/signin", staff.asking),
    ("POST", "/console/signin", staff.taking),
    ("POST", "/console/signout", staff.leaving),
    ("GET", "/console/", console.console),
    ("GET", "/console/requests", console.requests),
    ("GET", "/console/people", console.people),
    ("GET", "/console/people/{tag}", file.closed),
    ("POST", "/console/people/{tag}", file.opened),
    ("POST", "/console/people/{tag}/answer", file.answer),
    ("GET", "/console/forecast", console.forecast),
    ("GET", "/console/forecast.csv", console.forecast_csv),
    ("GET", "/console/disclosures", console.disclosures),
    ("GET", "/console/evidence", evidence.evidence),
    ("POST", "/console/evidence", evidence.recompute),
    ("GET", "/console/proof/{leaf}.json", evidence.proof),
    ("GET", "/console/explain", explain.explain),
    ("GET", "/console/flows", flows.flows),
    ("GET", "/console/outbox", flows.outbox),
    ("GET", "/console/moderation", moderation.moderating),
    ("POST", "/console/moderation/draw", moderation.drawing),
    ("POST", "/console/moderation/made", moderation.making),
    ("POST", "/console/moderation/{sample}", moderation.marking),
    ("GET", "/console/insight", insight.insight),
    ("GET", "/console/insight.csv", insight.insight_csv),
    ("GET", "/breach/{number}", breaches.posting),
    ("GET", "/console/breaches", breaches.breaches),
    *grants.ROUTES,
    ("POST", "/console/breaches", breaches.reporting),
    ("GET", "/console/breaches/{number}", breaches.breach),
    ("POST", "/console/breaches/{number}", breaches.acting),
    ("GET", "/console/breaches/{number}/draft.txt", breaches.draft),
    ("GET", "/console/campaigns", campaigns.campaigns),
    ("POST", "/console/campaigns", campaigns.planning),
    ("POST", "/console/campaigns/{number}", campaigns.sending),
    ("POST", "/console/sweep", console.sweep),
)
