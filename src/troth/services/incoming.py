"""Incoming: a letter as it came over the wire, read into what a service may act on; nothing is done here.

What a machine sent by itself is known by its headers (RFC 3834) and is never answered.  The subject is
compared as the document has it: decoded (RFC 2047), in one Unicode form, without regard to case, outer
blanks and how many blanks stand between words; one word more makes it another subject.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from html.parser import HTMLParser

from troth.policy.model import OptOut, Policy
from troth.services.flows import EMAIL
from troth.terms import TrothError

LONGEST = 8000  # characters of a letter's text that are kept
PARTS = 50  # of one message; nobody who writes a letter sends more
ROBOTS = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})


class NoLetter(TrothError):
    """The message cannot be taken; it says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter.  ``automatic``: a machine wrote it, so no answer goes out; ``number`` is its own id."""

    sender: str = field(repr=False)
    mailbox: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    automatic: bool = False
    number: str = ""


def read_letter(raw: bytes, *, mailbox: str, returns: str = "?") -> Letter:
    """Read a message; ``returns`` is the envelope's sender, '' the null path of a machine.

    >>> raw = b"From: Kari <K@Club.example>\\nSubject: =?utf-8?q?Hei?=\\n\\nGod dag\\n"
    >>> letter = read_letter(raw, mailbox="a@club.example")
    >>> letter.sender, letter.subject, letter.text, letter.automatic
    ('k@club.example', 'Hei', 'God dag', False)
    """
    try:
        message = message_from_bytes(raw, policy=default)
        sender, subject = _sender(message), str(message.get("Subject", ""))
        automatic = not returns or _automatic(message)
        return Letter(sender, mailbox, subject, _text(message), automatic, _number(message))
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError) as error:
        raise NoLetter(f"the message cannot be read ({type(error).__name__})") from None


def folded(subject: str) -> str:
    """Return a subject as it is compared.

    >>> folded("  Opt-out  OF\\ttelemarketing ")
    'opt-out of telemarketing'
    """
    return " ".join(unicodedata.normalize("NFC", subject).split()).casefold()


def opting_out(policy: Policy, letter: Letter) -> tuple[OptOut, ...]:
    """Return the doors of the document that a letter opens by its mailbox and its exact subject."""
    return tuple(d for d, subjects in _doors(policy, letter.mailbox) if folded(letter.subject) in subjects)


def wanted_subject(policy: Policy, mailbox: str) -> str:
    """Return the subject that opts out at a mailbox, '' where none does."""
    for door, subjects in _doors(policy, mailbox):
        if subjects:
            return next(said for kind, said in door.ways if kind == "subject")
    return ""


def _doors(policy: Policy, mailbox: str) -> Iterator[tuple[OptOut, frozenset[str]]]:
    for door in policy.of(OptOut):
        boxes = {said.lower() for kind, said in door.ways if kind == "email"}
        if mailbox.lower() in boxes:
            yield door, frozenset(folded(said) for kind, said in door.ways if kind == "subject")


def _sender(message: EmailMessage) -> str:
    """Return the one address that a message is from; whoever names two, or none, is nobody."""
    lines = message.get_all("From", [])
    found = [address.strip().lower() for _, address in getaddresses([str(line) for line in lines])]
    if len(lines) != 1 or len(found) != 1 or not EMAIL.fullmatch(found[0]):
        raise NoLetter("it is from no one address")
    return found[0]


def _automatic(message: EmailMessage) -> bool:
    """Say whether a machine wrote it: an answering machine, a list, a report of a failed delivery."""
    said = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return (
        said != "no"
        or str(message.get("Precedence", "")).strip().lower() in ROBOTS
        or any(message.get(name) for name in ("List-Id", "X-Auto-Response-Suppress", "X-Autoreply"))
        or str(message.get("Return-Path", "?")).strip() == "<>"
        or message.get_content_type() == "multipart/report"
    )


def _number(message: EmailMessage) -> str:
    """Return the message's own id, when it is one that may stand in a header of the answer."""
    found = re.fullmatch(r"<[^<>\s]{1,250}>", str(message.get("Message-ID", "")).strip())
    return found[0] if found else ""


def _text(message: EmailMessage) -> str:
    """Return what a person wrote, as plain text; attachments are left where they are."""
    if sum(1 for _, _ in zip(message.walk(), range(PARTS + 1), strict=False)) > PARTS:
        raise NoLetter("it has too many parts")
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    said = body.get_content()
    plain = _bare(said) if body.get_content_type() == "text/html" else str(said)
    return plain.replace("\x00", "").strip()[:LONGEST]


class _Bare(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("script", "style", "head")
        self.said.append("\n" if tag in ("p", "br", "div", "li", "tr") else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "head") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        self.said.append("" if self.hidden else data)


def _bare(html: str) -> str:
    parser = _Bare()
    parser.feed(html)
    parser.close()
    return re.sub(r"[ \t]+", " ", "".join(parser.said))
