"""Films: a still image until its reader presses play; the press is a yes to this film and to nothing else.

The yes is written down under a person of its own, whom no cookie names; the page that plays carries the way
to take it back.  INVARIANT (not remembered): the next opening of the page shows the still image again.
"""

from __future__ import annotations

from typing import Protocol

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


class Asked(Protocol):
    """What is asked before a film plays; a ``Tracker`` is one, and so is a consent of the document."""

    @property
    def question(self) -> str: ...
    @property
    def age(self) -> int | None: ...


async def playing(request: Request) -> Response:
    """Write the yes down and show the page with this one film playing."""
    own_site(request)
    company: Company = request.state.company
    form = await form_of(request)
    name, number = form.get("page", ""), form.get("film", "")
    tool, at = _film(company, name, number)
    word = _word(company, tool)
    ticket = await run_in_threadpool(agree, company, word, tool, area_of(company), language_of(request))
    return draw(request, name, choice_of(request), playing=at, ticket=ticket)


async def stopping(request: Request) -> Response:
    """Take the yes back, and show the still image."""
    own_site(request)
    company: Company = request.state.company
    form = await form_of(request)
    tool, _ = _film(company, form.get("page", ""), form.get("film", ""))
    word = _word(company, tool)
    if not await run_in_threadpool(take_back, company, word, form.get("ticket", "")):
        raise HTTPException(404)
    return RedirectResponse(f"/{company.name}/s/{form['page']}", 303)


def agree(company: Company, word: str, tool: Asked, area: str, language: str) -> str:
    """Write a yes to one film down under a person of its own; return the ticket that takes it back."""
    gate = company.gate
    person = gate.new_person(area=area)
    if tool.age:
        gate.declare_age(person=person, years=tool.age)
    gate.consent(person=person, name=word, given=True, text=tool.question, language=language, channel="site")
    return gate.ticket(person=person, deed=DEED)


def take_back(company: Company, word: str, ticket: str) -> bool:
    """Take a yes back by its ticket; False for a ticket that is none."""
    person = company.gate.holder(ticket=ticket, deed=DEED)
    if person is not None:
        company.gate.consent(person=person, name=word, given=False, channel="site")
    return person is not None


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
