"""Matters: what the person wrote to the company, the answers, a statement beside it, and writing anew."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.errors import BadBody, NoRecord
from troth.policy.model import Controller, RequestDoor
from troth.runtime import Company
from troth.web.asking import Form, person_of
from troth.web.moments import used
from troth.web.pages import page
from troth.web.sessions import Session

ANSWERED = "answer"  # what the document says a door does: somebody writes back


def doors(company: Company) -> tuple[RequestDoor, ...]:
    """Return the doors through which a person may write and is answered."""
    return tuple(d for d in company.policy.of(RequestDoor) if d.does == ANSWERED)


async def matters(request: Request) -> Response:
    """Show what was written, newest first, and the form to write."""
    session, company = person_of(request), request.state.company
    person = session.person
    assert person is not None
    await run_in_threadpool(used, company, session)
    found = await run_in_threadpool(lambda: company.gate.cases(person=person))
    said, session.said = session.said, ""
    answers = next((c for c in company.policy.of(Controller) if c.authority), None)
    return page(
        request,
        "me/matters.html",
        title="Your matters",
        here="me",
        tab="matters",
        session=session,
        said=said,
        matters=found,
        doors=doors(company),
        titles={d.name: d.text or d.name for d in company.policy.of(RequestDoor)},
        door=request.query_params.get("door", ""),
        about=request.query_params.get("about", "")[:80],
        authority=answers,
    )


def write(company: Company, session: Session, person: int, form: Form) -> str:
    """Open a matter through one of the document's doors."""
    door = form.get("door", "")
    if door not in {d.name for d in doors(company)}:
        raise HTTPException(400)
    about = form.get("about", "").strip()
    if about and not about.replace("-", "").isalnum():
        raise HTTPException(400)
    try:
        asked = company.gate.question(
            person=person, text=form.get("text", ""), address="", channel="page", door=door, about=about[:80]
        )
    except BadBody as error:
        raise HTTPException(422, "Please write between 1 and 8000 characters.") from error
    return f"It has the number {asked.number}."


def supplement(company: Company, session: Session, person: int, form: Form) -> str:
    """Put a statement beside what stands in a matter."""
    try:
        company.gate.supplement(person=person, number=form.get("number", ""), text=form.get("text", ""))
    except NoRecord as error:
        raise HTTPException(404) from error
    except BadBody as error:
        raise HTTPException(422, "Please write between 1 and 8000 characters.") from error
    return "Your statement stands beside it."
