"""Guard: what stands around every page: headers, a limit on bodies, a nonce for scripts.

Clear text from another machine is led to https and gets nothing else.  No page asks where the browser is
(``geolocation=()``), none may be framed but a flow and an ad, and those only by the origins ``site.toml``
lists.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from troth.web.problems import problem

BODY_LIMIT = 64 * 1024
PICTURE_LIMIT = 6 * 1024 * 1024
PICTURED = re.compile(  # the forms and the operations that carry a file
    r"/[^/]+/(feed|profile|me/support/[\w-]+/files|api/v1/people/[\w-]+/support/[\w-]+/files)"
)
A_YEAR = 365 * 24 * 3600
HERE = frozenset({"localhost", "127.0.0.1", "[::1]", ""})
HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]+\]")


class Guard:
    """ASGI middleware; ``framers`` says which origins may frame a company's embedded flow."""

    def __init__(self, app: ASGIApp, framers: Callable[[str, str], tuple[str, ...]]) -> None:
        self._app, self._framers = app, framers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["nonce"] = secrets.token_urlsafe(16)
        guarded = self._sender(scope, send)
        if (plain := _elsewhere(scope)) is not None:
            await plain(scope, receive, guarded)
            return
        body = await _body(scope, receive)
        if body is None:
            await _too_large(limit_of(scope))(scope, receive, guarded)
            return
        await self._app(scope, _replay(body, receive), guarded)

    def _sender(self, scope: Scope, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._headers(scope, MutableHeaders(scope=message))
            await send(message)

        return guarded

    def _headers(self, scope: Scope, headers: MutableHeaders) -> None:
        parts = scope["path"].split("/")
        embedded = b"embed=1" in scope["query_string"] and len(parts) > 3 and parts[2] == "f"
        framers = " ".join(self._framers(parts[1], parts[3])) if embedded else ""
        framers = framers or "'none'"
        nonce = scope["state"]["nonce"]
        own = "content-security-policy" in headers  # an ad is narrower than any page, and says so itself
        headers["Content-Security-Policy"] = headers.get("content-security-policy") or (
            f"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
            f"script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors {framers}"
        )
        headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer" if own else "strict-origin-when-cross-origin"
        if not embedded and not own:
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
        if "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"


def _elsewhere(scope: Scope) -> Response | None:
    """Return the answer to clear text: the same address under https; None on this machine itself.

    What stands between a browser and a server on one machine is no network (W3C Secure Contexts).  A
    proxy that ends TLS says so in ``X-Forwarded-Proto``, which the server has read by now.
    """
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if scope["scheme"] != "http" or name in HERE or not HOST.fullmatch(name):
        return None
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return RedirectResponse(f"https://{name}{path}{'?' if query else ''}{query}", 308)


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Read the body whole, None once it is longer than the limit."""
    limit = limit_of(scope)
    told: bytes = dict(scope["headers"]).get(b"content-length", b"0")
    if not told.isdigit() or int(told) > limit:
        return None
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > limit:
            return None
        if not message.get("more_body"):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def limit_of(scope: Scope) -> int:
    """Return how many bytes a request may bring: few, but for the forms that carry a picture."""
    return PICTURE_LIMIT if scope["method"] == "POST" and PICTURED.fullmatch(scope["path"]) else BODY_LIMIT


def _too_large(limit: int) -> Response:
    return problem(413, "too large", f"a request may be at most {limit // 1024} KiB long")
