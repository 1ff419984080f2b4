"""Peers: the same rules as Cedar, casbin and vakt policies, each asked through its own Python door.

Each peer is set up once (policies parsed, people loaded) and then answers one request a call: what a Python
program that uses it pays.  casbin is given each rule's condition as compiled Python, which flatters it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import casbin
import cedarpy
import vakt
from vakt.rules import Eq, GreaterOrEqual

from bench.workload import FACTS, Rule, World, holds
from troth.terms import Request, State

Ask = Callable[[int, Request], bool]


def cedar(world: World) -> Ask:
    """Return a question to Cedar: one parsed policy set, and one parsed handle for each person."""
    policies = cedarpy.PolicySet.from_str("\n".join(map(_cedar_rule, world.rules)))
    handles: dict[int, cedarpy.Entities] = {}

    def entity(person: int) -> cedarpy.Entities:
        if person not in handles:
            uid = {"type": "Person", "id": str(person)}
            one = [{"uid": uid, "attrs": _cedar_state(world.people[person]), "parents": []}]
            handles[person] = cedarpy.Entities.from_json_str(json.dumps(one))
        return handles[person]

    def ask(person: int, request: Request) -> bool:
        question = {
            "principal": f'Person::"{person}"',
            "action": f'Action::"{request.action}"',
            "resource": f'Data::"{request.data}"',
            "context": {"purpose": request.purpose, "party": request.party},
        }
        return bool(cedarpy.is_authorized(question, policies, entity(person)).allowed)

    for person in {who for who, _ in world.requests}:
        entity(person)  # parsed before the clock starts
    return ask


def pycasbin(world: World) -> Ask:
    """Return a question to casbin: one line a rule, its condition a Python function."""
    model = casbin.Model()
    model.load_model_from_text(
        "[request_definition]\nr = sub, act, data, purpose, party\n"
        "[policy_definition]\np = act, data, purpose, party, line\n"
        "[policy_effect]\ne = some(where (p.eft == allow))\n"
        "[matchers]\nm = r.act == p.act && r.data == p.data && r.purpose == p.purpose"
        " && r.party == p.party && holds(r.sub, p.line)\n"
    )
    enforcer = casbin.Enforcer(model)
    enforcer.add_function(
        "holds", lambda person, line: holds(world.rules[int(line)], world.people[int(person)])
    )
    for n, r in enumerate(world.rules):
        enforcer.add_policy(str(r.action), r.data, r.purpose, r.party or "-", str(n))

    def ask(person: int, r: Request) -> bool:
        return bool(enforcer.enforce(str(person), str(r.action), r.data, r.purpose, r.party or "-"))

    return ask


def pyvakt(world: World) -> Ask:
    """Return a question to vakt: a policy a rule in memory, its conditions over the person's flags."""
    storage = vakt.MemoryStorage()
    for n, rule in enumerate(world.rules):
        storage.add(_vakt_rule(n, rule))
    guard = vakt.Guard(storage, vakt.RulesChecker())
    flags = {who: _flags(world, world.people[who]) for who in {who for who, _ in world.requests}}

    def ask(person: int, r: Request) -> bool:
        resource = {"data": r.data, "purpose": r.purpose, "party": r.party}
        return bool(
            guard.is_allowed(vakt.Inquiry(subject=flags[person], action=str(r.action), resource=resource))
        )

    return ask


PEERS: dict[str, Callable[[World], Ask]] = {"cedar": cedar, "casbin": pycasbin, "vakt": pyvakt}


def _cedar_rule(rule: Rule) -> str:
    has = partial("principal.{0}.contains({1})".format)
    ground = {
        "consent": has("consents", json.dumps(rule.ground.name)),
        "legitimate interest": "!" + has("objections", json.dumps(rule.purpose)),
        "contract": has("facts", json.dumps(rule.ground.name)),
        "legal obligation": "true",
    }[rule.ground.kind]
    terms = [
        f"context.purpose == {json.dumps(rule.purpose)}",
        f"context.party == {json.dumps(rule.party)}",
        ground,
    ]
    terms += [has("facts", json.dumps(f)) for f in rule.when] + [
        "!" + has("facts", json.dumps(f)) for f in rule.unless
    ]
    terms += ["!" + has("restricted", '"*"'), "!" + has("restricted", json.dumps(rule.data))]
    terms += [] if rule.from_age is None else [f"principal.age >= {rule.from_age}"]
    scope = f'principal, action == Action::"{rule.action}", resource == Data::"{rule.data}"'
    return f"permit({scope}) when {{ {' && '.join(terms)} }};"


def _cedar_state(state: State) -> dict[str, object]:
    return {
        "consents": sorted(state.consents),
        "objections": sorted(state.objections),
        "restricted": sorted(state.restricted),
        "facts": sorted(state.facts),
        "age": -1 if state.age is None else state.age,
    }


def _flags(world: World, state: State) -> dict[str, object]:
    flags: dict[str, object] = {"age": -1 if state.age is None else state.age}
    flags |= {fact: fact in state.facts for fact in FACTS}
    for purpose, ground in world.grounds.items():
        flags["objection " + purpose] = purpose in state.objections
        flags["consent " + ground.name] = ground.name in state.consents
    for data in {rule.data for rule in world.rules}:
        flags["restricted " + data] = not state.restricted.isdisjoint((data, "*"))
    return flags


def _vakt_rule(number: int, rule: Rule) -> vakt.Policy:
    person: dict[str, object] = {"restricted " + rule.data: Eq(False)}
    person |= {fact: Eq(True) for fact in rule.when} | {fact: Eq(False) for fact in rule.unless}
    clash = rule.ground.kind == "contract" and rule.ground.name in rule.unless
    if rule.ground.kind == "contract":
        person[rule.ground.name] = Eq("never") if clash else Eq(True)
    if rule.ground.kind == "consent":
        person["consent " + rule.ground.name] = Eq(True)
    if rule.ground.kind == "legitimate interest":
        person["objection " + rule.purpose] = Eq(False)
    if rule.from_age is not None:
        person["age"] = GreaterOrEqual(rule.from_age)
    resource = {"data": Eq(rule.data), "purpose": Eq(rule.purpose), "party": Eq(rule.party)}
    return vakt.Policy(
        number,
        actions=[Eq(str(rule.action))],
        resources=[resource],
        subjects=[person],
        effect=vakt.ALLOW_ACCESS,
    )
