"""Proofs: evidence that anyone may check, counts that belong to nobody, and questions that touch nothing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from troth.gate.values import Entry
from troth.policy.model import Counter
from troth.runtime import Company
from troth.runtime.editions import Edition, in_force
from troth.services.counters import ours
from troth.terms import Action, Allowed, Decision, Form, RefusedBy, Request, State
from troth.web.api.door import Call
from troth.web.api.fault import Fault, reasons
from troth.web.api.house import named
from troth.web.api.people import role
from troth.web.api.talks import flows_of
from troth.web.api.wire.base import clause_out, plain
from troth.web.api.wire.people import RecordsOut, record_out
from troth.web.api.wire.proofs import (
    CheckpointOut,
    CountIn,
    CountOut,
    CountsOut,
    DecideIn,
    DecisionOut,
    DutyOut,
    EntriesOut,
    EntryOut,
    EvidenceOut,
    ExplainIn,
    TouchIn,
    VerifiedOut,
)

MOST = 500  # entries of one answer


def checkpoint(call: Call) -> CheckpointOut:
    """Return the signed head of the evidence."""
    gate = call.company.gate
    return CheckpointOut(checkpoint=gate.checkpoint(), public_key=gate.public_key)


def proof(call: Call) -> EvidenceOut:
    """Prove that one entry stands in the evidence."""
    leaf = _number(call, "leaf")
    try:
        return EvidenceOut(proof=plain(call.company.gate.proof(leaf=leaf)))
    except ValueError:
        raise Fault(404, "not-here", "the evidence has no such entry") from None


def consistency(call: Call) -> EvidenceOut:
    """Prove that the evidence has only grown since it had so many entries."""
    first = _number(call, "first")
    try:
        return EvidenceOut(proof=plain(call.company.gate.consistency(first=first)))
    except ValueError:
        raise Fault(404, "not-here", "the evidence never had so many entries") from None


def _number(call: Call, name: str) -> int:
    text = call.ask(name)
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Fault(422, "invalid", f"{name}: not a number", fields=(name,))
    return int(text)


def verify(call: Call) -> VerifiedOut:
    """Check the whole evidence, entry by entry."""
    problems = tuple(map(str, call.company.gate.verify()))
    return VerifiedOut(sound=not problems, problems=problems)


def entries(call: Call) -> EntriesOut:
    """Return the entries of the evidence from one number on; none of them holds a value of a person."""
    start = _number(call, "start") if call.ask("start") else 0
    told = islice(call.company.gate.entries(start=start), MOST)
    return EntriesOut(entries=tuple(_entry(call.company, e) for e in told))


def _entry(company: Company, entry: Entry) -> EntryOut:
    """Write an entry out under the version of the document that was in force on its day."""
    day = entry.at.astimezone(ZoneInfo(company.policy.zone)).date()
    now = Edition(company.policy, company.document)
    return EntryOut(
        number=entry.number,
        at=entry.at,
        kind=entry.kind,
        clause=entry.clause,
        detail=plain(entry.detail),
        version=in_force(company.editions, now, day),
    )


def count(call: Call) -> CountsOut:
    """Add one to a counter of the company's own programs; what a service raises is closed to all."""
    sent, counter = call.read(CountIn), _counter(call)
    if ours(counter):
        said = f"'{counter.name}' is raised where the thing happens, and by nobody's word"
        raise Fault(403, "wrong-asker", said, clauses=(counter.clause,))
    other = tuple(sorted(set(sent.dims) - set(counter.of)))
    if other:
        raise Fault(422, "invalid", f"'{counter.name}' counts by {', '.join(counter.of)} alone", fields=other)
    call.company.gate.count(counter=counter.name, dims=sent.dims)
    return CountsOut(counter=counter.name, counts=())


def counts(call: Call) -> CountsOut:
    """Return what was counted; nobody can be found in it, and a party finds its own flows alone."""
    counter = _counter(call)
    told = call.company.gate.counts(counter=counter.name)
    own = tuple(CountOut(dims=dict(dims), count=n) for dims, n in told if _own(call, dims))
    return CountsOut(counter=counter.name, counts=own)


def _own(call: Call, dims: Mapping[str, str]) -> bool:
    """Say whether a count is of the asker's: of a flow, or of a placement or an ad that shows one."""
    if call.asker.kind != "party" or not {"flow", "placement", "unit"} & dims.keys():
        return True
    kind, name = ("ads", dims["unit"]) if "unit" in dims else ("placements", dims.get("placement", ""))
    placed = call.company.site.get(kind, {}).get(name, {})
    return dims.get("flow", str(placed.get("flow", ""))) in {f.name for f in flows_of(call)}


def _counter(call: Call) -> Counter:
    counter = named(call.company.policy, Counter, call.path["counter"])
    if counter is None:
        raise Fault(404, "not-here", "the document declares no such counter")
    return counter


def decide(call: Call) -> DecisionOut:
    """Say what the document answers for a person as assumed: no one is read, nothing is written."""
    sent = call.read(DecideIn)
    given = sent.given
    state = State(
        consents=frozenset(given.consents),
        objections=frozenset(given.objections),
        restricted=frozenset(given.restricted),
        facts=frozenset(given.facts),
        age=given.age,
        notice=given.notice,
    )
    return _told(call, call.company.kernel.decide(_touch(sent), state, sent.at or call.now))


def explain(call: Call) -> DecisionOut:
    """Say why a touch of a real person's data is or is not allowed now, and what would allow it."""
    sent = call.read(ExplainIn)
    person = call.company.gate.tagged(tag=sent.tag) if sent.tag else None
    if sent.tag and person is None:
        raise Fault(404, "not-here", "nobody here has this tag")
    return _told(call, call.company.gate.may(person=person, request=_touch(sent)))


def _touch(sent: TouchIn) -> Request:
    return Request(
        Action(sent.action),
        sent.data,
        sent.purpose,
        sent.party,
        sent.field,
        sent.member,
        sent.source,
        Form(sent.form),
    )


def _told(call: Call, decision: Decision) -> DecisionOut:
    clauses, missing = reasons(decision)
    duties = decision.duties if isinstance(decision, Allowed) else ()
    word: Literal["allowed", "refused", "unsaid"]
    word = "allowed" if decision else "refused" if isinstance(decision, RefusedBy) else "unsaid"
    return DecisionOut(
        answer=word,
        said=str(decision),
        clauses=tuple(clause_out(c, call.company.name) for c in clauses),
        missing=missing,
        duties=tuple(DutyOut(name=d.name, detail=d.detail) for d in duties),
        version=call.company.policy.version,
    )


def permissions(call: Call) -> RecordsOut:
    """Show the changes of permission in the security log to the role that the document opens it to."""
    held = call.company.gate.permissions(role=role(call), staff=call.asker.name)
    return RecordsOut(records=tuple(record_out(h, call.company.name, call.company.policy) for h in held))
