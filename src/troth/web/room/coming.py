"""Coming: how somebody comes into a room: an address, a code to it, a name; or a claim for a new room.

Every address gets the same page and, unless it is a public mail service's, a code.  Only the code tells what
becomes of it: back to one's room, into the company's, or a claim.  Nothing is kept before the last press.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate import BadBody
from troth.runtime import Company, rooms_of
from troth.services import instances, members
from troth.services.domains import domain_of, public
from troth.services.flows import EMAIL
from troth.terms import TrothError
from troth.web import cookieless, staying, tongue
from troth.web.asking import form_of, insist, knocked, own_site, session_of
from troth.web.inviting import prove
from troth.web.moments import open_account
from troth.web.pages import language_of, page
from troth.web.room.letters import spend_invitation
from troth.web.room.seat import brand_of, hosted, own_form, tried
from troth.web.sessions import Session, set_cookie

PUBLIC = "This is a public mail service. Use the address you have at work."
CHILD = "Please say that you are at least {n}."


async def asking(request: Request) -> Response:
    """Ask for the work address."""
    _known(request)
    return _page(request, "address")


async def sending(request: Request) -> Response:
    """Send a code to the address; the page says the same for every one that is nobody's mail service."""
    _known(request)
    own_site(request)
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    address = form.get("email", "").strip().lower()
    if problem := _unfit(address):
        return _page(request, "address", problem, 422)
    digits = sessions.code(company.name, address, company.clock())
    if not digits:
        raise HTTPException(429)
    await run_in_threadpool(_post, company, address, digits, language_of(request))
    session = sessions.new(company.name, company.clock())
    session.mail = address
    response = _page(request, "code", session=session)
    set_cookie(request, response, session)
    return response


async def taking(request: Request) -> Response:
    """Take the code: whoever is a member goes in, whoever is not says who they are first."""
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    if not knocked(request):
        return cookieless.explained(request)
    session = insist(session_of(request), form)
    answer = sessions.check_code(company.name, session.mail, form.get("code", "").strip(), company.clock())
    if answer == "refused":
        raise HTTPException(429)
    if answer != "right":
        return _page(request, "code", "That is not the code.", 422, session)
    fresh = sessions.new(company.name, company.clock())
    fresh.mail, fresh.proved, fresh.language, fresh.by_code = (
        session.mail,
        session.mail,
        session.language,
        True,
    )
    sessions.end(session)
    if session.leaving is not None:
        await run_in_threadpool(instances.leave, rooms_of(company), session.leaving)
        sessions.end_person(company.name, session.leaving)
    fresh.person = await run_in_threadpool(open_account, company, fresh.mail)
    if fresh.person is None:
        response = await run_in_threadpool(_who, request, fresh)
    else:
        sessions.end_unproved(company.name, fresh.person)
        await run_in_threadpool(prove, company, fresh.person, fresh.mail, "")
        response = RedirectResponse(f"/{company.name}/feed", 303)
    set_cookie(request, response, fresh)
    if form.get("stay") == "yes":
        await run_in_threadpool(staying.stay, request, response, fresh)
    return response


async def moving(request: Request) -> Response:
    """Send a code to another work address; with the code the old membership ends, and not before."""
    seat, form = await own_form(request)
    await run_in_threadpool(tried, lambda: members.insist_replaced(seat.rooms, seat.person))
    company, sessions = seat.company, request.app.state.sessions
    address = form.get("email", "").strip().lower()
    problem = _unfit(address)
    if problem:
        raise HTTPException(422, problem)
    digits = sessions.code(company.name, address, company.clock())
    if not digits:
        raise HTTPException(429)
    await run_in_threadpool(_post, company, address, digits, language_of(request))
    session = sessions.new(company.name, company.clock())
    session.mail, session.leaving = address, seat.person
    response = _page(request, "code", session=session)
    set_cookie(request, response, session)
    return response


async def coming(request: Request) -> Response:
    """Make somebody a member of their company's room, or write their claim for one down."""
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    session = insist(session_of(request), form)
    if not session.proved or session.person is not None:
        raise HTTPException(409, "Your session is over. Please start anew.")
    if form.get("adult") != "yes":
        said = tongue.speaker(language_of(request))(CHILD, n=_least(company))
        return await run_in_threadpool(_who, request, session, said, 422)
    try:
        session.person = await run_in_threadpool(tried, lambda: _enter(company, session.proved, form))
    except HTTPException as wrong:
        return await run_in_threadpool(_who, request, session, wrong.detail, wrong.status_code)
    await run_in_threadpool(prove, company, session.person, session.proved, "")
    sessions.end_unproved(company.name, session.person)
    response = RedirectResponse(f"/{company.name}/feed", 303)
    if form.get("stay") == "yes":
        await run_in_threadpool(staying.stay, request, response, session)
    return response


def _enter(company: Company, address: str, form: dict[str, str]) -> int:
    rooms, domain, name = rooms_of(company), domain_of(address), form.get("name", "")
    gone = company.gate.find(kind="email", value=address)
    if gone is not None and company.gate.closed(person=gone) is not None:
        company.gate.forget_contact(person=gone, kind="email", value=address)
    try:
        if instances.by_domain(rooms, domain):
            person = members.join(rooms, address, name, domain)
            spend_invitation(company, address)
            return person
        if not 0 < len(form.get("company", "").strip()) <= 80:
            raise instances.Unfit("the company's name has between 1 and 80 characters")
        person = members.begin(rooms, address, name)
        instances.claim(rooms, person, form.get("company", ""), domain)
    except BadBody as wrong:
        raise instances.Unfit(str(wrong)) from wrong
    return person


def _who(request: Request, session: Session, problem: str = "", status: int = 200) -> Response:
    """Ask who they are; of a company nothing is told but its name, and that to an address of its own."""
    company = request.state.company
    instance = instances.by_domain(rooms_of(company), domain_of(session.proved))
    step = "name" if instance else "claim"
    if instance and instance.standing(company.clock()) != "proven":
        step = "later"
    return _page(request, step, problem, status, session, instance)


def _page(
    request: Request,
    step: str,
    problem: str = "",
    status: int = 200,
    session: Session | None = None,
    instance: instances.Instance | None = None,
) -> Response:
    here = instance or hosted(request)
    return page(
        request,
        "room/coming.html",
        status,
        title="Come in",
        step=step,
        problem=problem,
        session=session,
        brand=brand_of(here) if here else None,
        domain=domain_of(session.mail) if session else "",
        remembers=staying.asked(request.state.company),
        least=_least(request.state.company),
        covered=members.covered(rooms_of(request.state.company)),
    )


def _unfit(address: str) -> str:
    """Say why nobody comes in by an address, '' when somebody may."""
    if not EMAIL.fullmatch(address) or not domain_of(address):
        return "That does not look like an e-mail address."
    return PUBLIC if public(domain_of(address)) else ""


def _least(company: Company) -> int:
    return members.least_age(rooms_of(company))


def _known(request: Request) -> None:
    if not instances.known(request.state.company.policy):
        raise HTTPException(404)
    hosted(request)


def _post(company: Company, address: str, digits: str, language: str) -> None:
    say = tongue.speaker(language)
    text = say(
        "Your code for {company} is {digits}. It is good for ten minutes.",
        company=company.title,
        digits=digits,
    )
    person = open_account(company, address)
    try:
        company.send(address, say("Your code: {digits}", digits=digits), text, person=person, unproved=True)
    except TrothError:
        return


ROUTES = (
    ("GET", "/room/join", asking),
    ("POST", "/room/join", sending),
    ("POST", "/room/join/code", taking),
    ("POST", "/room/join/name", coming),
    ("POST", "/profile/address", moving),
)
