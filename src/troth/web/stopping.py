"""Stopping: the way out that stands in every message to many: one POST takes the yes back (RFC 8058).

INVARIANT (looking changes nothing): opening the link only shows the button, because mail scanners open links.
A mail program posts from anywhere, without a cookie, so the link's own secret is the whole proof.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company, stop
from troth.services import question
from troth.web.pages import page


async def asking(request: Request) -> Response:
    """Show what would stop, and the one button."""
    word = _word(request)
    return page(request, "stop.html", title="Stop these messages", here="me", question=word, done=False)


async def stopping(request: Request) -> Response:
    """Take the yes back; 404 for a link that is none, or whose person is gone."""
    company, named = request.state.company, request.path_params
    said = await run_in_threadpool(
        lambda: stop(company, consent=named["consent"], member=named["member"], ticket=named["ticket"])
    )
    if not said:
        raise HTTPException(404)
    return page(
        request, "stop.html", title="Stop these messages", here="me", question=_word(request), done=True
    )


def _word(request: Request) -> str:
    company: Company = request.state.company
    name = f"{request.path_params['consent']}({request.path_params['member']})"
    text = question(company.policy, company.parties, name)
    if not text:
        raise HTTPException(404)
    return text
