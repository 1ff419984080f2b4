"""Cookies: what a browser holds of a company, how it comes back, and a cookie that nobody declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deployment import Deployment
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from troth.web.app import app


def with_a_rogue(companies: Sequence[Any]) -> Any:
    """Serve the companies with a page of somebody who never read the document."""

    async def rogue(request: Request) -> Response:
        answer = PlainTextResponse("hello")
        answer.set_cookie("spy", "1", max_age=99)
        return answer

    made = app(companies)
    made.router.routes.insert(0, Route("/{company}/rogue", rogue))
    return made


def own(browser: Any) -> set[str]:
    """Name the cookies of a browser, without the prefix that binds them to this host and their company."""
    held = [c.name for c in browser.cookies.jar if c.value]
    return {name.removeprefix("__Host-").rpartition("-")[0] for name in held}


def next_visit(house: Deployment, browser: Any) -> Any:
    """Close a browser and open it again: what has no end is gone."""
    again = house.client()
    for cookie in browser.cookies.jar:
        if cookie.expires is not None:
            again.cookies.jar.set_cookie(cookie)
    return again
