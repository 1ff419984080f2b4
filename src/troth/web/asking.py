"""Asking: reads a request once: which form, whose session, and whether the act is the person's own."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from troth.web.sessions import Session, Sessions, cookie_name

Form = dict[str, str]


def session_of(request: Request, token: str = "") -> Session | None:
    """Return the stay named by the form's token (in a frame) or by the cookie."""
    company, sessions = request.state.company, request.app.state.sessions
    assert isinstance(sessions, Sessions)
    token = token or request.cookies.get(cookie_name(request, company.name), "")
    return sessions.find(company.name, token, company.clock()) if token else None


async def form_of(request: Request) -> Form:
    """Read a form's text fields; files are not taken."""
    async with request.form(max_files=0, max_fields=100) as form:
        return {key: value for key, value in form.items() if isinstance(value, str)}


def insist(session: Session | None, form: Form) -> Session:
    """Return the session when the form carries its secret; 409 without a session, 403 without the secret."""
    if session is None:
        raise HTTPException(409, "Your session is over. Please start anew.")
    if not hmac.compare_digest(form.get("csrf", "").encode(), session.csrf.encode()):
        raise HTTPException(403, "This form did not come from your own page.")
    return session


def own_site(request: Request) -> None:
    """Refuse an act that another site's page sent (before there is a session to hold a secret)."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    other = origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host", "")
    if site not in ("same-origin", "none") or other:
        raise HTTPException(403, "This form did not come from our own page.")
