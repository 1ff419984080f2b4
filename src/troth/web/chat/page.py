"""Page: a chat with an agent that works without script; with it, answers come word by word.

Before the first word stands that an AI answers, who may read it, what is masked and where it goes; after the
last, who did read it.  A temporary chat lives in the session alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from troth.gate.converse import INPUT, LONGEST, Turn
from troth.gate.converse_mask import NotMasked, treatment
from troth.gate.errors import GateError, NoRecord, Stays
from troth.gate.values import Held
from troth.policy.model import Door, Recipient, Role
from troth.runtime import Company, question
from troth.scrub.measured import measured
from troth.services import Agent, recipient_of
from troth.services.flows import EMAIL
from troth.terms import Refused, TrothError
from troth.web import contact
from troth.web.asking import Form, form_of, insist, own_site, session_of
from troth.web.chat.meter import Meter, TooMuch
from troth.web.chat.talk import Chat, say, served
from troth.web.pages import language_of, page
from troth.web.problems import reasons
from troth.web.sessions import Session, set_cookie
from troth.web.talk.arrive import readers
from troth.web.tongue import speaker

WORDS = {
    "PERSON": "a name",
    "EMAIL": "an e-mail address",
    "PHONE": "a phone number",
    "ADDRESS": "a postal address",
    "DOB": "a date of birth",
    "NATIONAL_ID": "a national id",
    "PASSPORT": "a passport number",
    "DRIVER_LICENSE": "a driving licence",
    "IBAN": "an IBAN",
    "BANK_ACCOUNT": "an account number",
    "CARD": "a card number",
    "IP": "a network address",
    "URL": "a link",
    "USERNAME": "a user name",
    "DEVICE_ID": "a device number",
    "PLATE": "a number plate",
    "SECRET": "a password or key",
    "LOCATION": "a place",
    "ORG": "an organisation",
    "ORG_ID": "an organisation number",
    "DATE": "a date",
    "AGE": "an age",
}


STRIPPED = "The chat is deleted. Its bare words, which point to nobody, may help us to get better."


async def opening(request: Request) -> Response:
    """Show the chat, or what stands before it."""
    return await _draw(request, _agent(request))


async def masking(request: Request) -> Response:
    """Show how much of a labelled set the scrubber finds, kind by kind, as the command line says it too."""
    kinds = await run_in_threadpool(measured)
    return page(request, "chat/masking.html", title="How well we mask", kinds=kinds, names=WORDS, here="chat")


async def saying(request: Request) -> Response:
    """Take one message and show the page with its answer."""
    agent, session, form = await _act(request)
    text = form.get("text", "").strip()
    try:
        turn = await run_in_threadpool(_say, request, agent, session, text)
        await run_in_threadpool(lambda: list(turn.chunks))
    except TrothError as error:
        response = await _draw(request, agent, *_wrong(error), text=text)
    else:
        response = await _draw(request, agent)
    set_cookie(request, response, session)
    return response


async def streaming(request: Request) -> Response:
    """Take one message and answer it as server-sent events."""
    agent, session, form = await _act(request)
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


async def forgetting(request: Request) -> Response:
    """Delete one chat, wherever it lies; a temporary one is gone with its session's memory of it."""
    agent, session, form = await _act(request)
    if form.get("sure") != "yes":
        return await _draw(request, agent, 422, "Please say that you are sure: there is no way back.")
    number, chat = form.get("number", ""), session.chats.get(agent.name)
    if chat is not None and number in ("", chat.number):
        del session.chats[agent.name]
        number = chat.number if not chat.temporary else ""
    stays_on = 0
    try:
        if number and session.person is not None:
            stays_on = await run_in_threadpool(_forget, request.state.company, session.person, agent, number)
    except Stays as stays:
        return await _draw(request, agent, 403, str(stays))
    session.said = STRIPPED if stays_on else "The chat is deleted."
    response = RedirectResponse(f"/{session.company}/a/{agent.name}", 303)
    set_cookie(request, response, session)
    return response


async def pointing(request: Request) -> Response:
    """Take out what the author points at, where it is stored and in what this page still shows."""
    agent, session, form = await _act(request)
    chat, text = session.chats.get(agent.name), form.get("detail", "").strip()
    if chat is None or not chat.number:
        raise HTTPException(404)
    try:
        if session.person is not None and not chat.temporary:
            asked = {"person": session.person, "data": agent.data, "number": chat.number, "text": text}
            await run_in_threadpool(lambda: request.state.company.gate.missed(**asked))
        chat.forget(text)
    except GateError:
        return await _draw(request, agent, 422, "This does not stand in the chat as you wrote it.")
    session.said = "It is taken out."
    response = RedirectResponse(f"/{session.company}/a/{agent.name}", 303)
    set_cookie(request, response, session)
    return response


async def handing(request: Request) -> Response:
    """Hand the chat over to a person: a question with a number and a day; the chat goes along if ticked."""
    agent, session, form = await _act(request)
    company, address, text = (
        request.state.company,
        form.get("email", "").strip(),
        form.get("text", "").strip(),
    )
    if not contact.opens(company):
        raise HTTPException(404)
    if not EMAIL.fullmatch(address.lower()) or not text:
        problem = "Please give an e-mail address and your question."
        return await _draw(request, agent, 422, problem, handed={"email": address, "text": text})
    chat = session.chats.get(agent.name)
    along = _transcript(chat) if chat is not None and form.get("along") == "yes" else ""
    whole = f"{text}\n\n{along}".strip()[: contact.LONGEST]
    asked = await run_in_threadpool(lambda: question(company, address=address, text=whole, channel="chat"))
    response = await _draw(request, agent, asked=asked)
    set_cookie(request, response, session)
    return response


def _agent(request: Request) -> Agent:
    return served(request.state.company, request.path_params["agent"])


async def _act(request: Request) -> tuple[Agent, Session, Form]:
    """Return agent, session and form of an act on our own page; the first one begins the session."""
    own_site(request)
    agent, form, session = _agent(request), await form_of(request), session_of(request)
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


def _forget(company: Company, person: int, agent: Agent, number: str) -> int:
    """Delete what is stored of a chat, if anything is; return of how many chats the bare words stay."""
    with suppress(NoRecord):
        return int(company.gate.forget_talk(person=person, data=agent.data, number=number).stripped)
    return 0


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


async def _draw(
    request: Request, agent: Agent, status: int = 200, problem: str = "", **more: object
) -> Response:
    company: Company = request.state.company
    session = getattr(request.state, "session", None) or session_of(request)
    chat = session.chats.get(agent.name) if session else None
    person = session.person if session else None
    seen = await run_in_threadpool(_seen, company, person, agent, chat)
    said, session_said = "", session.said if session else ""
    if session is not None and session_said:
        said, session.said = session_said, ""
    model = recipient_of(agent, company.site.get("models", {}))
    values = {
        "agent": agent,
        "title": agent.title,
        "chat": chat,
        "lines": chat.shown() if chat else [],
        "found": {WORDS.get(k, k.lower()): n for k, n in chat.found.items()} if chat else {},
        "masks": _masks(company, agent),
        "readers": _readers(company, agent),
        "outside": next((r for r in company.policy.of(Recipient) if r.name == model), None),
        "hands": contact.opens(company),
        "sampled": agent.data in company.gate.sampled(),
        "mail": session.mail if session else "",
        "problem": problem,
        "said": said,
        "asked": None,
        "handed": {"email": "", "text": ""},
        "text": "",
        "longest": LONGEST,
        "here": "chat",
        **seen,
    }
    return page(request, "chat/chat.html", status, **{**values, **more})


def _readers(company: Company, agent: Agent) -> list[str]:
    """Name those who may read a chat as it is stored; a model that answers is told of by itself."""
    asked = {
        d.party
        for d in company.policy.of(Door)
        if d.verb == "share" and d.data == (f"{agent.data}.{INPUT}",) and agent.purpose in d.purposes
    }
    models = {r.text or r.name for r in company.policy.of(Recipient) if r.name in asked}
    return [name for name in readers(company, {agent.data}) if name not in models]


def _masks(company: Company, agent: Agent) -> list[str]:
    """Name what the document replaces before a message is stored or sent."""
    said = treatment(company.policy, agent.data)
    labels = said.replace if said else frozenset[str]()
    return [w for k, w in WORDS.items() if k in labels]


def _seen(company: Company, person: int | None, agent: Agent, chat: Chat | None) -> dict[str, object]:
    """Return the person's stored chats with this agent, the day each goes, and who looked at them."""
    found = company.gate.access(person=person) if person is not None else None
    held = [h for h in found.held if h.data == agent.data] if found else []
    turns = [h for h in held if "input" in h.body]  # a text that was put there is no turn
    mine = [h for h in turns if h.body.get("agent", agent.name) == agent.name]
    older: dict[str, list[Held]] = {}
    for one in mine:
        older.setdefault(str(one.body.get("conversation", "")), []).append(one)
    current = chat.number if chat else ""
    shown = [d for d in found.disclosures if agent.data in {x.split(".")[0] for x in d.data}] if found else []
    return {
        "goes": next((h.due for h in reversed(older.get(current, [])) if h.due), None) if current else None,
        "older": {n: turns for n, turns in older.items() if n and n != current},
        "looked": [d for d in shown if d.kind == "show"],
        "sent": [d for d in shown if d.kind == "share"],
        "names": {p.name: p.text or p.name for p in company.policy.of(Recipient)}
        | {r.name: r.text or r.name for r in company.policy.of(Role)},
    }
