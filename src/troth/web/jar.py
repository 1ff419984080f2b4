"""Jar: sets and drops one of the document's cookies in an answer, for no longer than the document says."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from troth.web.lasting import until
from troth.web.sessions import cookie_name


def held(request: Request, name: str) -> str:
    """Return what the browser brought under a cookie of ours, '' for nothing."""
    return request.cookies.get(cookie_name(request, request.state.company.name, name), "")


def put(request: Request, response: Response, name: str, value: str, lasts: str) -> None:
    """Set a cookie of ours; one that lasts a session carries no end, and goes with the browser."""
    company = request.state.company
    now = company.clock()
    ends = until(lasts, now)
    response.set_cookie(
        cookie_name(request, company.name, name),
        value,
        max_age=int((ends - now).total_seconds()) if ends else None,
        path="/",
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )


def drop(request: Request, response: Response, name: str) -> None:
    """Expire a cookie of ours, if the browser brought it."""
    drop_named(request, response, cookie_name(request, request.state.company.name, name))


def drop_named(request: Request, response: Response, name: str) -> None:
    """Expire a cookie by the name that the browser holds it under, if it brought it."""
    if name in request.cookies:
        response.delete_cookie(
            name, path="/", httponly=True, secure=request.url.scheme == "https", samesite="lax"
        )
