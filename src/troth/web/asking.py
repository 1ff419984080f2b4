"""Asking: reads a request once: which form, whose session, and whether the act is the person's own."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from troth.services.accounts import STAY
from troth.web import misuse
from troth.web.sessions import Session, Sessions, agent_of, cookie_name, unguarded

Form = dict[str, str]
CHOOSE = "This password was sent to you. First choose one of your own, on the page of your account."
BEFORE = (
    "/me/account",
    "/me/password",
    "/me/sessions/",
    "/sign",
    "/static/",
    "/look/",
    "/privacy",
    "/contact",
)


def session_of(request: Request, token: str = "") -> Session | None:
    """Return the stay named by the form's token (in a frame), by the cookie, or by one that stays signed in.

    A cookie that comes from another browser than the one it was given to was taken from it: the stay ends,
    and its person is told.
    """
    company, sessions = request.state.company, request.app.state.sessions
    assert isinstance(sessions, Sessions)
    framed, token = bool(token), token or request.cookies.get(cookie_name(request, company.name), "")
    session = sessions.find(company.name, token, company.clock()) if token else None
    if session is not None and not framed and unguarded(request, session):
        session = None
    if session is not None and session.agent and session.agent != agent_of(request):
        sessions.end(session)
        if session.person is not None:
            misuse.found(company, session.person, misuse.MOVED)
        session = None
    session = session or getattr(request.state, "resumed", None)
    if session is not None:
        request.state.session = session
        session.language = request.query_params.get("lang", session.language)[:2]
        request.state.language = session.language
    return session


def person_of(request: Request) -> Session:
    """Return the session of a person who is signed in; 401 for a forged, an ended and a nameless one."""
    session = session_of(request)
    if session is None or session.person is None:
        raise HTTPException(401)
    return session


def insist_chosen(request: Request, path: str) -> None:
    """Refuse who came in by a password that was sent to them every page but those on which that ends."""
    session = None if path.startswith(BEFORE) else session_of(request)
    if session is not None and session.must_choose:
        raise HTTPException(403, CHOOSE)


def knocked(request: Request) -> bool:
    """Say whether the browser brought a session at all, good or not."""
    name = request.state.company.name
    return any(n in request.cookies for n in (cookie_name(request, name), cookie_name(request, name, STAY)))


async def form_of(request: Request) -> Form:
    """Read a form's text fields; files are not taken.  400 when the text is not UTF-8."""
    try:
        (await request.body()).decode()
        async with request.form(max_files=0, max_fields=100) as form:
            fields = {key: value for key, value in form.items() if isinstance(value, str)}
    except UnicodeDecodeError as error:
        raise HTTPException(400, "This form is not written in UTF-8.") from error
    if any("\ufffd" in value or "\x00" in value for value in fields.values()):
        raise HTTPException(400, "This form is not written in UTF-8.")
    return fields


def insist(session: Session | None, form: Form) -> Session:
    """Return the session when the form carries its secret; 409 without a session, 403 without the secret."""
    if session is None:
        raise HTTPException(409, "Your session is over. Please start anew.")
    if not hmac.compare_digest(form.get("csrf", "").encode(), session.csrf.encode()):
        raise HTTPException(403, "This form did not come from your own page.")
    return session


async def own_act(request: Request) -> tuple[Session, Form]:
    """Return the signed-in person's session and form, once both are proved to be the person's own."""
    form = await form_of(request)
    return insist(person_of(request), form), form


async def staff_act(request: Request) -> tuple[Session, Form]:
    """Return the staff session and form, once both are proved to be theirs."""
    form = await form_of(request)
    return insist(staff_of(request), form), form


def staff_of(request: Request) -> Session:
    """Return the session of a member of staff; 401 when there is none."""
    session = session_of(request)
    if session is None or not session.staff:
        raise HTTPException(401)
    return session


def own_site(request: Request) -> None:
    """Refuse an act that another site's page sent (before there is a session to hold a secret)."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    other = origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host", "")
    if site not in ("same-origin", "none") or other:
        raise HTTPException(403, "This form did not come from our own page.")
