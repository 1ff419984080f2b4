"""Signin: staff come in by the secret whose digest stands in ``staff.toml``; their roles come with it."""

from __future__ import annotations

import hmac
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company, Key
from troth.web import second
from troth.web.asking import form_of, own_site, session_of, staff_act
from troth.web.pages import page
from troth.web.sessions import drop_cookie, set_cookie

DOOR = " staff"  # no e-mail address begins with a blank, so this shares nobody's count of tries


def key_of(company: Company, secret: str) -> Key | None:
    """Return the staff key that this secret opens.  Every key is compared, each in fixed time."""
    digest = sha256(secret.encode()).hexdigest()
    found: Key | None = None
    for key in company.staff:
        if hmac.compare_digest(key.digest.removeprefix("sha256:").lower(), digest) and key.kind == "staff":
            found = key
    return found


async def asking(request: Request) -> Response:
    session = session_of(request)
    if session is not None and session.staff:
        return RedirectResponse(f"/{session.company}/console/", 303)
    return _form(request)


async def taking(request: Request) -> Response:
    """Let staff in; five wrong secrets close the door for ten minutes."""
    own_site(request)
    company, sessions, form = request.state.company, request.app.state.sessions, await form_of(request)
    now = company.clock()
    if not company.staff:
        raise HTTPException(403, "This company has no staff key, so its console is closed.")
    if sessions.closed(company.name, DOOR, now):
        raise HTTPException(429)
    key = key_of(company, form.get("code", "").strip())
    if key is not None and second.asked(company, key):
        key = key if second.proved(company, sessions, key, form.get("second", ""), now) else None
    if key is None:
        sessions.check_code(company.name, DOOR, "", now)
        return _form(request, 422, "That is not the code.")
    sessions.forgive(company.name, DOOR)
    if (old := session_of(request)) is not None:
        sessions.end(old)
    session = sessions.new(company.name, now)
    session.staff, session.roles = key.name, key.roles
    response = RedirectResponse(f"/{company.name}/console/", 303)
    set_cookie(request, response, session)
    return response


async def leaving(request: Request) -> Response:
    session, _ = await staff_act(request)
    request.app.state.sessions.end(session)
    response = RedirectResponse(f"/{session.company}/", 303)
    drop_cookie(request, response, session.company)
    return response


def _form(request: Request, status: int = 200, problem: str = "") -> Response:
    company: Company = request.state.company
    two = any(second.asked(company, k) for k in company.staff if k.kind == "staff")
    return page(
        request, "desk/signin.html", status, title="Console", here="console", problem=problem, two=two
    )
