"""Telling: what a person said in a flow goes through the gate, each answer by its own clause.

One person's typing never opens another's file: an address that already belongs to somebody is stored with the
new records and leads to nobody until it is proved by a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from troth.services import Coverage, Flow, Reward, earned, path
from troth.services.flows import Ask
from troth.terms import Clause, Refused
from troth.web.company import Company
from troth.web.problems import reasons

NOT_SAID = ("", "none", "rather-not-say")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer."""

    text: str
    stored: bool
    why: str = ""
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a whole conversation; ``person`` is None when nothing was to be stored."""

    person: int | None
    outcomes: tuple[Outcome, ...] = ()
    rewards: tuple[Reward, ...] = ()


def tell(
    company: Company, flow: Flow, answers: Mapping[str, str], consents: Mapping[str, bool], person: int | None
) -> Told:
    """Store a finished conversation and say what was stored and what was refused, by which clause."""
    coverage = Coverage(company.policy)
    asked = [(s.ask, answers[n]) for n in path(flow, answers) if (s := flow.step(n)).ask and n in answers]
    said = [(ask, answer) for ask, answer in asked if ask is not None and answer not in NOT_SAID]
    if not said and not consents and person is None:
        return Told(None)
    person = company.gate.new_person() if person is None else person
    for name, given in consents.items():
        found = coverage.consent(name)
        company.gate.consent(person=person, name=name, given=given, text=found.question if found else "")
    outcomes = tuple(_store(company, coverage, person, ask, answer, consents) for ask, answer in said)
    rewards = tuple(r for r in earned(flow, answers) if _credit(company, person, r))
    return Told(person, outcomes, rewards)


def _store(
    company: Company, coverage: Coverage, person: int, ask: Ask, answer: str, consents: Mapping[str, bool]
) -> Outcome:
    if ask.consent and not consents.get(ask.consent):
        found = coverage.consent(ask.consent)
        return Outcome(answer, False, "without your consent", found.clause if found else None)
    gate = company.gate
    try:
        gate.collect(
            person=person, data=ask.data, body={ask.field: answer}, purpose=ask.purpose, source="person"
        )
    except Refused as refused:
        clauses, missing = reasons(refused.decision)
        return Outcome(answer, False, ", ".join(missing), clauses[0] if clauses else None)
    if ask.kind == "email" and gate.find(kind="email", value=answer) is None:
        gate.identify(person=person, kind="email", value=answer)
    purpose = coverage.purpose(ask.purpose)
    return Outcome(answer, True, clause=purpose.clause if purpose else None)


def _credit(company: Company, person: int, reward: Reward) -> bool:
    held = company.gate.access(person=person).held
    if any(h.data == "reward" and h.body.get("key") == reward.key for h in held):
        return False
    try:
        company.gate.collect(
            person=person, data="reward", body=reward.fields(), purpose=reward.purpose, source="device"
        )
    except Refused:
        return False
    return True
