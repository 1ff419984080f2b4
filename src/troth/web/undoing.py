"""Undoing: the way back from a silence that a letter brought about; the link went to the silenced address.

INVARIANT (looking changes nothing): opening the link only shows the button, because mail scanners open links.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import undo, undoable
from troth.web.pages import page


async def asking(request: Request) -> Response:
    """Show the button; 404 for a link that is none, or whose person is gone."""
    company, ticket = request.state.company, request.path_params["ticket"]
    if not await run_in_threadpool(undoable, company, ticket):
        raise HTTPException(404)
    return page(request, "undo.html", title="Hear from us again", here="me", done=False)


async def undoing(request: Request) -> Response:
    """Lift the silence, and the objection that came with it."""
    company, ticket = request.state.company, request.path_params["ticket"]
    if not await run_in_threadpool(undo, company, ticket):
        raise HTTPException(404)
    return page(request, "undo.html", title="Hear from us again", here="me", done=True)
