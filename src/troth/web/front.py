"""Front: what stands above the companies: their list at ``/``, and the icon that browsers ask for.

Where one company is served alone its own first page is the front.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from troth.runtime import Company
from troth.web.pages import ENVIRONMENT


def routes(companies: Mapping[str, Company]) -> list[Route]:
    """Return the routes above the companies' own."""

    async def front(request: Request) -> Response:
        if len(companies) == 1:
            return RedirectResponse(f"/{next(iter(companies))}/")
        return HTMLResponse(ENVIRONMENT.get_template("front.html").render(companies=companies.values()))

    async def icon(request: Request) -> Response:
        return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})

    return [Route("/", front), Route("/favicon.ico", icon)]
