"""Shared: stays and sign-in codes that every process of a company knows, in its store.

A stay that was read or begun in a request is written back before the answer leaves, if it was changed.  Of
two processes that change one at the same moment the later wins, and one that has ended is not written back.
What a chat hides is not written: it stays in the process that the chat is held with (``chat.talk``).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from troth.runtime.waiting import Waiting

if TYPE_CHECKING:
    from troth.web.sessions import Code, Session

STAY, CODE, STEP = "stay", "code", "step"
USED = timedelta(minutes=5)  # how long a shown number of a second factor is known to be used
SEEN = timedelta(minutes=1)  # a stay that was merely used is written back no more often than this
MOST = 10_000  # stays of which this process has a copy; the oldest goes first and is read anew
touched: ContextVar[list[Session] | None] = ContextVar("touched", default=None)


@dataclass(slots=True)
class Copy:
    """A stay as this process has it, and what of it the store held when last asked."""

    session: Session
    version: int = 0
    written: bytes = b""
    seen: datetime | None = None


@dataclass(slots=True)
class Shared:
    """The stays of several companies, by the name of each company and the stay's own."""

    waiting: Mapping[str, Waiting]
    copies: dict[tuple[str, str], Copy] = field(default_factory=dict, repr=False)

    def began(self, name: str, session: Session) -> None:
        """Take a new stay in, to be written with the answer."""
        if len(self.copies) >= MOST:
            self.copies.pop(next(iter(self.copies)))
        self.copies[session.company, name] = Copy(session)
        touch(session)

    def find(self, company: str, name: str) -> Session | None:
        """Return a stay as it stands now, the very one this process has unless another changed it."""
        held, waiting = self.copies.get((company, name)), self.waiting[company]
        version = waiting.version(STAY, name)
        if held is not None and held.version == version:
            touch(held.session)
            return held.session
        laid = waiting.get(STAY, name) if version else None
        if laid is None:
            self.copies.pop((company, name), None)
            return None
        return self._read(company, name, laid.value, laid.version)

    def of(self, company: str, person: int) -> list[Session]:
        """Return the stays of one person in whatever process."""
        every = self.waiting[company].of(STAY, person)
        return [self._read(company, laid.name, laid.value, laid.version) for laid in every]

    def end(self, company: str, name: str) -> None:
        """End a stay everywhere."""
        self.copies.pop((company, name), None)
        self.waiting[company].end(STAY, name)

    def save(self, session: Session, until: datetime) -> None:
        """Write a stay back if it was changed, unless it ended meanwhile."""
        name = session.token.partition(".")[0]
        held = self.copies.get((session.company, name))
        if held is None or held.session is not session:
            return
        written = _written(session)
        used = held.seen is None or session.seen - held.seen >= SEEN
        if sha256(written).digest() == held.written and not used:
            return
        waiting = self.waiting[session.company]
        version = waiting.version(STAY, name)
        if held.version and not version:  # another process has ended it
            self.copies.pop((session.company, name), None)
            return
        value = msgspec.json.encode((session.seen, msgspec.Raw(written)))
        held.version = waiting.put(STAY, name, value, until, person=session.person)
        held.written, held.seen = sha256(written).digest(), session.seen

    def _read(self, company: str, name: str, value: bytes, version: int) -> Session:
        from troth.web.sessions import Session

        held = self.copies.get((company, name))
        if held is not None and held.version == version:
            return held.session
        seen, raw = msgspec.json.decode(value, type=tuple[datetime, msgspec.Raw])
        session = msgspec.json.decode(raw, type=Session)
        session.seen = seen
        if held is not None:
            session.chats = held.session.chats
        self.copies[company, name] = Copy(session, version, sha256(bytes(raw)).digest(), seen)
        touch(session)
        return session

    def code(self, company: str, name: str) -> tuple[Code | None, int]:
        """Return the code on its way to an address, and its version."""
        from troth.web.sessions import Code

        laid = self.waiting[company].get(CODE, name)
        return (msgspec.json.decode(laid.value, type=Code), laid.version) if laid else (None, 0)

    def keep_code(self, company: str, name: str, code: Code, version: int) -> bool:
        """Put a code in the place of the one of this version; say whether it still stood there."""
        told, waiting = msgspec.json.encode(code), self.waiting[company]
        return waiting.put(CODE, name, told, code.until, version=version or None) > 0

    def drop_code(self, company: str, name: str) -> bool:
        """Take a code away; say whether it was there."""
        return self.waiting[company].end(CODE, name)

    def first(self, company: str, name: str, step: int, now: datetime) -> bool:
        """Say whether a number of a second factor is used for the first time, in whatever process."""
        return self.waiting[company].put(STEP, f"{name} {step}", b"", now + USED) == 1


def touch(session: Session) -> None:
    """Note that a stay has a part in the request that is answered now."""
    mine = touched.get()
    if mine is not None and all(session is not other for other in mine):
        mine.append(session)


class Saving:
    """ASGI middleware: what a request changed of a stay is known to all before its answer leaves."""

    def __init__(self, app: ASGIApp, shared: Shared, longest: timedelta) -> None:
        self._app, self._shared, self._longest = app, shared, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        mine: list[Session] = []
        touched.set(mine)

        async def saved(message: Message) -> None:
            if message["type"] == "http.response.start":
                for session in mine:
                    await run_in_threadpool(self._shared.save, session, session.seen + self._longest)
            await send(message)

        await self._app(scope, receive, saved)


def _written(session: Session) -> bytes:
    """Return a stay as text, without when it was last used and without what a chat hides."""
    return msgspec.json.encode(replace(session, chats={}, seen=session.since))
