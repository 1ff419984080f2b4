"""Draws: what is announced, for everybody: how to enter, and all that it takes to check a drawing.

The page gives the very values that ``verify_draw.py`` reads, before and after; whoever is signed in enters
or leaves by one press.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.contest import Contest as Held
from troth.gate.contest import TooLate
from troth.gate.errors import BadBody, GateError, NoRecord
from troth.runtime import Company, contesting
from troth.runtime.contesting import NoContest, NotForYou
from troth.services.contests import Contest
from troth.web.asking import own_act, session_of
from troth.web.pages import page, static


async def draws(request: Request) -> Response:
    """List what is announced."""
    company: Company = request.state.company
    session_of(request)
    words = contesting.words_of(company)
    if not words.contests:
        raise HTTPException(404)
    found = await run_in_threadpool(lambda: [contesting.announced(company, c.name) for c in words.contests])
    return page(
        request, "draws.html", title="Draws and competitions", shown=[shown_of(company, *f) for f in found]
    )


async def draw(request: Request) -> Response:
    """Show one, with the reader's own entry."""
    company: Company = request.state.company
    session = session_of(request)
    person = session.person if session else None
    rules, held = await _announced(company, request)
    data = contesting.words_of(company).data
    number = ""
    if person is not None:
        number = await run_in_threadpool(
            lambda: company.gate.number_of(person=person, name=rules.name, data=data)
        )
    said = session.said if session else ""
    if session:
        session.said = ""
    return page(
        request,
        "draw.html",
        title=rules.title,
        session=session,
        signed=person is not None,
        number=number,
        said=said,
        **shown_of(company, rules, held),
    )


async def entering(request: Request) -> Response:
    """Enter, or take the entry back."""
    session, form = await own_act(request)
    company, person = request.state.company, session.person
    assert person is not None
    rules, _ = await _announced(company, request)
    data = contesting.words_of(company).data
    if form.get("step") == "leave":
        await _done(lambda: company.gate.leave_contest(person=person, name=rules.name, data=data))
        session.said = "Your entry is gone."
    else:
        work = form.get("work", "").strip()[:8000]
        await _done(lambda: contesting.enter(company, person, rules.name, work))
        session.said = "You take part. Your number stands below."
    return RedirectResponse(f"/{company.name}/draws/{rules.name}", 303)


async def script(request: Request) -> Response:
    """Give the outsider's script, one file of standard-library Python."""
    return Response(static("verify_draw.txt"), media_type="text/x-python")


def shown_of(company: Company, rules: Contest, held: Held) -> dict[str, Any]:
    """Return what a page shows of a contest; ``over``: no entry is taken any more."""
    today = company.clock().astimezone(ZoneInfo(company.policy.zone)).date()
    return {"rules": rules, "held": held, "over": today > held.closes}


async def _announced(company: Company, request: Request) -> tuple[Contest, Held]:
    try:
        return await run_in_threadpool(lambda: contesting.announced(company, request.path_params["contest"]))
    except NoContest as error:
        raise HTTPException(404) from error


async def _done(deed: Callable[[], object]) -> None:
    """Do a deed in a thread; say what stands in its way with its own status."""
    try:
        await run_in_threadpool(deed)
    except NoRecord as error:
        raise HTTPException(404) from error
    except BadBody as error:
        raise HTTPException(400, "Hand something in, without a card's number in it.") from error
    except NotForYou as error:
        raise HTTPException(403, str(error)) from error
    except TooLate as error:
        raise HTTPException(409, "It is closed; entries are taken no more.") from error
    except GateError as error:
        raise HTTPException(409, "You take part already.") from error


ROUTES = (
    ("GET", "/draws", draws),
    ("GET", "/draws/{contest}", draw),
    ("POST", "/draws/{contest}", entering),
    ("GET", "/verify_draw.py", script),
)
