"""Evidence: the ledger's lines, its signed head, and a proof for each line that a stranger can check."""

from __future__ import annotations

import json

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.web.asking import staff_act, staff_of
from troth.web.desk.console import staff_request
from troth.web.pages import page
from troth.web.sessions import Session

LINES = 50


async def evidence(request: Request) -> Response:
    """Show one page of the ledger, newest first."""
    session, company = staff_of(request), request.state.company
    seen = await run_in_threadpool(company.gate.overview)
    before = request.query_params.get("before", "")
    upto = int(before) if before.isdecimal() and len(before) < 12 else None
    shown = [e for e in seen.entries if upto is None or e.number < upto][-LINES:][::-1]
    return page(
        request,
        "desk/evidence.html",
        title="Evidence",
        here="console",
        tab="evidence",
        wide=True,
        session=session,
        entries=shown,
        older=shown[-1].number if shown and shown[-1].number > 0 else None,
        head=await run_in_threadpool(company.gate.checkpoint),
        said=_said(session),
    )


async def recompute(request: Request) -> Response:
    """Recompute the whole ledger against its signed head, and say what is wrong with it."""
    session, _ = await staff_act(request)
    company = request.state.company
    wrong = await run_in_threadpool(company.gate.verify)
    session.said = (
        "; ".join(wrong)[:500] if wrong else "The ledger holds: every entry stands under its signed head."
    )
    return RedirectResponse(f"/{company.name}/console/evidence", 303)


async def proof(request: Request) -> Response:
    """Give the proof of one line as a file for ``verify_evidence.py``."""
    company = staff_request(request)
    asked = request.path_params["leaf"]
    if not asked.isdecimal() or len(asked) > 12:
        raise HTTPException(404)
    try:
        found = await run_in_threadpool(lambda: company.gate.proof(leaf=int(asked)))
    except (IndexError, ValueError, KeyError):
        raise HTTPException(404) from None
    text = json.dumps(dict(found), indent=2, default=str)
    told = {"Content-Disposition": f'attachment; filename="{company.name}-proof-{asked}.json"'}
    return Response(text, media_type="application/json", headers=told)


def _said(session: Session) -> str:
    said, session.said = session.said, ""
    return said
