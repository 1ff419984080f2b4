"""Leaving: the page behind a message's last line, and the one on which somebody picks what they get.

A mail program posts from anywhere, without a cookie, so the link's own secret is the whole proof.
INVARIANT (looking changes nothing): opening a link only shows the button, because mail scanners open links.
Whoever has no mail of ours types the address and gets the link; the answer tells nobody who is known here.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import OptOut, Purpose
from troth.runtime import Company, leaving
from troth.services.flows import EMAIL
from troth.terms import TrothError
from troth.web import tongue
from troth.web.asking import Form, form_of, own_site, session_of
from troth.web.confirming import tongue_of
from troth.web.moments import open_account
from troth.web.pages import language_of, page

DONE = "Noted. It counts from now on, also for what is already on its way to be sent."


async def asking(request: Request) -> Response:
    """Show what would stop, and the one button."""
    _, purpose = await run_in_threadpool(_leaver, request)
    return _stop(request, purpose, done=False)


async def leave(request: Request) -> Response:
    """Stop this kind of message; 404 for a link that is none, or whose person is gone."""
    company: Company = request.state.company
    person, purpose = await run_in_threadpool(_leaver, request)
    await run_in_threadpool(leaving.switch, company, person, purpose, False, "message")
    return _stop(request, purpose, done=True)


async def entering(request: Request) -> Response:
    """Ask for the address; who is signed in goes on to their own page."""
    company, session = request.state.company, session_of(request)
    _served(company)
    if session is not None and session.person is not None:
        person = session.person
        link = await run_in_threadpool(leaving.pick_link, company, person)
        return RedirectResponse(link.removeprefix(company.base_url), 303)
    return _enter(request)


async def sending(request: Request) -> Response:
    """Write the link to an address that is known; the page says the same either way."""
    own_site(request)
    company: Company = request.state.company
    _served(company)
    address = (await form_of(request)).get("email", "").strip().lower()
    if not EMAIL.fullmatch(address):
        return _enter(request, "That does not look like an e-mail address.", 422)
    await run_in_threadpool(_write, company, address, language_of(request))
    return _enter(request, sent=True)


async def picking(request: Request) -> Response:
    """Show each kind of message and each topic with its switch."""
    return await run_in_threadpool(_page, request, await run_in_threadpool(_picker, request), "")


async def picked(request: Request) -> Response:
    """Take the switches as they stand on the page."""
    company, form = request.state.company, await form_of(request)
    person = await run_in_threadpool(_picker, request)
    await run_in_threadpool(_take, company, person, form)
    return await run_in_threadpool(_page, request, person, DONE)


def _take(company: Company, person: int, form: Form) -> None:
    for purpose in leaving.kinds_of(company):
        wanted = form.get(f"kind-{purpose.name}") == "yes" and form.get("none") != "yes"
        leaving.switch(company, person, purpose, wanted, "mail page")
    if leaving.topics_of(company):
        leaving.pick(company, person, [key[6:] for key in form if key.startswith("topic-")])


def _page(request: Request, person: int, said: str) -> Response:
    company: Company = request.state.company
    topics = leaving.topics_of(company)
    return page(
        request,
        "mail/pick.html",
        title="What you get",
        here="me",
        said=said,
        kinds=leaving.standing(company, person),
        topics=topics[1].choices if topics else (),
        picked=leaving.picked(company, person),
        bounced=not company.gate.takes_mail(person=person),
    )


def _enter(request: Request, problem: str = "", status: int = 200, sent: bool = False) -> Response:
    return page(
        request, "mail/enter.html", status, title="What you get", here="me", problem=problem, sent=sent
    )


def _stop(request: Request, purpose: Purpose, *, done: bool) -> Response:
    company: Company = request.state.company
    effect = next((o.says for o in company.policy.of(OptOut) if purpose.name in o.purposes), "")
    return page(
        request,
        "mail/stop.html",
        title="Stop these messages",
        here="me",
        what=purpose.text or purpose.name,
        effect=effect,
        clause=purpose.clause,
        done=done,
    )


def _write(company: Company, address: str, language: str) -> None:
    person = open_account(company, address)
    if person is None:
        return
    say = tongue.speaker(tongue_of(company, person, language))
    text = say(
        "Here you choose what you get from {company}:\n{link}",
        company=company.title,
        link=leaving.pick_link(company, person),
    )
    try:
        company.send(address, say("What you get from us"), text, person=person, unproved=True)
    except TrothError:
        return  # the page says the same in every case


def _leaver(request: Request) -> tuple[int, Purpose]:
    named = request.path_params
    found = leaving.leaver(request.state.company, named["purpose"], named["ticket"])
    if found is None:
        raise HTTPException(404)
    return found


def _picker(request: Request) -> int:
    person = leaving.picker(request.state.company, request.path_params["ticket"])
    if person is None:
        raise HTTPException(404)
    return person


def _served(company: Company) -> None:
    if not leaving.kinds_of(company):
        raise HTTPException(404)
