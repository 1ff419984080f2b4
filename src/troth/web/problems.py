"""Problems: the one place where an error becomes an answer, as a page for people or RFC 9457 for programs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from troth.policy.model import Controller, Policy
from troth.terms import Allowed, Clause, Decision, Refused, RefusedBy
from troth.web.faults import met
from troth.web.pages import page

PLAIN = {
    400: ("That cannot be read", "Something in the form is missing or of another kind."),
    401: ("Please sign in", "This page needs to know who you are."),
    403: ("Refused", "This is not allowed."),
    404: ("Not here", "There is no such page, or it is not open to the public."),
    405: ("Not this way", "This address does not take that kind of request."),
    409: ("That has moved on", "The page was older than what it speaks of. Please start anew."),
    410: ("This has ended", "It takes nothing any more."),
    413: ("Too large", "That is more than this site takes."),
    422: ("That does not fit", "Something in the form is missing or of another kind."),
    429: ("Too many tries", "Please wait ten minutes and ask for a new code."),
    500: ("Something broke", "Nothing was stored by this request."),
}


def problem(status: int, title: str, detail: str, clauses: Sequence[Clause] = ()) -> Response:
    """Return an RFC 9457 problem; ``clause`` names the section that decided, when one did."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if clauses:
        body["clause"] = clauses[0].ref
        body["clauses"] = [{"ref": c.ref, "line": c.line, "sentence": c.sentence} for c in clauses]
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def wants_json(request: Request) -> bool:
    """Say whether a program is asking: by its path, or because it takes JSON and no pages."""
    accept = request.headers.get("accept", "")
    return "/api/" in request.url.path or ("json" in accept and "text/html" not in accept)


def told(request: Request, status: int, detail: str = "") -> Response:
    """Answer with a status and its plain words."""
    title, text = PLAIN.get(status, PLAIN[500])
    if wants_json(request) or "company" not in request.scope.get("state", {}):
        return problem(status, title, detail or text)
    return page(
        request,
        "message.html",
        status=status,
        title=title,
        text=detail or text,
        clauses=(),
        missing=(),
        hears=hearing(request.state.company.policy) if status in (403, 409) else ("", ""),
    )


def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = error.detail if error.status_code in PLAIN and error.detail and " " in error.detail else ""
    return told(request, error.status_code, "" if error.status_code in (404, 405) else said)


def on_refused(request: Request, error: Exception) -> Response:
    """Turn the gate's refusal into 403 with its clauses and what is missing."""
    assert isinstance(error, Refused)
    clauses, missing = reasons(error.decision)
    if wants_json(request) or "company" not in request.scope.get("state", {}):
        return problem(403, "refused", str(error), clauses)
    return page(
        request,
        "message.html",
        status=403,
        title="Refused",
        text=str(error),
        clauses=clauses,
        missing=missing,
        hears=hearing(request.state.company.policy),
    )


def on_fault(request: Request, error: Exception) -> Response:
    """A fault refuses; its text may hold personal values: it is shown nowhere, and only its place is kept."""
    with suppress(Exception):  # an error about an error helps nobody
        met(request)
    return told(request, 500)


def reasons(decision: Decision) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """Return the clauses of a decision and what is missing for a yes."""
    if isinstance(decision, RefusedBy):
        return decision.clauses, decision.missing
    return (decision.clauses if isinstance(decision, Allowed) else decision.nearest), ()


def hearing(policy: Policy) -> tuple[str, str]:
    """Return who hears complaints about the company, and where; empty where the document names nobody."""
    found = next((c for c in policy.of(Controller) if c.authority), None)
    return (found.authority, found.complaints) if found else ("", "")
