"""Signing: a person signs in by a code sent to their mail address; nobody learns who is known here."""

from __future__ import annotations

from troth.services.flows import EMAIL
from troth.web import misuse, second
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.wire.base import SaidOut
from troth.web.api.wire.people import CodeIn, SecondIn, SessionIn, SessionOut
from troth.web.confirming import waits
from troth.web.inviting import expected, prove, welcome
from troth.web.moments import used

SENT = SaidOut(said="if this address is known here, a code is on its way; it is good for ten minutes")


def ask_code(call: Call) -> SaidOut:
    """Send a code to an address that is known; the answer is the same when it is not."""
    sent, company = call.read(SessionIn), call.company
    address = sent.email.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Fault(422, "invalid", "email: not a mail address", fields=("email",))
    if waits(company, address):
        raise Fault(403, "refused", "the link in the mail to this address was not opened yet")
    digits = call.sessions.code(company.name, address, call.now)
    if not digits:
        raise Fault(429, "too-many", "too many codes for this address; wait ten minutes")
    awaited, person = expected(company, address, sent.invited)
    if awaited:
        text = f"Your code for {company.title} is {digits}. It is good for ten minutes."
        company.send(address, f"Your code: {digits}", text, person=person, unproved=True)
    return SENT


def take_code(call: Call) -> SessionOut:
    """Give a token for the right code; five wrong ones close the door for ten minutes."""
    sent, company, gate = call.read(CodeIn), call.company, call.company.gate
    if call.sessions.alarm.shut(company.name, call.address, call.now):
        raise Fault(429, "too-many", "too many failed sign-ins from here; wait five minutes")
    address = sent.email.strip().lower()
    answer = call.sessions.check_code(company.name, address, sent.code.strip(), call.now)
    if answer != "right":
        call.sessions.alarm.note(company, call.address, call.now)
        misuse.wrong_code(company, call.sessions.tries, address, call.address)
    if answer == "refused":
        raise Fault(429, "too-many", "too many wrong codes; wait ten minutes")
    person = welcome(company, address, sent.invited) if answer == "right" else None
    if person is None:
        raise Fault(401, "unknown-asker", "that is not the code")
    session = call.sessions.new(company.name, call.now)
    session.person, session.mail, session.by_code, session.browser = person, address, True, "a program"
    became = prove(company, person, address, sent.invited)
    call.sessions.end_unproved(company.name, person)
    used(company, session)
    return SessionOut(token=session.token, tag=gate.tag(person=person), invited=became)


def staff_in(call: Call) -> SessionOut:
    """Give a member of staff, a token for key and second factor; without the second the key opens nothing."""
    sent, company = call.read(SecondIn), call.company
    key = next((k for k in company.staff if k.kind == "staff" and k.name == call.asker.name), None)
    door = (
        f" second {call.asker.name}"  # no address begins with a blank, so this shares nobody's count of tries
    )
    if call.sessions.closed(company.name, door, call.now):
        raise Fault(429, "too-many", "too many wrong codes; wait ten minutes")
    if key is None or not second.proved(company, call.sessions, key, sent.code, call.now):
        call.sessions.check_code(company.name, door, "", call.now)
        raise Fault(403, "wrong-asker", "that is not the code, or it was used before")
    call.sessions.forgive(company.name, door)
    session = call.sessions.new(company.name, call.now)
    session.staff, session.roles = key.name, key.roles
    return SessionOut(token=session.token)


def sign_out(call: Call) -> SaidOut:
    """End the stay; its token is 401 from now on."""
    if call.asker.session is not None:
        call.sessions.end(call.asker.session)
    return SaidOut(said="signed out")
