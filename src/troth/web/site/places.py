"""Places: a page that is read part by part, and comes back where its reader left it in this visit.

``[places] events = "calendar"`` in ``site.toml`` gives a page the ``cookie`` that holds its place, one
that ends with the browser.  A reader who has it off is told which cookie the page lacks and where its switch
is; every other page is whole without.
"""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services.sitepages import SitePage
from troth.services.trackers import Tracker
from troth.web.jar import held, put
from troth.web.site.choice import tools_of

AT = "at"
PART = re.compile(r"(?=<h2>)")


def tool_of(company: Company, page: str) -> Tracker | None:
    """Return what holds a page's place; None for a page that is shown whole."""
    named = str(company.site.get("places", {}).get(page, ""))
    return next((t for t in tools_of(company) if t.name == named and t.lasts == "session"), None)


def placed(request: Request, shown: SitePage, tool: Tracker | None) -> tuple[SitePage, int, int]:
    """Return the page with the part its reader is at, that part's number, and how many there are."""
    if tool is None or not shown.parts or not isinstance(shown.parts[0], str):
        return shown, 0, 0
    head, *parts = PART.split(shown.parts[0])
    if not parts:
        return shown, 0, 0
    at = min(_number(request, tool), len(parts) - 1)
    return replace(shown, parts=(head, parts[at], *shown.parts[1:])), at, len(parts)


def keep(request: Request, response: Response, tool: Tracker) -> None:
    """Keep the place until the browser is closed."""
    put(request, response, tool.name, str(_number(request, tool)), tool.lasts)


def _number(request: Request, tool: Tracker) -> int:
    said = request.query_params.get(AT, "") or held(request, tool.name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
