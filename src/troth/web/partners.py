"""Partners: the page of links that lead away; each says whose site it is, and takes nothing along.

Each link tells the browser to name nobody (no referrer); no cookie of ours goes to another host.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.services.partners import links
from troth.web.pages import page


async def showing(request: Request) -> Response:
    """Show the links, each with its operator, and the policy where there is a form."""
    found = links(request.state.company.site)
    if not found:
        raise HTTPException(404)
    return page(request, "partners.html", title="Links to others", here="partners", links=found)


ROUTES = (("GET", "/partners", showing),)
