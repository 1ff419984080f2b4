"""Refusing: the link by which anybody refuses one purpose of the tools, without an account and for good.

Whoever comes from the European Union gets a link of their own, with the page that its trade keeps for it;
whichever link is pressed, the same is noted: in the browser's answer, and for an account with its holder.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import OptOut, Purpose
from troth.runtime import Company
from troth.web.asking import own_site, session_of
from troth.web.pages import language_of
from troth.web.site.choice import begin, choice_of, clear, name_visitor, remember
from troth.web.site.offs import EU, consents, links
from troth.web.site.showing import forget, opened, quiet


async def asking(request: Request) -> Response:
    """Say what the refusal does, with one button."""
    company, purpose, place = _named(request)
    trade = company.site.get("opt-out", {}).get(place or "general", "")
    said = next((text for link, text in links(request) if f"/off/{purpose.name}" in link), purpose.text)
    return opened(
        request,
        "site/off.html",
        quiet(choice_of(request)),
        title=said,
        here=f"s/off/{purpose.name}",
        purpose=purpose,
        trade=str(trade),
        europe=place == EU,
        done="done" in request.query_params,
    )


async def refusing(request: Request) -> Response:
    """Note the refusal; who goes on agreeing to the rest is counted anew for that, under another name."""
    own_site(request)
    company, purpose, _ = _named(request)
    gone, before = consents(company, purpose.name), choice_of(request)
    left = frozenset(before.agreed - gone)
    response = RedirectResponse(f"{request.url.path}?done=yes", 303)
    if before.agreed & gone:
        await forget(request)
    clear(request, response, left)
    if not before.signal:
        remember(request, response, left)
    if left:
        person = await run_in_threadpool(begin, company, left, language_of(request))
        name_visitor(request, response, person)
    session = session_of(request)
    if session is not None and session.person is not None:
        await run_in_threadpool(_hold, company, session.person, gone, language_of(request))
    return response


def _hold(company: Company, person: int, gone: frozenset[str], language: str) -> None:
    for name in sorted(gone):
        company.gate.consent(person=person, name=name, given=False, language=language, channel="site")


def _named(request: Request) -> tuple[Company, Purpose, str]:
    """Return the purpose that a link refuses; 404 for one that no link of the document speaks of."""
    company: Company = request.state.company
    name, place = request.path_params["purpose"], request.path_params.get("place", "")
    named = {p for d in company.policy.of(OptOut) for w, _ in d.ways if w == "link" for p in d.purposes}
    found = next((p for p in company.policy.of(Purpose) if p.name == name and name in named), None)
    if found is None or place not in ("", EU) or not consents(company, name):
        raise HTTPException(404)
    return company, found, place
