"""Strategies: policies drawn at random that are whole: every name declared, every ground carrying something.

``policies()`` serves every room that judges what is fast by what is slow; ``unplaced`` compares what two
policies say without where they say it.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st

from troth.policy.claims import write_claim
from troth.policy.model import (
    Basis,
    Children,
    Claim,
    Consent,
    Data,
    Door,
    Event,
    Fact,
    Field,
    Ground,
    Guard,
    Hold,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Role,
    Span,
    Statement,
    Use,
    Whereabouts,
)
from troth.terms import Clause, Form, Place

T = TypeVar("T")

_DATA = ("d0", "d1", "d2")
_PURPOSES = ("p0", "p1", "p2")
_CONSENTS = ("c0", "c1", "c2")
_FACTS = ("f0", "f1", "f2")
_PARTIES = ("r0", "r1")
_ROLES = ("s0", "s1")
_EVENTS = ("e0", "e1")
_FIELDS = ("x", "y")

texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
ages = st.integers(1, 21)
spans = st.builds(
    Span, st.integers(1, 99), st.sampled_from(["minute", "hour", "day", "week", "month", "year"])
)
forms = st.sampled_from(list(Form))


def some(names: tuple[str, ...], *, least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw a few of the names, each once."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=2, unique=True).map(tuple)


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Draw nothing, or one of these."""
    return st.none() | strategy


@st.composite
def guards(draw: st.DrawFn, *, place: bool = True) -> Guard:
    """Draw conditions; most rules have none."""
    if draw(st.integers(0, 2)):
        return Guard()
    return Guard(
        when=tuple(draw(st.lists(some(_FACTS, least=1), max_size=2))),
        unless=draw(some(_FACTS)),
        from_age=draw(maybe(ages)),
        under_age=draw(maybe(ages)),
        place=draw(st.sampled_from(["", "NO", "EEA"])) if place else "",
        since=draw(maybe(days)),
        until=draw(maybe(days)),
    )


@st.composite
def categories(draw: st.DrawFn, name: str) -> Data:
    """Draw a category with every field that rules may speak of."""
    return Data(
        name=name,
        text=draw(texts),
        sources=draw(some(("person", "device"), least=1)),
        fields=tuple(Field(name=f, optional=draw(st.booleans())) for f in _FIELDS),
        special=draw(st.booleans()),
        guard=draw(guards(place=False)),
    )


@st.composite
def bases(draw: st.DrawFn) -> Basis:
    """Draw alternative grounds and what they carry."""
    grounds = draw(st.lists(_grounds(), min_size=1, max_size=2, unique=True))
    weighed = any(g.kind == "legitimate interest" for g in grounds)
    return Basis(
        tuple(grounds),
        tuple(draw(st.lists(_uses(), min_size=1, max_size=3))),
        draw(guards()),
        draw(maybe(days)) if weighed else None,
        draw(maybe(days)) if weighed else None,
    )


def _grounds() -> st.SearchStrategy[Ground]:
    spoken = st.sampled_from(["legal obligation", "legitimate interest", "vital interest", "public task"])
    return (
        st.builds(Ground, st.just("consent"), st.sampled_from(_CONSENTS))
        | st.builds(Ground, st.just("contract"), st.sampled_from(["", *_FACTS]))
        | st.builds(Ground, spoken, texts)
    )


def _uses() -> st.SearchStrategy[Use]:
    return st.builds(
        Use,
        st.sampled_from(_DATA),
        st.sampled_from(["", *_FIELDS]),
        forms,
        st.booleans(),
        guards(),
    )


@st.composite
def purposes(draw: st.DrawFn, name: str) -> Purpose:
    """Draw a purpose with one or two bases."""
    marks = some(("profiling", "direct marketing", "decides automatically"))
    return Purpose(
        name=name,
        text=draw(texts),
        marks=frozenset(draw(marks)),
        bases=tuple(draw(st.lists(bases(), min_size=1, max_size=2))),
        guard=draw(guards()),
        objection=draw(st.sampled_from(["", "honoured", "weighed"])),
        objection_within=draw(maybe(spans)),
        without_pause=draw(st.booleans()),
    )


def _items() -> st.SearchStrategy[tuple[str, ...]]:
    return some((*_DATA, "d0.x", "d1.y"), least=1)


def doors() -> st.SearchStrategy[Door]:
    """Draw what is shared or shown."""
    shared = st.builds(
        Door,
        verb=st.just("share"),
        data=_items(),
        party=st.sampled_from(_PARTIES),
        purposes=some(_PURPOSES, least=1),
        form=forms,
        consent=st.sampled_from(["", *_CONSENTS]),
        one_of=st.booleans(),
        guard=guards(),
    )
    shown = st.builds(
        Door,
        verb=st.just("show"),
        data=_items(),
        party=st.sampled_from(_ROLES),
        purposes=some(_PURPOSES, least=1),
        form=forms,
        guard=guards(),
    )
    return shared | shown


@st.composite
def keeps(draw: st.DrawFn) -> Keep:
    """Draw a storage limit: from an event, while a fact holds, or without end."""
    kind = draw(st.sampled_from(["after", "while", "without end"]))
    return Keep(
        data=draw(_items()),
        span=draw(spans) if kind == "after" else None,
        after=draw(st.sampled_from(["collected", *_EVENTS])) if kind == "after" else "",
        while_fact=draw(st.sampled_from(_FACTS)) if kind == "while" else "",
        then_span=draw(maybe(spans)) if kind == "while" else None,
        outcome=draw(st.sampled_from(["erase", "anonymise"])),
        because=draw(st.sampled_from(["", *_PURPOSES])),
        at_latest=draw(maybe(spans)),
        without_end=kind == "without end",
        guard=draw(guards(place=False)),
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Draw a promise; its text is its canonical words."""
    verb = draw(st.sampled_from(["collect", "use", "share", "show", "touch"]))
    parties = {"share": (*_PARTIES, "any", "any but r0"), "show": (*_ROLES, "any")}.get(verb, ())
    chosen = ("any", "any but p0, p1", "profiling", "direct marketing", *_PURPOSES)
    selected: st.SearchStrategy[tuple[str, ...]] = st.sampled_from(
        [("any",), ("special",), ("any but d0, d1",)]
    )
    purpose = draw(st.booleans())
    party = bool(parties) and draw(st.booleans())
    made = Claim(
        kind=draw(st.sampled_from(["never", "always"])),
        verb=verb,
        data=draw(some(_DATA, least=1) | selected),
        purposes=(draw(st.sampled_from(chosen)),) if purpose else (),
        parties=(draw(st.sampled_from(parties)),) if party else (),
        except_form=draw(maybe(forms)) if verb == "share" else None,
        without_consent=draw(maybe(st.sampled_from(["", *_CONSENTS]))),
        after_objection=draw(st.booleans()),
        while_fact=draw(st.sampled_from(["", *_FACTS])),
        guard=Guard(unless=draw(some(_FACTS)), under_age=draw(maybe(ages))),
    )
    return dataclasses.replace(made, text=write_claim(made))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a whole policy: what its rules name is declared."""
    made: list[Statement] = [draw(categories(name)) for name in _DATA]
    made += [
        Consent(name=name, question=draw(texts), age=draw(maybe(ages)), lasts=draw(maybe(spans)))
        for name in _CONSENTS
    ]
    made += [Fact(name=name, text=draw(texts)) for name in _FACTS]
    made += [Event(name=name) for name in _EVENTS]
    role = st.sampled_from(["controller", "processor"])
    country = st.sampled_from(["NO", "US", "EEA"])
    made += [
        Recipient(name=name, text=draw(texts), role=draw(role), country=draw(country)) for name in _PARTIES
    ]
    made += [Role(name=name, text=draw(texts)) for name in _ROLES]
    made += [draw(purposes(name)) for name in _PURPOSES]
    made += draw(st.lists(doors(), max_size=4))
    made += draw(st.lists(keeps(), max_size=4))
    made += draw(st.lists(claims(), max_size=3))
    made += draw(st.lists(st.builds(Hold, data=_items(), while_fact=st.sampled_from(_FACTS)), max_size=1))
    made += draw(st.lists(st.just(Whereabouts(verb="stay in", places=("EEA",))), max_size=1))
    made += draw(st.lists(st.builds(Children, under=ages, refuse=st.booleans()), max_size=1))
    return Policy(tuple(made), title="Drawn", since=draw(maybe(days)), zone="Europe/Oslo")


def unplaced(value: Any) -> Any:
    """Return what a value says, without clauses, places, paths and packs."""
    if isinstance(value, Clause | Place):
        return None
    if isinstance(value, tuple):
        return tuple(map(unplaced, value))
    if dataclasses.is_dataclass(value):
        said = {f.name: unplaced(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return type(value).__name__, {n: v for n, v in said.items() if n not in ("path", "packs", "title")}
    return value
