"""Carry: a person takes what they gave to another service, or brings it from one (GDPR Art. 20)."""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy.model import Purpose
from troth.services import Coverage
from troth.terms import Refused, TrothError
from troth.web.api.door import Call
from troth.web.api.fault import plainly
from troth.web.api.house import words
from troth.web.api.wire.base import plain
from troth.web.api.wire.rights import CarriedIn, CarriedOut, PortableIn, PortableOut, TakenIn, TakenOut


def portable(call: Call) -> PortableOut:
    """Return the file a person takes along."""
    made = call.company.portable(call.company.gate.export(person=call.person()))
    records = tuple(CarriedOut(**plain(r)) for r in made["records"])
    said = {name: made[name] for name in ("format", "made", "schema", "version")}
    return PortableOut(**said, origin=made["from"], records=records)


def take_in(call: Call) -> TakenOut:
    """Store what a person brings along, each record by this document's rules; say what became of it."""
    person, sent = call.person(), call.read(PortableIn)
    return TakenOut(records=tuple(_taken(call, person, record) for record in sent.records))


def _taken(call: Call, person: int, record: CarriedIn) -> TakenIn:
    """Take in what the person gave elsewhere; what a service noted of them is no word of theirs."""
    if record.beyond:
        return TakenIn(data=record.data, stored=False, why="another service noted this of you")
    why = "no clause here takes this in"
    for purpose in _purposes(call, record):
        try:
            call.company.gate.collect(
                person=person, data=record.data, body=record.fields, purpose=purpose, source="person"
            )
        except Refused as refused:
            why = str(plainly(refused.decision, words(call.company.policy, call.company.parties)))
        except TrothError as error:
            why = str(error)
        else:
            return TakenIn(data=record.data, stored=True, purpose=purpose)
    return TakenIn(data=record.data, stored=False, why=why)


def _purposes(call: Call, record: CarriedIn) -> Iterator[str]:
    """Yield the purposes for which this document collects the category, those of the file first."""
    coverage = Coverage(call.company.policy)
    known = [p.name for p in call.company.policy.of(Purpose)]
    named = [p for p in record.purposes if coverage.purpose(p)]
    for name in dict.fromkeys([*named, *known]):
        if all(coverage.covers(record.data, f, name) for f in record.fields):
            yield name
