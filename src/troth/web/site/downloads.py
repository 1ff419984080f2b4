"""Downloads: files that the company's own site gives out, noted for who agreed and given to everybody else.

``[downloads] needs`` in ``site.toml`` names those that install something: they take the necessary cookies,
and a browser that keeps none is told so before anything is stored.
"""

from __future__ import annotations

import mimetypes

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.web.asking import session_of
from troth.web.sessions import set_cookie
from troth.web.site.choice import choice_of, tools_of, visitor_of
from troth.web.site.counting import count_quietly, seen_of

NEEDS = (
    "To install this takes the two necessary cookies, for the session and for safety. Your browser kept "
    "none, so nothing was stored. Let them in for this site, and ask for the file again."
)
TRIED = "kept"


async def giving(request: Request) -> Response:
    """Give a file."""
    company: Company = request.state.company
    name = request.path_params["file"]
    if name not in company.downloads:
        raise HTTPException(404)
    if name in company.site.get("downloads", {}).get("needs", ()) and session_of(request) is None:
        return _knock(request)
    choice, visitor = choice_of(request), visitor_of(request)
    if visitor is not None:
        tools, address = choice.of(tools_of(company)), request.client.host if request.client else ""
        seen = seen_of(request, what="download", thing=name)
        await run_in_threadpool(count_quietly, company, visitor, tools, request.url.path, address, seen)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(
        company.downloads[name],
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _knock(request: Request) -> Response:
    """Set the session once and see whether it comes back; 403 when it does not."""
    if TRIED in request.query_params:
        raise HTTPException(403, NEEDS)
    company: Company = request.state.company
    session = request.app.state.sessions.new(company.name, company.clock())
    response = RedirectResponse(f"{request.url.path}?{TRIED}=1", 303)
    set_cookie(request, response, session)
    return response
