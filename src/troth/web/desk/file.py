"""File: one person's data as a role may see them, for a purpose and a reason; the person sees that it was.

What is offered is what the document's ``show`` rules open to the roles of whoever is signed in; whether it
opens now is the gate's to say.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.grant import Grant
from troth.gate.values import Held
from troth.policy.model import Door
from troth.runtime import Company
from troth.runtime.answering import answer as reply
from troth.runtime.answering import judge
from troth.services.rights import answerers
from troth.terms import Form, TrothError
from troth.web.asking import staff_act, staff_of
from troth.web.desk.console import insist_role
from troth.web.me.centre import titles
from troth.web.pages import page
from troth.web.sessions import Session


async def closed(request: Request) -> Response:
    """Show which doors of this file the signed-in roles may try."""
    session = staff_of(request)
    return _file(request, session, ())


async def opened(request: Request) -> Response:
    """Try one door; what it shows stands in the person's trail with the reason."""
    session, form = await staff_act(request)
    company: Company = request.state.company
    wanted, reason = form.get("door", ""), form.get("reason", "").strip()
    doors = {f"{r} {d} {p}": (r, d, p) for r, d, p in doors_of(company, session)}
    if wanted not in doors or not reason:
        raise HTTPException(400, "Choose what to open, and say why.")
    role, data, purpose = doors[wanted]
    person = _person(request)
    held = await run_in_threadpool(
        lambda: company.gate.show(
            person=person,
            data=data,
            purpose=purpose,
            role=role,
            reason=reason[:200],
            staff=session.staff,
            grant=form.get("grant", ""),
            form=Form(form.get("form") or "identified"),
        )
    )
    return _file(request, session, held, wanted)


async def answer(request: Request) -> Response:
    """Answer a request of this person; an objection is decided, and its purpose goes on or stops by that."""
    session, form = await staff_act(request)
    company: Company = request.state.company
    number, outcome = form.get("number", ""), form.get("outcome", "")
    if outcome not in ("granted", "refused"):
        raise HTTPException(400)
    person, text = _person(request), form.get("text", "")[:2000]
    asked = next((a for a in company.gate.access(person=person).requests if a.number == number), None)
    roles = answerers(company.policy, asked.right if asked else "")
    if roles:
        insist_role(request, *roles)
    try:
        if asked is not None and asked.right == "object" and asked.about:
            upheld, by = outcome == "granted", session.staff
            await run_in_threadpool(
                lambda: judge(company, person=person, purpose=asked.about, upheld=upheld, reason=text, by=by)
            )
        else:
            await run_in_threadpool(
                lambda: reply(company, person=person, number=number, outcome=outcome, text=text)
            )
    except TrothError as error:
        raise HTTPException(422, str(error)) from error
    session.said = "Answered."
    return RedirectResponse(f"/{company.name}/console/requests", 303)


def doors_of(company: Company, session: Session) -> list[tuple[str, str, str]]:
    """Return (role, data, purpose) of every door that the document opens to these roles."""
    return [
        (door.party, data, purpose)
        for door in company.policy.of(Door)
        if door.verb == "show" and door.party in session.roles
        for data in dict.fromkeys(d.split(".")[0] for d in door.data)
        for purpose in door.purposes
    ]


def _grants(company: Company, session: Session) -> list[Grant]:
    """Return the grants under which the signed-in member of staff may look now."""
    now = company.clock()
    mine = (g for g in company.gate.grants() if g.by == session.staff and not g.reach.party)
    return [g for g in mine if g.state(now) == "open"]


def _person(request: Request) -> int:
    company: Company = request.state.company
    person = company.gate.tagged(tag=request.path_params["tag"])
    if person is None:
        raise HTTPException(404)
    return person


def _file(request: Request, session: Session, held: tuple[Held, ...], tried: str = "") -> Response:
    company: Company = request.state.company
    _person(request)
    return page(
        request,
        "desk/file.html",
        title="A person's file",
        here="console",
        tab="people",
        wide=True,
        session=session,
        tag=request.path_params["tag"],
        doors=doors_of(company, session),
        grants=_grants(company, session),
        tried=tried,
        held=held,
        titles=titles(company),
    )
