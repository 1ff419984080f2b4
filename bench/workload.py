"""Workload: a world of rules, people and requests from a fixed seed, and a plain judge of right answers.

Every rule is kept flat (``Rule``), so that each engine gets the same rule in its own words: ``policy`` makes
a Troth policy of them, ``bench.peers`` makes Cedar, casbin and vakt policies.  ``judge`` is slow and obvious.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from troth.policy.model import (
    Basis,
    Consent,
    Controller,
    Data,
    Door,
    Fact,
    Ground,
    Guard,
    Policy,
    Purpose,
    Recipient,
    Role,
    Statement,
    Use,
)
from troth.terms import Action, Clause, Request, State

SEED = 20261124
KINDS = ("consent", "legitimate interest", "contract", "legal obligation")
FACTS = tuple(f"fact-{i}" for i in range(12))


@dataclass(frozen=True, slots=True)
class Rule:
    """One permission: an action on one datum for a purpose, with or to ``party``, on the purpose's ground."""

    action: Action
    data: str
    purpose: str
    party: str
    ground: Ground
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    from_age: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What all engines are given: rules, people's states, and requests as (index of a person, request)."""

    rules: tuple[Rule, ...]
    grounds: dict[str, Ground]
    people: tuple[State, ...]
    requests: tuple[tuple[int, Request], ...]


def world(rules: int = 150, people: int = 10_000, requests: int = 100_000, seed: int = SEED) -> World:
    """Draw a world; the same arguments give the same world.

    >>> world(150, 10, 10) == world(150, 10, 10)
    True
    >>> len(world(150, 1, 1).rules), len(world(1500, 1, 1).rules)
    (150, 1500)
    """
    rng = Random(seed)
    grounds = {f"purpose-{i}": _ground(i) for i in range(10 if rules <= 150 else 40)}
    drawn = _rules(rng, rules, grounds, [f"data-{i}" for i in range(24 if rules <= 150 else 60)])
    states = tuple(_state(rng, grounds) for _ in range(people))
    asked = tuple((rng.randrange(people), _request(rng, drawn)) for _ in range(requests))
    return World(drawn, grounds, states, asked)


def grown(small: World, rules: int = 1_500, seed: int = SEED) -> World:
    """Return a world of more rules, about other data and purposes, in which the same requests are asked.

    >>> small = world(150, 10, 10)
    >>> larger = grown(small)
    >>> len(larger.rules), larger.requests == small.requests
    (1500, True)
    """
    rng = Random(seed)
    grounds = {f"further-{i}": _ground(len(small.grounds) + i) for i in range(30)}
    more = _rules(rng, rules - len(small.rules), grounds, [f"further-data-{i}" for i in range(60)])
    people = tuple(_joined(one, _state(rng, grounds)) for one in small.people)
    return World((*small.rules, *more), small.grounds | grounds, people, small.requests)


def judge(world: World, state: State, request: Request) -> bool:
    """Say whether any rule allows the request, reading rule after rule: the answer all engines must give."""
    return any(
        (rule.action, rule.data, rule.purpose, rule.party)
        == (request.action, request.data, request.purpose, request.party)
        and holds(rule, state)
        for rule in world.rules
    )


def holds(rule: Rule, state: State) -> bool:
    """Say whether the rule's ground and conditions hold for a person, whatever is asked."""
    ground = {
        "consent": rule.ground.name in state.consents,
        "legitimate interest": rule.purpose not in state.objections,
        "contract": rule.ground.name in state.facts,
        "legal obligation": True,
    }[rule.ground.kind]
    old_enough = rule.from_age is None or (state.age is not None and state.age >= rule.from_age)
    free = "*" not in state.restricted and rule.data not in state.restricted
    return (
        ground
        and old_enough
        and free
        and state.facts.issuperset(rule.when)
        and state.facts.isdisjoint(rule.unless)
    )


def policy(world: World) -> Policy:
    """Write the world's rules as a Troth policy, one statement (or one ``uses`` line) a rule."""
    data = sorted({rule.data for rule in world.rules})
    shares = sorted({rule.party for rule in world.rules if rule.action is Action.SHARE})
    shows = sorted({rule.party for rule in world.rules if rule.action is Action.SHOW})
    consents = sorted({g.name for g in world.grounds.values() if g.kind == "consent"})
    statements: list[Statement] = [Controller(name="Bench AS", country="NO", contact="x@bench.example")]
    statements += [Data(name=name, sources=("person",)) for name in data]
    statements += [Consent(name=name, question=f"May we, for {name}?") for name in consents]
    statements += [Fact(name=name) for name in FACTS]
    statements += [Recipient(name=name, role="processor", country="NO") for name in shares]
    statements += [Role(name=name) for name in shows]
    statements += [_purpose(name, ground, world.rules) for name, ground in world.grounds.items()]
    statements += [_door(line, rule) for line, rule in enumerate(world.rules, 1) if rule.party]
    return Policy(statements=tuple(statements), path="bench.md", title="A generated policy")


def _ground(i: int) -> Ground:
    kind = KINDS[i % len(KINDS)]
    name = {"consent": f"consent-{i}", "contract": FACTS[i % len(FACTS)]}.get(kind, f"reason {i}")
    return Ground(kind, name)


def _rules(rng: Random, count: int, grounds: dict[str, Ground], data: list[str]) -> tuple[Rule, ...]:
    parties = [(Action.SHARE, f"party-{i}") for i in range(8)] + [
        (Action.SHOW, f"role-{i}") for i in range(4)
    ]
    each = count // (3 * len(grounds))
    uses = [Rule(Action.USE, d, p, "", g) for p, g in grounds.items() for d in rng.sample(data, each)]
    doors = [_opened(rng, rng.choice(uses), *rng.choice(parties)) for _ in range(count - len(uses))]
    return (*uses, *doors)


def _opened(rng: Random, use: Rule, action: Action, party: str) -> Rule:
    facts = rng.sample(FACTS, 3)
    when, unless = tuple(facts[: rng.randrange(3)]), tuple(facts[2:][: rng.randrange(2)])
    age = rng.choice((None, None, 13, 16, 18))
    return Rule(action, use.data, use.purpose, party, use.ground, when, unless, age)


def _state(rng: Random, grounds: dict[str, Ground]) -> State:
    def some(names: Iterable[str], share: float) -> frozenset[str]:
        return frozenset(name for name in names if rng.random() < share)

    restricted = frozenset(rng.choices(((), ("*",), ("data-1", "data-2")), (90, 5, 5))[0])
    # A state does not tell if a consent came after a restriction, so a restricted person holds none.
    return State(
        consents=frozenset()
        if restricted
        else some((g.name for g in grounds.values() if g.kind == "consent"), 0.5),
        objections=some((p for p, g in grounds.items() if g.kind == "legitimate interest"), 0.2),
        restricted=restricted,
        facts=some(FACTS, 0.5),
        age=rng.choice((None, *range(10, 80))),
    )


def _joined(one: State, more: State) -> State:
    """Add what a person says of further purposes; a restricted person still holds no consent."""
    consents = frozenset() if one.restricted else more.consents
    return replace(one, consents=one.consents | consents, objections=one.objections | more.objections)


def _request(rng: Random, rules: tuple[Rule, ...]) -> Request:
    rule, other = rng.choice(rules), rng.choice(rules)
    purpose = rule.purpose if rng.random() < 0.7 else other.purpose
    return Request(rule.action, rule.data, purpose, rule.party)


def _purpose(name: str, ground: Ground, rules: tuple[Rule, ...]) -> Purpose:
    lines = [(n, r) for n, r in enumerate(rules, 1) if r.purpose == name and r.action is Action.USE]
    uses = tuple(Use(rule.data, clause=Clause(f"3.{n}", n)) for n, rule in lines)
    weighed = date(2026, 1, 1) if ground.kind == "legitimate interest" else None
    return Purpose(name=name, bases=(Basis((ground,), uses, assessed=weighed),), clause=Clause("3", 1))


def _door(line: int, rule: Rule) -> Door:
    when = (rule.when,) if rule.when else ()
    return Door(
        verb=str(rule.action),
        data=(rule.data,),
        party=rule.party,
        purposes=(rule.purpose,),
        guard=Guard(when=when, unless=rule.unless, from_age=rule.from_age),
        clause=Clause(f"4.{line}", line),
    )
