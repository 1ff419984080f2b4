"""Grants: the desk where staff ask for a look or a disclosure, another agrees, and the register is read.

It does what the API's ``/grants`` does, for people: what waits for the signed-in roles stands first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import BadBody, GateError
from troth.gate.grant import FOREIGN, Grant, Reach, doors
from troth.policy.model import Fact, Recipient
from troth.runtime import Company, granting
from troth.web.asking import Form, staff_act, staff_of
from troth.web.me.centre import parties, titles
from troth.web.pages import page


async def grants(request: Request) -> Response:
    """Show what the signed-in roles may ask for, and the register as far as they may see it."""
    session, company = staff_of(request), request.state.company
    every, now = await run_in_threadpool(company.gate.grants), company.clock()
    rows = [(g, g.state(now)) for g in every if granting.may_see(company, session.staff, session.roles, g)]
    rows.sort(key=lambda row: row[1] not in ("asked", "overdue"))
    mine = [f for f in company.gate.grantable() if f.raised_by in session.roles]
    return _page(request, "desk/grants.html", "Looks and disclosures", rows=rows, facts=mine)


async def asking(request: Request) -> Response:
    """Show the form for one ground: the words that it names, and what it can open to whom."""
    session, company = staff_of(request), request.state.company
    return _form(request, _fact(company, request.path_params["fact"], session.roles))


async def taking(request: Request) -> Response:
    """Ask for a grant; what does not fit comes back beside the form."""
    session, form = await staff_act(request)
    company: Company = request.state.company
    fact = _fact(company, request.path_params["fact"], session.roles)
    names = {name: form.get(f"name-{name}", "")[:400] for name in (*fact.names, *FOREIGN)}
    names = {name: text for name, text in names.items() if text.strip() or name in fact.names}
    try:
        made = await run_in_threadpool(
            lambda: company.gate.ask_grant(
                fact=fact.name,
                names=names,
                reach=_reach(company, form),
                by=session.staff,
                role=fact.raised_by,
                until=_moment(company, form.get("ends", "")),
            )
        )
    except BadBody as error:
        return _form(request, fact, form, error.why, 422)
    session.said = "Open now." if made.begins else "Asked. It opens once another person has agreed."
    return RedirectResponse(f"/{company.name}/console/grants/{made.number}", 303)


async def one(request: Request) -> Response:
    """Show one grant: its words, its scope, what was done about it and under it."""
    company = request.state.company
    found = await run_in_threadpool(lambda: _seen(request))
    fact = next((f for f in company.gate.grantable() if f.name == found.fact), None)
    state = found.state(company.clock())
    steps = _steps(found, fact, state, request)
    return _page(request, "desk/grant.html", "A grant", grant=found, fact=fact, state=state, steps=steps)


async def acting(request: Request) -> Response:
    """Agree, say no, end it or review it."""
    session, form = await staff_act(request)
    company: Company = request.state.company
    found = await run_in_threadpool(lambda: _seen(request))
    fact = next((f for f in company.gate.grantable() if f.name == found.fact), None)
    step, gate = form.get("step", ""), company.gate
    roles = dict(_steps(found, fact, found.state(company.clock()), request))
    if step not in roles:
        raise HTTPException(400)
    who = {"number": found.number, "by": session.staff, "role": roles[step]}
    reason = form.get("reason", "")[:400]
    deeds: dict[str, Callable[[], Grant]] = {
        "approve": lambda: gate.approve_grant(**who),
        "decline": lambda: gate.decline_grant(**who, reason=reason),
        "review": lambda: gate.review_grant(**who, reason=reason),
        "end": lambda: gate.end_grant(**who, reason=reason),
    }
    try:
        await run_in_threadpool(deeds[step])
    except BadBody as error:
        raise HTTPException(422, error.why) from error
    except GateError as error:
        raise HTTPException(409, str(error)) from error
    session.said = "Noted."
    return RedirectResponse(f"/{company.name}/console/grants/{found.number}", 303)


def _steps(found: Grant, fact: Fact | None, state: str, request: Request) -> tuple[tuple[str, str], ...]:
    """Return the steps that the signed-in roles may take now, each with the role in which they do."""
    session = staff_of(request)
    if fact is None:
        return ()
    other, roles = found.by != session.staff, session.roles
    steps = []
    if state == "asked" and other and fact.approved_by in roles:
        steps += [("approve", fact.approved_by), ("decline", fact.approved_by)]
    if fact.review and fact.review[0] in roles and other and found.begins and not found.done("reviewed"):
        steps.append(("review", fact.review[0]))
    if state in ("asked", "open", "overdue") and fact.raised_by in roles:
        steps.append(("end", fact.raised_by))
    return tuple(steps)


def _form(
    request: Request, fact: Fact, form: Form | None = None, wrong: str = "", status: int = 200
) -> Response:
    company: Company = request.state.company
    opened = list(doors(company.policy, fact))
    known = {r.name: r for r in company.policy.of(Recipient)}
    parties = dict.fromkeys(d.party for d in opened if d.verb == "share")
    receivers = [
        (party, member)
        for party in parties
        for member in (company.parties.get(party, {}) if known[party].each else ("",))
    ]
    said = {
        "fact": fact,
        "receivers": receivers,
        "data": list(dict.fromkeys(name for d in opened for name in d.data)),
        "looks": any(d.verb == "show" for d in opened),
        "foreign": FOREIGN if receivers else (),
        "form": form or {},
        "wrong": wrong,
    }
    return _page(request, "desk/granting.html", "Ask", status=status, **said)


def _reach(company: Company, form: Form) -> Reach:
    party, _, member = form.get("receiver", "").partition(":")
    tags = tuple(form.get("people", "").replace(",", " ").split())
    number = ""
    if form.get("whole") and len(tags) == 1:
        person = company.gate.tagged(tag=tags[0])
        own = company.gate.group(person=person) if person is not None else None
        number, tags = (own.number, ()) if own else ("", tags)
    data = tuple(name.removeprefix("data-") for name in form if name.startswith("data-"))
    since, until = (_moment(company, form.get(name, "")) for name in ("since", "until"))
    return Reach(data, tags, number, party, member, since, until)


def _moment(company: Company, text: str) -> datetime | None:
    """Read what a form says as the company's local time; None when it says nothing."""
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise HTTPException(400, "That is no moment.") from error
    return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(company.policy.zone))


def _fact(company: Company, name: str, roles: tuple[str, ...]) -> Fact:
    found = next((f for f in company.gate.grantable() if f.name == name), None)
    if found is None:
        raise HTTPException(404)
    if found.raised_by not in roles:
        raise HTTPException(403, f"This needs the role {found.raised_by}.")
    return found


def _seen(request: Request) -> Grant:
    session, company = staff_of(request), request.state.company
    try:
        found: Grant = company.gate.grant(number=request.path_params["number"])
    except GateError as error:
        raise HTTPException(404) from error
    if not granting.may_see(company, session.staff, session.roles, found):
        raise HTTPException(404)
    return found


def _page(request: Request, template: str, title: str, status: int = 200, **values: Any) -> Response:
    session = staff_of(request)
    said, session.said = session.said, ""
    frame: dict[str, Any] = {
        "here": "console",
        "tab": "grants",
        "wide": True,
        "session": session,
        "said": said,
    }
    company: Company = request.state.company
    grounds = {f.name: f.text or f.name for f in company.gate.grantable()}
    words = {**titles(company), **parties(company), **grounds}
    return page(request, template, title=title, status=status, **{**frame, "titles": words, **values})


ROUTES = (
    ("GET", "/console/grants", grants),
    ("GET", "/console/grants/ask/{fact}", asking),
    ("POST", "/console/grants/ask/{fact}", taking),
    ("GET", "/console/grants/{number}", one),
    ("POST", "/console/grants/{number}", acting),
)
