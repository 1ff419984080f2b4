"""Objecting: the way out of profiling that stands in every message to many: one press, no sign-in, no reason.

INVARIANT (looking changes nothing): opening the link only shows what would change and the button, because
mail scanners open links.  The link's own secret is the whole proof.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime.wording import STOP_PROFILING
from troth.web.me.choices import consequence
from troth.web.pages import page
from troth.web.profiling import profiling, stop_profiling_of


async def asking(request: Request) -> Response:
    """Show the consequence, and the one button."""
    await _holder(request)
    return _page(request, done=False)


async def objecting(request: Request) -> Response:
    """Stop profiling whoever the link stands for; 404 for a link that is none, or whose person is gone."""
    person, company = await _holder(request), request.state.company
    await run_in_threadpool(lambda: stop_profiling_of(company, person, channel="message"))
    return _page(request, done=True)


async def _holder(request: Request) -> int:
    company, ticket = request.state.company, request.path_params["ticket"]
    found = await run_in_threadpool(lambda: company.gate.holder(ticket=ticket, deed=STOP_PROFILING))
    if found is None:
        raise HTTPException(404)
    return int(found)


def _page(request: Request, *, done: bool) -> Response:
    company = request.state.company
    says = consequence(company.policy, set(profiling(company)))
    return page(request, "objecting.html", title="Stop profiling", here="me", says=says, done=done)
