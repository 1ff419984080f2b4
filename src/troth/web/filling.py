"""Filling: what a form shows of services that could fill it in, and of what one of them said.

The forms of sign-up, sign-in and contact carry it; ``identity`` does the asking.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services.accounts import account_of
from troth.services.identities import Provider
from troth.web.sessions import Session, set_cookie

LABELS = {"first": "First name", "last": "Last name", "name": "Name", "email": "E-mail address"}


@dataclass(frozen=True, slots=True)
class Filling:
    """The services a form offers, the details one may tick, and whether one has filled it in."""

    to: str
    providers: tuple[Provider, ...]
    details: tuple[tuple[str, str], ...]
    filled: bool


def choices(company: Company, to: str) -> tuple[str, ...]:
    """Return the details that a form could be filled in with."""
    account = account_of(company.policy)
    if to == "signup" and account is not None and account.opens:
        return (*(f.name for f in account.fields if f.name in LABELS), "email")
    return ("email",)


def filling(company: Company, session: Session | None, to: str) -> Filling:
    """Return what a form offers to be filled in with."""
    found = tuple(p for p in company.identities.values() if to != "signin" or p.signs_in)
    details = () if to == "signin" else tuple((d, LABELS[d]) for d in choices(company, to))
    return Filling(to, found, details, bool(session and session.filled))


def stay_for(request: Request) -> Session | None:
    """Return the stay of a form that a service may fill in, a new one where there is none; else None."""
    company: Company = request.state.company
    found: Session | None = getattr(request.state, "session", None)
    if found is None and company.identities:
        found = request.state.session = request.app.state.sessions.new(company.name, company.clock())
    return found


def keep(request: Request, response: Response, session: Session | None) -> Response:
    """Give a stay's cookie along with a form that a service may fill in."""
    if session is not None and request.state.company.identities and not session.agent:
        set_cookie(request, response, session)
    return response
