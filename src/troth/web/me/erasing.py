"""Erasing: the last act: what would stay and why, the deed, and a receipt the person takes away."""

from __future__ import annotations

import json

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.values import Receipt
from troth.web.asking import own_act
from troth.web.me.centre import parties, titles
from troth.web.pages import page
from troth.web.sessions import drop_cookie


async def erase(request: Request) -> Response:
    """Erase the person, end every stay, and show the receipt with its evidence."""
    session, form = await own_act(request)
    if form.get("sure") != "yes":
        raise HTTPException(400, "Please say that you are sure.")
    company, person, sessions = request.state.company, session.person, request.app.state.sessions
    receipt: Receipt = await run_in_threadpool(lambda: company.gate.erase(person=person))
    sessions.end_person(company.name, person)
    sessions.end(session)
    request.state.session = None
    text = json.dumps(dict(receipt.evidence), indent=2, ensure_ascii=False, default=str)
    response = page(
        request,
        "me/receipt.html",
        title="Your data are deleted",
        receipt=receipt,
        file=sessions.lay_out(company.name, text, company.clock()),
        evidence=text,
        titles=titles(company),
        names=parties(company),
    )
    drop_cookie(request, response, company.name)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


async def receipt_file(request: Request) -> Response:
    """Give a receipt as a file, for an hour after it was made; it names nobody."""
    company = request.state.company
    name = request.path_params["receipt"]
    text = request.app.state.sessions.receipt(company.name, name, company.clock())
    if not text:
        raise HTTPException(404)
    told = {"Content-Disposition": f'attachment; filename="{company.name}-receipt.json"'}
    return Response(text, media_type="application/json", headers=told)
