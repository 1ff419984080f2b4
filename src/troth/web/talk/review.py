"""Review: whoever was not given a reward has a person look at it, by one press."""

from __future__ import annotations

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.web import tongue
from troth.web.asking import form_of, insist, session_of
from troth.web.pages import language_of, page
from troth.web.talk.arrive import served


async def asking(request: Request) -> Response:
    """Open a case for a person of the staff; 409 for somebody who is not known yet."""
    flow, form = served(request), await form_of(request)
    company: Company = request.state.company
    session = insist(session_of(request), form)
    person, name = session.person, form.get("reward", "")
    if name not in {step.reward.name for step in flow.steps if step.reward}:
        raise HTTPException(400)
    if person is None:
        raise HTTPException(409)
    asked = await run_in_threadpool(
        lambda: company.gate.ask(person=person, right="review", channel="page", about=f"{flow.name}/{name}")
    )
    language = language_of(request)
    last = tongue.day(asked.due - timedelta(microseconds=1), language, company.policy.zone)
    text = tongue.speaker(language)(
        "A person looks at it and answers by {day}. Your case has the number {n}.", day=last, n=asked.number
    )
    return page(request, "message.html", title="Noted", text=text, clauses=(), missing=())
