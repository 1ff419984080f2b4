"""Ready: tells a load balancer whether every company is served, and answers 503 for one whose document is not
loaded: nothing is decided without a document, so nothing is read of what was sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from troth.runtime import Company
from troth.web.problems import problem

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
DETAIL = "its document is not loaded, so nothing here can be decided; nothing was read or stored"


def routes(companies: Sequence[Company], unready: Collection[str] = ()) -> list[Route]:
    """Return ``/-/ready``, and the whole of each unready company's name; they go before all others."""

    async def ready(request: Request) -> Response:
        told = {"ready": not unready, "served": [c.name for c in companies], "unready": sorted(unready)}
        return JSONResponse(told, status_code=503 if unready else 200, headers={"Cache-Control": "no-store"})

    async def waiting(request: Request) -> Response:
        answer = problem(503, "not ready", DETAIL)
        answer.headers["Retry-After"] = "60"
        return answer

    closed = [Route(f"/{name}/{{rest:path}}", waiting, methods=METHODS) for name in unready]
    return [Route("/-/ready", ready), *closed]
