"""Cases: what reaches a partner of a person who may turn to either side: requests, and complaints.

A request that reached the partner is entered here and is one case with ours, counted from the partner's
receipt; the partner learns nothing of who is known.  A complaint is found by its number and by nothing else.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.values import Delivery
from troth.policy.model import RequestDoor
from troth.runtime import Company
from troth.runtime import request as open_case
from troth.services.disputing import NoComplaint, resolve, shown
from troth.services.flows import EMAIL
from troth.web.answering import tell_answer
from troth.web.crediting import shop_of
from troth.web.pages import page
from troth.web.partner.home import frame
from troth.web.partner.signin import partner_act, partner_of
from troth.web.sessions import Session

RIGHTS = {
    "access": "To see what is held",
    "correct": "To have it corrected",
    "erase": "To have it erased",
    "restrict": "To have its use held",
    "carry": "To take it along",
    "withdraw": "To take consents back",
}
MOST = 4000
TAKEN = "Entered. If this person is known here, one case is open, and they have its number."


async def cases(request: Request) -> Response:
    """Show the two forms, and a complaint where its number was given."""
    session, company = partner_of(request), request.state.company
    number = request.query_params.get("number", "").strip()[:40]
    found = await run_in_threadpool(lambda: _complaint(company, session, number)) if number else None
    return page(
        request,
        "partner/cases.html",
        404 if number and found is None else 200,
        **frame(company, session, "cases"),
        number=number,
        found=found,
        rights=RIGHTS if _takes_requests(company, session) else {},
        today=company.clock().astimezone(ZoneInfo(company.policy.zone)).date(),
    )


async def entering(request: Request) -> Response:
    """Enter a request that reached the partner."""
    session, form = await partner_act(request)
    company: Company = request.state.company
    address, right = form.get("address", "").strip().lower(), form.get("right", "")
    received = _received(company, form.get("received", ""))
    if not _takes_requests(company, session):
        raise HTTPException(403)
    if not EMAIL.fullmatch(address) or right not in RIGHTS or received is None:
        raise HTTPException(400, "Give a mail address, what is asked for, and a day that is not ahead.")
    await run_in_threadpool(
        lambda: open_case(company, address=address, right=right, channel=session.member, received=received)
    )
    session.said = TAKEN
    return RedirectResponse(f"/{company.name}/partner/cases", 303)


async def answering(request: Request) -> Response:
    """Answer a complaint about a reward of the partner's own."""
    session, form = await partner_act(request)
    company, number = request.state.company, request.path_params["number"]
    text, outcome = form.get("text", "").strip(), form.get("outcome", "")
    if not text or len(text) > MOST or outcome not in ("upheld", "rejected"):
        raise HTTPException(400, "Say whether it is upheld, and why.")
    try:
        person = await run_in_threadpool(
            lambda: resolve(
                shop_of(company),
                number=number,
                party=session.party,
                member=session.member,
                upheld=outcome == "upheld",
                text=text,
            )
        )
    except NoComplaint as none:
        raise HTTPException(404, str(none)) from none
    await run_in_threadpool(lambda: tell_answer(company, person, number))
    session.said = "Answered; its person was told."
    return RedirectResponse(f"/{company.name}/partner/cases", 303)


def _complaint(company: Company, session: Session, number: str) -> Delivery | None:
    try:
        return shown(shop_of(company), number=number, party=session.party, member=session.member)
    except NoComplaint:
        return None


def _takes_requests(company: Company, session: Session) -> bool:
    return any(d.by == session.party for d in company.policy.of(RequestDoor))


def _received(company: Company, said: str) -> datetime | None:
    """Return the moment of receipt: the end of that day, or now for today; None for no day or one ahead."""
    now, zone = company.clock(), ZoneInfo(company.policy.zone)
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    if day > now.astimezone(zone).date():
        return None
    return min(now, datetime.combine(day, time(23, 59), zone))


ROUTES = (
    ("GET", "/partner/cases", cases),
    ("POST", "/partner/cases", entering),
    ("POST", "/partner/cases/{number}/answer", answering),
)
