"""Contact: a question to the company, from every page, becomes a case with a number, a day and a receipt."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.values import Asked
from troth.policy.model import RequestDoor
from troth.runtime import Company, breaching, question
from troth.services.flows import EMAIL
from troth.web import applying
from troth.web.asking import form_of, own_site, session_of
from troth.web.filling import filling, keep, stay_for
from troth.web.pages import page

LONGEST = 8000


async def asking(request: Request) -> Response:
    """Show the form and the company's other addresses."""
    return _form(request)


async def sending(request: Request) -> Response:
    """Open a case; what cannot be read comes back with its reason."""
    own_site(request)
    company: Company = request.state.company
    form = await form_of(request)
    address, text = form.get("email", "").strip(), form.get("text", "").strip()
    if not opens(company):
        raise HTTPException(404)
    if not EMAIL.fullmatch(address.lower()):
        return _form(request, "That does not look like an e-mail address.", 422, address, text)
    if not text or len(text) > LONGEST:
        return _form(request, "Please write your question in fewer than 8000 characters.", 422, address, text)
    asked = await run_in_threadpool(lambda: question(company, address=address, text=text, channel="page"))
    return _form(request, asked=asked)


def opens(company: Company) -> bool:
    """Say whether the document opens a door for questions."""
    return any(d.name == "question" for d in company.policy.of(RequestDoor))


def _form(
    request: Request,
    problem: str = "",
    status: int = 200,
    address: str = "",
    text: str = "",
    asked: Asked | None = None,
) -> Response:
    company, session = request.state.company, session_of(request) or stay_for(request)
    said = session.said if session and session.person is None else ""
    if session and said:
        session.said = ""
    if session and asked:
        session.filled = {}
    response = page(
        request,
        "contact.html",
        status,
        title="Contact",
        here="contact",
        open=opens(company),
        problem=problem,
        address=address or (session.filled.get("email", session.mail) if session else ""),
        said=said,
        fill=filling(company, session, "contact"),
        session=session,
        text=text,
        asked=asked,
        jobs=applying.opens(company) is not None,
        who=breaching.house(company),
    )
    return keep(request, response, session)
