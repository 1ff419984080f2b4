"""Flow pages: a conversation over HTTP, in a page or in a frame.

INVARIANT (nothing before the end): answers wait in the session and reach the gate in one go at its end; one
left half-way stores nothing, and one ended by a too young person stores nothing either.
INVARIANT (no cookie in a frame): an embedded flow carries its token in the form alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Children
from troth.services import Coverage, Flow, advance, back, channel, kept, path, start
from troth.services.flows import Step
from troth.web.asking import form_of, insist, own_site, session_of
from troth.web.pages import page
from troth.web.sessions import Session, Talk, set_cookie
from troth.web.telling import tell


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of the transcript; ``who`` is them or you."""

    who: str
    text: str


def served(request: Request) -> Flow:
    """Return the flow of this address; 404 for a draft, for one with problems, and for none."""
    company = request.state.company
    flow = company.flows.get(request.path_params["flow"])
    if flow is None or flow.draft or company.problems.get(flow.name):
        raise HTTPException(404)
    assert isinstance(flow, Flow)
    return flow


def embedded(request: Request) -> bool:
    return request.query_params.get("embed") == "1"


async def opening(request: Request) -> Response:
    """Show where a flow begins; counts the visit by its channel and sets nothing."""
    flow = served(request)
    company = request.state.company
    via = channel(request.query_params.get("via", ""), request.headers.get("referer", ""))
    counts = request.app.state.visits
    counts[company.name, flow.name, via] = counts.get((company.name, flow.name, via), 0) + 1
    spoken = flow.spoken(request.query_params.get("lang", flow.language))
    coverage = Coverage(company.policy)
    wanted = {s.ask.data: d.text or d.name for s in flow.steps if s.ask and (d := coverage.data(s.ask.data))}
    return page(
        request,
        "flow_start.html",
        flow=spoken,
        title=spoken.title,
        language=spoken.language,
        embed=embedded(request),
        asks=list(wanted.values()),
    )


async def begin(request: Request) -> Response:
    """Start: the act that opens a session."""
    flow, company = served(request), request.state.company
    if not embedded(request):
        own_site(request)
    form = await form_of(request)
    session = None if embedded(request) else session_of(request)
    session = session or request.app.state.sessions.new(company.name, company.clock())
    language = form.get("lang", "")
    session.talks[flow.name] = Talk(
        start(flow).step, language=language if language in flow.languages else flow.language
    )
    return await _onward(request, flow, session)


async def showing(request: Request) -> Response:
    """Show a step that this session has come to; else lead to the beginning."""
    flow, session = served(request), session_of(request)
    talk = session.talks.get(flow.name) if session else None
    if session is None or talk is None:
        return RedirectResponse(f"/{request.state.company.name}/f/{flow.name}", 303)
    name = request.path_params["step"]
    if name not in path(flow, talk.answers):
        raise HTTPException(404)
    talk.step = name
    return _step_page(request, flow, session)


async def answering(request: Request) -> Response:
    """Take one answer."""
    flow, form = served(request), await form_of(request)
    session, talk = _talk(request, flow, form)
    try:
        step = flow.step(form.get("step", ""))
    except KeyError:
        raise HTTPException(400) from None
    if step.name not in path(flow, {k: v for k, v in talk.answers.items() if k != step.name}):
        raise HTTPException(409)
    moved = advance(flow, talk.answers, step.name, form.get("answer", ""))
    if moved.problem:
        talk.step = step.name
        return _step_page(request, flow, session, moved.problem, form.get("answer", ""))
    _note_consent(talk, step, form)
    if _too_young(request, step, moved.answers.get(step.name, "")):
        del session.talks[flow.name]
        return page(
            request,
            "message.html",
            title="Thank you for stopping by",
            text="This conversation is for older people. Nothing you said was stored.",
            clauses=(),
            missing=(),
            embed=embedded(request),
        )
    talk.answers, talk.step = moved.answers, moved.step
    return await _onward(request, flow, session)


async def returning(request: Request) -> Response:
    """Go one step back; the answers stay."""
    flow, form = served(request), await form_of(request)
    session, talk = _talk(request, flow, form)
    try:
        talk.step = back(flow, talk.answers, form.get("step", "")).step
    except (KeyError, IndexError):
        raise HTTPException(400) from None
    return await _onward(request, flow, session)


def _talk(request: Request, flow: Flow, form: dict[str, str]) -> tuple[Session, Talk]:
    token = form.get("token", "") if embedded(request) else ""
    session = insist(None if embedded(request) and not token else session_of(request, token), form)
    talk = session.talks.get(flow.name)
    if talk is None:
        raise HTTPException(409, "This conversation has ended. Please start anew.")
    return session, talk


async def _onward(request: Request, flow: Flow, session: Session) -> Response:
    talk = session.talks[flow.name]
    if flow.step(talk.step).end:
        return await _ending(request, flow, session)
    if embedded(request):
        return _step_page(request, flow, session)
    response = RedirectResponse(f"/{session.company}/f/{flow.name}/{talk.step}", 303)
    set_cookie(request, response, session)
    return response


async def _ending(request: Request, flow: Flow, session: Session) -> Response:
    company, talk = request.state.company, session.talks.pop(flow.name)
    told = await run_in_threadpool(
        tell, company, flow.spoken(talk.language), kept(flow, talk.answers), talk.consents, session.person
    )
    session.person = told.person
    return page(
        request,
        "flow_end.html",
        flow=flow,
        said=flow.spoken(talk.language).step(talk.step).say or flow.title,
        language=talk.language,
        rewards=told.rewards,
        outcomes=told.outcomes,
        embed=embedded(request),
    )


def _step_page(
    request: Request, flow: Flow, session: Session, problem: str = "", typed: str = ""
) -> Response:
    talk = session.talks[flow.name]
    spoken = flow.spoken(talk.language)
    step = spoken.step(talk.step)
    consent = step.consent or (step.ask.consent if step.ask else "")
    return page(
        request,
        "flow_step.html",
        status=422 if problem else 200,
        flow=spoken,
        step=step,
        session=session,
        token=session.token,
        title=spoken.title,
        language=talk.language,
        turns=_turns(spoken, talk),
        problem=problem,
        answer=typed or talk.answers.get(step.name, ""),
        question=Coverage(request.state.company.policy).consent(consent) if consent else None,
        agreed=talk.consents.get(consent, False),
        percent=min(95, round(100 * len(path(flow, talk.answers)) / len(flow.steps))),
        embed=embedded(request),
    )


def _turns(flow: Flow, talk: Talk) -> list[Turn]:
    turns: list[Turn] = []
    for name in path(flow, talk.answers):
        step = flow.step(name)
        if step.say:
            turns.append(Turn("them", step.say))
        if name == talk.step:
            break
        if answer := _said(step, talk.answers.get(name, "")):
            turns.append(Turn("you", answer))
    return turns


def _said(step: Step, answer: str) -> str:
    if step.ask is not None:
        return next((o.label for o in step.ask.options if o.value == answer), answer) or "(no answer)"
    return answer.capitalize() if step.consent else ""


def _note_consent(talk: Talk, step: Step, form: dict[str, str]) -> None:
    if step.consent:
        talk.consents[step.consent] = form.get("answer") == "yes"
    elif step.ask is not None and step.ask.consent:
        talk.consents[step.ask.consent] = form.get("consent") == "yes"


def _too_young(request: Request, step: Step, answer: str) -> bool:
    ask = step.ask
    if ask is None or "age" not in (ask.data, ask.field) or not answer:
        return False
    limits = [c.under for c in request.state.company.policy.of(Children) if c.refuse]
    return (
        bool(limits)
        and answer.replace(",", ".").split(".")[0].isdigit()
        and int(float(answer.replace(",", "."))) < max(limits)
    )
