"""Mail: one message on its way to one address, and the outbox in which staff can read what was sent.

A message carries the permit under which it goes; ``Outbox`` and ``Smtp`` refuse one that has none.  How a
text is worded is for others.  The one rule: *an address whose person was erased is found in no outbox*.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol

from troth.terms import Permit, TrothError

KEPT = 500  # messages an outbox remembers; the oldest goes first
_ONE_CLICK = "List-Unsubscribe=One-Click"


class NotSent(TrothError):
    """The message did not leave the house; the reason names no address."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the message was not sent: {reason}; look at the mail settings, then send it again")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message.  ``to``, ``subject`` and ``text`` are personal and stay out of every ``repr`` and log.

    ``unsubscribe`` is the address of the page that ends such messages with one click (RFC 8058); direct
    marketing has one.  ``list_id`` names the kind of message (RFC 2919).  ``person`` is whose it
    is, 0 when nobody is known yet.  ``answers`` is the id of the letter that it answers by itself (RFC 3834).
    ``calendar`` is an invitation that goes along (RFC 5545).
    """

    permit: Permit
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime
    sender: str = ""
    unsubscribe: str = ""
    list_id: str = ""
    person: int = 0
    answers: str = ""
    calendar: str = field(default="", repr=False)

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return the list headers of RFC 2369 and RFC 8058; none for a message that has no way out."""
        named = (("List-Id", f"<{self.list_id}>"),) if self.list_id else ()
        if not self.unsubscribe:
            return named
        click = (("List-Unsubscribe-Post", _ONE_CLICK),) if self.unsubscribe.startswith("https://") else ()
        return (*named, ("List-Unsubscribe", f"<{self.unsubscribe}>"), *click)


class Carrier(Protocol):
    """What takes a message out of the house."""

    def __call__(self, mail: Mail) -> None: ...


class Outbox:
    """The messages that were sent, newest last, in memory and bounded; nothing of it reaches a disk."""

    def __init__(self, *, carrier: Carrier | None = None, kept: int = KEPT) -> None:
        self._mails: deque[Mail] = deque(maxlen=kept)
        self._carrier, self._lock = carrier, threading.Lock()

    def __call__(self, mail: Mail) -> None:
        """Send a message by the carrier, if there is one, and remember it once it went."""
        insist(mail)
        if self._carrier is not None:
            self._carrier(mail)
        with self._lock:
            self._mails.append(mail)

    def mails(self) -> tuple[Mail, ...]:
        """Return what was sent, oldest first."""
        with self._lock:
            return tuple(self._mails)

    def erase(self, address: str) -> int:
        """Forget every message to an address, and say how many there were."""
        wanted = address.strip().casefold()
        return self.keep(lambda mail: mail.to.strip().casefold() != wanted)

    def keep(self, wanted: Callable[[Mail], bool]) -> int:
        """Forget every message that is not wanted any more, and say how many there were."""
        with self._lock:
            left = [mail for mail in self._mails if wanted(mail)]
            gone = len(self._mails) - len(left)
            self._mails.clear()
            self._mails.extend(left)
        return gone


@dataclass(frozen=True, slots=True)
class Smtp:
    """A carrier over SMTP.  ``tls``: '' (a server on this machine), ``starttls`` or ``tls``."""

    host: str
    port: int = 25
    tls: str = ""
    user: str = ""
    password: str = field(repr=False, default="")
    timeout: float = 20.0

    def __call__(self, mail: Mail) -> None:
        """Hand the message to the server; raise ``NotSent`` when it does not take it."""
        insist(mail)
        try:
            with self._connect() as server:
                if self.tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(written(mail))
        except smtplib.SMTPRecipientsRefused:
            raise NotSent("the server refused the recipient") from None
        except smtplib.SMTPException as error:
            raise NotSent(f"the server answered with {type(error).__name__}") from None
        except OSError as error:
            raise NotSent(f"no server at {self.host}:{self.port} ({type(error).__name__})") from None

    def _connect(self) -> smtplib.SMTP:
        if self.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


def insist(mail: Mail) -> None:
    """Refuse a message without a permit, and one whose headers would say more than one line each."""
    if not isinstance(mail.permit, Permit):
        raise NotSent("it carries no permit")
    headers = (mail.to, mail.subject, mail.sender, mail.unsubscribe, mail.answers)
    if any("\n" in part or "\r" in part for part in headers):
        raise NotSent("a header may not hold a line break")


def written(mail: Mail, *, make_id: Callable[[], str] = make_msgid) -> EmailMessage:
    """Return the message as RFC 5322 has it."""
    message = EmailMessage()
    message["From"], message["To"] = mail.sender or "no-reply@localhost", mail.to
    message["Subject"], message["Date"] = mail.subject, format_datetime(mail.at)
    message["Message-ID"] = make_id()
    message["Auto-Submitted"] = "auto-replied" if mail.answers else "auto-generated"
    if mail.answers:
        message["In-Reply-To"] = message["References"] = mail.answers
    for name, value in mail.headers():
        message[name] = value
    message.set_content(mail.text)
    if mail.calendar:
        message.add_attachment(
            mail.calendar, subtype="calendar", filename="invitation.ics", params={"method": "REQUEST"}
        )
    return message
