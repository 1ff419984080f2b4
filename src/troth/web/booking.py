"""Booking: a request for a meeting as the one who made it sees it by their own link, and its way back."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime.booking import behind, take_back
from troth.web.asking import own_site
from troth.web.pages import page


async def showing(request: Request) -> Response:
    """Show what was taken; 404 for a link that is none, and once it was taken back."""
    company, named = request.state.company, request.path_params
    found = await run_in_threadpool(behind, company, named["number"], named["ticket"])
    if found is None:
        raise HTTPException(404)
    return page(request, "booking.html", title="Your request", booked=found, gone=False)


async def taking_back(request: Request) -> Response:
    """Take the request out, at once."""
    own_site(request)
    company, named = request.state.company, request.path_params
    if not await run_in_threadpool(take_back, company, named["number"], named["ticket"]):
        raise HTTPException(404)
    return page(request, "booking.html", title="Your request", booked=None, gone=True)
