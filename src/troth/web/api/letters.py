"""Letters: a request that comes by mail, letter or telephone becomes a case with a number, a date and a link.

A letter that asks for no right is a question: a case, a day and a receipt, and nothing else.

INVARIANT (nobody before the link): the link goes to the address we know, never to where the letter says; what
is asked for is done once it is used (``web/me/case.py``).  A party that hands a letter on learns nothing.
"""

from __future__ import annotations

from datetime import datetime

from troth.policy.model import Recipient, RequestDoor
from troth.runtime import question, request
from troth.services import meant
from troth.services.flows import EMAIL
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.rights import declared
from troth.web.api.wire.rights import MailIn, MailOut
from troth.web.contact import opens

TAKEN = "taken; if this person is known here, a case is open and they have its number"  # no way to ask who is
OPENED = "a case is open; its number and a link that proves who asks went to the address we know"
NUMBERED = "a case is open and its writer has the number"
ASKED = "question"
ROUTED = "held on behalf of others alone; the wish went on to them, and its writer knows whom to ask"
IDENTITY = "nobody is known here by this address; its writer was asked who they are, and got no data"


def mail(call: Call) -> MailOut:
    """Open a case for a request from outside and send its writer the number, the date and a link."""
    sent, company, asker = call.read(MailIn), call.company, call.asker
    right = sent.right or meant(sent.text)
    if right in ("", ASKED) and sent.text and asker.kind != "party" and opens(company):
        return _question(call, sent)
    if not right:
        raise Fault(422, "invalid", "right: the text names none; say which is meant", fields=("right",))
    declared(call, right)
    if asker.kind == "party" and not any(d.by == asker.party for d in company.policy.of(RequestDoor)):
        doors = clauses_of(company.policy, Recipient, asker.party)
        raise Fault(403, "wrong-asker", "the document opens no door for requests here", clauses=doors)
    address = sent.address.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Fault(422, "invalid", "address: not a mail address", fields=("address",))
    channel = asker.member if asker.kind == "party" else sent.channel
    asked = request(company, address=address, right=right, channel=channel, received=_received(call, sent))
    if asker.kind == "party":
        return MailOut(said=TAKEN)
    if asked is None:
        return MailOut(said=ROUTED if call.company.gate.entrusted_by(address=address) else IDENTITY)
    return MailOut(said=OPENED, number=asked.number, due=asked.due)


def _received(call: Call, sent: MailIn) -> datetime | None:
    """Return when a letter, or a request at a party, was received; the time to answer runs from there."""
    may = call.asker.kind == "party" or sent.channel == "letter"
    if sent.received is not None and (sent.received > call.now or not may):
        said = "received: a past moment, said by a party or of a letter"
        raise Fault(422, "invalid", said, fields=("received",))
    return sent.received


def _question(call: Call, sent: MailIn) -> MailOut:
    """Open a case for a letter that asks for no right; its writer gets one receipt, known here or not."""
    address = sent.address.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Fault(422, "invalid", "address: not a mail address", fields=("address",))
    asked = question(call.company, address=address, text=sent.text, channel=sent.channel)
    return MailOut(said=NUMBERED, number=asked.number, due=asked.due)
