"""Sources: batches that a job brings in from a source outside, and whether that source is lawful."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from troth.policy.model import Data, Recipient
from troth.runtime.reminding import first
from troth.terms import Clause, Refused
from troth.web.api.door import Call
from troth.web.api.fault import Fault, plainly
from troth.web.api.house import clauses_of, words
from troth.web.api.wire.base import Fields, In, Line, Out, SaidOut, Text, Word

MOST = 500


class BatchIn(In, frozen=True):
    """Records of one category from one member of a source."""

    data: Word
    purpose: Word
    records: Annotated[tuple[Fields, ...], Meta(min_length=1, max_length=MOST)]
    source: Annotated[str, Meta(max_length=60)] = ""
    member: Annotated[str, Meta(max_length=60)] = ""


class BroughtOut(Out, frozen=True):
    """What became of one record: under which tag it stands, who was told, or why it is not here."""

    tag: str = ""
    known: bool = False
    told: bool = False
    why: str = ""


class BatchOut(Out, frozen=True):
    batch: str
    records: tuple[BroughtOut, ...]


class WithdrawnOut(Out, frozen=True):
    records: int


class WeighedIn(In, frozen=True):
    """Whether a source is lawful, and why."""

    lawful: bool
    reason: Text


class RefreshIn(In, frozen=True):
    """Which field takes its value from which record of a source's."""

    field: Line
    by: int
    purpose: Word


def bring(call: Call) -> BatchOut:
    """Take a batch in, person by person; without its source nothing of it is taken."""
    sent = call.read(BatchIn)
    if not sent.source:
        said = "source: is missing; nobody could be told where it came from"
        raise Fault(422, "invalid", said, fields=("source",))
    purpose, batch = call.purpose(sent.purpose), f"b-{secrets.token_hex(6)}"
    call.company.gate.brings(data=sent.data, purpose=purpose, party=sent.source, member=sent.member)
    told = tuple(_brought(call, sent, purpose, batch, fields) for fields in sent.records)
    return BatchOut(batch=batch, records=told)


def _brought(call: Call, sent: BatchIn, purpose: str, batch: str, fields: Fields) -> BroughtOut:
    company = call.company
    source = {"party": sent.source, "member": sent.member, "batch": batch}
    try:
        found = company.gate.bring(data=sent.data, body=fields, purpose=purpose, **source)
    except Refused as refused:
        company.gate.refused(decision=refused.decision, by=call.asker.sign)
        return BroughtOut(why=str(plainly(refused.decision, words(company.policy, company.parties))))
    if found.person is None:
        return BroughtOut(why="they asked to be left alone")
    address = next((str(v) for v in fields.values() if "@" in str(v)), "")
    told = first(company, found.person, address, purpose)
    return BroughtOut(tag=company.gate.tag(person=found.person), known=found.known, told=told)


def withdraw(call: Call) -> WithdrawnOut:
    """Take a batch back: its records go, and what people have here otherwise stays.

    A job takes back only what came for a purpose that its key is bound to.
    """
    gate, batch = call.company.gate, call.path["batch"]
    for purpose in sorted(gate.batch_purposes(batch=batch)):
        call.purpose(purpose)
    return WithdrawnOut(records=gate.withdraw_batch(batch=batch))


def weigh(call: Call) -> SaidOut:
    """Write down whether a source is lawful; what came from an unlawful one rests from now on."""
    sent = call.read(WeighedIn)
    source = {"party": call.path["source"], "member": call.path["member"], "by": call.asker.name}
    call.company.gate.weigh(lawful=sent.lawful, reason=sent.reason, **source)
    return SaidOut(
        said="it may bring data in" if sent.lawful else "nothing comes in from it; what came rests"
    )


def refresh(call: Call) -> SaidOut:
    """Put a stale value right by one that a source brought."""
    sent, rid = call.read(RefreshIn), int(call.path["rid"])
    purpose = call.purpose(sent.purpose)
    call.company.gate.refresh(person=call.person(), rid=rid, field=sent.field, by=sent.by, purpose=purpose)
    return SaidOut(said="put right; the old value is kept with its day")


def source_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of the source, or of the data that it would bring."""
    body = call.body
    if isinstance(body, BatchIn):
        found = clauses_of(call.company.policy, Recipient, body.source)
        return found or clauses_of(call.company.policy, Data, body.data)
    return clauses_of(call.company.policy, Recipient, call.path.get("source", ""))
