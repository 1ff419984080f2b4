"""Offers: what is there for the person now, and for each the answers of theirs by which it was chosen."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services import Chosen, Coverage
from troth.web.asking import person_of
from troth.web.moments import used
from troth.web.offering import explained, offers_for
from troth.web.pages import page


async def offers(request: Request) -> Response:
    """Show the offers; whoever stopped profiling sees everybody's."""
    session, company = person_of(request), request.state.company
    person = session.person
    assert person is not None
    await run_in_threadpool(used, company, session)
    found = await run_in_threadpool(shown, company, person)
    said, session.said = session.said, ""
    return page(
        request,
        "me/offers.html",
        title="Offers for you",
        here="me",
        tab="offers",
        session=session,
        said=said,
        offers=found,
        questions={c.why.question: question(company, c.why.question) for c in found if c.why},
        names={name: client.get("name", name) for name, client in company.site.get("clients", {}).items()},
    )


def shown(company: Company, person: int) -> tuple[Chosen, ...]:
    """Return the offers of a person with the answers behind each."""
    return explained(company, person, offers_for(company, person))


def question(company: Company, name: str) -> str:
    """Return what a question is called: by its category's text.

    The field's own name stands behind it, since a category may hold several questions.
    """
    data, _, field = name.partition(".")
    found = Coverage(company.policy).data(data)
    return f"{found.text if found else data}: {field}"
