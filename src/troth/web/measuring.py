"""Measuring: numbers of a visit whose user agreed to being counted: pages, features, posts, ways in.

A page's unseen image counts who came to it, once a day each; all else is counted on the server, by the stay.
INVARIANT (numbers only): nothing of this is written down under a person, nor under a name that lasts a day.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Cookie
from troth.runtime import Company, rooms_of
from troth.services import instances
from troth.services.register import register
from troth.services.trackers import apart
from troth.services.traffic import DAY, PAGE, WAY, beacon, counted, moved, page_of, way_of
from troth.terms import Action, Allowed, State
from troth.terms import Request as Touch
from troth.web.asking import session_of
from troth.web.device import agreed
from troth.web.sessions import Session
from troth.web.site.counting import GIF


def prepared(request: Request, pages: frozenset[str]) -> None:
    """Let the page that is drawn carry the image, where its reader agreed; ``pages`` are the known ones."""
    page = page_of(request.scope["route"].path)
    may = request.method == "GET" and page in pages and measured(request)
    request.state.beacon = page if may else ""


def measured(request: Request) -> bool:
    """Say whether this visit may be counted: by its own yes, and by the document."""
    company: Company = request.state.company
    image = _image(company)
    entry = next((e for e in register(company.policy) if image and e.name == image.name), None)
    session = session_of(request) if entry else None
    if image is None or entry is None or session is None or not agreed(request, entry):
        return False
    data = counted(company.policy, image.purpose)
    if session.person is None:
        said = State(consents=frozenset({image.consent}))
        return isinstance(
            company.decide(
                action=Action.COLLECT, data=data, purpose=image.purpose, source="device", state=said
            ),
            Allowed,
        )
    touch = Touch(Action.COLLECT, data, image.purpose, source="device")
    return isinstance(company.gate.may(person=session.person, request=touch), Allowed)


def hit(request: Request, pages: frozenset[str]) -> Response:
    """Count who came to a page, once a day, and give the image; it sets nothing and is kept nowhere."""
    company: Company = request.state.company
    page = request.query_params.get(PAGE, "")
    if _image(company) is None or page not in pages:
        raise HTTPException(404)
    if set(request.query_params) != {PAGE} or not measured(request):
        raise HTTPException(403)
    session = session_of(request)
    assert session is not None
    day = _today(company)
    if request.app.state.visitors.first(company.name, day, _who(session), page):
        _count(company, {PAGE: page, DAY: day})
    return Response(GIF, media_type="image/gif", headers={"Cache-Control": "no-store"})


def noted(request: Request, response: Response) -> None:
    """Count what a page that was shown is about, and by which way a stay began."""
    session = getattr(request.state, "session", None)
    shown = request.method == "GET" and response.status_code == 200 and response.media_type == "text/html"
    if not shown or not isinstance(session, Session) or not measured(request):
        return
    company: Company = request.state.company
    seen = {
        DAY: _today(company),
        "feature": page_of(request.scope["route"].path).partition("/")[0],
        "post": str(request.path_params.get("number", "")) if "/feed/" in request.url.path else "",
    }
    _count(company, seen)
    if not session.entered:
        session.entered = True
        via, came = request.query_params.get("via", ""), request.headers.get("referer", "")
        own = request.headers.get("host", "")
        _count(company, {DAY: seen[DAY], WAY: way_of(via, came, own), "room": _room(company, session)})


def _image(company: Company) -> Cookie | None:
    """Return the image of a document whose company has no site of its own, which counts by itself."""
    return None if company.pages and apart(company.policy) else beacon(company.policy)


def _count(company: Company, seen: dict[str, str]) -> None:
    for name, dims in moved(company.policy, seen):
        company.gate.count(counter=name, dims=dims)


def _room(company: Company, session: Session) -> str:
    if session.person is None or not instances.known(company.policy):
        return ""
    found = instances.of(rooms_of(company), session.person)
    return found.prefix if found else ""


def _who(session: Session) -> str:
    return f"person {session.person}" if session.person is not None else f"stay {session.csrf}"


def _today(company: Company) -> str:
    return company.clock().astimezone(ZoneInfo(company.policy.zone)).date().isoformat()
