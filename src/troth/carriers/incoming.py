"""Incoming: a real SMTP listener for the mailboxes a document covers; what a letter means is for others.

It takes nothing for another mailbox, nothing larger than its limit, and keeps no message: what the house
could not take is told to the sender's server, which tries again or tells its sender.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from troth.terms import TrothError

LARGEST = 1_000_000  # bytes of one message
MOST = 1  # mailbox of ours in one transaction, so that it is taken whole or not at all (RFC 5321, 452)
SILENCE = 60.0  # seconds after which a connection that says nothing is closed


class NotTaken(TrothError):
    """The letter is refused for good; ``code`` is the SMTP reply that tells the sender's server so."""

    def __init__(self, reason: str, code: str = "550 5.7.1") -> None:
        self.code = code
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message for one mailbox, as it came; ``returns`` is the envelope's sender, '' a machine's."""

    raw: bytes = field(repr=False)
    mailbox: str
    returns: str = field(repr=False)


Take = Callable[[Incoming], object]


@contextmanager
def listening(host: str, port: int, boxes: Mapping[str, Take], *, largest: int = LARGEST) -> Iterator[int]:
    """Listen for letters to these mailboxes until the block ends; give the port that is listened on."""
    handler = _Door({box.lower(): take for box, take in boxes.items()})
    controller = _Controller(handler, hostname=host, port=port, data_size_limit=largest, ident="mail")
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()


class _Controller(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, timeout=SILENCE, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        sockets = getattr(self.server, "sockets", ())
        self.port = int(sockets[0].getsockname()[1]) if sockets else self.port  # port 0: the system chose
        super()._trigger_server()  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class _Door:
    boxes: Mapping[str, Take]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.lower() not in self.boxes:
            return "550 5.1.1 there is no such mailbox here"
        if len(envelope.rcpt_tos) >= MOST:
            return "452 4.5.3 too many mailboxes"
        envelope.rcpt_tos.append(address.lower())
        return "250 2.1.5 go on"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        box = envelope.rcpt_tos[0]
        try:
            returns = (envelope.mail_from or "").removeprefix("<>")  # the null path of a machine
            one = Incoming(bytes(envelope.original_content or b""), box, returns)
            await asyncio.to_thread(self.boxes[box], one)
        except NotTaken as no:
            return f"{no.code} {no}"
        except TrothError:
            return "451 4.3.0 it could not be taken in now; try again later"
        return "250 2.0.0 taken"
