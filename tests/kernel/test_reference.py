"""The fast kernel and the slow reference agree in every state of a small policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import chain, combinations, product

from troth.kernel import compile
from troth.kernel.reference import evaluate
from troth.policy.model import Basis, Children, Consent, Data, Door, Ground, Guard, Policy, Purpose, Use
from troth.terms import Action, Form, Request, State

AND = Guard(when=(("f", "g"), ("h",)), unless=("g",), under_age=15)
POLICY = Policy(
    (
        Data(name="d", sources=("person",), guard=Guard(unless=("h",))),
        Consent(name="c", question="?", age=16),
        Children(under=13),
        Purpose(
            name="p",
            marks=frozenset({"direct marketing"}),
            bases=(Basis((Ground("consent", "c"), Ground("contract", "f")), (Use("d", field="x"),)),),
        ),
        Purpose(
            name="q",
            bases=(
                Basis(
                    (Ground("legitimate interest"),),
                    (Use("d", reads=True),),
                    assessed=date(2026, 1, 1),
                    again_by=date(2027, 1, 1),
                ),
                Basis((Ground("legal obligation"),), (Use("d", guard=AND),)),
            ),
        ),
        Door(verb="share", data=("d.x",), party="z", purposes=("p", "q"), form=Form.TRUNCATED, consent="c"),
        Door(verb="show", data=("d",), party="z", purposes=("q",), guard=Guard(when=(("h",),))),
    )
)


def subsets(*words: str) -> Iterator[frozenset[str]]:
    return map(frozenset, chain.from_iterable(combinations(words, n) for n in range(len(words) + 1)))


def test_kernel_and_reference_agree_in_every_state() -> None:
    kernel = compile(POLICY)
    asks = [
        Request(a, "d", p, "z" if a in ("share", "show") else "", field, source=s, form=form)
        for a, p, field, s, form in product(
            [Action.COLLECT, Action.USE, Action.SHARE, Action.SHOW], "pq", ["", "x"], ["", "person"], Form
        )
    ]
    states = [
        State(c, o, r, f, age)
        for c, o, r, f, age in product(
            subsets("c"), subsets("p", "q"), subsets("*"), subsets("f", "g", "h"), [None, 12, 14, 16]
        )
    ]
    for year, ask, state in product((2025, 2026), asks, states):
        now = datetime(year, 6, 1, tzinfo=UTC)

        assert bool(kernel.decide(ask, state, now)) is evaluate(POLICY, ask, state, now.date()), (ask, state)
