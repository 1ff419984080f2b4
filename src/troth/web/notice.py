"""Notice: what the document became, to read and to fetch: the notice, its data, the published files."""

from __future__ import annotations

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.web import renewed
from troth.web.pages import language_of, page


async def privacy(request: Request) -> Response:
    """Show the notice in the reader's language, as far as it is written in it."""
    company: Company = request.state.company
    text = company.notices.get(language_of(request), company.notice)
    former, changes = renewed.history(company)
    return page(
        request,
        "privacy.html",
        title="Privacy",
        here="privacy",
        wide=True,
        notice=Markup(text),
        former=former,
        changes=changes,
        coming=[e for e in company.editions if company.policy.since and e.since > company.policy.since],
    )


async def machine(request: Request) -> Response:
    """Give the notice as data: ``privacy.json``, or the vocabulary that others read (``privacy.jsonld``)."""
    names = {"json": "notice.json", "jsonld": "policy.jsonld"}
    if request.path_params["kind"] not in names:
        raise HTTPException(404)
    request.path_params["file"] = names[request.path_params["kind"]]
    return await document(request)


async def signal(request: Request) -> Response:
    """Say whether Global Privacy Control is honoured."""
    request.path_params["file"] = "gpc.json"
    return await document(request)


async def document(request: Request) -> Response:
    """Give one of the published files: the notice, the record of processing, DPV, the cookie list."""
    company: Company = request.state.company
    name = request.path_params["file"]
    if name not in company.published:
        raise HTTPException(404)
    kinds = {
        "json": "application/json",
        "jsonld": "application/ld+json",
        "html": "text/html",
        "csv": "text/csv",
    }
    return Response(company.published[name], media_type=kinds.get(name.rsplit(".", 1)[-1], "text/plain"))
