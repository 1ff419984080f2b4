"""The fast kernel and the slow reference agree on policies, requests and states drawn at random."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain, product
from random import Random

import pytest
from depth import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troth.kernel import Kernel, batch, compare, compile, explain, gather, prove_one
from troth.kernel.packs import merged
from troth.kernel.places import Parties
from troth.kernel.reference import evaluate
from troth.policy.model import (
    Area,
    Basis,
    Change,
    Children,
    Claim,
    Consent,
    Controller,
    Data,
    Door,
    Fact,
    Field,
    Ground,
    Guard,
    Hold,
    Keep,
    Law,
    Policy,
    Purpose,
    Recipient,
    Safeguard,
    Statement,
    Use,
    Whereabouts,
)
from troth.terms import Action, Clause, Form, RefusedBy, Request, State

pytestmark = pytest.mark.slow

FORMS = st.sampled_from([*[Form.IDENTIFIED] * 3, Form.TRUNCATED, Form.PSEUDONYMOUS, Form.ANONYMOUS])
DAYS = st.sampled_from([None, None, None, date(2026, 1, 1), date(2026, 6, 1)])
LATER = st.sampled_from([None, None, None, date(2026, 6, 1), date(2027, 1, 1)])
PARTIES = {"z": {"m": {"country": "NO", "deal": "yes"}, "n": {"country": "BR"}, "o": {"deal": "yes"}}}
GUARDS = st.builds(
    Guard,
    when=st.sampled_from([(), (), (("f",),), (("f", "g"),), (("f",), ("g",))]),
    unless=st.sampled_from([(), (), (), ("g",), ("f", "g")]),
    from_age=st.sampled_from([None, None, None, 18]),
    under_age=st.sampled_from([None, None, None, 18]),
    since=DAYS,
    until=LATER,
)
LOOSE = st.sampled_from([0, 0, 1]).flatmap(lambda tight: GUARDS if tight else st.just(Guard()))
GROUNDS = st.sampled_from(
    [
        Ground("consent", "c"),
        Ground("consent", "c"),
        Ground("contract"),
        Ground("contract", "f"),
        Ground("legitimate interest", "calm"),
        Ground("legal obligation", "an act"),
        Ground("public task", "order"),
    ]
)
USES = st.builds(
    Use,
    data=st.sampled_from("dde"),
    field=st.sampled_from(["", "", "", "x"]),
    form=FORMS,
    reads=st.booleans(),
    guard=LOOSE,
)
BASES = st.builds(
    Basis,
    st.lists(GROUNDS, min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(USES, min_size=1, max_size=2).map(tuple),
    guard=LOOSE,
    assessed=st.sampled_from([None, date(2025, 1, 1), date(2026, 3, 1)]),
    again_by=LATER,
)
NAMES = st.sampled_from([("d",), ("d",), ("d.x",), ("d.y", "e"), ("d", "e")])
DOORS = st.builds(
    Door,
    verb=st.sampled_from(["share", "share", "show"]),
    data=NAMES,
    party=st.sampled_from(["z", "z", "person"]),
    purposes=st.sampled_from([("p",), ("p", "q")]),
    form=FORMS,
    consent=st.sampled_from(["", "", "c"]),
    guard=LOOSE,
)
SAFEGUARDS = (
    Safeguard(name="scc", rests_on=("shield",)),
    Safeguard(name="shield", since=date(2025, 1, 1), until=date(2026, 6, 1)),
)


@st.composite
def policies(draw: st.DrawFn, *, packed: bool = True) -> Policy:
    """Draw a policy of at most two purposes, two categories and one outside party."""
    per = draw(st.sampled_from([(), (), ("z",), ("z", "purpose"), ("field",)]))
    said: list[Statement] = [
        Controller(name="us", country=draw(st.sampled_from(["NO", "GB"]))),
        Data(
            name="d",
            sources=("person",),
            area=draw(st.sampled_from(["", "", "bare", "home"])),
            fields=(Field(name="x"), Field(name="y")),
            records=draw(st.sampled_from(["", "", "", "trail"])),
            guard=draw(LOOSE),
        ),
        Data(name="e", inputs=("d",)),
        Area(name="bare", no_personal_data=True),
        Area(name="home", stay_in=("EEA",)),
        Consent(name="c", question="?", age=draw(st.sampled_from([None, 13])), per=per),
        Fact(name="f", per=draw(st.sampled_from([(), ("z",)]))),
        Fact(name="g"),
        *SAFEGUARDS,
    ]
    for name in "pq":
        marks = draw(
            st.sampled_from(
                [(), (), ("direct marketing",), ("direct marketing",), ("claims",), ("profiling",)]
            )
        )
        bases = draw(st.lists(BASES, min_size=1, max_size=2))
        said.append(Purpose(name=name, marks=frozenset(marks), bases=tuple(bases), guard=draw(LOOSE)))
    each = draw(st.booleans())
    needs = draw(st.sampled_from([(), ("country", "deal")])) if each else ()
    said.append(
        Recipient(
            name="z",
            role=draw(st.sampled_from(["processor", "controller"])),
            country=draw(st.sampled_from(["", "NO", "BR", "EEA"])),
            each=each,
            needs=needs,
        )
    )
    said += draw(st.lists(DOORS, max_size=3))
    said += draw(st.lists(st.builds(Keep, data=NAMES, guard=LOOSE), max_size=2))
    said += draw(
        st.lists(
            st.builds(Hold, data=NAMES, while_fact=st.just("g"), purpose=st.sampled_from(["", "p"])),
            max_size=1,
        )
    )
    said += draw(st.lists(st.sampled_from([Children(under=13), Change(accept_before=True)]), max_size=2))
    said += draw(st.lists(WHEREABOUTS, max_size=2))
    said = [s if s.clause.line else _numbered(s, i) for i, s in enumerate(said, 1)]
    if not packed or not draw(st.booleans()):
        return Policy(tuple(said))
    pack = Policy(draw(policies(packed=False)).statements, path="law.md")
    return Policy((*said, Law(name="law")), packs=(pack,))


WHEREABOUTS = st.builds(
    Whereabouts,
    verb=st.sampled_from(["stay in", "transfer", "transfer"]),
    places=st.sampled_from([("EEA",), ("NO",), ("BR",), ("z",)]),
    data=st.sampled_from([(), (), ("d",), ("e",)]),
    safeguard=st.sampled_from(["", "scc", "shield", "gone"]),
)


F = ("f", "f(m)", "f(n)")


def everything(law: bool = False) -> Iterator[Request]:
    """Yield every request that the words of these policies can make; ``law``: about a pack's own names."""
    pre = "law:" if law else ""
    members = ("", "m", "n", "o", "stranger")
    for action, data, purpose, field, member, form in product(
        Action, "de", "pq", ("", "x", "y", "nowhere"), members, Form
    ):
        parties = (f"{pre}z", "person") if action in (Action.SHARE, Action.SHOW) else ("",)
        sources = ("person", "derived", "device") if action is Action.COLLECT else ("",)
        for party, source in product(parties, sources):
            yield Request(action, pre + data, pre + purpose, party, field, member, source, form)


def requests() -> st.SearchStrategy[Request]:
    """Draw a request about the document's own names."""
    return st.sampled_from(REQUESTS[False])


def states(law: bool = False) -> Iterator[State]:
    """Yield every state that the words of these policies tell apart, for member m."""
    pre = "law:" if law else ""
    consents: list[frozenset[str]] = [
        frozenset({f"{pre}{w}"} if w else ()) for w in ("", "c", "c(m)", f"c(m, {pre}p)", "c(x)", "c(n)")
    ]
    objections = [frozenset(o) for o in ([], [f"{pre}p"], [f"{pre}p(m)", f"{pre}q"], ["direct marketing"])]
    restricted = [frozenset(r) for r in ([], ["*"], [f"{pre}d"], [f"{pre}d.x"])]
    facts = [
        (frozenset(f"{pre}{f}" for f in yes), frozenset(f"{pre}{f}" for f in maybe))
        for yes, maybe in (
            ("", ""),
            (("f", "f(m)", "f(n)"), ""),
            ("g", ""),
            (("f", "f(m)", "f(n)", "g"), ""),
            ("", "fg"),
        )
    ]
    for c, o, r, (f, u), age, notice in product(
        consents, objections, restricted, facts, (None, 12, 15, 30), (True, False)
    ):
        for order in _orders(c, o, r):
            yield State(c, o, r, f, age, notice, order, u)


def _orders(c: frozenset[str], o: frozenset[str], r: frozenset[str]) -> Iterator[tuple[str, ...]]:
    given = [f"consent {w}" for w in c]
    acts = [f"objection {w}" for w in sorted(o)] + [f"restriction {w}" for w in r]
    yield ()
    if given and acts:
        yield (*given, *acts)
        yield (*acts, *given)
    if given and len(acts) > 1:
        yield (acts[0], *given, *acts[1:])


def _numbered(s: Statement, line: int) -> Statement:
    return replace(s, clause=Clause("1", line))


MOMENTS = [datetime(2025, 12, 31, 12, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)]
MEMBERS = [None, PARTIES, {f"law:{kind}": members for kind, members in PARTIES.items()}]
SEEDS = st.integers(0, 999)
Pairs = Iterable[tuple[Request, State]]
REQUESTS = {law: tuple(everything(law)) for law in (False, True)}
STATES = {law: tuple(states(law)) for law in (False, True)}


@pytest.mark.parametrize("law", [False, True], ids=["the document", "its pack"])
@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    policy=policies(),
    parties=st.sampled_from(MEMBERS),
    now=st.sampled_from(MOMENTS),
    seed=SEEDS,
)
def test_kernel_and_reference_agree_on_what_is_drawn(
    law: bool, policy: Policy, parties: Parties | None, now: datetime, seed: int
) -> None:
    kernel, policy = compile(policy, parties), merged(policy)
    drawn = Random(seed).sample(REQUESTS[law], 400)
    asked = _spoken(kernel, drawn, now)  # one an action, in a 16th of all states each time
    pairs = chain(product(asked, STATES[law][seed % 16 :: 16]), product(drawn[:40], STATES[law][seed::1999]))

    assert next(_differing(kernel, policy, parties, now, pairs), None) is None


@pytest.mark.parametrize("law", [False, True], ids=["the document", "its pack"])
@settings(max_examples=examples(4), deadline=None, suppress_health_check=list(HealthCheck))
@given(policy=policies(), parties=st.sampled_from(MEMBERS), now=st.sampled_from(MOMENTS), seed=SEEDS)
def test_kernel_and_reference_agree_in_every_state(
    law: bool, policy: Policy, parties: Parties | None, now: datetime, seed: int
) -> None:
    kernel, policy = compile(policy, parties), merged(policy)
    asked = _spoken(kernel, Random(seed).sample(REQUESTS[law], 400), now)

    assert next(_differing(kernel, policy, parties, now, product(asked, STATES[law])), None) is None


def _spoken(kernel: Kernel, drawn: list[Request], now: datetime) -> list[Request]:
    """Return, for each action, one of the drawn requests that a rule speaks of."""
    return list({r.action: r for r in drawn if kernel.case(r, kernel.era(now))}.values())


def _differing(
    kernel: Kernel, policy: Policy, parties: Parties | None, now: datetime, pairs: Pairs
) -> Iterator[tuple[Request, State]]:
    for request, state in pairs:
        fast, slow = kernel.decide(request, state, now), evaluate(policy, request, state, now.date(), parties)
        if bool(fast) is not slow:
            yield request, state


CLAIMS = st.builds(
    Claim,
    kind=st.just("never"),
    verb=st.sampled_from(["use", "use", "share", "touch", "keep", "collect"]),
    data=st.sampled_from([("d",), ("any",), ("d.x",), ("e",)]),
    purposes=st.sampled_from([(), ("p",), ("direct marketing",), ("any but q",)]),
    except_form=st.sampled_from([None, None, Form.ANONYMOUS, Form.PSEUDONYMOUS]),
    without_consent=st.sampled_from([None, None, None, "c", ""]),
    after_objection=st.sampled_from([False, False, True]),
    guard=st.builds(
        Guard,
        unless=st.sampled_from([(), (), ("f",), ("g",), ("f", "g")]),
        when=st.sampled_from([(), (), (("g",),), (("f",), ("g",))]),
        under_age=st.sampled_from([None, None, 13, 18]),
    ),
)
# A proof speaks of an arbitrary member and of facts that are settled; so do these.
TOLD_APART = tuple(s for s in STATES[False] if not s.unknown)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(policy=policies(packed=False), claim=CLAIMS, parties=st.sampled_from([None, PARTIES]))
def test_a_never_holds_exactly_when_no_state_breaks_it(
    policy: Policy, claim: Claim, parties: Parties | None
) -> None:
    kernel = compile(policy, parties)
    broken = next(_breaches(kernel, policy, claim), None)
    proof = prove_one(kernel, claim)

    assert proof.holds is (broken is None), (broken, proof)


@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(old=policies(packed=False), request=requests(), turn=st.sampled_from(MOMENTS), data=st.data())
def test_two_versions_differ_exactly_where_their_answers_do(
    old: Policy, request: Request, turn: datetime, data: st.DataObject
) -> None:
    new = data.draw(st.one_of(policies(packed=False), st.just(_turned(old))))
    before, after = compile(old), compile(new)
    changes = compare(before, after)
    gained = lost = False
    for state in TOLD_APART:
        was, now = before.decide(request, state, turn), after.decide(request, state, turn)
        gained, lost = gained or (not was and bool(now)), lost or (bool(was) and not now)

    assert not gained or any(_same(c.request, request) for c in changes.wider)
    assert not lost or any(_same(c.request, request) for c in changes.narrower)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(policy=policies(), request=requests(), now=st.sampled_from(MOMENTS))
def test_a_batch_says_of_everybody_what_decide_says(policy: Policy, request: Request, now: datetime) -> None:
    kernel, people = compile(policy, PARTIES), STATES[False][::7]
    answers = batch(kernel, [request], gather(kernel, people, request.member, request.field), now)[0]

    assert list(answers) == [bool(kernel.decide(request, state, now)) for state in people]


@settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(policy=policies(), request=requests(), now=st.sampled_from(MOMENTS), data=st.data())
def test_an_explanation_agrees_with_the_decision(
    policy: Policy, request: Request, now: datetime, data: st.DataObject
) -> None:
    kernel, state = compile(policy, PARTIES), data.draw(st.sampled_from(STATES[False]))
    told = explain(kernel, request, state, now)

    assert bool(told.decision) is any(c.holds for c in told.candidates)
    if isinstance(told.decision, RefusedBy) and told.decision.missing:
        assert any(
            set(c.lacks) <= set(told.decision.missing) or c.barred for c in told.candidates if c.speaks
        )


def _breaches(kernel: Kernel, policy: Policy, claim: Claim) -> Iterator[tuple[Request, State, datetime]]:
    """Yield what breaks a never, asked of the kernel request by request and state by state."""
    days = [datetime(d.year, d.month, d.day, 12, tzinfo=UTC) for d in (date(2024, 1, 1), *kernel.days)]
    meant: dict[tuple[str, str], list[State]] = {}
    for request in _asked(claim, policy):
        key = request.purpose, request.member
        if key not in meant:
            meant[key] = [s for s in TOLD_APART if _meant(claim, s, request, policy)]
        if kernel.case(request, len(kernel.days)):
            apart = {kernel.fold(s, request.member, request.field): s for s in meant[key]}
            for state, now in product(apart.values(), days):
                if kernel.decide(request, state, now):
                    yield request, state, now


def _asked(claim: Claim, policy: Policy) -> Iterator[Request]:
    marked = {p.name for p in policy.of(Purpose) if "direct marketing" in p.marks}
    purposes = {"": "pq", "p": "p", "direct marketing": sorted(marked), "any but q": "p"}[
        "".join(claim.purposes)
    ]
    verbs = ["collect", "use", "share", "show"] if claim.verb == "touch" else [claim.verb]
    pairs = {"d": [("d", f) for f in ("", "x", "y")], "d.x": [("d", ""), ("d", "x")]}
    pairs["e"] = [("e", f) for f in ("", "x", "y")]
    data = pairs.get(claim.data[0], [*pairs["d"], *pairs["e"]])
    forms = [f for f in Form if claim.except_form is None or not f.tells_at_most(claim.except_form)]
    for verb, (name, field), purpose, member, form in product(verbs, data, purposes, "mn", forms):
        parties = {"share": ["z"], "show": ["z", "person"]}.get(verb, [""])
        for party, source in product(parties, ["person", "derived"] if verb == "collect" else [""]):
            yield Request(Action(verb), name, purpose, party, field, member, source, form)


def _meant(claim: Claim, state: State, request: Request, policy: Policy) -> bool:
    """Say whether a state is one that the claim speaks of."""
    per = any(f.per for f in policy.of(Fact) if f.name == "f")
    names = {"f": f"f({request.member})" if per else "f", "g": "g"}
    true = {n for n, word in names.items() if word in state.facts}
    marked = any("direct marketing" in p.marks for p in policy.of(Purpose) if p.name == request.purpose)
    objecting = {request.purpose, f"{request.purpose}({request.member})"} | (
        {"direct marketing"} if marked else set()
    )
    under = claim.guard.under_age
    return (
        (claim.without_consent is None or not state.consents)
        and (not claim.after_objection or (bool(objecting & state.objections) and not state.order))
        and not true & set(claim.guard.unless)
        and (not claim.guard.when or any(true >= set(group) for group in claim.guard.when))
        and (not under or (state.age is not None and state.age < under))
    )


def _same(one: Request, other: Request) -> bool:
    return (one.action, one.data, one.purpose, one.party) == (
        other.action,
        other.data,
        other.purpose,
        other.party,
    )


def _turned(policy: Policy) -> Policy:
    """Return the policy with its last purpose's grounds turned into the other's."""
    purposes = policy.of(Purpose)
    swapped = {purposes[0].name: purposes[1].bases, purposes[1].name: purposes[0].bases}
    said = (replace(s, bases=swapped[s.name]) if isinstance(s, Purpose) else s for s in policy.statements)
    return replace(policy, statements=tuple(said))
