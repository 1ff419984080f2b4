"""Choice: what a browser said about the tools of the company's own site, and the visitor it is counted as.

The answer is one marker, the same for everybody who answered alike; a visitor is a person of the site's own,
named by a cookie that ends within the time the document gives it.  INVARIANT (nothing before a yes): without
one there is no person, no cookie but the marker, and no tool.  Global Privacy Control is a no that leaves no
marker at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services.register import COUNTING, of_class
from troth.services.trackers import Tracker, apart, trackers
from troth.web.asking import session_of
from troth.web.jar import drop_named, put
from troth.web.lasting import until

NO, YES = "no", "yes"


@dataclass(frozen=True, slots=True)
class Choice:
    """The consents that this browser gave here; ``made`` False asks, ``signal`` True is its own no."""

    agreed: frozenset[str] = frozenset()
    made: bool = False
    signal: bool = False

    def of(self, tools: Iterable[Tracker]) -> tuple[Tracker, ...]:
        """Return the tools that may be used now."""
        return tuple(t for t in tools if t.consent in self.agreed)


def area_of(company: Company) -> str:
    """Return the area of the company's own site; 404 where the document has none."""
    area = apart(company.policy)
    if not area or not company.pages:
        raise HTTPException(404)
    return area


def tools_of(company: Company) -> tuple[Tracker, ...]:
    """Return what the document lets the site use, as far as it is switched on."""
    found = trackers(company.policy, company.site, area_of(company))
    return tuple(t for t in found if not t.asked or in_use(company, t))


def in_use(company: Company, tool: Tracker) -> bool:
    """Say whether a tool is switched on: our own is, another's when ``[trackers.NAME]`` says so."""
    return not (tool.hosts or tool.party) or tool.on_play or tool.name in company.site.get("trackers", {})


def asked_of(company: Company) -> tuple[Tracker, ...]:
    """Return one tool for each question of the banner."""
    first: dict[str, Tracker] = {}
    for tool in (t for t in tools_of(company) if t.asked):
        first.setdefault(tool.consent, tool)
    return tuple(first.values())


def choice_of(request: Request) -> Choice:
    """Read the browser's answer; what it cannot have been given counts as none."""
    if request.headers.get("sec-gpc", "").strip() == "1":
        return Choice(made=True, signal=True)
    company: Company = request.state.company
    marker = _marker(company)
    said = request.cookies.get(cookie_of(request, marker), "").split(".") if marker else [""]
    known = {t.consent for t in asked_of(company)}
    agreed = frozenset(said[1:]) & known
    agreed -= _refused(request, agreed)
    return Choice(agreed, bool(agreed) or said == [NO]) if said[0] in (NO, YES) else Choice()


def _refused(request: Request, agreed: frozenset[str]) -> frozenset[str]:
    """Return what the person who is signed in said no to, on whichever browser that was."""
    session = session_of(request) if agreed else None
    if session is None or session.person is None:
        return frozenset()
    gate, person = request.state.company.gate, session.person
    return frozenset(name for name in agreed if gate.answered(person=person, name=name) is False)


def cookie_of(request: Request, tool: Tracker | None) -> str:
    """Name a cookie of ours as browsers hold it; over https to this host alone (``__Host-``)."""
    name = f"{tool.name if tool else ''}-{request.state.company.name}"
    return ("__Host-" if request.url.scheme == "https" else "") + name


def remember(request: Request, response: Response, agreed: frozenset[str]) -> None:
    """Set the marker, for as long as the document says; our own cookies of refused tools go."""
    company: Company = request.state.company
    marker = _marker(company)
    if marker is None:
        return
    word = ".".join([YES, *sorted(agreed)]) if agreed else NO
    put(request, response, marker.name, word, marker.lasts)


def visitor_of(request: Request) -> int | None:
    """Return the visitor this browser stands for; None for a lapsed or erased one, and for a forged name."""
    company: Company = request.state.company
    tool = _own(company)
    ticket, _, since = request.cookies.get(cookie_of(request, tool), "").rpartition(".")
    if tool is None or not ticket or not since.isdigit() or len(since) > 12:
        return None
    began = datetime.fromtimestamp(int(since), UTC)
    ends = until(tool.lasts, began)
    if ends is None or not began <= company.clock() < ends:
        return None
    return company.gate.holder(ticket=ticket, deed=f"visitor {since}")


def begin(company: Company, agreed: Iterable[str], language: str, person: int | None = None) -> int:
    """Make room for a visitor and write down what they agreed to, in the words they were shown."""
    tools = {t.consent: t for t in trackers(company.policy, company.site, area_of(company))}
    gate = company.gate
    person = gate.new_person(area=area_of(company)) if person is None else person
    least = max((t.age or 0 for c, t in tools.items() if c in agreed), default=0)
    if least:
        gate.declare_age(person=person, years=least)
    for name in sorted(set(agreed) & set(tools)):
        text = tools[name].question
        gate.consent(person=person, name=name, given=True, text=text, language=language, channel="site")
    return person


def name_visitor(request: Request, response: Response, person: int) -> None:
    """Hand a visitor's name to the browser; it ends by itself and is drawn anew then."""
    company: Company = request.state.company
    tool = _own(company)
    if tool is not None:
        since = str(int(company.clock().timestamp()))
        ticket = company.gate.ticket(person=person, deed=f"visitor {since}")
        put(request, response, tool.name, f"{ticket}.{since}", tool.lasts)


def clear(request: Request, response: Response, agreed: frozenset[str] = frozenset()) -> None:
    """Let every cookie of a tool that was not agreed to go, those that others set under our name included."""
    company: Company = request.state.company
    kept = [t for t in trackers(company.policy, company.site, area_of(company)) if t.consent not in agreed]
    for tool in (t for t in kept if t.consent):
        drop_named(request, response, cookie_of(request, tool))
        for name in request.cookies:
            if any(name == n or (n.endswith("*") and name.startswith(n[:-1])) for n in tool.names):
                drop_named(request, response, name)


def _own(company: Company) -> Tracker | None:
    named = of_class(company.policy, COUNTING)
    return next((t for t in tools_of(company) if t.asked and named and t.name == named.name), None)


def _marker(company: Company) -> Tracker | None:
    return next((t for t in tools_of(company) if t.kind == "cookie" and not t.consent), None)
