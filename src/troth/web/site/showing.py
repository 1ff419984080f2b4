"""Showing: the company's own pages with their banner, the page of cookies, and the way to another answer.

A page loads from elsewhere what its reader agreed to, and its security policy lets nothing else load, whoever
pasted it.  What a link carries behind the address is dropped before anything is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.services.register import register
from troth.services.sitepages import Button, Film, Share, Slot, buttons, pages_in
from troth.services.trackers import Tracker, sources, trackers
from troth.web.asking import form_of, own_site
from troth.web.pages import language_of, page
from troth.web.site import advertising, places
from troth.web.site.choice import (
    Choice,
    area_of,
    asked_of,
    begin,
    choice_of,
    clear,
    cookie_of,
    in_use,
    name_visitor,
    remember,
    tools_of,
    visitor_of,
)
from troth.web.site.counting import count_quietly, seen_of
from troth.web.site.offs import links

HOME = "index"
ALLOWED = {"lang"}


async def home(request: Request) -> Response:
    """Show the first page."""
    request.path_params["page"] = HOME
    return await showing(request)


async def showing(request: Request) -> Response:
    """Show a page; whoever agreed is counted, for what they agreed to."""
    company: Company = request.state.company
    name = request.path_params["page"]
    area_of(company)
    if name not in pages_in(company.pages, ""):
        raise HTTPException(404)
    place = places.tool_of(company, name)
    if set(request.query_params) - ALLOWED - ({places.AT} if place else set()):
        return RedirectResponse(_bare(request), 303)
    choice, visitor = choice_of(request), visitor_of(request)
    if place is not None and place.consent not in choice.agreed:
        title = pages_in(company.pages, language_of(request))[name].title
        return opened(request, "site/lacking.html", quiet(choice), title=title, here=f"s/{name}", tool=place)
    tools = tuple(t for t in choice.of(tools_of(company)) if t.runs_on(name))
    fresh = bool(tools) and visitor is None
    if fresh:  # the name ended by itself and the answer still stands: it is drawn anew
        visitor = await run_in_threadpool(begin, company, choice.agreed, language_of(request))
    if visitor is not None and tools:
        address = request.client.host if request.client else ""
        seen = seen_of(request, thing=name)
        await run_in_threadpool(count_quietly, company, visitor, tools, request.url.path, address, seen)
    response = draw(request, name, choice)
    slotted = any(isinstance(part, Slot) for part in pages_in(company.pages, "")[name].parts)
    ad = advertising.ad_for(request, choice) if slotted else None
    await run_in_threadpool(advertising.seen, request, response, choice, name, ad)
    if place is not None:
        places.keep(request, response, place)
    if fresh and visitor is not None:
        name_visitor(request, response, visitor)
    return response


def draw(
    request: Request,
    name: str,
    choice: Choice,
    playing: int | None = None,
    ticket: str = "",
    status: int = 200,
) -> Response:
    """Draw one page; ``playing`` is the film that its reader pressed, ``ticket`` takes that yes back."""
    company: Company = request.state.company
    whole = pages_in(company.pages, language_of(request))[name]
    shown, at, parts = places.placed(request, whole, places.tool_of(company, name))
    tools = tuple(t for t in choice.of(tools_of(company)) if t.runs_on(name))
    films = {n: _film_tool(company, part) for n, part in enumerate(shown.parts) if isinstance(part, Film)}
    loads = tuple(t for t in tools if t.load)
    rows = ((n, part) for n, part in enumerate(shown.parts) if isinstance(part, Share))
    shares = {n: _buttons(company, row, name) for n, row in rows}
    return opened(
        request,
        "site/page.html",
        choice,
        sources(loads, films.get(playing) if playing is not None else None),
        status,
        title=shown.title,
        here=f"s/{name}",
        shown=shown,
        films=films,
        shares=shares,
        playing=playing,
        ticket=ticket,
        loads=loads,
        at=at,
        places=parts,
        slot=advertising.ad_for(request, choice),
        slots={n for n, part in enumerate(shown.parts) if isinstance(part, Slot)},
        pixel=any(t.kind == "pixel" for t in tools),
    )


def opened(
    request: Request,
    template: str,
    choice: Choice,
    hosts: Mapping[str, Sequence[str]] | None = None,
    status: int = 200,
    **values: object,
) -> Response:
    """Draw a page of the site under a policy that opens these hosts and no others."""
    company: Company = request.state.company
    asked = asked_of(company)
    response = page(
        request,
        template,
        status,
        asked=() if choice.made else asked,
        age=max((t.age or 0 for t in asked), default=0),
        choice=choice,
        menu=tuple(p for n, p in pages_in(company.pages, language_of(request)).items() if n != "cookies"),
        **values,
    )
    response.headers["Content-Security-Policy"] = _policy(request.state.nonce, hosts or {})
    return response


async def cookies(request: Request) -> Response:
    """Show every cookie and tool with its five facts, the answer given, and how to change it."""
    company: Company = request.state.company
    choice = choice_of(request)
    rows = [(t, _names(request, t), in_use(company, t)) for t in _all(company)]
    entries = register(company.policy)
    return opened(
        request,
        "site/cookies.html",
        quiet(choice),
        title="Cookies",
        wide=True,
        here="s/cookies",
        rows=rows,
        tools=asked_of(company),
        words=_words(company, language_of(request)),
        done=request.query_params.get("done", ""),
        needed=[e for e in entries if e.necessary and e.name not in {t.name for t, *_ in rows}],
        kinds={e.name: e.kind for e in entries},
        offs=links(request),
        others=_others(company),
    )


async def campaigns(request: Request) -> Response:
    """Show how many people saw each campaign, in numbers that give nobody away."""
    company: Company = request.state.company
    area_of(company)
    rows = await run_in_threadpool(advertising.report, company)
    if not rows:
        raise HTTPException(404)
    return opened(
        request,
        "site/campaigns.html",
        quiet(choice_of(request)),
        title="What our advertisements did",
        here="s/campaigns",
        rows=rows,
    )


async def choosing(request: Request) -> Response:
    """Take an answer: all, none, or one by one; who is counted so far is forgotten when less is agreed to."""
    own_site(request)
    company: Company = request.state.company
    form, choice = await form_of(request), choice_of(request)
    asked = {t.consent for t in asked_of(company)}
    said = {"yes": asked, "no": set(), "some": {c for c in asked if form.get(f"tool-{c}") == "yes"}}
    agreed = frozenset(said.get(form.get("all", ""), set()))
    response = RedirectResponse(_back(company, form.get("page", "")), 303)
    if choice.signal:
        return response  # the browser says no for its user; there is nothing to remember
    await forget(request)
    clear(request, response)
    remember(request, response, agreed)
    if agreed:
        person = await run_in_threadpool(begin, company, agreed, language_of(request))
        name_visitor(request, response, person)
    return response


async def stopping(request: Request) -> Response:
    """Stop the counting: what was counted is erased, our cookies end, and the answer is no from now on."""
    own_site(request)
    company: Company = request.state.company
    response = RedirectResponse(f"/{company.name}/s/cookies?done=stopped", 303)
    await forget(request)
    clear(request, response)
    if not choice_of(request).signal:
        remember(request, response, frozenset())
    return response


def quiet(choice: Choice) -> Choice:
    """Return a choice under which a page that speaks of choices itself is not covered by the banner."""
    return Choice(choice.agreed, True, choice.signal)


async def forget(request: Request) -> None:
    """Erase the visitor that this browser stands for, if any."""
    company, visitor = request.state.company, visitor_of(request)
    if visitor is not None:
        await run_in_threadpool(lambda: company.gate.erase(person=visitor, silent=False))


def _words(company: Company, language: str) -> str:
    """Return what the company itself says on the page of cookies (``site/cookies.md``), as safe HTML."""
    page = pages_in(company.pages, language).get("cookies")
    return "".join(part for part in page.parts if isinstance(part, str)) if page else ""


def _all(company: Company) -> tuple[Tracker, ...]:
    return trackers(company.policy, company.site, area_of(company))


def _names(request: Request, tool: Tracker) -> tuple[str, ...]:
    """Return what a browser shows as the tool's cookies; none for a picture."""
    if tool.kind != "cookie":
        return ()
    return tool.names or (cookie_of(request, tool),)


def _others(company: Company) -> list[tuple[str, str, str, str]]:
    """Return the cookies that networks set on their own sites once their button is pressed."""
    return [
        (
            str(about["cookie"]),
            str(about.get("title", name)),
            str(about.get("lasts", "")),
            str(about["policy"]),
        )
        for members in company.parties.values()
        for name, about in members.items()
        if about.get("button") and about.get("cookie") and about.get("policy")
    ]


def _buttons(company: Company, share: Share, name: str) -> tuple[Button, ...]:
    """Return the links of a row; they carry the page's own address and nothing of its reader."""
    return buttons(company.parties.get(share.party, {}), f"{company.base_url}{_back(company, name)}")


def _film_tool(company: Company, film: str | Film) -> Tracker | None:
    tracker = film.tracker if isinstance(film, Film) else ""
    return next((t for t in tools_of(company) if t.name == tracker and t.on_play), None)


def _back(company: Company, name: str) -> str:
    return f"/{company.name}/s/{name}" if name in company.pages and name != HOME else f"/{company.name}/s/"


def _bare(request: Request) -> str:
    lang = request.query_params.get("lang", "")
    return request.url.path + (f"?lang={lang}" if lang.isalpha() and len(lang) == 2 else "")


def _policy(nonce: str, more: Mapping[str, Sequence[str]]) -> str:
    own = {name: "'self'" for name in ("style-src", "img-src", "font-src", "connect-src")}
    own["script-src"] = f"'nonce-{nonce}'"
    opened = {n: " ".join((own[n], *more.get(n, ()))) for n in own}
    opened |= {n: " ".join(hosts) for n, hosts in more.items() if n not in own}
    said = "; ".join(f"{n} {value}" for n, value in opened.items())
    return f"default-src 'none'; {said}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
