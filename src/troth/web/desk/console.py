"""Console: what staff see at a glance: what is due, what goes when, who by tag, what left the house."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.values import Asked, Entry, Overview
from troth.runtime import Company
from troth.services import RightsRequest, standing
from troth.web.asking import session_of, staff_act, staff_of
from troth.web.charts import curve
from troth.web.me.centre import parties, titles
from troth.web.pages import page

LEFT_HOUSE = ("share", "show", "disclose", "correction", "deliver")
SHOWN = 200  # lines on one page


async def console(request: Request) -> Response:
    """Show the desk: the four numbers that matter and the requests that wait."""
    session = session_of(request)
    if session is None or not session.staff:
        return RedirectResponse(f"/{request.state.company.name}/console/signin", 303)
    company: Company = request.state.company
    seen = await run_in_threadpool(company.gate.overview)
    open_ = [r for r in requests_of(company, seen) if r["standing"] != "answered"]
    rows = left(company, seen)
    said, session.said = session.said, ""
    return page(
        request,
        "desk/console.html",
        title="Console",
        here="console",
        tab="console",
        wide=True,
        session=session,
        said=said,
        people=len(seen.people),
        records=sum(n for _, n in seen.people),
        requests=sorted(open_, key=lambda r: str(r["due"]))[:5],
        waiting=len(open_),
        next_=rows[0] if rows else None,
        chart=chart(rows),
        entries=list(seen.entries)[-6:][::-1],
        served=[f for f in company.flows.values() if not f.draft and not company.problems.get(f.name)],
        flows=len(company.flows),
        strays=request.app.state.strays.of(company.name),
    )


async def people(request: Request) -> Response:
    """List people by tag."""
    session, company = staff_of(request), request.state.company
    seen = await run_in_threadpool(company.gate.overview)
    return page(
        request,
        "desk/people.html",
        title="People",
        here="console",
        tab="people",
        wide=True,
        session=session,
        people=seen.people[:SHOWN],
        more=max(0, len(seen.people) - SHOWN),
    )


async def requests(request: Request) -> Response:
    """List requests with the day each must be answered."""
    session, company = staff_of(request), request.state.company
    seen = await run_in_threadpool(company.gate.overview)
    said, session.said = session.said, ""
    rows = sorted(requests_of(company, seen), key=lambda r: (r["standing"] == "answered", str(r["due"])))
    return page(
        request,
        "desk/requests.html",
        title="Requests",
        here="console",
        tab="requests",
        wide=True,
        session=session,
        said=said,
        requests=rows[:SHOWN],
    )


async def forecast(request: Request) -> Response:
    """Draw how much is left on each day to come, if nothing new arrives."""
    session, company = staff_of(request), request.state.company
    seen = await run_in_threadpool(company.gate.overview)
    rows = left(company, seen)
    by_data: dict[str, int] = {}
    for _, data, n in seen.forecast:
        by_data[data] = by_data.get(data, 0) + n
    return page(
        request,
        "desk/forecast.html",
        title="What goes when",
        here="console",
        tab="forecast",
        wide=True,
        session=session,
        rows=rows,
        chart=chart(rows),
        by_data=sorted(by_data.items(), key=lambda kv: -kv[1]),
        titles=titles(company),
    )


async def forecast_csv(request: Request) -> Response:
    """Give the forecast as CSV."""
    company: Company = staff_request(request)
    seen = await run_in_threadpool(company.gate.overview)
    out = io.StringIO()
    csv.writer(out).writerows([("day", "goes", "left"), *left(company, seen)])
    told = {"Content-Disposition": f'attachment; filename="{company.name}-forecast.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=told)


async def disclosures(request: Request) -> Response:
    """List what left the house or was shown inside it: to whom, why, by which clause; never whose."""
    session, company = staff_of(request), request.state.company
    seen = await run_in_threadpool(company.gate.overview)
    return page(
        request,
        "desk/disclosures.html",
        title="Disclosures",
        here="console",
        tab="disclosures",
        wide=True,
        session=session,
        rows=[_disclosed(e) for e in seen.entries if e.kind in LEFT_HOUSE][-SHOWN:][::-1],
        names=parties(company),
    )


async def sweep(request: Request) -> Response:
    """Let everything that is due go, now."""
    session, _ = await staff_act(request)
    company = request.state.company
    done = await run_in_threadpool(company.gate.sweep)
    session.said = f"Swept: {done.records} records and {done.people} people are gone."
    return RedirectResponse(f"/{company.name}/console/", 303)


def staff_request(request: Request) -> Company:
    """Return the company once staff asked; 401 otherwise."""
    staff_of(request)
    company: Company = request.state.company
    return company


def insist_role(request: Request, *roles: str) -> None:
    """Refuse a member of staff who has none of these roles."""
    if not set(roles) & set(staff_of(request).roles):
        raise HTTPException(403, f"This needs the role {' or '.join(roles)}.")


def left(company: Company, seen: Overview) -> list[tuple[date, int, int]]:
    """Return (day, how many go, how many are left) for each day on which something goes."""
    zone = ZoneInfo(company.policy.zone)
    goes: dict[date, int] = {}
    for due, _, n in seen.forecast:
        day = due.astimezone(zone).date()
        goes[day] = goes.get(day, 0) + n
    total = sum(goes.values())
    rows: list[tuple[date, int, int]] = []
    for day, n in sorted(goes.items()):
        total -= n
        rows.append((day, n, total))
    return rows


def chart(rows: list[tuple[date, int, int]]) -> object:
    """Draw the rows of ``left`` as a staircase; '' when there is nothing to draw."""
    if not rows:
        return ""
    first = (rows[0][0], rows[0][1] + rows[0][2])
    return curve([first, *((day, n) for day, _, n in rows)], "Records still held, by day")


def requests_of(company: Company, seen: Overview) -> list[dict[str, object]]:
    """Return the requests with how each stands today."""
    zone = ZoneInfo(company.policy.zone)
    return [_request(r, company.clock().astimezone(zone).date(), zone) for r in seen.requests]


def _request(asked: Asked, today: date, zone: ZoneInfo) -> dict[str, object]:
    def day(moment: datetime) -> date:
        return moment.astimezone(zone).date()

    answered = day(asked.answered) if asked.answered else None
    last = day(asked.due - timedelta(microseconds=1))  # ``due`` is the first instant at which it is late
    whole = RightsRequest(asked.tag, asked.right, day(asked.made), last, answered)
    return {
        "number": asked.number,
        "tag": asked.tag,
        "right": asked.right,
        "about": asked.about,
        "reason": asked.reason,
        "made": whole.made,
        "due": whole.due,
        "days": (whole.due - today).days,
        "outcome": asked.outcome,
        "standing": standing(whole, today),
    }


def _disclosed(entry: Entry) -> Mapping[str, object]:
    detail = dict(entry.detail)
    data = detail.get("data", "")
    return {
        "at": entry.at,
        "kind": entry.kind,
        "party": detail.get("party", ""),
        "member": detail.get("member", ""),
        "data": data if isinstance(data, str) else ", ".join(map(str, data)),
        "purpose": detail.get("purpose", ""),
        "clause": entry.clause,
    }
