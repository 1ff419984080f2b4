"""Contests: the desk of whoever runs draws and judges works: what is open, and what waits for whom.

It is for the roles to which the document shows entries.  Works stand here by number and by no name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import BadBody, GateError
from troth.runtime import Company, contesting
from troth.runtime.contesting import NoContest
from troth.services.contests import COMPETITION, Contest, judges
from troth.web.asking import staff_act, staff_of
from troth.web.desk.console import insist_role
from troth.web.draws import shown_of
from troth.web.pages import page


async def contests(request: Request) -> Response:
    """List what is announced, with the step that each waits for."""
    session, company = staff_of(request), _desk(request)
    words = contesting.words_of(company)
    found = await run_in_threadpool(
        lambda: [_row(company, c, session.roles, session.staff) for c in words.contests]
    )
    said, session.said = session.said, ""
    return page(
        request,
        "desk/contests.html",
        title="Draws",
        here="console",
        tab="contests",
        wide=True,
        session=session,
        said=said,
        rows=found,
    )


async def acting(request: Request) -> Response:
    """Draw, or write down whom the judges chose."""
    session, form = await staff_act(request)
    company, name = _desk(request), request.path_params["contest"]
    if form.get("step") == "draw":
        await _done(lambda: contesting.draw(company, name, form.get("beacon", "").strip()[:200]))
        session.said = "Drawn. Whoever won was told."
    elif form.get("step") == "judge":
        chosen = [n.removeprefix("won-") for n in form if n.startswith("won-")]
        reason = form.get("reason", "").strip()[:400]
        await _done(lambda: contesting.judge(company, name, chosen, reason))
        session.said = "Decided. Whoever won was told."
    else:
        raise HTTPException(400)
    return RedirectResponse(f"/{company.name}/console/contests", 303)


def _row(company: Company, rules: Contest, roles: tuple[str, ...], staff: str) -> dict[str, Any]:
    """Return what the desk shows of a contest; works only of a competition that waits for its judges."""
    words = contesting.words_of(company)
    _, held = contesting.announced(company, rules.name)
    shown = shown_of(company, rules, held)
    many = len(held.entries) or len(list(company.gate.entrants(name=rules.name, data=words.data)))
    role = next(r for r in judges(company.policy, words.data) if r in roles)
    judging = rules.kind == COMPETITION and shown["over"] and not held.done
    works = (
        company.gate.works(name=rules.name, data=words.data, purpose=words.purpose, role=role, staff=staff)
        if judging
        else ()
    )
    return {**shown, "many": many, "works": works}


def _desk(request: Request) -> Company:
    staff_of(request)
    company: Company = request.state.company
    words = contesting.words_of(company)
    if not words.contests:
        raise HTTPException(404)
    insist_role(request, *judges(company.policy, words.data))
    return company


async def _done(deed: Callable[[], object]) -> None:
    try:
        await run_in_threadpool(deed)
    except NoContest as error:
        raise HTTPException(404) from error
    except BadBody as error:
        raise HTTPException(400, str(error)) from error
    except GateError as error:
        raise HTTPException(409, str(error)) from error


ROUTES = (
    ("GET", "/console/contests", contests),
    ("POST", "/console/contests/{contest}", acting),
)
