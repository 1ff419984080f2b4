"""Page: a chat with an agent that works without script; with it, answers come word by word.

What it shows stands in ``shown``, what a person takes back in ``ending``.  A temporary chat lives in the
session alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from troth.gate.converse import LONGEST, Turn
from troth.gate.converse_mask import NotMasked
from troth.runtime import Company, question
from troth.scrub.measured import measured
from troth.services import Agent
from troth.services.flows import EMAIL
from troth.terms import Refused, TrothError
from troth.web import contact
from troth.web.asking import Form, form_of, insist, own_site, session_of
from troth.web.chat.meter import Meter, TooMuch
from troth.web.chat.shown import WORDS, draw
from troth.web.chat.talk import Chat, say, served
from troth.web.pages import language_of, page
from troth.web.problems import reasons
from troth.web.sessions import Session, set_cookie
from troth.web.tongue import speaker


async def opening(request: Request) -> Response:
    """Show the chat, or what stands before it."""
    return await draw(request, agent_of(request))


async def masking(request: Request) -> Response:
    """Show how much of a labelled set the scrubber finds, kind by kind, as the command line says it too."""
    kinds = await run_in_threadpool(measured)
    return page(request, "chat/masking.html", title="How well we mask", kinds=kinds, names=WORDS, here="chat")


async def saying(request: Request) -> Response:
    """Take one message and show the page with its answer."""
    agent, session, form = await act(request)
    text = form.get("text", "").strip()
    try:
        turn = await run_in_threadpool(_say, request, agent, session, text)
        await run_in_threadpool(lambda: list(turn.chunks))
    except TrothError as error:
        response = await draw(request, agent, *_wrong(error), text=text)
    else:
        response = await draw(request, agent)
    set_cookie(request, response, session)
    return response


async def streaming(request: Request) -> Response:
    """Take one message and answer it as server-sent events."""
    agent, session, form = await act(request)
    try:
        turn = await run_in_threadpool(_say, request, agent, session, form.get("text", "").strip())
    except TrothError as error:
        status, problem = _wrong(error)
        response: Response = Response(_event(problem=problem), status, media_type="text/event-stream")
    else:
        say_ = speaker(language_of(request))
        events = _events(session, session.chats[agent.name], turn, say_)
        response = StreamingResponse(events, media_type="text/event-stream")
    set_cookie(request, response, session)
    return response


async def handing(request: Request) -> Response:
    """Hand the chat over to a person: a question with a number and a day; the chat goes along if ticked."""
    agent, session, form = await act(request)
    company, address, text = (
        request.state.company,
        form.get("email", "").strip(),
        form.get("text", "").strip(),
    )
    if not contact.opens(company):
        raise HTTPException(404)
    if not EMAIL.fullmatch(address.lower()) or not text:
        problem = "Please give an e-mail address and your question."
        return await draw(request, agent, 422, problem, handed={"email": address, "text": text})
    chat = session.chats.get(agent.name)
    along = _transcript(chat) if chat is not None and form.get("along") == "yes" else ""
    whole = f"{text}\n\n{along}".strip()[: contact.LONGEST]
    asked = await run_in_threadpool(lambda: question(company, address=address, text=whole, channel="chat"))
    response = await draw(request, agent, asked=asked)
    set_cookie(request, response, session)
    return response


def agent_of(request: Request) -> Agent:
    """Return the agent that the address names; 404 for none that is served."""
    return served(request.state.company, request.path_params["agent"])


async def act(request: Request) -> tuple[Agent, Session, Form]:
    """Return agent, session and form of an act on our own page; the first one begins the session."""
    own_site(request)
    agent, form, session = agent_of(request), await form_of(request), session_of(request)
    company: Company = request.state.company
    if session is None:
        session = request.app.state.sessions.new(company.name, company.clock())
        request.state.session, request.state.newcomer = session, True
    elif agent.name in session.chats or form.get("csrf"):
        insist(session, form)
    if form.get("begin") and agent.name not in session.chats:
        session.chats[agent.name] = Chat(agent.name, temporary=form.get("temporary") == "yes")
    return agent, session, form


def _say(request: Request, agent: Agent, session: Session, text: str) -> Turn:
    company, meter = request.state.company, request.app.state.meter
    assert isinstance(meter, Meter)
    address = request.client.host if request.client else ""
    meter.take(company, address if getattr(request.state, "newcomer", False) else session.token)
    chat = session.chats.setdefault(agent.name, Chat(agent.name))
    if session.person is None and not chat.temporary:
        session.person = company.gate.new_person()
    return say(company, meter, chat, session.person, text, known=bool(session.mail))


def _events(session: Session, chat: Chat, turn: Turn, say_: Callable[..., str]) -> Iterator[str]:
    kinds = [say_(WORDS.get(kind, kind.lower())) for kind, _ in turn.masked.kinds]
    yield _event(csrf=session.csrf, masked=kinds, warned=list(turn.masked.warned))
    try:
        for chunk in turn.chunks:
            yield _event(text=chunk)
    except TrothError as error:
        yield _event(problem=say_(_wrong(error)[1]))
        return
    yield _event(done=True, known=chat.known)


def _event(**said: object) -> str:
    return f"data: {json.dumps(said, ensure_ascii=False)}\n\n"


def _wrong(error: TrothError) -> tuple[int, str]:
    """Return the status and the words for a message that could not be answered."""
    match error:
        case Refused():
            clauses, missing = reasons(error.decision)
            by = f" (§{clauses[0].ref})" if clauses else ""
            return 403, f"This is not allowed{by}" + (f": {', '.join(missing)}" if missing else "")
        case NotMasked():
            return (
                503,
                "Your message could not be masked, so it was neither stored nor sent. Please try again.",
            )
        case TooMuch():
            return 429, f"That was a lot at once. Please wait {error.wait} seconds."
    bad = type(error).__name__ == "BadBody"
    return (422, f"Please write between 1 and {LONGEST} characters.") if bad else (502, str(error))


def _transcript(chat: Chat) -> str:
    who = {"user": "You", "assistant": "Agent"}
    return "\n".join(f"{who[role]}: {text}" for role, text in chat.lines)
