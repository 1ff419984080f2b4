"""Announcing: a coming version, or what a law or a contract has us tell, goes to everybody it reaches."""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.reading import Reading
from troth.policy.model import Change
from troth.runtime.announcing import Announced, NotAnnounced, announce, tell_all
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.announcing import AnnouncedOut, AnnounceIn, ChangedOut, ReadingOut, TellIn


def version(call: Call) -> AnnouncedOut:
    """Write to everybody whom a coming version means something to; once each, however often it is asked."""
    try:
        return _out(announce(call.company, call.read(AnnounceIn).version))
    except NotAnnounced as error:
        raise Fault(409, "conflict", str(error), clauses=announcing_clauses(call)) from None


def message(call: Call) -> AnnouncedOut:
    """Write to everybody whom a purpose lets us write to; marketing is refused."""
    sent = call.read(TellIn)
    try:
        said = {"purpose": sent.purpose, "subject": sent.subject, "text": sent.text, "having": sent.having}
        return _out(tell_all(call.company, **said))
    except NotAnnounced as error:
        raise Fault(422, "invalid", str(error), fields=("purpose",)) from None


def reading(call: Call) -> ReadingOut:
    """Return when the document was read over, and by when it must be again."""
    return _reading(call.company.gate.reading())


def read_over(call: Call) -> ReadingOut:
    """Write down that the document was read over and stands."""
    return _reading(call.company.gate.read_over(by=call.asker.name))


def announcing_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of what happens when the document changes."""
    return clauses_of(call.company.policy, Change)


def _reading(found: Reading) -> ReadingOut:
    return ReadingOut(version=found.version, last=found.last, by=found.by, overdue=found.overdue)


def _out(done: Announced) -> AnnouncedOut:
    rows = (ChangedOut(ref=c.ref, title=c.title, how=c.how, meaning=c.meaning) for c in done.changes)
    return AnnouncedOut(people=done.people, changes=tuple(rows))
