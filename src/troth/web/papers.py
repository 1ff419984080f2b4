"""Papers: what stands beside the notice: the terms of use, and every cookie with its aim and its switch.

The cookie page is made from the document's own list, so that it cannot leave one out.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.services.register import asked, register
from troth.web import device, preferring
from troth.web.asking import form_of, own_site, session_of
from troth.web.pages import language_of, page
from troth.web.sessions import set_cookie

SAID = "Noted. What you refused is gone from this browser."


async def terms(request: Request) -> Response:
    """Show the terms of use."""
    found = request.state.company.terms
    if found is None:
        raise HTTPException(404)
    return page(request, "terms.html", title=found.title, here="terms", terms=found, text=Markup(found.html))


async def cookies(request: Request) -> Response:
    """Show every cookie of the register, with the switches of those that need a yes."""
    entries = register(request.state.company.policy)
    return page(
        request,
        "cookies.html",
        title="Cookies",
        here="cookies",
        rows=entries,
        switches=await run_in_threadpool(device.switches, request),
        signal=device.signals(request),
        said=SAID if request.query_params.get("done") else "",
    )


async def choosing(request: Request) -> Response:
    """Take an answer for this browser, and for the person who is in: all, none, or one by one."""
    own_site(request)
    company, form = request.state.company, await form_of(request)
    entries = register(company.policy)
    consents = {e.consent: e for e in asked(entries)}
    every = form.get("all", "some")
    said = {c: every == "yes" or (every == "some" and form.get(f"tool-{c}") == "yes") for c in consents}
    session = session_of(request) or request.app.state.sessions.new(company.name, company.clock())
    session.answers |= said
    response = RedirectResponse(f"/{company.name}/cookies?done=yes", 303)
    set_cookie(request, response, session)
    if session.person is not None:
        await run_in_threadpool(_decide, request, session.person, said)
    if (liking := preferring.of_device(company.policy)) and said.get(liking.consent):
        preferring.remember(request, response, liking, session.shade)
    return response


def _decide(request: Request, person: int, said: Mapping[str, bool]) -> None:
    gate, language = request.state.company.gate, language_of(request)
    for name, given in said.items():
        if bool(gate.answered(person=person, name=name)) != given:
            gate.consent(person=person, name=name, given=given, language=language, channel="device")


ROUTES = (("GET", "/terms", terms), ("GET", "/cookies", cookies), ("POST", "/cookies", choosing))
