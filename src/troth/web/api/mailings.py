"""Mailings: the company's own messages, to many or to one; the class of each comes from its purpose.

A message goes in two steps, so that a no between them still counts.  What came back is reported here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, field

from troth.policy.model import Purpose, Recipient
from troth.runtime import mailing
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import ClauseOut, In, Line, Out, SaidOut, Word, clause_out

Subject = Annotated[str, Meta(max_length=200)]
Body = Annotated[str, Meta(max_length=8000)]


class MailingIn(In, frozen=True):
    """A message for one purpose: subject and text, or one of the folder's own by name.

    ``member`` is in whose matter it goes: the partner that is named, the service that changes.  ``offer``
    says that it offers something, as a paragraph that begins ``offer:`` does.
    """

    purpose: Word
    subject: Subject = ""
    text: Body = ""
    message: Annotated[str, Meta(max_length=60)] = ""
    member: Annotated[str, Meta(max_length=60)] = ""
    offer: bool = False


class MailingOut(Out, frozen=True):
    """How a message stands; ``kind`` is its class, ``held`` why how many did not leave after all."""

    number: str
    purpose: str
    kind: str
    clauses: tuple[ClauseOut, ...]
    queued: int
    sent: int | None = None
    held: dict[str, int] = field(default_factory=dict)
    done: datetime | None = None


class MailingsOut(Out, frozen=True):
    mailings: tuple[MailingOut, ...]


class NoticeIn(In, frozen=True):
    """One message that belongs to the service, to one person."""

    purpose: Word
    subject: Annotated[str, Meta(min_length=1, max_length=200)]
    text: Annotated[str, Meta(min_length=1, max_length=8000)]
    member: Annotated[str, Meta(max_length=60)] = ""


class BounceIn(In, frozen=True):
    """An address that took no message."""

    address: Line


def prepare(call: Call) -> MailingOut:
    """Queue a message to everybody who may get it now."""
    sent = call.read(MailingIn)
    missing = () if sent.message else tuple(n for n in ("subject", "text") if not getattr(sent, n).strip())
    if missing:
        raise Fault(422, "invalid", f"{missing[0]}: is missing", fields=missing)
    written = call.company.messages.get(sent.message)
    if written is not None and written.purpose != sent.purpose:  # a key's purposes bind its messages as well
        raise Fault(422, "invalid", "message: is written for another purpose", fields=("message",))
    try:
        made = mailing.prepare(
            call.company,
            purpose=call.purpose(sent.purpose),
            subject=sent.subject,
            text=sent.text,
            message=sent.message,
            member=sent.member,
            offer=sent.offer,
        )
    except mailing.Offering as wrong:
        raise Fault(422, "invalid", str(wrong), fields=("text",), clauses=mail_clauses(call)) from None
    return _out(call, made)


def send(call: Call) -> MailingOut:
    """Hand it over now; each person is asked again."""
    waiting = call.company.post.get(call.path["number"])
    if waiting is None:
        raise Fault(404, "not-here", "there is no such message")
    call.purpose(waiting.purpose)
    return _out(call, mailing.hand_over(call.company, waiting.number))


def mailings(call: Call) -> MailingsOut:
    """List what was prepared and sent in the last month."""
    bound = call.asker.purposes
    found = (m for m in call.company.post.all() if not bound or m.purpose in bound)
    return MailingsOut(mailings=tuple(_out(call, m) for m in found))


def notify(call: Call) -> SaidOut:
    """Write to one person what belongs to the service."""
    sent = call.read(NoticeIn)
    try:
        mailing.notice(
            call.company,
            person=call.person(),
            purpose=call.purpose(sent.purpose),
            subject=sent.subject,
            text=sent.text,
            member=sent.member,
        )
    except (mailing.Offering, mailing.NotOwed) as wrong:
        raise Fault(422, "invalid", str(wrong), fields=("text",), clauses=mail_clauses(call)) from None
    return SaidOut(said="sent")


def bounce(call: Call) -> SaidOut:
    """Note an address that takes nothing; the answer is the same for one that nobody has."""
    party = call.asker.party
    roles = {r.role for r in call.company.policy.of(Recipient) if r.name == party}
    if party and "processor" not in roles:
        said = "only who sends our mail says what came back"
        raise Fault(403, "wrong-asker", said, clauses=mail_clauses(call))
    person = call.company.gate.find(kind="email", value=call.read(BounceIn).address)
    if person is not None:
        call.company.gate.bounced(person=person)
    return SaidOut(said="noted; marketing to it waits until its owner proves it anew")


def mail_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause that says what is written to people."""
    where = call.company.contact
    return clauses_of(call.company.policy, Purpose, where.purpose if where else "")


def _out(call: Call, made: mailing.Mailing) -> MailingOut:
    return MailingOut(
        number=made.number,
        purpose=made.purpose,
        kind=made.kind,
        clauses=tuple(clause_out(c, call.company.name) for c in made.clauses),
        queued=made.queued,
        sent=made.sent,
        held=dict(made.held),
        done=made.done,
    )
