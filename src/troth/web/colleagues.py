"""Colleagues: the page of somebody's organisation: who is in it, what they wrote, and who comes in next.

Opening an invitation writes nothing down.  INVARIANT (told first): that colleagues read along stands on the
page where somebody founds an organisation, and on the one where they come in.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.upload import Uploaded
from troth.runtime import Company
from troth.scrub import Vault
from troth.services import organisations
from troth.services.flows import EMAIL
from troth.terms import Refused, TrothError
from troth.web.asking import Form, own_act, person_of, session_of
from troth.web.chat.shown import WORDS
from troth.web.me.deeds import act, tried
from troth.web.moments import used
from troth.web.pages import page
from troth.web.sessions import Session

PLACE = "/organisation"


async def organisation(request: Request) -> Response:
    """Show the person's organisation, or how to found one."""
    session, company = person_of(request), request.state.company
    if not organisations.known(company.policy):
        raise HTTPException(404)
    await run_in_threadpool(used, company, session)
    return await run_in_threadpool(_drawn, request, company, session)


async def conversation(request: Request) -> Response:
    """Show one conversation of a colleague; its author sees that somebody looked."""
    session, company = person_of(request), request.state.company
    person, number = session.person, request.path_params["number"]
    assert person is not None
    try:
        turns = await run_in_threadpool(
            organisations.conversation, company.gate, company.policy, person, number
        )
    except Refused:
        raise
    except (TrothError, StopIteration) as error:
        raise HTTPException(404) from error
    return page(
        request, "me/colleague.html", title="A colleague's conversation", here="me", tab=PLACE, turns=turns
    )


async def opening(request: Request) -> Response:
    """Show an invitation: into which organisation, and who reads along there."""
    company, ticket = request.state.company, request.path_params["ticket"]
    group = await run_in_threadpool(organisations.inviting, company.gate, ticket, today(company))
    if group is None:
        raise HTTPException(404)
    session = session_of(request)
    mine = session if session is not None and session.person is not None else None
    return page(request, "me/joining.html", title=group.title, group=group, mine=mine, ticket=ticket)


async def accepting(request: Request) -> Response:
    """Come in; the link must be made for an address of the person's own."""
    session, _ = await own_act(request)
    company, ticket, person = request.state.company, request.path_params["ticket"], session.person
    assert person is not None
    try:
        group = await run_in_threadpool(
            organisations.join, company.gate, company.policy, person, ticket, today(company)
        )
    except Refused:
        raise
    except TrothError as error:
        raise HTTPException(409, str(error)) from error
    if group is None:
        raise HTTPException(403, "This invitation was made for another address.")
    session.said = "You are in."
    return RedirectResponse(f"/{company.name}/me{PLACE}", 303)


def invite(company: Company, person: int, address: str) -> None:
    """Send a link for one address; one that asked to be left alone gets nothing, and nobody learns it."""
    own = company.gate.group(person=person)
    if own is None or company.gate.silenced(kind="email", value=address):
        return
    secret = organisations.invitation(company.gate, person, address, today(company))
    text = (
        f"Somebody at {own.title} asked us to send you this one message: come in and work with them.\n\n"
        f"{company.base_url}/{company.name}/join/{secret}\n\n"
        "The link is for this address and good for fourteen days. Everybody in an organisation can read its "
        "conversations. If you do nothing, we keep nothing of you."
    )
    try:
        company.send(address, f"{own.title} at {company.title}", text)
    except TrothError:
        return


def today(company: Company) -> date:
    """Return the day it is where the company is."""
    return company.clock().astimezone(ZoneInfo(company.policy.zone)).date()


def _drawn(request: Request, company: Company, session: Session) -> Response:
    gate, policy, person = company.gate, company.policy, session.person
    assert person is not None
    own = gate.group(person=person)
    said, session.said = session.said, ""
    return page(
        request,
        "me/organisation.html",
        title="Your organisation",
        here="me",
        tab=PLACE,
        said=said,
        group=own,
        names=organisations.colleagues(gate, policy, person) if own else (),
        conversations=organisations.conversations(gate, policy, person) if own else (),
    )


def _found(company: Company, session: Session, person: int, form: Form) -> None:
    tried(lambda: company.gate.found_group(person=person, title=form.get("name", "")))


def _leave(company: Company, session: Session, person: int, form: Form) -> None:
    if form.get("sure") != "yes":
        raise HTTPException(422, "Please tick that you are sure.")
    tried(lambda: company.gate.leave_group(person=person))


def _invite(company: Company, session: Session, person: int, form: Form) -> None:
    address = form.get("email", "").strip().lower()
    if not EMAIL.fullmatch(address):
        raise HTTPException(422, "That does not look like an e-mail address.")
    invite(company, person, address)


def _share(company: Company, session: Session, person: int, form: Form) -> str:
    """Put a text in for the colleagues; say which kinds were replaced."""
    found: list[Uploaded] = []
    name, text = form.get("name", ""), form.get("text", "")
    vault = Vault(session.token[:16])
    tried(lambda: found.append(company.gate.upload(person=person, name=name, text=text, vault=vault)))
    kinds = ", ".join(f"{n} × {WORDS.get(kind, kind.lower())}" for kind, n in found[0].kinds)
    return (
        f"It is in. Replaced before it was kept: {kinds}."
        if kinds
        else "It is in. Nothing had to be replaced."
    )


ROUTES = (
    ("POST", "/me/organisation/text", act(_share, "It is in.", PLACE)),
    ("GET", "/me/organisation", organisation),
    ("GET", "/me/organisation/{number}", conversation),
    ("POST", "/me/organisation", act(_found, "It stands. Now invite your colleagues.", PLACE)),
    ("POST", "/me/organisation/leave", act(_leave, "You left.", PLACE)),
    (
        "POST",
        "/me/organisation/invite",
        act(_invite, "If this address may be written to, it is sent.", PLACE),
    ),
    ("GET", "/join/{ticket}", opening),
    ("POST", "/join/{ticket}", accepting),
)
