"""Cookieless: says in plain words why a browser that keeps no cookie cannot come in, and what it can do."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from troth.web.pages import page

NEEDED = (
    "Signing in takes one session cookie: it is how the next page knows that it is still you, and it ends "
    "with the browser. Yours kept none, so nobody was signed in and nothing was stored. Let it in for this "
    "site and sign in again. Every public page, the contact form and your rights work without."
)


def explained(request: Request) -> Response:
    """Show the page that says so; it leads nowhere by itself, so that nobody goes round in circles."""
    title = "This takes a session cookie"
    return page(request, "message.html", title=title, text=NEEDED, clauses=(), missing=(), hears=("", ""))
