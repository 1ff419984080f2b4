"""Voices: what people let us print of their words, on one page, and the form by which they let us.

The page is drawn from the records each time and kept by no cache, so that what was taken back is gone at the
next look.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.services import quoting
from troth.services.quoting import LONGEST, LONGEST_NAME
from troth.web.asking import form_of, insist, person_of, session_of
from troth.web.pages import page

FRESH = {"Cache-Control": "no-cache, no-store"}


async def showing(request: Request) -> Response:
    """Show what stands on the page now."""
    return await run_in_threadpool(_page, request)


async def offering(request: Request) -> Response:
    """Take words of a signed-in person together with their yes to exactly these."""
    company: Company = request.state.company
    consent = quoting.asked(company.policy)
    form, session = await form_of(request), person_of(request)
    insist(session, form)
    if consent is None or session.person is None:
        raise HTTPException(404)
    text, name = form.get("text", "").strip(), form.get("name", "").strip()
    wrong = _wrong(text, name, form.get("yes") == "yes")
    if wrong:
        return await run_in_threadpool(_page, request, wrong, 422, text, name)
    gate, person = company.gate, session.person
    said = f"{consent.question}\n{text}\n{name or '–'}"
    await run_in_threadpool(
        lambda: gate.consent(person=person, name=consent.name, given=True, text=said, channel="page")
    )
    await run_in_threadpool(quoting.offer, gate, company.policy, person, text, name)
    session.said = "Thank you. We print exactly these words, or none."
    return RedirectResponse(f"/{company.name}/voices", 303)


def _wrong(text: str, name: str, agrees: bool) -> str:
    if not 0 < len(text) <= LONGEST or len(name) > LONGEST_NAME:
        return "Please write at most 600 characters, and a name of at most 80."
    return "" if agrees else "Without your yes we print nothing."


def _page(request: Request, problem: str = "", status: int = 200, text: str = "", name: str = "") -> Response:
    company: Company = request.state.company
    consent, session = quoting.asked(company.policy), session_of(request)
    if consent is None or quoting.known(company.policy) is None:
        raise HTTPException(404)
    said = ""
    if session is not None:
        said, session.said = session.said, ""
    response = page(
        request,
        "voices.html",
        status,
        title="What people say",
        voices=quoting.on_page(company.gate, company.policy),
        consent=consent,
        signed=session if session is not None and session.person is not None else None,
        problem=problem,
        text=text,
        name=name,
        said=said,
    )
    response.headers.update(FRESH)
    return response
