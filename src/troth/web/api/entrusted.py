"""Entrusted: what a customer does with the people it loaded: by its own key, for its own people alone.

Another's people are nobody here (404), and no wish of a person is done but by the customer's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from troth.policy.model import Area
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import Fields, In, Line, Out, SaidOut, Word
from troth.web.api.wire.people import RecordsOut, record_out
from troth.web.api.wire.rights import RequestsOut, asked_out

Reference = Annotated[str, Meta(min_length=1, max_length=120)]


class LoadIn(In, frozen=True):
    """One record about one of your people; ``reference`` is your own name for them."""

    reference: Reference
    data: Word
    fields: Fields


class LoadedOut(Out, frozen=True):
    tag: str
    rid: int


class FoundOut(Out, frozen=True):
    tag: str


class BlockIn(In, frozen=True):
    on: bool = True


class RemovedOut(Out, frozen=True):
    """That it is done, when, and who was told."""

    at: datetime
    leaf: int
    told: tuple[str, ...]


class AmendIn(In, frozen=True):
    """New values; an empty one takes its field out."""

    rid: int
    fields: Fields


class EndIn(In, frozen=True):
    """What happened to everybody whom a member loaded."""

    party: Word
    member: Line
    event: Word


class EndedOut(Out, frozen=True):
    people: int


def load(call: Call) -> LoadedOut:
    """Keep a record about one of the asker's people."""
    sent, gate = call.read(LoadIn), call.company.gate
    party, member = _asker(call)
    person, rid = gate.load(
        party=party, member=member, reference=sent.reference, data=sent.data, body=sent.fields
    )
    return LoadedOut(tag=gate.tag(person=person), rid=rid)


def find(call: Call) -> FoundOut:
    """Find one of the asker's people by its own name for them."""
    party, member = _asker(call)
    gate = call.company.gate
    person = gate.find_entrusted(party=party, member=member, reference=call.ask("reference"))
    if person is None:
        raise Fault(404, "not-here", "you loaded nobody of this name")
    return FoundOut(tag=gate.tag(person=person))


def read(call: Call) -> RecordsOut:
    """Return what the asker loaded about one of its people."""
    party, member = _asker(call)
    held = call.company.gate.read_entrusted(party=party, member=member, person=_whose(call))
    return RecordsOut(records=tuple(record_out(h, call.company.name, call.company.policy) for h in held))


def amend(call: Call) -> SaidOut:
    """Correct a record, or take a field out of it."""
    sent, (party, member) = call.read(AmendIn), _asker(call)
    call.company.gate.amend_entrusted(
        party=party, member=member, person=_whose(call), rid=sent.rid, body=sent.fields
    )
    return SaidOut(said="corrected")


def remove(call: Call) -> RemovedOut:
    """Take one of the asker's people out of every place."""
    party, member = _asker(call)
    done = call.company.gate.unload(party=party, member=member, person=_whose(call))
    return RemovedOut(at=done.at, leaf=done.leaf, told=done.told)


def block(call: Call) -> SaidOut:
    """Take nothing more in about one of the asker's people, or again."""
    sent, (party, member) = call.read(BlockIn), _asker(call)
    call.company.gate.block(party=party, member=member, person=_whose(call), on=sent.on)
    return SaidOut(said="nothing more is taken in" if sent.on else "records are taken in again")


def wishes(call: Call) -> RequestsOut:
    """List what people wish of the asker."""
    party, member = _asker(call)
    found = call.company.gate.routed(party=party, member=member)
    return RequestsOut(requests=tuple(asked_out(a, call.company.name) for a in found))


def end(call: Call) -> EndedOut:
    """Say what happened to everybody whom a member loaded."""
    sent = call.read(EndIn)
    people = call.company.gate.end_entrusted(party=sent.party, member=sent.member, event=sent.event)
    return EndedOut(people=people)


def entrusted_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which others' people are held."""
    own = [a for a in call.company.policy.of(Area) if a.role == "processor"]
    return tuple(a.clause for a in own) or clauses_of(call.company.policy, Area)


def _asker(call: Call) -> tuple[str, str]:
    return call.asker.party, call.asker.member


def _whose(call: Call) -> int:
    """Return whom the address names, if the asker loaded something of theirs."""
    party, member = _asker(call)
    person = call.company.gate.tagged(tag=call.path["tag"])
    if person is None or not call.company.gate.entrusted(party=party, member=member, person=person):
        raise Fault(404, "not-here", "you loaded nobody of this tag")
    return person
