"""Invited: the first page behind a friend's link: who invites, what is noted and why, before any input.

Opening it sets no cookie and writes nothing down; pressing on is the act that begins a stay.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Controller, Keep
from troth.runtime import Company
from troth.services import befriending, referring
from troth.terms import Refused, TrothError
from troth.web.asking import form_of, insist, own_site, session_of
from troth.web.crediting import shop_of
from troth.web.inviting import inviter, reasons
from troth.web.pages import page
from troth.web.sessions import set_cookie


async def opening(request: Request) -> Response:
    """Tell what a link for friends means (GDPR Art. 14)."""
    company, ticket = request.state.company, request.path_params["ticket"]
    person = await run_in_threadpool(referring.inviter, shop_of(company), ticket)
    if person is None:
        raise HTTPException(404)
    session = session_of(request)
    own = session is not None and session.person == person
    name = await run_in_threadpool(referring.shown, shop_of(company), person)
    return page(
        request,
        "me/invited.html",
        title="A friend invites you",
        own=own,
        name=name,
        ticket=ticket,
        reason=reasons(company),
        keep=_kept(company),
        authority=next((c.authority for c in company.policy.of(Controller) if c.authority), ""),
    )


async def going_on(request: Request) -> Response:
    """Begin a stay that came by a link, and lead to the sign-in; nobody invites themself."""
    own_site(request)
    await form_of(request)
    company, ticket, sessions = (
        request.state.company,
        request.path_params["ticket"],
        request.app.state.sessions,
    )
    person = await run_in_threadpool(inviter, company, ticket)
    if person is None:
        raise HTTPException(404)
    session = session_of(request)
    if session is not None and session.person is not None:
        said = "Nobody invites themself." if session.person == person else "You are here already."
        raise HTTPException(409, said)
    session = session or sessions.new(company.name, company.clock())
    session.invited = ticket
    response = RedirectResponse(f"/{company.name}/signin", 303)
    set_cookie(request, response, session)
    return response


async def befriend(request: Request) -> Response:
    """Show an invitation to be somebody's contact; whoever is signed in may accept it."""
    company, ticket = request.state.company, request.path_params["ticket"]
    person = await run_in_threadpool(befriending.asking, shop_of(company), ticket)
    if person is None:
        raise HTTPException(404)
    session = session_of(request)
    return page(
        request,
        "me/befriend.html",
        title="A friend wants to see you here",
        name=await run_in_threadpool(referring.shown, shop_of(company), person),
        mine=session if session is not None and session.person is not None else None,
        ticket=ticket,
    )


async def accepting(request: Request) -> Response:
    """Accept; both must have agreed to be seen."""
    company, ticket, form = request.state.company, request.path_params["ticket"], await form_of(request)
    session = session_of(request)
    if session is None or session.person is None:
        raise HTTPException(401)
    insist(session, form)
    friend, name = session.person, form.get("name", "").strip()[:60]
    try:
        became = await run_in_threadpool(befriending.accept, shop_of(company), friend, ticket, name)
    except Refused:
        raise
    except TrothError as error:
        raise HTTPException(422) from error
    if became in ("unknown", "self"):
        raise HTTPException(404 if became == "unknown" else 409)
    session.said = "You see each other from now on."
    return RedirectResponse(f"/{company.name}/me/rewards", 303)


def _kept(company: Company) -> Keep | None:
    data = shop_of(company).category("side", "acted")
    return next((k for k in company.policy.of(Keep) if data and data.name in k.data), None)
