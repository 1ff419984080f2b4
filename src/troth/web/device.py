"""Device: what a browser said yes to, of all that a document may put on it.

Where the company has a site of its own the banner's answer counts.  Elsewhere it is what its user said on the
page of cookies in this visit, then what the person who is in decided, then a cookie that only a yes can have
set.  INVARIANT (the browser's own no): with Global Privacy Control nothing is counted or advertised.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services.register import PREFERENCES, Entry, asked, register
from troth.services.trackers import apart
from troth.web.asking import session_of
from troth.web.jar import drop, drop_named, held
from troth.web.site.choice import choice_of


def signals(request: Request) -> bool:
    """Say whether the browser itself says no for its user."""
    return request.headers.get("sec-gpc", "").strip() == "1"


def agreed(request: Request, entry: Entry) -> bool:
    """Say whether one line of the register may be used on this browser now; reads the store."""
    company: Company = request.state.company
    if entry.necessary:
        return True
    if signals(request) and entry.kind != PREFERENCES:
        return False
    if _has_site(company):
        return entry.consent in choice_of(request).agreed
    session = session_of(request)
    if session is not None and entry.consent in session.answers:
        return session.answers[entry.consent]
    said = None
    if session is not None and session.person is not None:
        person = session.person
        said = company.gate.answered(person=person, name=entry.consent)
    return bool(held(request, entry.name)) if said is None else said


def tidied(request: Request, response: Response) -> None:
    """Expire each cookie that its user no longer agrees to; a site of our own does so by its banner."""
    if _has_site(request.state.company):
        return
    for entry in register(request.state.company.policy):
        brought = [n for n in request.cookies if entry.fits(n)] or held(request, entry.name)
        if entry.consent and entry.form == "cookie" and brought and not agreed(request, entry):
            clear(request, response, entry)


def clear(request: Request, response: Response, entry: Entry) -> None:
    """Expire a line's cookie, and those that others set by it."""
    drop(request, response, entry.name)
    for name in [n for n in request.cookies if entry.fits(n)]:
        drop_named(request, response, name)


def switches(request: Request) -> tuple[tuple[Entry, bool], ...]:
    """Return what the page of cookies asks, with the answer that stands."""
    entries = asked(register(request.state.company.policy))
    return tuple((entry, agreed(request, entry)) for entry in entries)


def _has_site(company: Company) -> bool:
    return bool(company.pages and apart(company.policy))
