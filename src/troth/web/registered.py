"""Registered: lets no cookie out of the house that the register does not name, whoever's code set it.

A name that is none is taken out of the answer; the evidence has the refusal, and the desk sees the name.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from troth.runtime import Company
from troth.services.register import Entry, register, registered
from troth.terms import Action, Request, Unsaid

HEADER = b"set-cookie"
MOST = 50  # names of one company that the desk is shown
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Strays:
    """The cookies that were dropped since the start, by company and name, and how often."""

    dropped: dict[str, dict[str, int]] = field(default_factory=dict)

    def note(self, company: str, name: str) -> bool:
        """Count one; say whether its name is new."""
        names = self.dropped.setdefault(company, {})
        fresh = name not in names
        if fresh and len(names) >= MOST:
            return False
        names[name] = names.get(name, 0) + 1
        return fresh

    def of(self, company: str) -> Mapping[str, int]:
        """Return what was dropped of one company."""
        return self.dropped.get(company, {})


class Registered:
    """ASGI middleware; the first part of a path names the company."""

    def __init__(self, app: ASGIApp, companies: Sequence[Company], strays: Strays) -> None:
        self._app, self._strays = app, strays
        self._by_name = {c.name: (c, register(c.policy)) for c in companies}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = scope["path"].split("/") if scope["type"] == "http" else ["", ""]
        found = self._by_name.get(parts[1])
        if found is None:
            await self._app(scope, receive, send)
            return
        company, entries = found

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                for name in _strip(message, company.name, entries):
                    await run_in_threadpool(self._tell, company, name)
            await send(message)

        await self._app(scope, receive, kept)

    def _tell(self, company: Company, name: str) -> None:
        if self._strays.note(company.name, name):
            LOG.error(
                "%s: dropped the cookie '%s', of which no line of the document speaks", company.name, name
            )
        company.gate.refused(decision=Unsaid(Request(Action.COLLECT, name, ""), ()), by="cookie")


def _strip(message: Message, company: str, entries: Sequence[Entry]) -> list[str]:
    """Take the cookies that no line names out of an answer, and return their names."""
    kept, gone = [], []
    for key, value in message.get("headers", ()):
        name = value.partition(b"=")[0].strip().decode("latin-1")
        if key.lower() == HEADER and not registered(entries, company, name):
            gone.append(name[:80])
        else:
            kept.append((key, value))
    message["headers"] = kept
    return gone
