"""Minors: the page on which a parent reports that a child gave data here; no account is needed."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.values import Asked
from troth.runtime import Company
from troth.runtime.minors import report, reports
from troth.services.flows import EMAIL
from troth.web.asking import form_of, own_site
from troth.web.pages import page

LONGEST = 400


async def asking(request: Request) -> Response:
    """Show the form."""
    return _form(request)


async def sending(request: Request) -> Response:
    """Open the case; what cannot be read comes back with its reason."""
    own_site(request)
    company: Company = request.state.company
    form = await form_of(request)
    child, mine, relation = (form.get(n, "").strip() for n in ("child", "email", "relation"))
    if reports(company) is None:
        raise HTTPException(404)
    if not all(EMAIL.fullmatch(address.lower()) for address in (child, mine)):
        return _form(request, "That does not look like an e-mail address.", 422, form)
    if not relation or len(relation) > LONGEST:
        return _form(request, "Say in a few words how you are related.", 422, form)
    said = {"child": child.lower(), "reporter": mine.lower(), "relation": relation}
    asked = await run_in_threadpool(lambda: report(company, **said))
    return _form(request, asked=asked)


def _form(
    request: Request,
    problem: str = "",
    status: int = 200,
    filled: dict[str, str] | None = None,
    asked: Asked | None = None,
) -> Response:
    found = reports(request.state.company)
    if found is None:
        raise HTTPException(404)
    return page(
        request,
        "child.html",
        status,
        title="Report a child's data",
        here="contact",
        door=found,
        problem=problem,
        filled=filled or {},
        asked=asked,
    )


ROUTES = (("GET", "/child-report", asking), ("POST", "/child-report", sending))
