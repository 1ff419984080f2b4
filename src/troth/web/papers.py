"""Papers: what stands beside the notice: the terms of use, and every cookie with its aim and its switch.

The cookie page is made from the document's own list, so that it cannot leave one out.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Consent, Cookie, Purpose
from troth.runtime import Company
from troth.terms import Clause
from troth.web.pages import page


@dataclass(frozen=True, slots=True)
class Row:
    """One cookie: what it does, for which purpose, how long, and by which question it is switched."""

    name: str
    text: str
    purpose: str
    lasts: str
    necessary: bool
    question: str
    clause: Clause


async def terms(request: Request) -> Response:
    """Show the terms of use."""
    found = request.state.company.terms
    if found is None:
        raise HTTPException(404)
    return page(request, "terms.html", title=found.title, here="terms", terms=found, text=Markup(found.html))


async def cookies(request: Request) -> Response:
    """Show every cookie of the document."""
    rows = cookies_of(request.state.company)
    if not rows:
        raise HTTPException(404)
    return page(request, "cookies.html", title="Cookies", here="cookies", rows=rows)


def cookies_of(company: Company) -> list[Row]:
    """Return the document's cookies, those that are needed first."""
    titles = {p.name: p.text or p.name for p in company.policy.of(Purpose)}
    questions = {c.name: c.question for c in company.policy.of(Consent)}
    rows = [
        Row(
            c.name,
            c.text,
            titles.get(c.purpose, c.purpose),
            c.lasts,
            c.necessary,
            questions.get(c.consent, ""),
            c.clause,
        )
        for c in company.policy.of(Cookie)
    ]
    return sorted(rows, key=lambda r: not r.necessary)


ROUTES = (("GET", "/terms", terms), ("GET", "/cookies", cookies))
