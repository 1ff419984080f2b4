"""Ending: what a person takes back of a chat: all of it, for good, or one detail that the scrubber missed."""

from __future__ import annotations

from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import GateError, NoRecord, Stays
from troth.runtime import Company
from troth.services import Agent
from troth.web.chat.page import act
from troth.web.chat.shown import draw
from troth.web.sessions import set_cookie

STRIPPED = "The chat is deleted. Its bare words, which point to nobody, may help us to get better."


async def forgetting(request: Request) -> Response:
    """Delete one chat, wherever it lies; a temporary one is gone with its session's memory of it."""
    agent, session, form = await act(request)
    if form.get("sure") != "yes":
        return await draw(request, agent, 422, "Please say that you are sure: there is no way back.")
    number, chat = form.get("number", ""), session.chats.get(agent.name)
    if chat is not None and number in ("", chat.number):
        del session.chats[agent.name]
        number = chat.number if not chat.temporary else ""
    stays_on = 0
    try:
        if number and session.person is not None:
            stays_on = await run_in_threadpool(_forget, request.state.company, session.person, agent, number)
    except Stays as stays:
        return await draw(request, agent, 403, str(stays))
    session.said = STRIPPED if stays_on else "The chat is deleted."
    response = RedirectResponse(f"/{session.company}/a/{agent.name}", 303)
    set_cookie(request, response, session)
    return response


async def pointing(request: Request) -> Response:
    """Take out what the author points at, where it is stored and in what this page still shows."""
    agent, session, form = await act(request)
    chat, text = session.chats.get(agent.name), form.get("detail", "").strip()
    if chat is None or not chat.number:
        raise HTTPException(404)
    try:
        if session.person is not None and not chat.temporary:
            asked = {"person": session.person, "data": agent.data, "number": chat.number, "text": text}
            await run_in_threadpool(lambda: request.state.company.gate.missed(**asked))
        chat.forget(text)
    except GateError:
        return await draw(request, agent, 422, "This does not stand in the chat as you wrote it.")
    session.said = "It is taken out."
    response = RedirectResponse(f"/{session.company}/a/{agent.name}", 303)
    set_cookie(request, response, session)
    return response


def _forget(company: Company, person: int, agent: Agent, number: str) -> int:
    """Delete what is stored of a chat, if anything is; return of how many chats the bare words stay."""
    with suppress(NoRecord):
        return int(company.gate.forget_talk(person=person, data=agent.data, number=number).stripped)
    return 0
