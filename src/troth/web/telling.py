"""Telling: what a person said in a flow goes through the gate, each answer by its own clause.

INVARIANT (typing opens nothing): an address that already belongs to somebody is stored with the new records
and leads to nobody until it is proved by a code; a reward waits with it, since it is given once to a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from troth.gate.values import Asked
from troth.policy.model import Change, Data, Purpose
from troth.runtime import Company
from troth.runtime import question as open_case
from troth.runtime.booking import Booked, book
from troth.services import Coverage, Flow, Reward, earned, giving, path, polling, question
from troth.services.entitling import Verdict
from troth.services.flows import Ask, worded
from troth.terms import Clause, Refused, TrothError
from troth.web.confirming import told as write_to
from troth.web.confirming import tongue_of
from troth.web.crediting import credit, shop_of
from troth.web.deriving import heard, refresh
from troth.web.moments import moved
from troth.web.observing import observe
from troth.web.problems import reasons
from troth.web.relating import client_of, relate, whence

NOT_SAID = ("", "none", "rather-not-say")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer."""

    text: str
    stored: bool
    why: str = ""
    clause: Clause | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Denied:
    """A reward that its published rule does not give, and what the rule says."""

    reward: Reward
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a whole conversation; ``person`` is None when nothing was to be stored."""

    person: int | None
    outcomes: tuple[Outcome, ...] = ()
    rewards: tuple[Reward, ...] = ()
    known: bool = False  # the address leads to the person's own page
    spent: tuple[Denied, ...] = ()  # rewards that their rule does not give
    case: Asked | None = None  # the case that it opened
    booked: Booked | None = None  # the meeting that it asked for


@dataclass(frozen=True, slots=True)
class Manner:
    """How it was said: the language, the entry, the declared age, and the visit's technical facts."""

    language: str = ""
    channel: str = ""
    age: int | None = None
    visit: tuple[str, str, Mapping[str, object]] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)  # the wording of each consent as it was shown
    device: Mapping[str, object] = field(
        default_factory=dict
    )  # the screen and the loading time of a known one


def tell(
    company: Company,
    flow: Flow,
    answers: Mapping[str, str],
    consents: Mapping[str, bool],
    person: int | None,
    manner: Manner = Manner(),
) -> Told:
    """Store a finished conversation and say what was stored and what was refused, by which clause."""
    if flow.opens:
        return _case(company, flow, answers, manner)
    if flow.books:
        return Told(None, booked=book(company, flow, answers))
    coverage = Coverage(company.policy)
    steps = [flow.step(n) for n in path(flow, answers) if n in answers]
    asked = [(s.name, s.ask, answers[s.name]) for s in steps if s.ask and answers[s.name] not in NOT_SAID]
    for counter, dims in polling.counted(company.policy, flow, answers):
        company.gate.count(counter=counter, dims=dims)
    if beside := [one for one in asked if flow.survey and polling.reaches(company.policy, one[1])]:
        asked = [one for one in asked if one not in beside]
        consents = _reachable(company, coverage, beside, consents, manner)
    said = [(ask, answer) for _, ask, answer in asked]
    if not said and not any(consents.values()) and person is None:
        return Told(None)
    fresh = person is None
    person = company.gate.new_person() if person is None else person
    moved(company, person, "first-request", "request", "last-use", *([flow.event] if flow.event else []))
    _decide(company, person, consents, manner)
    known = all([_identify(company, person, ask, answer) for ask, answer in said if ask.kind in CONTACT])
    _opened(company, person, fresh=fresh, named=any(ask.kind in CONTACT for ask, _ in said))
    outcomes = tuple(
        _store(company, coverage, person, ask, answer, consents, _of(company, flow, ask, step))
        for step, ask, answer in asked
    )
    _note(company, person, flow, manner, identified=any(a.kind in CONTACT for a, _ in said))
    for name in path(flow, answers):
        if (free := flow.step(name).ask) and name in answers:
            heard(company, person, flow.name, name, free, answers[name])
    refresh(company, person)
    observe(company, person)
    rewards = earned(flow, answers)
    if known and (not fresh or any(ask.kind in CONTACT for ask, _ in said)):
        granting = (str(company.rewards.get(r.name, {}).get("operator", "")) for r in rewards)
        for member in dict.fromkeys((client_of(company, flow.name), *granting)):
            relate(company, person, member)
        address = next((answer for ask, answer in said if ask.kind == "email"), "")
        became = {reward.key: credit(company, person, reward) for reward in rewards}
        rewards = tuple(r for r in rewards if became[r.key] != "refused")
        spent = tuple(
            Denied(r, giving.judge(shop_of(company), person, r)) for r in rewards if became[r.key] == "spent"
        )
        new = [r.text for r in rewards if became[r.key] == "credited"]
        write_to(company, person, address, new, manner.language or company.policy.language)
        return Told(person, outcomes, tuple(r for r in rewards if became[r.key] != "spent"), known, spent)
    return Told(person, outcomes, rewards, known)


CONTACT = ("email", "phone")


def _of(company: Company, flow: Flow, ask: Ask, step: str) -> dict[str, object]:
    """Return where, and in which survey, an answer was given, as far as its category has such fields."""
    whose = whence(company, ask.data, flow.name, step)
    return {**whose, **polling.closing(company.policy, flow, ask.data)}


def _reachable(
    company: Company,
    coverage: Coverage,
    beside: Sequence[tuple[str, Ask, str]],
    consents: Mapping[str, bool],
    manner: Manner,
) -> Mapping[str, bool]:
    """Store how somebody may be reached after a survey under a number of its own, which nothing ties to the
    answers; return the consents that are left to the answers."""
    own = {ask.consent: consents.get(ask.consent, False) for _, ask, _ in beside if ask.consent}
    person = company.gate.new_person()
    _decide(company, person, own, manner)
    for _, ask, answer in beside:
        _store(company, coverage, person, ask, answer, own, {})
    return {name: given for name, given in consents.items() if name not in own}


def _case(company: Company, flow: Flow, answers: Mapping[str, str], manner: Manner) -> Told:
    """Open the case that a flow is for: address and words lie in it, and nothing of them anywhere else."""
    asks = ((flow.step(name).ask, said) for name, said in answers.items())
    address = next(said for ask, said in asks if ask is not None and ask.kind == "email")
    text = worded(flow, answers)
    asked = open_case(company, address=address, text=text, channel=manner.channel, door=flow.opens)
    return Told(None, case=asked)


def _decide(company: Company, person: int, consents: Mapping[str, bool], manner: Manner) -> None:
    if manner.age is not None:
        company.gate.declare_age(person=person, years=manner.age)
    for name, given in consents.items():
        company.gate.consent(
            person=person,
            name=name,
            given=given,
            text=manner.texts.get(name) or question(company.policy, company.parties, name),
            language=manner.language,
            channel=manner.channel or "flow",
        )


def _opened(company: Company, person: int, *, fresh: bool, named: bool) -> None:
    """Write down under which version somebody began: what must be accepted later is a change of it.

    Where no change has to be accepted, only the version under which they made themselves known is noted.
    """
    policy = company.policy
    if any(a.kind == "notice" for a in company.gate.access(person=person).acts):
        return
    must = any(c.accept_before for c in policy.of(Change))
    if fresh if must else named:
        company.gate.accept_notice(person=person, version=policy.version)
        if company.terms is not None:
            company.gate.accept_terms(person=person, version=company.terms.version)


def _identify(company: Company, person: int, ask: Ask, answer: str) -> bool:
    """Bind an address to this person unless it is another's; say whether it leads to this one."""
    owner = company.gate.find(kind=ask.kind, value=answer)
    if owner is None:
        company.gate.identify(person=person, kind=ask.kind, value=answer)
    return owner in (None, person)


def _store(
    company: Company,
    coverage: Coverage,
    person: int,
    ask: Ask,
    answer: str,
    consents: Mapping[str, bool],
    whence: Mapping[str, object],
) -> Outcome:
    data = coverage.data(ask.data)
    title = data.text or data.name if data else ask.data
    shown = next((o.label for o in ask.options if o.value == answer), answer)
    if ask.consent and not consents.get(ask.consent):
        found = coverage.consent(ask.consent)
        return Outcome(shown, False, "without your consent", found.clause if found else None, title)
    value: object = answer.replace(",", ".") if ask.kind == "number" else answer
    try:
        company.gate.collect(
            person=person,
            data=ask.data,
            body={ask.field: value, **whence},
            purpose=ask.purpose,
            source="person",
        )
    except Refused as refused:
        clauses, missing = reasons(refused.decision)
        return Outcome(shown, False, ", ".join(missing), clauses[0] if clauses else None, title)
    except TrothError as error:
        return Outcome(shown, False, str(error), None, title)
    purpose = coverage.purpose(ask.purpose)
    return Outcome(shown, True, clause=purpose.clause if purpose else None, title=title)


def _note(company: Company, person: int, flow: Flow, manner: Manner, *, identified: bool) -> None:
    """Note what the document lists beside the answers: the visit, the flow finished, the language."""
    notes: list[tuple[str, str, Mapping[str, object]]] = [manner.visit] if manner.visit else []
    done = company.clock().isoformat(timespec="seconds")
    for data in company.policy.of(Data):
        names = {f.name: f.type for f in data.fields}
        if "device" in data.sources and "flow" in names:
            body = {
                n: flow.name if n == "flow" else done
                for n, t in names.items()
                if n == "flow" or t == "moment"
            }
            notes.append((data.name, "", body))
        elif manner.device and "device" in data.sources and "size" in names:
            notes.append((data.name, "", {n: v for n, v in manner.device.items() if n in names}))
        elif identified and _new_tongue(company, person, data, manner.language):
            notes.append((data.name, "", {data.fields[0].name: manner.language}))
    for name, purpose, note in notes:
        _quietly(company, person, name, purpose or _first_purpose(company, name), note)


def _new_tongue(company: Company, person: int, data: Data, language: str) -> bool:
    """Say whether a talk's language is to be noted: of somebody who has none, since a choice stands."""
    kept = data.dpv.endswith(":Language") and "device" in data.sources and bool(language)
    return kept and not tongue_of(company, person, "")


def _first_purpose(company: Company, data: str) -> str:
    for purpose in company.policy.of(Purpose):
        for basis in purpose.bases:
            if any(u.data == data and not u.reads for u in basis.uses):
                return purpose.name
    return ""


def _quietly(company: Company, person: int, data: str, purpose: str, body: Mapping[str, object]) -> bool:
    """Collect what the service itself notes; a document that does not let it simply goes without."""
    try:
        company.gate.collect(person=person, data=data, body=body, purpose=purpose, source="device")
    except TrothError:
        return False
    return True
