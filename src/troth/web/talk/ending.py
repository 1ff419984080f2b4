"""Ending: a finished conversation goes through the gate, and the person sees what became of each answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services import Chosen, Flow, earned, kept, path
from troth.web.confirming import begun_by_link
from troth.web.look import brand_of
from troth.web.me.offers import question, shown
from troth.web.pages import page
from troth.web.sessions import Session, Talk, drop_cookie, set_cookie
from troth.web.talk.arrive import embedded, manner
from troth.web.talk.asked import consent_of, wording
from troth.web.talk.device import facts
from troth.web.talk.turn import said
from troth.web.telling import Manner, Told, tell


async def ending(request: Request, flow: Flow, session: Session) -> Response:
    """Store what was said, once, and show it; a rehearsal stores nothing."""
    company, talk = request.state.company, session.talks.pop(flow.name)
    spoken = flow.spoken(talk.language)
    answers = kept(flow, talk.answers)
    if talk.preview or talk.trapped:  # a machine that fills in every field is told what a person is told
        told = Told(None, (), earned(spoken, answers))
    else:
        how = Manner(
            talk.language,
            "frame" if embedded(request) else "page",
            talk.age,
            _visit(talk),
            _texts(request, flow, talk),
            facts(talk),
        )
        await run_in_threadpool(_free, company, spoken, answers, session.person)
        told = await run_in_threadpool(tell, company, spoken, answers, talk.consents, session.person, how)
        session.person = told.person if told.person is not None else session.person
    offers = await run_in_threadpool(_offers, request, session.person, talk)
    response = page(
        request,
        "talk/end.html",
        flow=spoken,
        title=spoken.title,
        said=spoken.step(talk.step).say or spoken.title,
        language=talk.language,
        languages=(),
        brand=brand_of(company.site, flow.name),
        rewards=told.rewards,
        denied=[(d.reward, d.verdict, _days(d.verdict.facts)) for d in told.spent],
        outcomes=told.outcomes,
        case=told.case,
        booked=told.booked,
        zone=company.policy.zone,
        answers=[
            (spoken.step(n).say, said(spoken.step(n), a)) for n, a in answers.items() if spoken.step(n).ask
        ],
        offers=offers,
        questions={c.why.question: question(company, c.why.question) for c in offers if c.why},
        names={name: one.get("name", name) for name, one in company.site.get("clients", {}).items()},
        embed=embedded(request),
        preview=talk.preview,
        manner=manner(request),
        yours=session.person is not None and not embedded(request),
    )
    _settle(request, response, session)
    return response


def _days(facts: Mapping[str, str]) -> dict[str, date | str]:
    """Return what a rule looked at, its days as days."""
    return {n: date.fromisoformat(v) if n in ("day", "from", "until") else v for n, v in facts.items()}


def _free(company: Company, flow: Flow, answers: Mapping[str, str], person: int | None) -> None:
    """Refuse a second account by an address that has one, where accounts begin with a confirmation."""
    if not flow.event or not begun_by_link(company):
        return
    typed = [a for n, a in answers.items() if (ask := flow.step(n).ask) and ask.kind == "email"]
    owners = {company.gate.find(kind="email", value=address) for address in typed} - {None, person}
    if owners:
        raise HTTPException(409, "There is an account by this address already. Sign in with it instead.")


def _offers(request: Request, person: int | None, talk: Talk) -> tuple[Chosen, ...]:
    """Return what is offered now, with the person's own answers behind it; a rehearsal offers nothing."""
    return () if person is None or talk.preview else shown(request.state.company, person)


def _settle(request: Request, response: Response, session: Session) -> None:
    """Keep the cookie only for a person who has a page to see; a talk that led to none leaves nothing."""
    if embedded(request):
        request.app.state.sessions.end(session)
    elif session.person is None and not session.staff and not session.talks:
        request.app.state.sessions.end(session)
        drop_cookie(request, response, session.company)
    else:
        set_cookie(request, response, session)


def _visit(talk: Talk) -> tuple[str, str, dict[str, object]] | None:
    found = talk.visit
    body = found.get("body")
    return (str(found["data"]), str(found["purpose"]), body) if isinstance(body, dict) else None


def _texts(request: Request, flow: Flow, talk: Talk) -> dict[str, str]:
    """Return the wording under which each consent was decided, by its name."""
    steps = [flow.step(name) for name in path(flow, talk.answers)]
    return {
        consent_of(s): wording(request.state.company, flow, talk.language, s) for s in steps if consent_of(s)
    }
