"""Usage: which features a signed-in person opened, noted while the document lets it be; no word of theirs.

A category with the fields ``feature``, ``at`` and ``session`` says that the document knows such a thing; its
choices are the features there are.  INVARIANT (pages alone): only a page that was shown is noted, so that no
form that was left half-way leaves a trace.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC

from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Cookie, Data
from troth.runtime import Company
from troth.services.ledger import having
from troth.terms import Action, Allowed, TrothError
from troth.terms import Request as Touch
from troth.web.crediting import shop_of
from troth.web.jar import held, put
from troth.web.sessions import Session

NAME = re.compile(r"[0-9a-f]{16}")
FEATURE, AT, SESSION = "feature", "at", "session"
WHERE = (
    ("/a/", "ask"),
    ("/me/download", "export"),
    ("/me/choices", "settings"),
    ("/me/organisation", "invite"),
    ("/me", "read"),
    ("/f/", "read"),
)


def noted(request: Request, response: Response) -> None:
    """Note the feature of a page that a signed-in person was shown."""
    session, company = getattr(request.state, "session", None), request.state.company
    shown = request.method == "GET" and response.status_code == 200
    if not shown or not isinstance(session, Session) or session.person is None:
        return
    data = having(company.policy, FEATURE, AT, SESSION)
    feature = feature_of(request.url.path.removeprefix(f"/{company.name}"), data) if data else ""
    if data is not None and feature:
        _collect(request, response, session, data, feature)


def feature_of(path: str, data: Data) -> str:
    """Name the feature behind a path, '' for one that the document's choices do not have.

    >>> from troth.policy.model import Field
    >>> usage = Data(name="usage", fields=(Field(name="feature", type="choice", choices=("ask", "read")),))
    >>> feature_of("/a/helpdesk", usage), feature_of("/me/rights", usage), feature_of("/privacy", usage)
    ('ask', 'read', '')
    """
    named = next((name for start, name in WHERE if path.startswith(start)), "")
    choices = next((f.choices for f in data.fields if f.name == FEATURE), ())
    return named if named in choices or not choices else ""


def _collect(request: Request, response: Response, session: Session, data: Data, feature: str) -> None:
    company: Company = request.state.company
    person, purpose = session.person, shop_of(company).collecting(data.name)
    assert person is not None
    asked = Touch(Action.COLLECT, data.name, purpose, field=FEATURE, source="device")
    if not isinstance(company.gate.may(person=person, request=asked), Allowed):
        return
    session.drawn = _drawn(request, response, purpose) or session.drawn or secrets.token_hex(8)
    at = company.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {FEATURE: feature, AT: at, SESSION: session.drawn}
    try:
        company.gate.collect(person=person, data=data.name, body=body, purpose=purpose, source="device")
    except TrothError:
        return


def _drawn(request: Request, response: Response, purpose: str) -> str:
    """Return the random name that a cookie of this purpose holds, a new one in a browser without; '' where
    the document has no such cookie, and each visit is named anew."""
    mine = (c for c in request.state.company.policy.of(Cookie) if c.purpose == purpose and not c.hosts)
    cookie = next(mine, None)
    if cookie is None:
        return ""
    name = held(request, cookie.name)
    if not NAME.fullmatch(name):
        name = secrets.token_hex(8)
        put(request, response, cookie.name, name, cookie.lasts)
    return name
