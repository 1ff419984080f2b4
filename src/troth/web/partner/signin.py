"""Signin: a partner comes in by the secret of its own key in ``staff.toml``, and sees what is its own.

A key of one member opens no other member's pages, and no page of staff.  Five wrong secrets close the door
for ten minutes.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company, Key
from troth.web import second
from troth.web.asking import Form, form_of, insist, own_site, session_of
from troth.web.pages import page
from troth.web.sessions import Session, drop_cookie, set_cookie

DOOR = " partner"  # no e-mail address begins with a blank, so this shares nobody's count of tries
OURS = ("staff", "job")


def partner_of(request: Request) -> Session:
    """Return the session of a partner; 401 when there is none."""
    session = session_of(request)
    if session is None or not session.party:
        raise HTTPException(401)
    return session


async def partner_act(request: Request) -> tuple[Session, Form]:
    """Return the partner's session and form, once both are proved to be theirs."""
    form = await form_of(request)
    return insist(partner_of(request), form), form


def key_of(company: Company, secret: str) -> Key | None:
    """Return the partner's key that this secret opens.  Every key is compared, each in fixed time."""
    digest = sha256(secret.encode()).hexdigest()
    found: Key | None = None
    for key in company.staff:
        if hmac.compare_digest(key.digest.removeprefix("sha256:").lower(), digest) and key.kind not in OURS:
            found = key
    return found


async def asking(request: Request) -> Response:
    session = session_of(request)
    if session is not None and session.party:
        return RedirectResponse(f"/{session.company}/partner/", 303)
    return _form(request)


async def taking(request: Request) -> Response:
    """Let a partner in."""
    own_site(request)
    company, sessions, form = request.state.company, request.app.state.sessions, await form_of(request)
    now = company.clock()
    if sessions.closed(company.name, DOOR, now):
        raise HTTPException(429)
    key = key_of(company, form.get("code", "").strip())
    if key is not None and key.second:
        key = key if second.proved(company, sessions, key, form.get("second", ""), now) else None
    if key is None:
        sessions.check_code(company.name, DOOR, "", now)
        return _form(request, 422, "That is not the code.")
    if not company.gate.in_terms(party=key.kind, member=key.member):
        raise HTTPException(403, "What your firm must have signed does not run today.")
    sessions.forgive(company.name, DOOR)
    if (old := session_of(request)) is not None:
        sessions.end(old)
    session = sessions.new(company.name, now)
    session.party, session.member, session.key = key.kind, key.member, key.name
    response = RedirectResponse(f"/{company.name}/partner/", 303)
    set_cookie(request, response, session)
    return response


async def leaving(request: Request) -> Response:
    session, _ = await partner_act(request)
    request.app.state.sessions.end(session)
    response = RedirectResponse(f"/{session.company}/", 303)
    drop_cookie(request, response, session.company)
    return response


def _form(request: Request, status: int = 200, problem: str = "") -> Response:
    company: Company = request.state.company
    two = any(key.second for key in company.staff if key.kind not in OURS)
    return page(
        request, "partner/signin.html", status, title="For partners", here="partner", problem=problem, two=two
    )


ROUTES = (
    ("GET", "/partner/signin", asking),
    ("POST", "/partner/signin", taking),
    ("POST", "/partner/signout", leaving),
)
