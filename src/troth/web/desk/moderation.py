"""Moderation: the reviewers' queue: samples that are nobody's, a mark for each, draws, what marks add up to.

It is for the roles to which the document shows samples; whoever has none of them gets 403 and sees no text.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import GateError, NoRecord
from troth.gate.review import Reviewed
from troth.policy.model import Data
from troth.runtime import Company
from troth.web import moderation
from troth.web.asking import Form, staff_act, staff_of
from troth.web.chat.talk import served_all
from troth.web.desk.console import insist_role
from troth.web.pages import page

T = TypeVar("T")
SHOWN = 20  # samples on one page
WAYS = ("unmarked", "real", "synthetic", "all")
LONGEST = 2000


async def moderating(request: Request) -> Response:
    """Show the queue: what this reviewer has not marked yet, or what they chose to see."""
    session, company = staff_of(request), request.state.company
    role, way = _role(request), request.query_params.get("show", "unmarked")
    if way not in WAYS:
        raise HTTPException(404)
    data = moderation.sampled(company)
    found = await run_in_threadpool(lambda: company.gate.reviewed(data=data, role=role, staff=session.staff))
    rows = [r for r in found if _wanted(r, way)]
    said, session.said = session.said, ""
    return page(
        request,
        "desk/moderation.html",
        title="Moderation",
        here="console",
        tab="moderation",
        wide=True,
        session=session,
        said=said,
        ways=[(w, sum(1 for r in found if _wanted(r, w))) for w in WAYS],
        way=way,
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        verdicts=_verdicts(company),
        quality=await run_in_threadpool(moderation.quality, company),
        draws=company.gate.draws()[-6:][::-1],
        rate=next((d.percent for d in company.policy.of(Data) if d.percent and data in d.inputs), 0),
        agents=served_all(company),
    )


async def marking(request: Request) -> Response:
    """Take one reviewer's mark of one sample."""
    session, form = await staff_act(request)
    company, number = request.state.company, request.path_params["sample"]
    body = {name: form[name].strip()[:LONGEST] for name in ("note", "task") if form.get(name, "").strip()}
    body |= {"verdict": form["verdict"]} if form.get("verdict") else {}
    if not body:
        raise HTTPException(422, "Please choose a verdict, or write what should get better.")
    data, role = moderation.sampled(company), _role(request)
    await _done(
        lambda: company.gate.review(data=data, number=number, role=role, staff=session.staff, body=body)
    )
    session.said = "Marked."
    return _back(company, form)


async def drawing(request: Request) -> Response:
    """Draw a sample now."""
    session, form = await staff_act(request)
    _role(request)
    company: Company = request.state.company
    drawn = await _done(lambda: company.gate.draw(data=moderation.sampled(company)))
    withheld = drawn.drawn - drawn.kept
    session.said = f"Drawn: {drawn.drawn} of {drawn.frame}; {drawn.kept} are here, {withheld} were withheld."
    return _back(company, form)


async def making(request: Request) -> Response:
    """Make conversations up."""
    session, form = await staff_act(request)
    _role(request)
    company, agent = request.state.company, form.get("agent", "")
    if agent not in {a.name for a in served_all(company)}:
        raise HTTPException(422, "There is no such agent.")
    made = await _done(lambda: moderation.make_up(company, agent, seed=secrets.randbelow(1 << 53), many=10))
    session.said = f"Made up: {len(made)} conversations, marked as such."
    return _back(company, form)


def _role(request: Request) -> str:
    """Return the role in which a member of staff reviews; 404 where nothing is sampled, 403 without one."""
    company = request.state.company
    roles = moderation.reviewing(company)
    if not moderation.sampled(company):
        raise HTTPException(404)
    insist_role(request, *roles)
    return next(role for role in roles if role in staff_of(request).roles)


async def _done(deed: Callable[[], T]) -> T:
    """Do it in a thread; what is not there is 404, what does not fit 422."""
    try:
        return await run_in_threadpool(deed)
    except NoRecord as gone:
        raise HTTPException(404) from gone
    except GateError as error:
        raise HTTPException(422, str(error)) from error


def _back(company: Company, form: Form) -> Response:
    way = form.get("show", "unmarked")
    return RedirectResponse(f"/{company.name}/console/moderation?show={way if way in WAYS else 'all'}", 303)


def _wanted(found: Reviewed, way: str) -> bool:
    return way == "all" or (not found.mine.get("verdict") if way == "unmarked" else found.sample.made == way)


def _verdicts(company: Company) -> tuple[str, ...]:
    """Return the verdicts that the document lets a reviewer give."""
    for data in company.policy.of(Data):
        for field in data.fields:
            if data.records == "reviews" and field.name == "verdict":
                return field.choices
    return ()
