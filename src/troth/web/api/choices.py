"""Choices: what a person decides about their data, and the moments and facts that services raise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from troth.gate.house import MARKETING
from troth.gate.retain import CASE as CLAIM
from troth.policy.model import Consent, Event, Fact, Keep, Purpose, Statement
from troth.runtime.answering import judge as decide_objection
from troth.services import question
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of, named
from troth.web.api.wire.base import SaidOut, clause_out
from troth.web.api.wire.choices import (
    AgeIn,
    ConsentIn,
    ConsentOut,
    ConsentsOut,
    EventIn,
    FactIn,
    JudgedIn,
    NoticeIn,
    ObjectionIn,
    ObjectionsOut,
    RestrictionIn,
    RestrictionsOut,
    act_out,
)
from troth.web.deriving import refresh
from troth.web.profiling import stop_profiling_of

USE = "last-use"  # a job may say it for a service in which the person acted; staff never act for them
OWN = frozenset({"account-closed", "consent-withdrawn", "collected"})

ALL_MARKETING = "marketing"  # said in the place of a purpose: every kind of it
PROFILING = "profiling"  # said in the place of a purpose: all that is labelled so


def consents(call: Call) -> ConsentsOut:
    """Return each consent of the document as it stands, and everything ever said about one."""
    company = call.company
    access = company.gate.access(person=call.person())
    stands, told = access.consents(), []
    for said in company.policy.of(Consent):
        names = [n for n in stands if n.split("(")[0] == said.name] or [said.name]
        told += [
            ConsentOut(
                name=name,
                question=said.question,
                given=stands.get(name, False),
                clause=clause_out(said.clause, company.name),
                age=said.age,
                without=said.without,
            )
            for name in names
        ]
    history = tuple(act_out(a) for a in access.acts)
    return ConsentsOut(consents=tuple(told), history=history)


def consent(call: Call) -> ConsentsOut:
    """Note a yes or a no to one question, with the text as the document puts it."""
    sent, company = call.read(ConsentIn), call.company
    said = named(company.policy, Consent, sent.name)
    if said is None:
        raise Fault(422, "invalid", "name: the document puts no such question", fields=("name",))
    language = sent.language or company.policy.language
    company.gate.consent(
        person=call.person(),
        name=sent.name,
        given=sent.given,
        text=question(company.policy, company.parties, sent.name),
        language=language,
        channel="api",
    )
    return consents(call)


def consent_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of the question that only its person may answer."""
    name = call.body.name if isinstance(call.body, ConsentIn) else ""
    return clauses_of(call.company.policy, Consent, name)


def object_to(call: Call) -> ObjectionsOut:
    """Take an objection, or take it back; no reason is asked, and one that is given goes to who weighs it."""
    sent, gate, person = call.read(ObjectionIn), call.company.gate, call.person()
    if sent.purpose.partition("(")[0] == PROFILING and named(call.company.policy, Purpose, PROFILING) is None:
        member = sent.purpose.partition("(")[2].rstrip(")")
        stop_profiling_of(call.company, person, given=sent.given, member=member, channel="api")
        stands = gate.access(person=person).objections
        return ObjectionsOut(at=call.now, objections=tuple(sorted(stands)))
    known = named(call.company.policy, Purpose, sent.purpose) is not None
    if not known and sent.purpose != ALL_MARKETING:
        raise Fault(422, "invalid", "purpose: the document has no such purpose", fields=("purpose",))
    purpose = sent.purpose if known else MARKETING
    gate.object(person=person, purpose=purpose, given=sent.given, channel="api", reason=sent.reason)
    refresh(call.company, person)
    stands = gate.access(person=person).objections
    return ObjectionsOut(at=call.now, objections=tuple(sorted(stands)))


def judge(call: Call) -> SaidOut:
    """Decide an objection that is weighed; the reason is evidence, and there is none without one."""
    sent = call.read(JudgedIn)
    if not sent.reason.strip():
        raise Fault(422, "invalid", "reason: is missing", fields=("reason",))
    decide_objection(
        call.company,
        person=call.person(),
        purpose=call.path["purpose"],
        upheld=sent.upheld,
        reason=sent.reason,
        by=call.asker.name,
    )
    return SaidOut(said="decided")


def erase_used(call: Call) -> SaidOut:
    """Erase what a purpose used; 409 while no objection to it is upheld."""
    gone = call.company.gate.erase_used(person=call.person(), purpose=call.path["purpose"])
    return SaidOut(said=f"erased: {', '.join(gone)}" if gone else "nothing was held that only this used")


def restrict(call: Call) -> RestrictionsOut:
    """Restrict some or all data (GDPR Art. 18), or lift it."""
    sent, gate, person = call.read(RestrictionIn), call.company.gate, call.person()
    if sent.records and sent.case == CLAIM:
        gate.retain(person=person, records=sent.records, on=sent.on, reason=sent.reason)
    else:
        gate.restrict(person=person, data=sent.data, on=sent.on, case=sent.case, reason=sent.reason)
    return RestrictionsOut(restricted=tuple(sorted(gate.access(person=person).restricted)))


def age(call: Call) -> SaidOut:
    """Take the age that a person declares."""
    person = call.person()
    if call.company.gate.declare_age(person=person, years=call.read(AgeIn).years) is not None:
        call.sessions.end_person(call.company.name, person)
        return SaidOut(said="this is not for children: what was here is erased")
    return SaidOut(said="noted")


def notice(call: Call) -> SaidOut:
    """Note that the person accepted a version of the document."""
    version = call.read(NoticeIn).version
    known = {call.company.policy.version, *(e.version for e in call.company.editions)}
    if version not in known:
        raise Fault(422, "invalid", "version: the document has no such version", fields=("version",))
    call.company.gate.accept_notice(person=call.person(), version=version)
    return SaidOut(said="noted")


def event(call: Call) -> SaidOut:
    """Say that something happened; the clocks of every record that counts from it are set anew."""
    sent = call.read(EventIn)
    bare = sent.name.partition("(")[0].strip()
    if bare in OWN or (bare == USE and call.asker.kind == "staff"):
        spoken = clauses_of(call.company.policy, Event) or clauses_of(call.company.policy, Keep)
        raise Fault(403, "wrong-asker", f"'{bare}' is an act of the person's own", clauses=spoken)
    call.company.gate.event(person=call.person(), name=sent.name, member=sent.member, at=sent.at)
    return SaidOut(said="noted")


def fact(call: Call) -> SaidOut:
    """Say that a fact holds, or holds no more; by whom is written down."""
    sent, gate, person = call.read(FactIn), call.company.gate, call.person()
    found = named(call.company.policy, Fact, sent.name)
    if found is None:
        raise Fault(422, "invalid", "name: the document has no such fact", fields=("name",))
    name, by, member = sent.name, _by(call, found), sent.member
    if call.asker.kind == "party":
        _for_another(call, found, person, member)
    if sent.holds:
        gate.raise_fact(person=person, name=name, member=member, by=by, approved_by=sent.approved_by)
    else:
        gate.lower_fact(person=person, name=name, member=member, by=by)
    return SaidOut(said="noted")


def _by(call: Call, fact: Fact) -> str:
    """Name who raises it; a fact that the document lets one role or party raise is nobody else's to touch."""
    asker = call.asker
    if fact.raised_by:
        if fact.raised_by == asker.party or fact.raised_by in asker.roles:
            return fact.raised_by
    elif asker.kind != "party":
        return asker.roles[0] if asker.roles else asker.name
    whose = fact.raised_by or "the house"
    raise Fault(403, "wrong-asker", f"'{fact.name}' is raised by {whose}", clauses=(fact.clause,))


def _for_another(call: Call, fact: Fact, person: int, member: str) -> None:
    """Let a party speak only of a person it handed in, and never of itself.

    Such a fact opens what came from one business to another: who receives by it must not be who raises it.
    """
    asker = call.asker
    handed = any(
        h.source == f"{asker.party}:{asker.member}" for h in call.company.gate.access(person=person).held
    )
    if not handed or member in ("", asker.member):
        said = f"'{fact.name}' is raised by the business that the data came from, for another"
        raise Fault(403, "wrong-asker", said, clauses=(fact.clause,))


def about(kind: type[Statement], name: str = "") -> Callable[[Call], Sequence[Clause]]:
    """Make a finder of the clause of one statement, for a no to the wrong asker."""
    return lambda call: clauses_of(call.company.policy, kind, name)
