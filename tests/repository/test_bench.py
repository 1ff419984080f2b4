"""The bench compares like with like: one world, the same rules for every engine, and a judge of its own."""

from __future__ import annotations

from bench.workload import judge, policy, world

from troth.policy.model import Door, Purpose
from troth.terms import Action


def test_the_same_seed_gives_the_same_world() -> None:
    assert world(150, 20, 40) == world(150, 20, 40)
    assert world(150, 20, 40) != world(150, 20, 40, seed=1)


def test_every_rule_stands_in_the_policy_exactly_once() -> None:
    drawn = world(150, 1, 1)
    written = policy(drawn)
    uses = [use for purpose in written.of(Purpose) for basis in purpose.bases for use in basis.uses]

    assert len(uses) == sum(rule.action is Action.USE for rule in drawn.rules)
    assert len(uses) + len(written.of(Door)) == 150


def test_the_requests_are_neither_all_allowed_nor_all_refused() -> None:
    drawn = world(150, 200, 1_000)
    allowed = sum(judge(drawn, drawn.people[who], request) for who, request in drawn.requests)

    assert 200 < allowed < 800
