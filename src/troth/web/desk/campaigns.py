"""Campaigns: staff write in a sender's name to those who said yes to it, and see what became of each."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Campaign, Company, NoCampaign, plan, send, senders
from troth.web.asking import staff_act, staff_of
from troth.web.pages import page

MOST = 8000


async def campaigns(request: Request) -> Response:
    """List what was planned and sent, newest first, above the form for a new one."""
    session, company = staff_of(request), request.state.company
    said, session.said = session.said, ""
    return page(
        request,
        "desk/campaigns.html",
        title="Campaigns",
        here="console",
        tab="campaigns",
        wide=True,
        session=session,
        said=said,
        campaigns=company.campaigns.all()[::-1],
        senders=_senders(company),
    )


async def planning(request: Request) -> Response:
    """Queue a message; a no of the document or of the instructions is shown with its clause."""
    session, form = await staff_act(request)
    company: Company = request.state.company
    party, _, member = form.get("sender", "").partition(":")
    subject, text = form.get("subject", "").strip(), form.get("text", "").strip()
    if not subject or not text or len(subject) > 200 or len(text) > MOST:
        raise HTTPException(400)
    made = await _tried(lambda: plan(company, party=party, member=member, subject=subject, text=text))
    session.said = f"Planned for {made.queued} people, under version {made.version} of the instructions."
    return RedirectResponse(f"/{company.name}/console/campaigns", 303)


async def sending(request: Request) -> Response:
    """Send one now."""
    session, _ = await staff_act(request)
    company: Company = request.state.company
    made = await _tried(lambda: send(company, request.path_params["number"]))
    session.said = f"Sent to {made.sent} of {made.queued} people."
    return RedirectResponse(f"/{company.name}/console/campaigns", 303)


async def _tried(deed: Callable[[], Campaign]) -> Campaign:
    """Do a deed in a thread; what makes no campaign is the form's fault."""
    try:
        return await run_in_threadpool(deed)
    except NoCampaign as error:
        raise HTTPException(400, str(error)) from error


def _senders(company: Company) -> list[tuple[str, str]]:
    return [
        (f"{s.party}:{name}", str(about.get("title", name)))
        for s in senders(company.policy)
        for name, about in company.parties.get(s.party, {}).items()
    ]
