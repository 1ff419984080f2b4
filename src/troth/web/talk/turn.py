"""Turn: draws one step: what was said so far, the question, why it is asked, and the consent beside it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Consent, Data, Purpose, Recipient
from troth.runtime import Company
from troth.services import Coverage, Flow, path
from troth.services.coverage import film_of
from troth.services.flows import Ask, Step
from troth.web.look import brand_of
from troth.web.pages import page
from troth.web.sessions import Session, Talk
from troth.web.talk.arrive import embedded, manner, why
from troth.web.talk.asked import question_at
from troth.web.talk.device import known


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript; ``who`` is them or you."""

    who: str
    text: str


def turn(
    request: Request,
    flow: Flow,
    session: Session,
    problem: str = "",
    typed: str = "",
    plays: str = "",
    ticket: str = "",
) -> Response:
    """Draw the step at which the talk stands; ``plays``: the host from which its film comes now."""
    company, talk = request.state.company, session.talks[flow.name]
    spoken = flow.spoken(talk.language)
    step = spoken.step(talk.step)
    lines = transcript(spoken, talk)
    return page(
        request,
        "talk/step.html",
        status=422 if problem else 200,
        flow=spoken,
        step=step,
        session=session,
        token=session.token,
        title=spoken.title,
        language=talk.language,
        languages=(),
        brand=brand_of(company.site, flow.name),
        lines=lines,
        first=len(path(flow, talk.answers)) < 2 or step.name == flow.steps[0].name,
        problem=problem,
        answer=typed or talk.answers.get(step.name, ""),
        question=question_at(company, flow, session, talk, step),
        purpose=why(company, step.ask.data, step.ask.purpose) if step.ask else None,
        profile=_profile(request, step.ask),
        percent=_percent(spoken, talk),
        known=known(flow, session, talk),
        plays=plays,
        ticket=ticket,
        film=_question(company, step),
        embed=embedded(request),
        preview=talk.preview,
        manner=manner(request),
    )


def _question(company: Company, step: Step) -> tuple[Consent, str] | None:
    """Return what a film asks before it plays, and who gets to know; None where no film is."""
    found = film_of(company.policy, step.film.tracker) if step.film else None
    if found is None:
        return None
    consent = next(c for c in company.policy.of(Consent) if c.name == found[0].consent)
    recipient = next((r.text or r.name for r in company.policy.of(Recipient) if r.name == found[0].by), "")
    return consent, recipient


def transcript(flow: Flow, talk: Talk) -> list[Line]:
    """Return what was said up to the step at which the talk stands."""
    lines: list[Line] = []
    for name in path(flow, talk.answers):
        step = flow.step(name)
        if step.say:
            lines.append(Line("them", step.say))
        if name == talk.step:
            break
        if answer := said(step, talk.answers.get(name, "")):
            lines.append(Line("you", answer))
    return lines


def said(step: Step, answer: str) -> str:
    """Return an answer as it reads in the transcript; '' where nothing was asked."""
    if step.ask is not None:
        return next((o.label for o in step.ask.options if o.value == answer), answer) or "–"
    return ("✓" if answer == "yes" else "✗") if step.consent else ""


def _percent(flow: Flow, talk: Talk) -> int:
    way = path(flow, talk.answers)
    at = way.index(talk.step) if talk.step in way else len(way) - 1
    return min(95, round(100 * (at + 1) / len(flow.steps)))


def _profile(request: Request, ask: Ask | None) -> list[str]:
    """List what is kept without a further yes from the moment a person makes themselves known."""
    policy = request.state.company.policy
    data = Coverage(policy).data(ask.data) if ask else None
    if ask is None or data is None or not any(f.name == ask.field and f.identifies for f in data.fields):
        return []
    held = {
        use.data
        for purpose in policy.of(Purpose)
        for basis in purpose.bases
        for use in basis.uses
        if not use.reads and all(g.kind in ("contract", "legitimate interest") for g in basis.grounds)
    }
    return [d.text or d.name for d in policy.of(Data) if d.name in held and d.area == data.area]
