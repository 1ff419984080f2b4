"""Logbook: what a request leaves in the technical log: cut down before anything is written, and of nobody.

A category with the fields ``ip``, ``browser``, ``action`` and ``at`` from the device says that the document
keeps a log; its actions are the only ones there are.  The browser's own string, the rest of the page before
and every word that was typed are gone before the gate is asked.
"""

from __future__ import annotations

from datetime import UTC
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Counter, Data
from troth.runtime import Company
from troth.services.facts import browser, site_of
from troth.services.ledger import having
from troth.terms import TrothError
from troth.web.crediting import shop_of
from troth.web.sessions import Session

FIELDS = ("ip", "browser", "action", "at")
ACTS = (
    ("POST", "/signin/code", "sign-in"),
    ("POST", "/session/code", "sign-in"),
    ("POST", "/room/join/code", "sign-in"),
    ("POST", "/feed/share", "share"),
    ("POST", "/room/invite", "invite"),
    ("POST", "/room/invitations", "invite"),
    ("POST", "/room/settings", "setting"),
    ("PATCH", "/room", "setting"),
    ("POST", "/feed", "post"),
    ("GET", "", "view"),
)
ASIDE = ("/static/", "/look/", "/qr/", "/.well-known/", "/published/", "/embed.js", "/log")


def noted(request: Request, response: Response) -> None:
    """Write the line of a request that was served."""
    company: Company = request.state.company
    if response.status_code >= 400:
        return
    session = getattr(request.state, "session", None)
    person = session.person if isinstance(session, Session) else None
    keep(company, request, person)


def keep(company: Company, request: Request, person: int | None) -> None:
    """Write one line, where the document keeps a log and its list has such an action."""
    data = log_of(company)
    path = request.url.path.removeprefix(f"/{company.name}").removeprefix("/api/v1").replace("/people/me", "")
    action = action_of(request.method, path)
    if data is None or not action or path.startswith(ASIDE):
        return
    address = request.client.host if request.client else ""
    referrer = referrer_of(request.headers.get("referer", ""), request.url.netloc)
    body = {
        "ip": address,
        "browser": browser(request.headers.get("user-agent", "")) or "other",
        "referrer": referrer,
        "action": action,
        "at": company.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    fields = {f.name for f in data.fields}
    said = {name: value for name, value in body.items() if name in fields and value}
    purpose = shop_of(company).collecting(data.name)
    try:
        company.gate.log_line(data=data.name, body=said, purpose=purpose, person=person)
    except TrothError:
        return
    if person is not None:
        connected(company, person, address)


def connected(company: Company, person: int, address: str) -> None:
    """Count a person's country and provider, each by itself and once a month, by the company's own table."""
    country, carrier = company.networks.of(address)
    month = f"{company.clock().astimezone(ZoneInfo(company.policy.zone)):%Y-%m}"
    for name, value in (("country", country), ("provider", carrier.replace(" ", "-"))):
        for counter in company.policy.of(Counter):
            if counter.of == (name,) and value:
                company.gate.count_person(
                    person=person, counter=counter.name, dims={name: value}, month=month
                )


def log_of(company: Company) -> Data | None:
    """Return the category of the technical log, None where the document keeps none."""
    found = having(company.policy, *FIELDS)
    return found if found and "device" in found.sources else None


def action_of(method: str, path: str) -> str:
    """Name what a request does, '' for what is on no list.

    >>> action_of("POST", "/feed"), action_of("GET", "/feed/p-1"), action_of("POST", "/me/choices")
    ('post', 'view', '')
    """
    return next((name for how, start, name in ACTS if method == how and path.startswith(start)), "")


def referrer_of(referrer: str, host: str) -> str:
    """Cut the page before to its site, and to its path where it is one of our own.

    >>> referrer_of("https://mail.example/inbox?id=anna", "club.example")
    'https://mail.example'
    >>> referrer_of("https://club.example/feed?q=anna#x", "club.example")
    '/feed'
    """
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return ""
    return parts.path[:200] if parts.netloc and parts.netloc == host else site_of(referrer)
