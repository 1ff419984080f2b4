"""Console pages: for staff; people by tag, deadlines, what goes when, evidence, why a touch is refused."""

from __future__ import annotations

import csv
import hmac
import io
from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from troth.services import RightsRequest, standing
from troth.terms import Action, Allowed, RefusedBy, Request
from troth.web.asking import form_of, own_site, session_of
from troth.web.charts import curve
from troth.web.company import Company, Overview
from troth.web.pages import page
from troth.web.problems import reasons
from troth.web.sessions import set_cookie

FIELDS = (
    ("action", "Action"),
    ("data", "Data"),
    ("field", "Field (may be empty)"),
    ("purpose", "Purpose"),
    ("party", "Other party (may be empty)"),
)


def insist_staff(request: HttpRequest) -> None:
    session = session_of(request)
    if session is None or not session.staff:
        raise HTTPException(401)


async def console(request: HttpRequest) -> Response:
    """Show the whole console; without a staff session, the door to it."""
    session, company = session_of(request), request.state.company
    if session is None or not session.staff:
        return page(request, "console_signin.html", title="Console", problem="")
    seen = await run_in_threadpool(company.gate.overview)
    asked = {name: request.query_params.get(name, "") for name, _ in FIELDS}
    left = _left(seen)
    today = company.clock().date()
    return page(
        request,
        "console.html",
        title="Console",
        wide=True,
        session=session,
        requests=[_request(r, today) for r in seen.requests],
        forecast=left,
        chart=curve([(day, n) for day, _, n in left], "Records still held by day") if left else "",
        people=seen.people,
        flows=_flows(request, company),
        entries=seen.entries,
        fields=FIELDS,
        actions=[a.value for a in Action],
        asked=asked,
        answer=_explain(company, asked) if asked["data"] and asked["purpose"] else None,
    )


async def sign_in(request: HttpRequest) -> Response:
    """Let staff in by the code in ``site.toml`` (``[console] code``); five wrong ones close the door."""
    own_site(request)
    company, sessions, form = request.state.company, request.app.state.sessions, await form_of(request)
    code = str(company.site.get("console", {}).get("code", ""))
    if not code:
        raise HTTPException(403, "This company has set no staff code, so its console is closed.")
    key, now = " staff", company.clock()
    if sessions.check_code(company.name, key, "", now) == "refused":
        raise HTTPException(429)
    if not hmac.compare_digest(code.encode(), form.get("code", "").encode()):
        return page(request, "console_signin.html", 422, title="Console", problem="That is not the code.")
    sessions.forgive(company.name, key)
    session = sessions.new(company.name, now)
    session.staff = True
    response = RedirectResponse(f"/{company.name}/console/", 303)
    set_cookie(request, response, session)
    return response


async def forecast_csv(request: HttpRequest) -> Response:
    insist_staff(request)
    seen = await run_in_threadpool(request.state.company.gate.overview)
    out = io.StringIO()
    csv.writer(out).writerows([("day", "goes", "left"), *_left(seen)])
    return Response(out.getvalue(), media_type="text/csv")


def _left(seen: Overview) -> list[tuple[date, int, int]]:
    total = sum(n for _, n in seen.forecast)
    rows: list[tuple[date, int, int]] = []
    for day, goes in sorted(seen.forecast):
        total -= goes
        rows.append((day, goes, total))
    return rows


def _request(asked: Any, today: date) -> dict[str, object]:
    whole = RightsRequest(asked.tag, asked.right, asked.made, asked.due, asked.answered)
    return {
        "tag": whole.tag,
        "right": whole.right,
        "made": whole.made,
        "due": whole.due,
        "standing": standing(whole, today),
    }


def _flows(request: HttpRequest, company: Company) -> list[dict[str, object]]:
    counts = request.app.state.visits
    shown: list[dict[str, object]] = []
    for flow in company.flows.values():
        problems = company.problems.get(flow.name, ())
        seen = [
            f"{via} {n}" for (c, f, via), n in sorted(counts.items()) if (c, f) == (company.name, flow.name)
        ]
        shown.append(
            {
                "name": flow.name,
                "title": flow.title,
                "draft": flow.draft,
                "problems": [str(p) for p in problems],
                "served": not flow.draft and not problems,
                "visits": ", ".join(seen),
            }
        )
    return shown


def _explain(company: Company, asked: dict[str, str]) -> dict[str, object]:
    if asked["action"] not in {a.value for a in Action}:
        raise HTTPException(400)
    touch = Request(Action(asked["action"]), asked["data"], asked["purpose"], asked["party"], asked["field"])
    decision = company.gate.may(person=None, request=touch)
    clauses, missing = reasons(decision)
    allowed = isinstance(decision, Allowed)
    word = "allowed" if allowed else "refused" if isinstance(decision, RefusedBy) else "unsaid"
    return {"allowed": allowed, "word": word, "text": str(decision), "clauses": clauses, "missing": missing}
