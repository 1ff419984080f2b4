"""Account: the page on how a person comes in: another password, and each place where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import BadBody
from troth.runtime import Company
from troth.services.accounts import account_of, staying
from troth.web import account
from troth.web.asking import own_act, person_of
from troth.web.pages import page
from troth.web.sessions import Session, Sessions, set_cookie

WRONG = "That is not the password you have."


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay on the page; ``name`` is a digest, so that the page holds nobody's token."""

    name: str
    browser: str
    since: datetime
    seen: datetime
    here: bool


async def showing(request: Request) -> Response:
    """Show the page; 404 where there are neither passwords nor browsers that stay signed in."""
    session, policy = person_of(request), request.state.company.policy
    if account_of(policy) is None and staying(policy) is None:
        raise HTTPException(404)
    return await _page(request, session)


async def changing(request: Request) -> Response:
    """Put a new password in place: for the old one, or for who came in by a code to their own address."""
    session, form = await own_act(request)
    company, sessions, person = request.state.company, request.app.state.sessions, session.person
    assert person is not None
    if account_of(company.policy) is None:
        raise HTTPException(404)
    if not session.by_code and not await run_in_threadpool(
        _knows, company, sessions, session, form.get("current", ""), request
    ):
        return await _page(request, session, WRONG, 422)
    try:
        await run_in_threadpool(account.change, company, sessions, session, form.get("new", ""))
    except BadBody as wrong:
        return await _page(request, session, wrong.why, 422)
    session.said = "Your password is changed, and every other session has ended."
    response = RedirectResponse(f"/{company.name}/me/account", 303)
    set_cookie(request, response, session)
    return response


async def ending(request: Request) -> Response:
    """End one stay, one browser that stays signed in, or all but this one."""
    session, form = await own_act(request)
    company, sessions = request.state.company, request.app.state.sessions
    await run_in_threadpool(end, company, sessions, session, form.get("which", ""))
    session.said = "Done. What was ended there opens nothing any more."
    return RedirectResponse(f"/{company.name}/me/account", 303)


def end(company: Company, sessions: Sessions, own: Session, which: str) -> None:
    """End what ``which`` names among a person's stays: a digest, a browser's number, or ``others``."""
    assert own.person is not None
    if which == "others":
        sessions.end_others(company.name, own.person, own.token)
        company.gate.end_browsers(person=own.person)
        return
    for session in sessions.of(company.name, own.person):
        if name_of(session) == which:
            sessions.end(session)
            return
    if which in {b.number for b in company.gate.browsers(person=own.person)}:
        company.gate.end_browsers(person=own.person, number=which)
        return
    raise HTTPException(404)


def stays(company: Company, sessions: Sessions, own: Session) -> list[Stay]:
    """Return where a person is signed in, the latest used first."""
    assert own.person is not None
    return [
        Stay(name_of(s), s.browser, s.since, s.seen, s.token == own.token)
        for s in sessions.of(company.name, own.person)
    ]


def name_of(session: Session) -> str:
    """Name a stay without its token."""
    return sha256(session.token.encode()).hexdigest()[:16]


def _knows(company: Company, sessions: Sessions, session: Session, current: str, request: Request) -> bool:
    """Say whether the old password is right, or there is none; wrong ones are counted as at the door."""
    person = session.person
    assert person is not None
    if not company.gate.has_password(person=person):
        return True
    place, now = request.client.host if request.client else "", company.clock()
    if sessions.tries.held(company.name, f"own {person}", place, now):
        raise HTTPException(429)
    if company.gate.knows(person=person, password=current):
        return True
    sessions.tries.note(company.name, f"own {person}", place, now)
    return False


async def _page(request: Request, session: Session, problem: str = "", status: int = 200) -> Response:
    company, sessions, person = request.state.company, request.app.state.sessions, session.person
    said, session.said = session.said, ""
    return page(
        request,
        "me/account.html",
        status,
        title="Your account",
        here="me",
        tab="account",
        session=session,
        said=said,
        problem=problem,
        passwords=account_of(company.policy) is not None,
        has=await run_in_threadpool(lambda: company.gate.has_password(person=person)),
        sessions=stays(company, sessions, session),
        browsers=await run_in_threadpool(lambda: company.gate.browsers(person=person)),
    )
