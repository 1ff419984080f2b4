"""Steps: one turn of a conversation after another, in a page or in a frame.

INVARIANT (nothing before the end): answers wait in the session and reach the gate in one go at its end; one
left half-way stores nothing, and one ended by a too young person stores nothing either.
INVARIANT (no cookie in a frame): an embedded flow carries its token in the form alone.
"""

from __future__ import annotations

import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Children
from troth.services import Flow, Seen, advance, back, link_problem, path, start, visit_of
from troth.services.flows import Step
from troth.web.asking import Form, form_of, insist, own_site, session_of
from troth.web.coming import came
from troth.web.pages import page
from troth.web.sessions import Session, Talk, set_cookie
from troth.web.talk.arrive import embedded, manner, rehearsal, served
from troth.web.talk.asked import consent_of, declared, lacking
from troth.web.talk.device import note as note_device
from troth.web.talk.ending import ending
from troth.web.talk.turn import turn


async def begin(request: Request) -> Response:
    """Start: the act that opens a session."""
    flow, company = served(request), request.state.company
    if not embedded(request):
        own_site(request)
    form = await form_of(request)
    session = None if embedded(request) else session_of(request)
    session = session or request.app.state.sessions.new(company.name, company.clock())
    language = form.get("lang", "")
    session.language = session.language or language[:2]
    session.talks[flow.name] = Talk(
        start(flow).step,
        language=language if language in flow.languages else flow.language,
        preview=rehearsal(request),
        visit=_visit(request, form),
    )
    return await onward(request, flow, session)


async def showing(request: Request) -> Response:
    """Show a step that this session has come to; else lead to the beginning."""
    flow, session = served(request), session_of(request)
    talk = session.talks.get(flow.name) if session else None
    if session is None or talk is None:
        return RedirectResponse(f"/{request.state.company.name}/f/{flow.name}{manner(request)}", 303)
    name = request.path_params["step"]
    if name not in path(flow, talk.answers):
        raise HTTPException(404)
    talk.step = name
    return turn(request, flow, session)


async def resuming(request: Request) -> Response:
    """Go on where the conversation was left."""
    flow, session = served(request), session_of(request)
    talk = session.talks.get(flow.name) if session else None
    at = f"/{talk.step}" if talk else ""
    return RedirectResponse(f"/{request.state.company.name}/f/{flow.name}{at}{manner(request)}", 303)


async def answering(request: Request) -> Response:
    """Take one answer; one to a question that was not asked is refused."""
    flow, form = served(request), await form_of(request)
    session, talk = _talk(request, flow, form)
    step = _step(flow, form)
    if step.name not in path(flow, {k: v for k, v in talk.answers.items() if k != step.name}):
        raise HTTPException(409)
    moved = advance(flow, talk.answers, step.name, form.get("answer", ""))
    problem = moved.problem or lacking(request.state.company, session, talk, step, form)
    if problem:
        talk.step = step.name
        return turn(request, flow, session, problem, form.get("answer", ""))
    talk.trapped = talk.trapped or bool(form.get("website"))
    note_device(flow, session, talk, form)
    _note_consent(talk, step, form)
    if _too_young(request, step, moved.answers.get(step.name, "")):
        return _farewell(request, flow, session)
    talk.answers, talk.step = moved.answers, moved.step
    return await onward(request, flow, session)


async def returning(request: Request) -> Response:
    """Go one step back; the answers stay."""
    flow, form = served(request), await form_of(request)
    session, talk = _talk(request, flow, form)
    talk.step = back(flow, talk.answers, _step(flow, form).name).step
    return await onward(request, flow, session)


async def onward(request: Request, flow: Flow, session: Session) -> Response:
    """Show the step the talk has come to, or its end."""
    talk = session.talks[flow.name]
    came(request.state.company, flow, talk)
    if flow.step(talk.step).end:
        return await ending(request, flow, session)
    if embedded(request):
        return turn(request, flow, session)
    response = RedirectResponse(f"/{session.company}/f/{flow.name}/{talk.step}{manner(request)}#now", 303)
    set_cookie(request, response, session)
    return response


def came_to(request: Request, flow: Flow, form: Form) -> tuple[Session, Talk, Step]:
    """Return the step that a form stands on, once this talk has come to it; 409 when it has not."""
    session, talk = _talk(request, flow, form)
    step = _step(flow, form)
    if step.name not in path(flow, talk.answers):
        raise HTTPException(409)
    return session, talk, step


def _step(flow: Flow, form: Form) -> Step:
    try:
        return flow.step(form.get("step", ""))
    except KeyError:
        raise HTTPException(400) from None


def _talk(request: Request, flow: Flow, form: Form) -> tuple[Session, Talk]:
    token = form.get("token", "") if embedded(request) else ""
    session = insist(None if embedded(request) and not token else session_of(request, token), form)
    talk = session.talks.get(flow.name)
    if talk is None:
        raise HTTPException(409, "This conversation has ended. Please start anew.")
    return session, talk


def _note_consent(talk: Talk, step: Step, form: Form) -> None:
    name = consent_of(step)
    if not name:
        return
    talk.consents[name] = form.get("answer" if step.consent else "consent") == "yes"
    if talk.consents[name]:
        talk.age = max(filter(None, (talk.age, declared(form))), default=None)


def _too_young(request: Request, step: Step, answer: str) -> bool:
    ask = step.ask
    if ask is None or "age" not in (ask.data, ask.field) or ask.kind != "number" or not answer:
        return False
    limits = [c.under for c in request.state.company.policy.of(Children) if c.refuse]
    return bool(limits) and float(answer.replace(",", ".")) < max(limits)


def _farewell(request: Request, flow: Flow, session: Session) -> Response:
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


def _visit(request: Request, form: Form) -> dict[str, object]:
    """Return the closed list of technical facts of this visit; they wait with the answers."""
    company = request.state.company
    campaign = form.get("campaign", "")
    address = request.client.host if request.client else ""
    seen = Seen(
        at=company.clock(),
        address=address,
        path=request.url.path.removesuffix("/start"),
        campaign="" if link_problem(campaign) else campaign,
        referrer=form.get("from", ""),
        agent=request.headers.get("user-agent", ""),
        session=secrets.token_hex(16),  # drawn anew: it joins nothing to anything
        place=company.networks.of(address),
    )
    found = visit_of(company.policy, seen)
    return {"data": found[0], "purpose": found[1], "body": found[2]} if found else {}
