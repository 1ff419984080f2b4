"""Accounts: opened, come into by a password, and looked after, as the pages do it (``web/account.py``)."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from troth.services.accounts import account_of
from troth.services.flows import EMAIL
from troth.web import account
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.wire.accounts import AccountIn, ChangeIn, GivenIn, PasswordIn, StayOut, StaysOut
from troth.web.api.wire.base import SaidOut
from troth.web.api.wire.people import SessionOut
from troth.web.me.account import end, stays
from troth.web.moments import used
from troth.web.sessions import Session

BEGUN = SaidOut(said="a message is on its way to this address; the account counts from its owner's yes")


def open_account(call: Call) -> SaidOut:
    """Begin an account; the answer is the same for an address that has one."""
    _insist(call)
    sent = call.read(AccountIn)
    opening = account.Opening(
        _address(sent.email), sent.password, sent.fields, sent.refuse, sent.agree, channel="api"
    )
    account.open_(call.company, opening)
    return BEGUN


def come_in(call: Call) -> SessionOut:
    """Give a token for address and password."""
    _insist(call)
    sent, company = call.read(PasswordIn), call.company
    answer, person = account.by_password(
        company, call.sessions, _address(sent.email), sent.password, call.address, call.now
    )
    if answer == "held":
        raise Fault(429, "too-many", "too many wrong passwords; a code by mail lets its owner in")
    if answer == "unproved":
        raise Fault(403, "wrong-asker", "the address was not confirmed yet; press the button in the message")
    if person is None:
        raise Fault(401, "unknown-asker", "address and password do not belong together")
    session = call.sessions.new(company.name, call.now)
    session.person, session.mail, session.browser = person, _address(sent.email), "a program"
    session.must_choose = company.gate.is_given(person=person)
    used(company, session)
    return SessionOut(token=session.token, tag=company.gate.tag(person=person))


def change(call: Call) -> SaidOut:
    """Put another password in place; every other stay ends."""
    _insist(call)
    sent, session, person = call.read(ChangeIn), _session(call), call.person()
    gate, place = call.company.gate, f"own {person}"
    if gate.has_password(person=person) and not session.by_code:
        if call.sessions.tries.held(call.company.name, place, call.address, call.now):
            raise Fault(429, "too-many", "too many wrong passwords; a code by mail lets its owner in")
        if not gate.knows(person=person, password=sent.current):
            call.sessions.tries.note(call.company.name, place, call.address, call.now)
            raise Fault(422, "invalid", "current: not the password you have", fields=("current",))
    account.change(call.company, call.sessions, session, sent.new)
    return SaidOut(said="changed; every other session has ended")


def give(call: Call) -> SaidOut:
    """Send somebody a password to begin with, at their own address; whoever asks for it never sees it."""
    _insist(call)
    address, person = _address(call.read(GivenIn).email), call.person()
    if call.company.gate.find(kind="email", value=address) != person:
        raise Fault(422, "invalid", "email: is not an address of this person", fields=("email",))
    account.give(call.company, person, address)
    return SaidOut(said="on its way; it is good for one day, and its person chooses another one first")


def sessions(call: Call) -> StaysOut:
    """List where a person is signed in."""
    own, person = _session(call), call.person()
    here = [
        StayOut(name=s.name, browser=s.browser, since=s.since, seen=s.seen, here=s.here)
        for s in stays(call.company, call.sessions, own)
    ]
    kept = [
        StayOut(name=b.number, browser=b.name, since=b.since, stays=b.until)
        for b in call.company.gate.browsers(person=person)
    ]
    return StaysOut(sessions=(*here, *kept))


def end_session(call: Call) -> StaysOut:
    """End one of them by its name, or ``others``."""
    call.person()
    try:
        end(call.company, call.sessions, _session(call), call.path["name"])
    except HTTPException:
        raise Fault(404, "not-here", "no such session") from None
    return sessions(call)


def _insist(call: Call) -> None:
    if account_of(call.company.policy) is None:
        raise Fault(404, "not-here", "the document gives nobody an account with a password")


def _address(text: str) -> str:
    address = text.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Fault(422, "invalid", "email: not a mail address", fields=("email",))
    return address


def _session(call: Call) -> Session:
    assert call.asker.session is not None
    return call.asker.session
