"""Mount: the addresses of the API, one route an address; what stands at none is a 404 in problem details."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from troth.runtime import Company
from troth.web.api.door import Operation
from troth.web.api.fault import Fault, answer
from troth.web.api.openapi import describe, readable
from troth.web.api.serve import Desk, desk, serve
from troth.web.api.table import OPERATIONS

BASE = "/{company}/api/v1"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def routes(companies: Sequence[Company], seconds: Callable[[], float] = time.monotonic) -> list[Route]:
    """Return the API's routes; the application around them holds ``state.sessions``.

    ``seconds`` is the clock by which calls are counted, apart from the companies' own.
    """
    shared = desk(companies, seconds)
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    told = [_document(shared, path, make) for path, make in DOCUMENTS.items()]
    told += [
        Route(BASE + path, _endpoint(shared, found), methods=METHODS)
        for path, found in sorted(by_path.items(), key=lambda line: "{" in line[0])
    ]
    return [*told, Route(BASE + "{rest:path}", _nothing, methods=METHODS)]


def _endpoint(shared: Desk, found: Mapping[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await serve(shared, found, request)

    return endpoint


def _document(shared: Desk, path: str, make: Callable[[Company], Response]) -> Route:
    async def endpoint(request: Request) -> Response:
        company = shared.companies.get(request.path_params["company"])
        return make(company) if company else await _nothing(request)

    return Route(BASE + path, endpoint, methods=["GET"])


async def _nothing(request: Request) -> Response:
    return answer(Fault(404, "not-here", "there is nothing at this address"), "")


def _openapi(company: Company) -> Response:
    told = describe(company.name, company.title, company.policy.version, OPERATIONS)
    return Response(msgspec.json.encode(told), media_type="application/json")


def _page(company: Company) -> Response:
    return HTMLResponse(readable(company.name, company.title, OPERATIONS))


DOCUMENTS: Mapping[str, Callable[[Company], Response]] = {"/openapi.json": _openapi, "/": _page, "": _page}
