"""Talks: a flow step by step over the API, the same conversation as on the pages.

Answers wait in the caller's stay and reach the gate at the end, as on the pages; half-way none is stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Children, Purpose, Recipient
from troth.services import Flow, advance, back, kept, path, start
from troth.services.flows import Step
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of, named
from troth.web.api.wire.base import ClauseOut, clause_out
from troth.web.api.wire.talks import (
    AskedConsentOut,
    BackIn,
    ChoiceOut,
    FlowOut,
    FlowsOut,
    OutcomeOut,
    QuestionOut,
    StartIn,
    TalkOut,
    TurnIn,
)
from troth.web.coming import came
from troth.web.moments import today
from troth.web.sessions import Session, Talk
from troth.web.talk.asked import consent_of, declared, lacking, question_at, wording
from troth.web.telling import Manner, tell


def flows_of(call: Call) -> list[Flow]:
    """Return the flows the asker may see: a party its member's, staff and jobs all, others the open ones."""
    company, asker = call.company, call.asker
    if asker.kind == "party":
        own = company.site.get("clients", {}).get(asker.member, {}).get("flows", ())
        return [f for f in company.flows.values() if f.name in own]
    if asker.kind in ("staff", "job"):
        return list(company.flows.values())
    return [f for f in company.flows.values() if _open(call, f)]


def _open(call: Call, flow: Flow) -> bool:
    return not flow.draft and not call.company.problems.get(flow.name)


def served(call: Call, name: str) -> Flow:
    """Return the flow of this name; 404 for a draft, for one with problems, and for none."""
    flow = call.company.flows.get(name)
    if flow is None or not _open(call, flow):
        raise Fault(404, "not-here", "there is no such flow, or it is not open")
    if flow.over(today(call.company)):
        raise Fault(410, "gone", "this conversation has ended; nothing was stored")
    return flow


def flows(call: Call) -> FlowsOut:
    """List the flows that the asker may see."""
    return _listed(call, flows_of(call))


def client_flows(call: Call) -> FlowsOut:
    """List a client's flows; a party's key opens its own member's list alone."""
    member, asker = call.path["member"], call.asker
    clients = call.company.site.get("clients", {})
    if asker.kind == "party" and member != asker.member:
        raise Fault(403, "wrong-asker", "another's flows are refused", clauses=flow_clauses(call))
    if member not in clients:
        raise Fault(404, "not-here", "there is no such client")
    own = clients[member].get("flows", ())
    return _listed(call, [f for f in call.company.flows.values() if f.name in own])


def flow_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause that keeps each client apart."""
    return clauses_of(call.company.policy, Recipient, call.asker.party)


def _listed(call: Call, found: Sequence[Flow]) -> FlowsOut:
    clients = call.company.site.get("clients", {})
    owner = {flow: name for name, client in clients.items() for flow in client.get("flows", ())}
    told = (
        FlowOut(
            name=f.name, title=f.title, languages=f.languages, draft=f.draft, client=owner.get(f.name, "")
        )
        for f in found
    )
    return FlowsOut(flows=tuple(told))


def begin(call: Call) -> TalkOut:
    """Begin a talk; the token in the answer carries it on."""
    flow, company = served(call, call.path["flow"]), call.company
    session = call.asker.session or call.sessions.new(company.name, call.now)
    language = call.read(StartIn).language
    session.talks[flow.name] = Talk(
        start(flow).step, language=language if language in flow.languages else flow.language
    )
    came(company, flow, session.talks[flow.name])
    return _stands(call, flow, session)


def state(call: Call) -> TalkOut:
    """Return the talk as it stands."""
    flow, session, _ = _talk(call)
    return _stands(call, flow, session)


def turn(call: Call) -> TalkOut:
    """Take one answer; at the end, say what was stored by which clause and what was not."""
    flow, session, talk = _talk(call)
    sent = call.read(TurnIn)
    step, form = _step(flow, sent.step), _form(sent)
    if step.name not in path(flow, {k: v for k, v in talk.answers.items() if k != step.name}):
        raise Fault(409, "conflict", "the talk has not come to this step")
    moved = advance(flow, talk.answers, step.name, sent.answer)
    problem = moved.problem or lacking(call.company, session, talk, step, form)
    if problem:
        raise Fault(422, "invalid", f"answer: {problem}", fields=("answer",))
    _note_consent(talk, step, form)
    if _too_young(call, step, sent.answer):
        del session.talks[flow.name]
        young = clauses_of(call.company.policy, Children)
        raise Fault(403, "refused", "this talk is for older people; nothing was stored", clauses=young)
    talk.answers, talk.step = moved.answers, moved.step
    came(call.company, flow, talk)
    return _ended(call, flow, session) if flow.step(talk.step).end else _stands(call, flow, session)


def _form(sent: TurnIn) -> dict[str, str]:
    """Write a turn as the pages' form, so that one set of questions serves both."""
    years = "" if sent.years is None else str(sent.years)
    return {"answer": sent.answer, "consent": "yes" if sent.consent else "", "years": years}


def turn_back(call: Call) -> TalkOut:
    """Go one step back; the answers stay."""
    flow, session, talk = _talk(call)
    try:
        talk.step = back(flow, talk.answers, _step(flow, call.read(BackIn).step).name).step
    except (KeyError, IndexError, ValueError):
        raise Fault(409, "conflict", "there is no step before this one") from None
    return _stands(call, flow, session)


def _talk(call: Call) -> tuple[Flow, Session, Talk]:
    flow, session = served(call, call.path["flow"]), call.asker.session
    talk = session.talks.get(flow.name) if session else None
    if session is None or talk is None:
        raise Fault(409, "conflict", "this talk has ended or never began; begin it anew")
    return flow, session, talk


def _step(flow: Flow, name: str) -> Step:
    try:
        return flow.step(name)
    except KeyError:
        raise Fault(422, "invalid", "step: the flow has no such step", fields=("step",)) from None


def _note_consent(talk: Talk, step: Step, form: dict[str, str]) -> None:
    name = consent_of(step)
    if name:
        talk.consents[name] = form["answer" if step.consent else "consent"] == "yes"
        if talk.consents[name]:
            talk.age = max(filter(None, (talk.age, declared(form))), default=None)


def _too_young(call: Call, step: Step, answer: str) -> bool:
    ask, limits = step.ask, [c.under for c in call.company.policy.of(Children) if c.refuse]
    if ask is None or "age" not in (ask.data, ask.field) or not answer or not limits:
        return False
    try:
        return float(answer.replace(",", ".")) < max(limits)
    except ValueError:
        return False


def _ended(call: Call, flow: Flow, session: Session) -> TalkOut:
    talk, company = session.talks.pop(flow.name), call.company
    spoken = flow.spoken(talk.language)
    steps = [flow.step(name) for name in path(flow, talk.answers)]
    texts = {consent_of(s): wording(company, flow, talk.language, s) for s in steps if consent_of(s)}
    manner = Manner(talk.language, "api", talk.age, None, texts)
    told = tell(company, spoken, kept(flow, talk.answers), talk.consents, session.person, manner)
    session.person = session.person if told.person is None else told.person
    outcomes = tuple(
        OutcomeOut(stored=o.stored, why=o.why, clause=_clause(call, o.clause)) for o in told.outcomes
    )
    return TalkOut(
        flow=flow.name,
        step=talk.step,
        says=spoken.step(talk.step).say,
        token=session.token,
        end=True,
        rewards=tuple(r.text for r in told.rewards),
        outcomes=outcomes,
        dropped=call.extras,
    )


def _stands(call: Call, flow: Flow, session: Session) -> TalkOut:
    talk = session.talks[flow.name]
    step = flow.spoken(talk.language).step(talk.step)
    return TalkOut(
        flow=flow.name,
        step=step.name,
        says=step.say,
        token=session.token,
        end=step.end,
        question=_question(call, step),
        consent=_consent(call, flow, session, talk, step),
        answer=talk.answers.get(step.name, ""),
        reward=step.reward.text if step.reward else "",
        dropped=call.extras,
    )


def _question(call: Call, step: Step) -> QuestionOut | None:
    ask = step.ask
    if ask is None:
        return None
    purpose = named(call.company.policy, Purpose, ask.purpose)
    return QuestionOut(
        kind=ask.kind,
        data=ask.data,
        field=ask.field,
        purpose=ask.purpose,
        clause=_clause(call, purpose.clause if purpose else None),
        choices=tuple(ChoiceOut(value=o.value, label=o.label) for o in ask.options),
        optional=ask.optional,
        low=ask.low,
        high=ask.high,
    )


def _consent(call: Call, flow: Flow, session: Session, talk: Talk, step: Step) -> AskedConsentOut | None:
    put = question_at(call.company, flow, session, talk, step)
    if put is None:
        return None
    return AskedConsentOut(
        name=put.name,
        question=put.text,
        clause=clause_out(put.clause, call.company.name),
        optional=step.optional,
        ages=tuple(b.low for b in put.bands),
    )


def _clause(call: Call, clause: Clause | None) -> ClauseOut | None:
    return clause_out(clause, call.company.name) if clause else None
