"""Was me: whoever mistyped too often opens their own door again, by a link that went to their address.

Each block is automatic, so it has a way to contest it.  INVARIANT (looking changes nothing): opening the link
only shows the button, because mail scanners open links.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.web import misuse
from troth.web.pages import page
from troth.web.sessions import Sessions


async def asking(request: Request) -> Response:
    """Show the button; 404 for a link that is none, or is over."""
    await run_in_threadpool(_whose, request)
    return page(request, "wasme.html", title="Was it you?", here="me", done=False)


async def lifting(request: Request) -> Response:
    """Open the door again, for passwords and for codes."""
    person = await run_in_threadpool(_whose, request)
    place = request.client.host if request.client else ""
    await run_in_threadpool(_lift, request.state.company, request.app.state.sessions, person, place)
    return page(request, "wasme.html", title="Was it you?", here="me", done=True)


def _whose(request: Request) -> int:
    person = misuse.holder(request.state.company, request.path_params["secret"])
    if person is None:
        raise HTTPException(404)
    return person


def _lift(company: Company, sessions: Sessions, person: int, place: str) -> None:
    where = company.contact
    held = company.gate.access(person=person).held if where else ()
    for one in held:
        address = str(one.body.get(where.field, "")) if where and one.data == where.data else ""
        if address:
            sessions.tries.lift(company.name, address, place)
            sessions.tries.lift(company.name, f"code {address}", place)
            sessions.forgive(company.name, address)


ROUTES = (
    ("GET", "/was-me/{secret}", asking),
    ("POST", "/was-me/{secret}", lifting),
)
