"""Identity: lets somebody fill a form in, or come in, by a service that says who they are.

They tick which details are passed on, see what is asked for before they leave, and get the form back with
nothing but these in it.  INVARIANT (nothing until sent): what a service said stands in the stay alone, until
its person sends the form; an answer counts once, and only in the stay that asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.runtime.outside import NoProvider
from troth.services import identities
from troth.services.identities import NotShown, Pending, Provider
from troth.web.asking import form_of, insist, session_of
from troth.web.filling import LABELS, choices
from troth.web.me import signin
from troth.web.moments import open_account
from troth.web.pages import page
from troth.web.sessions import Session

DECLINED = "Nothing was passed on. Fill the form in yourself."
UNKNOWN = "No account here has an address that this service has proved to be yours."


async def asking(request: Request) -> Response:
    """Show which details a service will be asked for, and the way there; nothing is asked yet."""
    form, company, provider = await form_of(request), request.state.company, _provider(request)
    session = insist(session_of(request), form)
    to = form.get("to", "")
    if to not in identities.FORMS or (to == "signin" and not provider.signs_in):
        raise HTTPException(404)
    possible = choices(company, to)
    details = ("email",) if to == "signin" else tuple(d for d in possible if form.get(d) == "yes")
    if not details:
        session.said = "Tick at least one detail, or fill the form in yourself."
        return RedirectResponse(f"/{company.name}/{to}", 303)
    pending = Pending(provider.name, to, details)
    try:
        found = await run_in_threadpool(company.outside.who, identities.discovery(provider))
        there = identities.way_there(provider, found, pending, _back(company, provider))
    except (NoProvider, NotShown, KeyError) as error:
        raise HTTPException(
            502, "This service does not answer just now. Fill the form in yourself."
        ) from error
    session.pending = pending
    return page(
        request,
        "identity.html",
        title="Who you are",
        here="me",
        provider=provider,
        details=[LABELS[d] for d in details],
        there=there,
        to=to,
    )


async def answered(request: Request) -> Response:
    """Take the answer: fill the form in, or let in whose proved address has an account."""
    company, provider, session = request.state.company, _provider(request), session_of(request)
    pending = session.pending if session is not None else None
    if session is None or not isinstance(pending, Pending):
        raise HTTPException(400, "Nothing was begun here, or it was answered already. Begin anew.")
    session.pending = None  # an answer counts once
    said = dict(request.query_params)
    if not identities.same_state(pending, provider, said):
        raise HTTPException(400, "This answer belongs to something else. Begin anew.")
    if not said.get("code"):
        session.said = DECLINED
        return RedirectResponse(f"/{company.name}/{pending.to}", 303)
    try:
        claims = await run_in_threadpool(_claims, company, provider, pending, said["code"])
    except (NoProvider, NotShown) as error:
        raise HTTPException(400, f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    if pending.to == "signin":
        return await _enter(request, session, claims)
    session.filled = identities.picked(claims, pending.details)
    return RedirectResponse(f"/{company.name}/{pending.to}", 303)


async def emptying(request: Request) -> Response:
    """Take out of the form what a service said."""
    form = await form_of(request)
    session = insist(session_of(request), form)
    session.filled = {}
    to = form.get("to", "") if form.get("to", "") in identities.FORMS else "signup"
    return RedirectResponse(f"/{session.company}/{to}", 303)


def _claims(company: Company, provider: Provider, pending: Pending, code: str) -> Mapping[str, Any]:
    """Exchange the code and check what comes back."""
    who = company.outside.who
    found = who(identities.discovery(provider))
    back = _back(company, provider)
    try:
        answer = who(found["token_endpoint"], identities.exchange(provider, pending, code, back))
        token, keys = str(answer["id_token"]), who(found["jwks_uri"])
    except KeyError as error:
        raise NotShown(f"no {error.args[0]}") from None
    return identities.shown(token, keys, provider, pending.nonce, company.clock())


async def _enter(request: Request, session: Session, claims: Mapping[str, Any]) -> Response:
    company, address = request.state.company, identities.proved_address(claims)
    person = await run_in_threadpool(open_account, company, address) if address else None
    if person is None or not await run_in_threadpool(
        lambda: company.gate.proved(person=person, kind="email")
    ):
        session.said = UNKNOWN
        return RedirectResponse(f"/{company.name}/signin", 303)
    return await signin.come_in(request, session, person, address)


def _provider(request: Request) -> Provider:
    found = request.state.company.identities.get(request.path_params["provider"])
    if found is None:
        raise HTTPException(404)
    assert isinstance(found, Provider)
    return found


def _back(company: Company, provider: Provider) -> str:
    return f"{company.base_url}/{company.name}/identity/{provider.name}/back"


ROUTES = (
    ("POST", "/identity/empty", emptying),
    ("POST", "/identity/{provider}", asking),
    ("GET", "/identity/{provider}/back", answered),
)
