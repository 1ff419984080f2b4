"""OpenAI: agents for programs, at ``/COMPANY/v1``, so that a client made for OpenAI's API works as it is.

A person's token speaks for that person; a team's key (``kind = "job"``, bound to the agent's purpose) speaks
for somebody nobody knows, or for the person whose tag is sent as ``user``.  ``store: false`` keeps nothing.
What it decides is who may knock; the rest is the gate's (``chat.talk``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from troth.gate.converse import Turn
from troth.gate.converse_mask import NotMasked
from troth.gate.errors import BadBody
from troth.gate.recall import NotTheirs
from troth.runtime import Company
from troth.services import Agent
from troth.terms import Action, Refused, TrothError, Unsaid
from troth.terms import Request as Touch
from troth.web.api.asker import Asker, asker, by_digest
from troth.web.api.pace import WRONG
from troth.web.chat.meter import Meter, TooMuch, tokens
from troth.web.chat.talk import Chat, say, served, served_all
from troth.web.openai_described import describe
from troth.web.openai_wire import CompletionIn, Head, Wrong, event, parts, read, spoken, whole
from troth.web.problems import reasons

NUMBER = re.compile(r"c-[0-9a-f]{8}")
KEYS = ("job", "party")


async def models(request: Request) -> Response:
    """List the agents this asker may talk with, as models."""
    try:
        who = _who(request)
    except Wrong as wrong:
        return _answer(wrong)
    company: Company = request.state.company
    found = [_model(company, a) for a in served_all(company) if _may(who, a)]
    return JSONResponse({"object": "list", "data": found})


async def model(request: Request) -> Response:
    """Tell of one agent."""
    try:
        who, company = _who(request), request.state.company
        return JSONResponse(_model(company, _agent(company, who, request.path_params["agent"])))
    except Wrong as wrong:
        return _answer(wrong)


async def described(request: Request) -> JSONResponse:
    """Describe this door in OpenAPI; the names of the agents are on the pages anyway."""
    company: Company = request.state.company
    names = [agent.name for agent in served_all(company)]
    return JSONResponse(describe(company.name, company.title, company.policy.version, names))


async def completions(request: Request) -> Response:
    """Answer one chat completion, whole or in parts."""
    company, meter = request.state.company, request.app.state.meter
    assert isinstance(meter, Meter)
    try:
        who = _who(request)
        asked = read(await request.body())
        agent = _agent(company, who, asked.model)
        turn = await run_in_threadpool(_turn, company, meter, who, agent, asked)
        head = Head(
            turn.number,
            int(company.clock().timestamp()),
            agent.name,
            dict(turn.masked.kinds),
            turn.masked.warned,
        )
        many = sum(tokens(text) for _, text in spoken(asked.messages))
        if asked.stream:
            told = parts(head, turn.chunks, many, with_usage=asked.usage_wanted)
            return StreamingResponse(_safely(told), media_type="text/event-stream")
        text = await run_in_threadpool(lambda: "".join(turn.chunks))
        return JSONResponse(whole(head, text, many))
    except Wrong as wrong:
        return _answer(wrong)
    except TrothError as error:
        return _answer(_wrong(error))


def _turn(company: Company, meter: Meter, who: Asker, agent: Agent, asked: CompletionIn) -> Turn:
    key = who.name if who.kind in KEYS else ""
    meter.take(company, who.session.token if who.session else key, key)
    *before, (_, text) = spoken(asked.messages)
    number = (asked.metadata or {}).get("conversation", "")
    if number and not NUMBER.fullmatch(number):
        raise Wrong(400, "invalid_request_error", "no such conversation", "", "metadata")
    person = _whom(company, who, asked)
    known = who.kind == "person" or person is not None
    if number:
        stored = company.gate.recall(person=person, data=agent.data, purpose=agent.purpose, number=number)
        before = before or list(stored)
    chat = Chat(agent.name, number=number, lines=before, temporary=asked.store is False)
    return say(company, meter, chat, person, text, key, known=known)


def _whom(company: Company, who: Asker, asked: CompletionIn) -> int | None:
    """Return whose words these are; None for somebody nobody knows."""
    if who.kind == "person":
        return who.person
    return company.gate.tagged(tag=asked.user) if asked.user else None


def _who(request: Request) -> Asker:
    """Return who asks; raise ``Wrong`` 401 for a token that nobody holds, and 429 for many of those."""
    company, meter = request.state.company, request.app.state.meter
    address = request.client.host if request.client else ""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    left = meter.pace.take(WRONG, address, meter.seconds(), 0)
    if left.wait:
        raise _limited(left.wait, "too many wrong keys")
    found = None
    if scheme.lower() == "bearer" and 0 < len(token.strip()) <= 512:
        keys = by_digest(company.staff)
        found = asker(company.name, keys, request.app.state.sessions, token.strip(), company.clock())
    if found is None or found.kind not in ("person", *KEYS):
        meter.pace.take(WRONG, address, meter.seconds())
        raise Wrong(
            401, "authentication_error", "nobody holds this key, or it opens no agent", "invalid_api_key"
        )
    return found


def _agent(company: Company, who: Asker, name: str) -> Agent:
    if name not in {a.name for a in served_all(company)}:
        raise Wrong(404, "invalid_request_error", "there is no such model", "model_not_found", "model")
    agent = served(company, name)
    if not _may(who, agent):
        no = Unsaid(Touch(Action.COLLECT, agent.data, agent.purpose))
        company.gate.refused(decision=no, by=who.sign)
        raise Wrong(
            403, "permission_error", f"this key is not bound to '{agent.purpose}'", "wrong_purpose", "model"
        )
    return agent


def _may(who: Asker, agent: Agent) -> bool:
    return who.kind == "person" or agent.purpose in who.purposes


def _model(company: Company, agent: Agent) -> dict[str, object]:
    return {"id": agent.name, "object": "model", "created": 0, "owned_by": company.name, "title": agent.title}


def _safely(told: Iterator[str]) -> Iterator[str]:
    """Pass a stream on; one that fails half-way says so and has no end."""
    try:
        yield from told
    except TrothError as error:
        yield event(_wrong(error).body())


def _wrong(error: TrothError) -> Wrong:
    match error:
        case Refused():
            clauses, missing = reasons(error.decision)
            by = f" by §{clauses[0].ref}" if clauses else ""
            wants = f": needs {', '.join(missing)}" if missing else ""
            return Wrong(403, "permission_error", f"the document refuses this{by}{wants}", "refused")
        case NotMasked():
            return Wrong(503, "server_error", str(error), "not_masked")
        case TooMuch():
            return _limited(error.wait, str(error))
        case NotTheirs():
            return Wrong(403, "permission_error", str(error), "not_yours", "metadata")
        case BadBody():
            return Wrong(400, "invalid_request_error", str(error), "", "messages")
    return Wrong(502, "server_error", str(error), "not_answered")


def _limited(wait: int, why: str) -> Wrong:
    wrong = Wrong(429, "rate_limit_error", why, "rate_limit_exceeded")
    wrong.headers["Retry-After"] = str(wait)
    return wrong


def _answer(wrong: Wrong) -> Response:
    return JSONResponse(wrong.body(), wrong.status, wrong.headers)
