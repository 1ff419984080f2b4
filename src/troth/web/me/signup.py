"""Signup: the form that opens an account, made from what the document asks of one."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import BadBody
from troth.policy.bind_words import places
from troth.policy.model import Whereabouts
from troth.runtime import Company
from troth.services import question
from troth.services.accounts import account_of
from troth.services.flows import EMAIL
from troth.web import account
from troth.web.asking import form_of, insist, own_site, session_of
from troth.web.filling import filling, stay_for
from troth.web.pages import language_of, page
from troth.web.sessions import Session, set_cookie

COOKIES = (
    "An account needs the two necessary cookies, for the session and for safety. Your browser kept none, so "
    "nothing was stored. Let them in for this site, and open the form again."
)
LABELS = {"first": "First name", "last": "Last name", "name": "Name"}


async def asking(request: Request) -> Response:
    """Show the form; somebody who is in goes on to their page."""
    session = session_of(request)
    if session is not None and session.person is not None:
        return RedirectResponse(f"/{session.company}/me", 303)
    if not _opens(request.state.company):
        raise HTTPException(404)
    return _begun(request, session)


async def sending(request: Request) -> Response:
    """Open an account and ask the address's owner; what will not do comes back with its reason.

    A browser that keeps no cookie is told before anything is stored: it could not stay signed in.
    """
    own_site(request)
    form, company = await form_of(request), request.state.company
    if not _opens(company):
        raise HTTPException(404)
    session = session_of(request)
    if session is None:
        raise HTTPException(403, COOKIES)
    insist(session, form)
    address = form.get("email", "").strip().lower()
    if not EMAIL.fullmatch(address):
        return _form(request, "That does not look like an e-mail address.", 422, form)
    sent = account.Opening(
        address,
        form.get("password", ""),
        {key[6:]: value for key, value in form.items() if key.startswith("field-")},
        refused=[key[7:] for key in form if key.startswith("refuse-")],
        agreed=[key[6:] for key in form if key.startswith("agree-")],
        language=language_of(request),
    )
    try:
        await run_in_threadpool(account.open_, company, sent)
    except BadBody as wrong:
        return _form(request, wrong.why, 422, form, wrong.field)
    return _form(request, status=201, done=True)


def _opens(company: Company) -> bool:
    account = account_of(company.policy)
    return account is not None and account.opens


def _begun(request: Request, session: Session | None) -> Response:
    """Show the form with a session of its own, which only a browser that keeps cookies brings back."""
    company: Company = request.state.company
    fresh = session or request.app.state.sessions.new(company.name, company.clock())
    request.state.session = fresh
    response = _form(request)
    set_cookie(request, response, fresh)
    return response


def _form(
    request: Request,
    problem: str = "",
    status: int = 200,
    form: Mapping[str, str] | None = None,
    at: str = "",
    done: bool = False,
) -> Response:
    company: Company = request.state.company
    asked, session = account_of(company.policy), session_of(request) or stay_for(request)
    if asked is None:
        raise HTTPException(404)
    said = session.said if session else ""
    if session:
        session.said = ""
        session.filled = {} if done else session.filled
    return page(
        request,
        "me/signup.html",
        status,
        title="Open an account",
        here="me",
        asked=asked,
        where=_where(company, language_of(request)),
        labels=LABELS,
        questions={c.name: question(company.policy, company.parties, c.name) for c in asked.agree},
        problem=problem,
        at=at,
        typed={k: v for k, v in (form or _filled(session)).items() if k != "password"},
        done=done,
        said=said,
        fill=filling(company, session, "signup"),
    )


def _filled(session: Session | None) -> dict[str, str]:
    """Return what a service said as the form's own fields."""
    said = session.filled if session else {}
    return {name if name == "email" else f"field-{name}": value for name, value in said.items()}


def _where(company: Company, language: str) -> list[str]:
    """Name the places in which the document lets data be, as the reader's language calls them."""
    lines = (w for w in company.policy.of(Whereabouts) if w.verb == "stay in" and not w.data)
    codes = dict.fromkeys(code for line in lines for code in line.places)
    return [places(code, language)[0] for code in codes]
