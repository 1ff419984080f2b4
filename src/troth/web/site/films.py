"""Films: a still image until its reader presses play; the press is a yes to this film and to nothing else.

The yes is written down under a person of its own, whom no cookie names; the page that plays carries the way
to take it back.  INVARIANT (not remembered): the next opening of the page shows the still image again.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.services.sitepages import Film, pages_in
from troth.services.trackers import Tracker
from troth.web.asking import form_of, own_site
from troth.web.pages import language_of
from troth.web.site.choice import area_of, choice_of, tools_of
from troth.web.site.showing import draw

DEED = "film"


async def playing(request: Request) -> Response:
    """Write the yes down and show the page with this one film playing."""
    own_site(request)
    company: Company = request.state.company
    form = await form_of(request)
    name, number = form.get("page", ""), form.get("film", "")
    tool, at = _film(company, name, number)
    ticket = await run_in_threadpool(_agree, company, tool, language_of(request))
    return draw(request, name, choice_of(request), playing=at, ticket=ticket)


async def stopping(request: Request) -> Response:
    """Take the yes back, and show the still image."""
    own_site(request)
    company: Company = request.state.company
    form = await form_of(request)
    tool, _ = _film(company, form.get("page", ""), form.get("film", ""))
    person = company.gate.holder(ticket=form.get("ticket", ""), deed=DEED)
    if person is None:
        raise HTTPException(404)
    await run_in_threadpool(
        lambda: company.gate.consent(person=person, name=_word(company, tool), given=False, channel="site")
    )
    return RedirectResponse(f"/{company.name}/s/{form['page']}", 303)


def _agree(company: Company, tool: Tracker, language: str) -> str:
    gate = company.gate
    person = gate.new_person(area=area_of(company))
    if tool.age:
        gate.declare_age(person=person, years=tool.age)
    word, text = _word(company, tool), tool.question
    gate.consent(person=person, name=word, given=True, text=text, language=language, channel="site")
    return gate.ticket(person=person, deed=DEED)


def _word(company: Company, tool: Tracker) -> str:
    return f"{tool.consent}({area_of(company)})"


def _film(company: Company, name: str, number: str) -> tuple[Tracker, int]:
    """Return the tool and place of a page's film; 404 for a page or film that is none."""
    area_of(company)
    shown = pages_in(company.pages, "").get(name)
    at = int(number) if number.isdigit() and len(number) < 4 else -1
    part = shown.parts[at] if shown and 0 <= at < len(shown.parts) else None
    for tool in tools_of(company):
        if isinstance(part, Film) and tool.on_play and tool.name == part.tracker:
            return tool, at
    raise HTTPException(404)
