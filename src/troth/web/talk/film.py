"""Film: a step of a flow that shows a still frame until its reader presses play, and lets them take it back.

Before the press nothing is asked of the film's host; after it, one frame of that host is let into this one
answer.  INVARIANT (not remembered): the next showing of the step is the still frame again, and whoever never
presses goes on as everybody does.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Consent
from troth.runtime import Company
from troth.services import Flow
from troth.services.coverage import film_of
from troth.services.flows import Step
from troth.web.asking import form_of
from troth.web.look import framers
from troth.web.site.films import agree, take_back
from troth.web.talk.arrive import embedded, served
from troth.web.talk.steps import came_to
from troth.web.talk.turn import turn


async def playing(request: Request) -> Response:
    """Write the yes down and show the step with its film playing."""
    flow, form = served(request), await form_of(request)
    company: Company = request.state.company
    session, talk, step = came_to(request, flow, form)
    consent, word, area, hosts = _film(company, step)
    ticket = ""
    if not talk.preview:
        ticket = await run_in_threadpool(agree, company, word, consent, area, talk.language)
    talk.step = step.name
    response = turn(request, flow, session, plays=hosts[0], ticket=ticket)
    response.headers["Content-Security-Policy"] = _policy(request, flow, hosts)
    return response


async def stopping(request: Request) -> Response:
    """Take the yes back and show the still frame."""
    flow, form = served(request), await form_of(request)
    company: Company = request.state.company
    session, talk, step = came_to(request, flow, form)
    _, word, _, _ = _film(company, step)
    if not talk.preview:
        await run_in_threadpool(take_back, company, word, form.get("ticket", ""))
    talk.step = step.name
    return turn(request, flow, session)


def _film(company: Company, step: Step) -> tuple[Consent, str, str, Sequence[str]]:
    """Return the consent a film asks, its name in this area, the area, and the film's hosts; 400 for none."""
    found = film_of(company.policy, step.film.tracker) if step.film else None
    if found is None:
        raise HTTPException(400)
    cookie, area = found
    consent = next(c for c in company.policy.of(Consent) if c.name == cookie.consent)
    return consent, f"{consent.name}({area})", area, cookie.hosts


def _policy(request: Request, flow: Flow, hosts: Sequence[str]) -> str:
    """Write the policy of this one answer: as every page's, with the film's frame let in."""
    own = framers(request.state.company.site, flow.name) if embedded(request) else ()
    players = " ".join(f"https://{host}" for host in hosts)
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        f"script-src 'nonce-{request.state.nonce}'; frame-src {players}; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors {' '.join(own) or chr(39) + 'none' + chr(39)}"
    )
