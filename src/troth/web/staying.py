"""Staying: a browser that was asked to stays signed in, by a cookie of its own that its person can end.

The cookie's name and length are the document's (``cookie stay``); a document without one offers none.  Its
secret opens a new stay, never an old one, and dies with a sign-out, a new password or the person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Consent
from troth.runtime import Company
from troth.services.accounts import STAY
from troth.services.accounts import staying as cookie_of
from troth.web.jar import drop_named, put
from troth.web.lasting import until
from troth.web.pages import language_of
from troth.web.sessions import Session, agent_of, cookie_name, set_cookie


async def resumed(request: Request, endpoint: Callable[[Request], Awaitable[Response]]) -> Response:
    """Answer a request; a browser that stays signed in and has no session gets one with the answer."""
    company, sessions = request.state.company, request.app.state.sessions
    token = request.cookies.get(cookie_name(request, company.name, STAY), "")
    here = request.cookies.get(cookie_name(request, company.name), "")
    if not token or (here and sessions.find(company.name, here, company.clock())):
        return await endpoint(request)
    person = await run_in_threadpool(lambda: company.gate.staying(token=token))
    if person is None:
        return await endpoint(request)
    session: Session = sessions.new(company.name, company.clock())
    session.person, session.agent = person, agent_of(request)
    request.state.resumed = session
    response = await endpoint(request)
    set_cookie(request, response, session)
    return response


def stay(request: Request, response: Response, session: Session) -> None:
    """Let this browser stay signed in, for as long as the document says."""
    company: Company = request.state.company
    cookie, now = cookie_of(company.policy), company.clock()
    ends = until(cookie.lasts, now) if cookie else None
    if ends is None or session.person is None:
        return
    if cookie and cookie.consent:
        agree(company, session.person, cookie.consent, language_of(request))
    token = company.gate.stay(person=session.person, name=session.browser, until=ends)
    put(request, response, STAY, token, cookie.lasts if cookie else "")


def asked(company: Company) -> str:
    """Return the question by which a browser stays signed in, '' where the document offers none."""
    cookie = cookie_of(company.policy)
    questions = {c.name: c.question for c in company.policy.of(Consent)}
    return questions.get(cookie.consent) or "Stay signed in on this device" if cookie else ""


def leave(request: Request, response: Response) -> None:
    """Let this browser stay no longer: its secret is ended here, and its cookie there."""
    company: Company = request.state.company
    name = cookie_name(request, company.name, STAY)
    token = request.cookies.get(name, "")
    person = company.gate.staying(token=token) if token else None
    if person is not None:
        company.gate.end_browsers(person=person, number=token.partition(".")[0])
    drop_named(request, response, name)


def agree(company: Company, person: int, consent: str, language: str) -> None:
    """Write down that somebody said yes to what stays on their device, in the words they were shown."""
    text = next((c.question for c in company.policy.of(Consent) if c.name == consent), "")
    company.gate.consent(
        person=person, name=consent, given=True, text=text, language=language, channel="device"
    )
