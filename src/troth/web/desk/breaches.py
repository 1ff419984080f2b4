"""Breaches: the breach desk: the register, one case with its clock, drafts and steps, and the posting.

It is for the roles to which the document shows the security log.  The forms speak of the company's own time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.affected import Scope
from troth.gate.breach import EXCEPTIONS, RISKS, BadBreach, Breach
from troth.gate.errors import GateError
from troth.policy.model import Data
from troth.runtime import Company, breaching
from troth.services.breach import desk
from troth.web.asking import Form, staff_act, staff_of
from troth.web.desk.console import insist_role
from troth.web.me.centre import titles
from troth.web.pages import page

SHOWN = 200


async def breaches(request: Request) -> Response:
    """List the cases, the newest first, above the form that opens one."""
    company = _desk(request)
    cases = await run_in_threadpool(company.gate.breaches)
    return _page(
        request,
        "desk/breaches.html",
        "Breaches",
        cases=[(case, *_clock(case, company.clock())) for case in cases],
        **_choices(company),
        today=company.clock().astimezone(ZoneInfo(company.policy.zone)).strftime("%Y-%m-%dT%H:%M"),
    )


async def breach(request: Request) -> Response:
    """Show one case: its clock, whom it affects, its drafts, and what is still to be done."""
    company = _desk(request)
    case = await run_in_threadpool(lambda: _case(company, request))
    drafts = await run_in_threadpool(lambda: breaching.drafts(company, case))
    by_data = Counter(name for _, data in case.affected for name in data)
    return _page(
        request,
        "desk/breach.html",
        "A breach",
        case=case,
        clock_=_clock(case, company.clock()),
        drafts=drafts,
        by_data=sorted(by_data.items(), key=lambda pair: -pair[1]),
        affected=case.affected[:SHOWN],
        risks=RISKS,
        exceptions=EXCEPTIONS,
        **_choices(company),
    )


async def reporting(request: Request) -> Response:
    """Open a case."""
    session, form = await staff_act(request)
    company = _desk(request)
    scope = _scope(company, form)
    aware, what = _moment(company, form.get("aware", "")), form.get("what", "").strip()
    if not what or len(what) > 8000:
        raise HTTPException(400)
    case = await _done(
        lambda: breaching.report(company, what=what, aware=aware, scope=scope, by=session.staff)
    )
    session.said = "Opened. Rate the risk next."
    return RedirectResponse(f"/{company.name}/console/breaches/{case.number}", 303)


async def acting(request: Request) -> Response:
    """Take one step of a case: rate it, tell somebody, post it, close it."""
    session, form = await staff_act(request)
    company, number = _desk(request), request.path_params["number"]
    gate, by = company.gate, session.staff
    texts = {name: form.get(name, "").strip()[:8000] for name in ("effects", "measures", "advice", "reason")}
    steps: dict[str, tuple[Callable[[], Breach], str]] = {
        "scope": (
            lambda: breaching.look_again(company, number=number, scope=_scope(company, form), by=by),
            "Looked again.",
        ),
        "assess": (
            lambda: gate.assess(
                number=number,
                risk=form.get("risk", ""),
                exception=form.get("exception", ""),
                by=by,
                **texts,
            ),
            "Rated.",
        ),
        "notified": (
            lambda: gate.notified(
                number=number,
                by=by,
                reference=form.get("reference", "")[:200],
                late=form.get("late", "")[:8000],
            ),
            "Noted.",
        ),
        "people": (lambda: breaching.tell_people(company, number=number, by=by), "The notices are sent."),
        "post": (lambda: gate.post_breach(number=number, by=by), "It stands on every page now."),
        "unpost": (lambda: gate.post_breach(number=number, by=by, shown=False), "It is taken down."),
        "close": (lambda: gate.close_breach(number=number, by=by), "Closed."),
    }
    if form.get("step") not in steps:
        raise HTTPException(400)
    step, said = steps[form["step"]]
    await _done(step)
    session.said = said
    return RedirectResponse(f"/{company.name}/console/breaches/{number}", 303)


async def draft(request: Request) -> Response:
    """Give the notice to the authority as a text to take along."""
    company = _desk(request)
    case = await run_in_threadpool(lambda: _case(company, request))
    text = (await run_in_threadpool(lambda: breaching.drafts(company, case)))[0]
    told = {"Content-Disposition": f'attachment; filename="{case.number}.txt"'}
    return Response(text, media_type="text/plain", headers=told)


async def posting(request: Request) -> Response:
    """Show everybody a breach that is posted; 404 for any other."""
    company: Company = request.state.company
    case = await run_in_threadpool(lambda: _case(company, request))
    if not case.posted:
        raise HTTPException(404)
    who = breaching.house(company)
    return page(
        request, "breach.html", title="A data breach", case=case, who=who, titles=titles(company), posted=()
    )


def _desk(request: Request) -> Company:
    """Return the company once somebody asked whose role keeps the breach desk."""
    staff_of(request)
    company: Company = request.state.company
    insist_role(request, *desk(company.policy))
    return company


def _page(request: Request, template: str, title: str, **values: Any) -> Response:
    session = staff_of(request)
    said, session.said = session.said, ""
    frame: dict[str, Any] = {
        "here": "console",
        "tab": "breaches",
        "wide": True,
        "session": session,
        "said": said,
    }
    return page(
        request, template, title=title, **{**frame, "titles": titles(request.state.company), **values}
    )


def _case(company: Company, request: Request) -> Breach:
    try:
        return company.gate.breach(number=request.path_params["number"])
    except GateError as error:
        raise HTTPException(404) from error


async def _done(step: Callable[[], Breach]) -> Breach:
    """Do a step in a thread; what is missing is the form's fault, what comes too early the case's state."""
    try:
        return await run_in_threadpool(step)
    except BadBreach as error:
        raise HTTPException(400, str(error)) from error
    except GateError as error:
        raise HTTPException(409, str(error)) from error


def _choices(company: Company) -> dict[str, list[str]]:
    """Return whose stay and which data a case may speak of."""
    names = [key.name for key in company.staff if key.kind == "staff"]
    return {"names": names, "kinds": [d.name for d in company.policy.of(Data)]}


def _scope(company: Company, form: Form) -> Scope:
    """Read what was open to whom in which time."""
    return Scope(
        _moment(company, form.get("since", "")),
        _moment(company, form.get("until", "")),
        form.get("staff", ""),
        data=tuple(filter(None, (form.get("data", ""),))),
    )


def _clock(case: Breach, now: datetime) -> tuple[str, int]:
    """Return how the authority's clock stands and how many whole hours are left of it."""
    if case.closed or case.done("notified"):
        return "told" if case.done("notified") else "closed", 0
    if case.due is None:
        return "not owed", 0
    left = case.due - now
    return ("late" if left < timedelta(0) else "running"), int(left.total_seconds() // 3600)


def _moment(company: Company, text: str) -> datetime:
    """Read what a form says as the company's local time; now, when it says nothing."""
    try:
        local = datetime.fromisoformat(text) if text else company.clock()
    except ValueError as error:
        raise HTTPException(400, "That is no moment.") from error
    return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(company.policy.zone))
