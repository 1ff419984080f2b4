"""Bind values: what a rule says that a sentence beside it can repeat.

``bound`` finds the statements behind ``keep:visit``; ``value`` gives one statement's lengths, numbers
and names. Comparing is ``bind``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch

from troth.policy.bind_words import lengths, places, say_span
from troth.policy.check_terms import base
from troth.policy.model import (
    Breach,
    Change,
    Children,
    Consent,
    Controller,
    Cookie,
    Door,
    Event,
    Fact,
    FormMeaning,
    Guard,
    Keep,
    OptOut,
    Policy,
    Purpose,
    Recipient,
    RequestDoor,
    Right,
    Role,
    Span,
    Statement,
    Tell,
    Whereabouts,
)


@dataclass(frozen=True, slots=True)
class Value:
    """What one rule can be quoted with: lengths of time, numbers, and names of parties and places."""

    spans: tuple[Span, ...] = ()
    numbers: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def say(self, tag: str) -> str:
        """Say the value in a language, shortest form first."""
        parts = (
            [say_span(s, tag) for s in self.spans] or [str(n) for n in self.numbers] or list(self.names[:1])
        )
        return ", ".join(dict.fromkeys(parts))


KINDS: Mapping[str, tuple[type[Statement], ...]] = {
    "keep": (Keep,),
    "breach": (Breach,),
    "children": (Children,),
    "change": (Change,),
    "consent": (Consent,),
    "right": (Right,),
    "request": (RequestDoor,),
    "recipient": (Recipient,),
    "role": (Role,),
    "share": (Door,),
    "show": (Door,),
    "event": (Event,),
    "fact": (Fact,),
    "cookie": (Cookie,),
    "pixel": (Cookie,),
    "opt-out": (OptOut,),
    "form": (FormMeaning,),
    "controller": (Controller,),
    "store": (Whereabouts,),
    "stay": (Whereabouts,),
    "transfer": (Whereabouts,),
    "purpose": (Purpose,),
    "rule": (Statement,),
}

# What is told in words of its own: a phrase without a figure only points at such a rule.
POINTING = ("purpose", "consent", "share", "show")


def bound(policy: Policy, kind: str, name: str, section: str) -> tuple[Statement, ...]:
    """Return the statements that a phrase is bound to: those of its own section, else those of the others."""
    found = [s for s in policy.statements if isinstance(s, KINDS.get(kind, ())) and _named(s, kind, name)]
    here = tuple(s for s in found if s.clause.ref == section)
    return here or tuple(found)


def _named(statement: Statement, kind: str, name: str) -> bool:
    if statement.label and statement.label == name:
        return True
    if kind == "rule":
        return False
    if isinstance(statement, Keep):
        return any(d == name or base(d) == name for d in statement.data)
    if isinstance(statement, Door):
        pairs = {f"{d}-{statement.party}" for d in statement.data}
        return statement.verb == kind and (name == statement.party or name in pairs or name in statement.data)
    if isinstance(statement, OptOut):
        return name in statement.purposes
    if isinstance(statement, FormMeaning):
        return name == statement.form
    if isinstance(statement, Whereabouts):
        return statement.verb.startswith(kind)
    if isinstance(statement, Breach | Change | Children | Controller):
        return True
    return str(getattr(statement, "name", "")) == name


@singledispatch
def value(statement: Statement, tag: str) -> Value:
    """Return what a rule says, its names in the language ``tag``.

    >>> value(Children(under=13), "en")
    Value(spans=(), numbers=(13,), names=())
    """
    return Value(names=_texts(statement))


def _texts(statement: Statement) -> tuple[str, ...]:
    return tuple(filter(None, [str(getattr(statement, "text", "")), str(getattr(statement, "name", ""))]))


def _spans(*spans: Span | None) -> tuple[Span, ...]:
    return tuple(s for s in spans if s)


def _ages(guard: Guard) -> tuple[int, ...]:
    return tuple(a for a in (guard.from_age, guard.under_age) if a is not None)


@value.register
def _(statement: Keep, tag: str) -> Value:
    return Value(_spans(statement.span, statement.then_span, statement.at_latest))


@value.register
def _(statement: Breach, tag: str) -> Value:
    return Value(_spans(statement.authority_within))


@value.register
def _(statement: Change, tag: str) -> Value:
    return Value(_spans(statement.days_before))


@value.register
def _(statement: Children, tag: str) -> Value:
    return Value(numbers=(statement.under,))


@value.register
def _(statement: Consent, tag: str) -> Value:
    ages = () if statement.age is None else (statement.age,)
    return Value(_spans(statement.lasts), ages, (statement.question,))


@value.register
def _(statement: Right, tag: str) -> Value:
    return Value(_spans(statement.within, statement.extended))


@value.register
def _(statement: RequestDoor, tag: str) -> Value:
    return Value(_spans(statement.within), names=_texts(statement))


@value.register
def _(statement: Recipient, tag: str) -> Value:
    return Value(names=(*_texts(statement), *(places(statement.country, tag) if statement.country else ())))


@value.register
def _(statement: Controller, tag: str) -> Value:
    said = (statement.name, statement.registered, statement.address, statement.contact, statement.authority)
    return Value(names=(*filter(None, said), *(places(statement.country, tag) if statement.country else ())))


@value.register
def _(statement: Whereabouts, tag: str) -> Value:
    return Value(names=tuple(name for code in statement.places for name in places(code, tag)))


@value.register
def _(statement: Door, tag: str) -> Value:
    least = () if statement.at_least is None else (statement.at_least,)
    return Value(numbers=(*least, *_ages(statement.guard)), names=(statement.party,))


@value.register
def _(statement: Purpose, tag: str) -> Value:
    guards = [statement.guard, *(g for b in statement.bases for g in (b.guard, *(u.guard for u in b.uses)))]
    ages = tuple(age for guard in guards for age in _ages(guard))
    return Value(_spans(statement.objection_within), ages, _texts(statement))


@value.register
def _(statement: Event, tag: str) -> Value:
    return Value(_spans(*(span for _, span, _ in statement.alternatives), statement.at_most))


@value.register
def _(statement: Fact, tag: str) -> Value:
    return Value(_spans(*(span for _, span, _ in statement.ends), statement.lasts))


@value.register
def _(statement: Cookie, tag: str) -> Value:
    return Value(tuple(found.span for found in lengths(statement.lasts, "en")), names=(statement.lasts,))


@value.register
def _(statement: Tell, tag: str) -> Value:
    return Value(_spans(statement.within), names=statement.channels)


@value.register
def _(statement: OptOut, tag: str) -> Value:
    return Value(_spans(statement.within), names=tuple(said for _, said in statement.ways if said))


@value.register
def _(statement: FormMeaning, tag: str) -> Value:
    said = (n for n in (statement.at_least, statement.noise, statement.times) if n is not None)
    return Value(numbers=tuple(said), names=statement.detail)


def countries(policy: Policy) -> Iterator[str]:
    """Yield the codes of every place that the document's rules name."""
    for statement in policy.statements:
        if isinstance(statement, Controller | Recipient) and statement.country:
            yield statement.country
        if isinstance(statement, Whereabouts):
            yield from (p for p in statement.places if p.isupper())
