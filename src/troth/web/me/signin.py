"""Signin: a code of six digits to the person's own address, or a password where the document gives accounts
one; the same words for every address.

INVARIANT (fresh name): who proves an address gets a new session; the one before it ends (no fixation), and so
does every stay that only typed this address.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.services import befriending
from troth.services.accounts import account_of
from troth.services.flows import EMAIL
from troth.web import account, cookieless, misuse, staying, tongue
from troth.web.asking import form_of, insist, knocked, own_site, session_of
from troth.web.confirming import tongue_of, waits
from troth.web.crediting import shop_of
from troth.web.filling import filling, keep, stay_for
from troth.web.inviting import expected, prove, welcome
from troth.web.moments import moved
from troth.web.pages import language_of, page
from troth.web.sessions import Session, drop_cookie, set_cookie

REFUSALS = {
    "wrong": (401, "Address and password do not belong together."),
    "unproved": (403, "First press the button in the message that we sent to this address."),
    "held": (429, "Too many wrong passwords. Come in by a code, or wait ten minutes."),
}
JOINED = "You came by a friend's link. Your page shows who invited you."


async def asking(request: Request) -> Response:
    """Ask for the address; somebody who is in goes on to their page."""
    session = session_of(request)
    if session is not None and session.person is not None:
        return RedirectResponse(f"/{session.company}/me", 303)
    return _form(request)


async def sending(request: Request) -> Response:
    """Send a code when the address is known; the page says the same either way."""
    own_site(request)
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    address = form.get("email", "").strip().lower()
    if not EMAIL.fullmatch(address):
        return _form(request, "That does not look like an e-mail address.", 422)
    if await run_in_threadpool(waits, company, address):
        return _form(request, "Open the link in the mail we sent you first; then you can sign in.", 403)
    digits = sessions.code(company.name, address, company.clock())
    if not digits:
        raise HTTPException(429)
    before = session_of(request)
    invited = before.invited if before is not None else ""
    await run_in_threadpool(_post, company, address, digits, language_of(request), invited)
    session = sessions.new(company.name, company.clock())
    session.mail, session.invited = address, invited
    response = _form(request, session=session)
    if not session.agent:  # else the form has handed it over
        set_cookie(request, response, session)
    return response


async def taking(request: Request) -> Response:
    """Open the privacy centre for the right code; five wrong ones close the door for ten minutes."""
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    session = session_of(request)
    if session is None and not knocked(request):
        return cookieless.explained(request)
    if session is None:
        raise HTTPException(401)
    insist(session, form)
    address = request.client.host if request.client else ""
    if sessions.alarm.shut(company.name, address, company.clock()):
        raise HTTPException(429)
    answer = sessions.check_code(company.name, session.mail, form.get("code", "").strip(), company.clock())
    if answer != "right":
        await run_in_threadpool(sessions.alarm.note, company, address, company.clock())
        await run_in_threadpool(misuse.wrong_code, company, sessions.tries, session.mail, address)
    if answer == "refused":
        raise HTTPException(429)
    person = None
    if answer == "right":
        person = await run_in_threadpool(welcome, company, session.mail, session.invited)
    if person is None:
        return _form(request, "That is not the code.", 422, session)
    became = await run_in_threadpool(prove, company, person, session.mail, session.invited)
    sessions.end(session)
    sessions.end_unproved(company.name, person)
    fresh = sessions.new(company.name, company.clock())
    fresh.person, fresh.mail, fresh.language = person, session.mail, session.language
    fresh.said, fresh.by_code = JOINED if became == "joined" else "", True
    asked = bool(session.invited) and befriending.asking(shop_of(company), session.invited) is not None
    return await _in(
        request, fresh, f"friend/{session.invited}" if asked else "me", form.get("stay") == "yes"
    )


async def by_password(request: Request) -> Response:
    """Open the privacy centre for address and password; the words tell nobody who has an account here."""
    own_site(request)
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    if account_of(company.policy) is None:
        raise HTTPException(404)
    address, place = form.get("email", "").strip().lower(), request.client.host if request.client else ""
    said = form.get("password", ""), place, company.clock()
    answer, person = await run_in_threadpool(account.by_password, company, sessions, address, *said)
    if person is None:
        status, text = REFUSALS[answer]
        return _form(request, text, status)
    fresh = _fresh(request, session_of(request), person, address)
    fresh.must_choose = await run_in_threadpool(lambda: company.gate.is_given(person=person))
    if fresh.must_choose:
        return await _in(request, fresh, "me/account")
    return await _in(request, fresh, "me", stay=form.get("stay") == "yes")


async def come_in(request: Request, before: Session, person: int, address: str) -> Response:
    """Lead somebody to their page whose address a service of the folder has proved."""
    return await _in(request, _fresh(request, before, person, address), "me")


def _fresh(request: Request, before: Session | None, person: int, address: str) -> Session:
    """Begin a stay under a fresh name; the one before it ends, as do those that only typed the address."""
    company, sessions = request.state.company, request.app.state.sessions
    if before is not None:
        sessions.end(before)
    sessions.end_unproved(company.name, person)
    fresh: Session = sessions.new(company.name, company.clock())
    fresh.person, fresh.mail, fresh.language = person, address, language_of(request)
    return fresh


async def _in(request: Request, session: Session, page: str, stay: bool = False) -> Response:
    """Lead a person who came in to a page, and tell them when the browser is a new one."""
    company, person = request.state.company, session.person
    assert person is not None
    response = RedirectResponse(f"/{company.name}/{page}", 303)
    set_cookie(request, response, session)
    if account_of(company.policy) is not None:
        await run_in_threadpool(account.came_in, company, request.app.state.sessions, session)
    if stay:
        await run_in_threadpool(staying.stay, request, response, session)
    return response


async def leaving(request: Request) -> Response:
    """End the stay; the document's clocks may count from it."""
    session, company = session_of(request), request.state.company
    if session is None:
        raise HTTPException(401)
    insist(session, await form_of(request))
    person = session.person
    if person is not None:
        await run_in_threadpool(lambda: moved(company, person, "sign-out"))
    request.app.state.sessions.end(session)
    response = RedirectResponse(f"/{session.company}/", 303)
    await run_in_threadpool(staying.leave, request, response)
    drop_cookie(request, response, session.company)
    return response


def _form(request: Request, problem: str = "", status: int = 200, session: Session | None = None) -> Response:
    company = request.state.company
    found = account_of(company.policy)
    stay = session or session_of(request) or stay_for(request)
    said = stay.said if stay is not None and session is None else ""
    if stay is not None and said:
        stay.said = ""
    response = page(
        request,
        "me/signin.html",
        status,
        title="Sign in",
        here="me",
        sent=session is not None,
        passwords=found is not None,
        opens=found is not None and found.opens,
        remembers=staying.asked(request.state.company),
        problem=problem or said,
        session=stay,
        fill=filling(company, stay, "signin"),
    )
    return keep(request, response, stay)


def _post(company: Company, address: str, digits: str, language: str, invited: str) -> None:
    awaited, person = expected(company, address, invited)
    if not awaited:
        return
    say = tongue.speaker(tongue_of(company, person, language))
    text = say(
        "Your code for {company} is {digits}. It is good for ten minutes.",
        company=company.title,
        digits=digits,
    )
    company.send(address, say("Your code: {digits}", digits=digits), text, person=person, unproved=True)
