"""Closing: the account ends with every stay of its person, and the page says on which day each thing goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.values import Access, Held
from troth.runtime import Company
from troth.terms import Clause
from troth.web.asking import own_act
from troth.web.me.centre import titles
from troth.web.pages import page
from troth.web.sessions import drop_cookie


@dataclass(frozen=True, slots=True)
class Going:
    """One kind of thing that is left, the last instant before which it goes, and by which clause."""

    title: str
    goes: datetime | None
    waits: str
    clause: Clause | None


async def close(request: Request) -> Response:
    """Close the account: uses, consents and stays end now; show what is left and until when."""
    session, _ = await own_act(request)
    company, person, sessions = request.state.company, session.person, request.app.state.sessions
    await run_in_threadpool(lambda: company.gate.close_account(person=person))
    access: Access = await run_in_threadpool(lambda: company.gate.access(person=person))
    sessions.end_person(company.name, person)
    request.state.session = None
    left = going(company, access)
    response = page(request, "me/closed.html", title="Your account is closed", here="me", left=left)
    drop_cookie(request, response, company.name)
    return response


def going(company: Company, access: Access) -> list[Going]:
    """Return what is left, one line for each kind and day, the first to go first."""
    last = datetime.max.replace(tzinfo=company.clock().tzinfo)
    held = sorted(access.held, key=lambda h: h.due or last)
    rows = {(h.data, h.due, h.waits): _line(company, h) for h in held}
    return list(rows.values())


def _line(company: Company, held: Held) -> Going:
    return Going(titles(company).get(held.data, held.data), held.due, held.waits, held.clause)
