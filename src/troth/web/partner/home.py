"""Home: what a partner has signed, who answers for what, and what was delivered to it."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Area
from troth.runtime import Company
from troth.services.helpers import helpers
from troth.services.insight import readers
from troth.services.joint import handed, sides
from troth.web.asking import session_of
from troth.web.pages import page
from troth.web.partner.signin import partner_of
from troth.web.sessions import Session

LATEST = 50


async def home(request: Request) -> Response:
    """Show the first page of a partner."""
    company, held = request.state.company, session_of(request)
    if held is None or not held.party:
        return RedirectResponse(f"/{company.name}/partner/signin", 303)
    session = partner_of(request)
    signed = await run_in_threadpool(
        lambda: company.gate.arrangement(party=session.party, member=session.member)
    )
    kept = await run_in_threadpool(lambda: company.gate.withheld(party=session.party, member=session.member))
    return page(
        request,
        "partner/home.html",
        **frame(company, session, "home"),
        signed=signed,
        sides=[s for s in sides(company.policy) if s.area in _areas(company, session)],
        helpers=helpers(company.policy, company.parties, session.party),
        withheld=kept,
        deliveries=company.mailbox.of(session.party, session.member)[: -LATEST - 1 : -1],
    )


def frame(company: Company, session: Session, tab: str) -> dict[str, Any]:
    """Return what every page of a partner's shows: whose it is, and which tabs it has."""
    about = company.parties.get(session.party, {}).get(session.member, {})
    joint = any(a.duties and a.party == session.party for a in company.policy.of(Area))
    tabs = [("home", "Overview", "")]
    tabs += [("cases", "Cases", "cases")] if joint else []
    tabs += [("settings", "Settings", "settings")] if handed(company.policy, session.party) else []
    tabs += [("insight", "Insight", "insight")] if session.party in readers(company.policy) else []
    said, session.said = session.said, ""
    who = str(about.get("title", session.member))
    return {
        "title": who,
        "here": "partner",
        "tab": tab,
        "tabs": tabs,
        "session": session,
        "who": who,
        "said": said,
        "wide": True,
    }


def _areas(company: Company, session: Session) -> set[str]:
    return {a.name for a in company.policy.of(Area) if a.party == session.party}


ROUTES = (("GET", "/partner/", home),)
