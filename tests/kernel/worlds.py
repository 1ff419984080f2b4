"""Worlds: small policies drawn at random, with every state that their words can make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from hypothesis import strategies as st

from troth.policy.model import (
    Area,
    Basis,
    Change,
    Children,
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
from troth.terms import Action, Clause, Form, Request, State

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
    guard=GUARDS,
)
BASES = st.builds(
    Basis,
    st.lists(GROUNDS, min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(USES, min_size=1, max_size=2).map(tuple),
    guard=st.one_of(st.just(Guard()), GUARDS),
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
    guard=st.one_of(st.just(Guard()), GUARDS),
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
            guard=draw(st.one_of(st.just(Guard()), GUARDS)),
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
        said.append(Purpose(name=name, marks=frozenset(marks), bases=tuple(bases), guard=draw(GUARDS)))
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
    said += draw(st.lists(st.builds(Keep, data=NAMES, guard=GUARDS), max_size=2))
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


def requests(law: bool = False) -> st.SearchStrategy[Request]:
    """Draw a request; ``law``: about a pack's own names."""
    pre = "law:" if law else ""
    return st.builds(
        Request,
        action=st.sampled_from(Action),
        data=st.sampled_from([f"{pre}d", f"{pre}d", f"{pre}e"]),
        purpose=st.sampled_from([f"{pre}p", f"{pre}p", f"{pre}q"]),
        party=st.sampled_from([f"{pre}z", f"{pre}z", "person"]),
        field=st.sampled_from(["", "", "x", "y", "nowhere"]),
        member=st.sampled_from(["", "m", "m", "n", "o", "stranger"]),
        source=st.sampled_from(["person", "person", "derived", "device"]),
        form=FORMS,
    ).map(_fitting)


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
        for yes, maybe in (("", ""), (("f", "f(m)"), ""), ("g", ""), (("f", "f(m)", "g"), ""), ("", "fg"))
    ]
    for c, o, r, (f, u), age, notice in product(
        consents, objections, restricted, facts, (None, 12, 30), (True, False)
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


def _fitting(r: Request) -> Request:
    party = r.party if r.action in (Action.SHARE, Action.SHOW) else ""
    source = r.source if r.action is Action.COLLECT else ""
    return Request(r.action, r.data, r.purpose, party, r.field, r.member, source, r.form)


def _numbered(s: Statement, line: int) -> Statement:
    from dataclasses import replace

    return replace(s, clause=Clause("1", line))
