"""Studies: reports on a party's own people, notes on what suits an organisation, and training rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta

from troth.gate.errors import Unlisted
from troth.policy.model import Data, Purpose
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import In, Moment, Out, Word, plain

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class ReportOut(Out, frozen=True):
    """Sums about a party's own people: how many, how many records, and each number field added up."""

    member: str
    people: int
    records: int
    sums: dict[str, str]


class NeedIn(In, frozen=True):
    """Which organisation, and which service would suit it."""

    party: Word
    member: str
    suggests: str
    purpose: Word


class NeedOut(Out, frozen=True):
    number: str
    party: str
    member: str
    suggests: str


class NeedsOut(Out, frozen=True):
    needs: tuple[NeedOut, ...]


class TrainIn(In, frozen=True):
    """Which model is made from what, for which purpose, and from when until when."""

    model: Name
    data: Word
    purpose: Word
    since: Moment | None = None
    until: Moment | None = None


class TrainedRow(Out, frozen=True):
    code: str
    fields: dict[str, Any]


class TrainedOut(Out, frozen=True):
    model: str
    rows: tuple[TrainedRow, ...]


def report(call: Call) -> ReportOut:
    """Tell a party about its own people; another's report is none that it could have."""
    asker, member, purpose = call.asker, call.ask("member") or call.asker.member, call.ask("purpose")
    if member != asker.member:
        raise Fault(404, "not-here", "there is no such report")
    try:
        found = call.company.gate.report(
            data=call.ask("data"), purpose=purpose, party=asker.party, member=member
        )
    except Unlisted as error:
        raise Fault(404, "not-here", "there is no such report", clauses=(error.clause,)) from None
    return ReportOut(member=member, people=found.people, records=found.records, sums=dict(found.sums))


def note_need(call: Call) -> NeedOut:
    """Write down what suits an organisation; a person is no subject of such a note."""
    sent = call.read(NeedIn)
    said = {"party": sent.party, "member": sent.member, "suggests": sent.suggests}
    number = call.company.gate.note_need(**said, purpose=call.purpose(sent.purpose), by=call.asker.name)
    return NeedOut(number=number, **said)


def needs(call: Call) -> NeedsOut:
    """List what was written down."""
    names = NeedOut.__struct_fields__
    return NeedsOut(needs=tuple(NeedOut(**{n: n_[n] for n in names}) for n_ in call.company.gate.needs()))


def train(call: Call) -> TrainedOut:
    """Give the rows of a training under fresh codes; it is listed in the evidence."""
    sent = call.read(TrainIn)
    window = {"since": sent.since, "until": sent.until}
    made = call.company.gate.train(
        model=sent.model, data=sent.data, purpose=call.purpose(sent.purpose), **window
    )
    return TrainedOut(
        model=made.model, rows=tuple(TrainedRow(code=code, fields=plain(body)) for code, body in made.rows)
    )


def study_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of the purpose, or of the data."""
    found = clauses_of(call.company.policy, Purpose, call.ask("purpose"))
    return found or clauses_of(call.company.policy, Data, call.ask("data"))
