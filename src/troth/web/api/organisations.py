"""Organisations: the one you are in, who else is, how a colleague comes in, and what colleagues wrote."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from troth.gate.groups import Group
from troth.policy.model import Event, Fact
from troth.runtime.grouped import happened
from troth.scrub import Vault
from troth.services import organisations
from troth.services.flows import EMAIL
from troth.terms import Clause
from troth.web.api.choices import OWN
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import SaidOut
from troth.web.api.wire.organisations import (
    ConversationOut,
    GroupEventIn,
    InviteeIn,
    JoinIn,
    OrganisationIn,
    OrganisationOut,
    SharedOut,
    TurnsOut,
    UploadedOut,
    UploadIn,
)
from troth.web.api.wire.people import record_out
from troth.web.colleagues import invite

SENT = SaidOut(said="if this address may be written to, an invitation is on its way; of it nothing is kept")


def organisation(call: Call) -> OrganisationOut:
    """Return the organisation the person is in, with the names that the document shows."""
    gate, person = call.company.gate, call.person()
    own = gate.group(person=person)
    if own is None:
        raise Fault(404, "not-here", "you are in no organisation")
    return _told(call, person, own)


def found(call: Call) -> OrganisationOut:
    """Begin an organisation with the person as its first member."""
    _known(call)
    person, sent = call.person(), call.read(OrganisationIn)
    return _told(call, person, call.company.gate.found_group(person=person, title=sent.name))


def leave(call: Call) -> SaidOut:
    """Leave it; what was written there stays with its author and its readers."""
    _known(call)
    call.company.gate.leave_group(person=call.person())
    return SaidOut(said="left")


def inviting(call: Call) -> SaidOut:
    """Write to a colleague; the answer is the same whether or not the address may be written to."""
    _known(call)
    address = call.read(InviteeIn).email.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Fault(422, "invalid", "email: not a mail address", fields=("email",))
    person = call.person()
    if call.company.gate.group(person=person) is None:
        raise Fault(404, "not-here", "you are in no organisation")
    invite(call.company, person, address)
    return SENT


def join(call: Call) -> OrganisationOut:
    """Come into an organisation by a link that was made for an address of the person's own."""
    _known(call)
    company, person = call.company, call.person()
    today = call.now.astimezone(ZoneInfo(company.policy.zone)).date()
    own = organisations.join(company.gate, company.policy, person, call.read(JoinIn).ticket, today)
    if own is None:
        said = "nobody comes in without an invitation to an address of their own"
        raise Fault(403, "refused", said, clauses=organisation_clauses(call))
    return _told(call, person, own)


def shared(call: Call) -> SharedOut:
    """List what colleagues wrote, without a word of it."""
    rows = organisations.conversations(call.company.gate, call.company.policy, call.person())
    return SharedOut(conversations=tuple(ConversationOut(number=n, last=at, turns=t) for n, at, t in rows))


def turns(call: Call) -> TurnsOut:
    """Return one conversation of a colleague; its author sees that somebody of the organisation looked."""
    company, number = call.company, call.path["number"]
    held = organisations.conversation(company.gate, company.policy, call.person(), number)
    return TurnsOut(turns=tuple(record_out(h, company.name, company.policy) for h in held))


def event(call: Call) -> SaidOut:
    """Say that something happened to everybody in an organisation; who holds data with a new date is told."""
    sent = call.read(GroupEventIn)
    if sent.name in OWN:
        clauses = clauses_of(call.company.policy, Event)
        raise Fault(403, "wrong-asker", f"'{sent.name}' is an act of each person's own", clauses=clauses)
    many = happened(call.company, number=call.path["number"], name=sent.name)
    if not many:
        raise Fault(404, "not-here", "there is no such organisation")
    return SaidOut(said=f"noted for {many}")


def upload(call: Call) -> UploadedOut:
    """Put a text in; what identifies is replaced first, and its writer hears which kinds were."""
    sent = call.read(UploadIn)
    author = secrets.token_hex(8)
    done = call.company.gate.upload(person=call.person(), name=sent.name, text=sent.text, vault=Vault(author))
    return UploadedOut(number=done.number, masked=dict(done.kinds))


def organisation_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of what puts people together."""
    policy = call.company.policy
    fact = next((f.name for f in policy.of(Fact) if f.of == "viewer" and f.by), "")
    return clauses_of(policy, Fact, fact)


def _known(call: Call) -> None:
    if not organisations.known(call.company.policy):
        raise Fault(404, "not-here", "there are no organisations here")


def _told(call: Call, person: int, own: Group) -> OrganisationOut:
    names = organisations.colleagues(call.company.gate, call.company.policy, person)
    return OrganisationOut(number=own.number, name=own.title, members=own.members, colleagues=names)
