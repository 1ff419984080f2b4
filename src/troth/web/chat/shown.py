"""Shown: what a chat's page shows: before the first word who answers and may read, after the last who did.

It draws and changes nothing; what a visitor does is ``page``'s and ``ending``'s.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.converse import INPUT, LONGEST
from troth.gate.converse_mask import treatment
from troth.gate.values import Held
from troth.policy.model import Door, Recipient, Role
from troth.runtime import Company
from troth.services import Agent, recipient_of
from troth.web import contact
from troth.web.asking import session_of
from troth.web.chat.talk import Chat
from troth.web.pages import page
from troth.web.sessions import Session
from troth.web.talk.arrive import readers

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


async def draw(
    request: Request, agent: Agent, status: int = 200, problem: str = "", **more: object
) -> Response:
    """Draw the page of a chat as it stands; ``more`` takes the place of what it would show."""
    session = getattr(request.state, "session", None) or session_of(request)
    chat = session.chats.get(agent.name) if session else None
    person = session.person if session else None
    seen = await run_in_threadpool(_seen, request.state.company, person, agent, chat)
    values = {
        **_about(request.state.company, agent),
        "chat": chat,
        "lines": chat.shown() if chat else [],
        "found": {WORDS.get(k, k.lower()): n for k, n in chat.found.items()} if chat else {},
        "mail": session.mail if session else "",
        "problem": problem,
        "said": _said(session),
        "asked": None,
        "handed": {"email": "", "text": ""},
        "text": "",
        **seen,
    }
    return page(request, "chat/chat.html", status, **{**values, **more})


def _about(company: Company, agent: Agent) -> dict[str, object]:
    """Return what the page says of an agent, whoever looks."""
    model = recipient_of(agent, company.site.get("models", {}))
    return {
        "agent": agent,
        "title": agent.title,
        "masks": _masks(company, agent),
        "readers": _readers(company, agent),
        "outside": next((r for r in company.policy.of(Recipient) if r.name == model), None),
        "hands": contact.opens(company),
        "sampled": agent.data in company.gate.sampled(),
        "longest": LONGEST,
        "here": "chat",
    }


def _said(session: Session | None) -> str:
    """Return what the last act left to be said, once."""
    if session is None:
        return ""
    said, session.said = session.said, ""
    return said


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
