"""Check collisions: two rules that say the same thing with different values.

There is no order and no priority between rules, so neither of two that collide can win: both lines are
shown and the author chooses.  Rules that differ in their guard, their event or their data are no
collision.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from troth.policy.check_terms import advice, canonical, error, line
from troth.policy.model import (
    Breach,
    Change,
    Children,
    Controller,
    Data,
    Door,
    FormMeaning,
    Guard,
    Keep,
    OptOut,
    Policy,
    RequestDoor,
    Right,
    Span,
    Statement,
)
from troth.terms import Problem


@dataclass(frozen=True, slots=True)
class _Saying:
    """What one rule says about one thing: ``value`` as shown, ``means`` as compared."""

    thing: Hashable
    what: str
    value: str
    means: Hashable
    by: Statement


def check_collisions(policy: Policy) -> Iterator[Problem]:
    """Yield each pair of rules that collide, and each rule that is said twice."""
    first: dict[Hashable, _Saying] = {}
    for saying in _sayings(policy):
        known = first.setdefault(saying.thing, saying)
        if known.by is saying.by:
            continue
        place, said = saying.by.place, f"{saying.what} {saying.value}"
        if known.means == saying.means:
            yield advice(place, f"{said}, as {line(known.by)} says", "one of the two will do")
        else:
            yield error(
                place,
                f"{said}, while {line(known.by)} says {known.value}",
                "the two collide; keep one, or part them with 'when' or 'unless'",
            )


def _sayings(policy: Policy) -> Iterator[_Saying]:
    for keep in policy.of(Keep):
        yield from _kept(keep)
    for door in policy.of(Door):
        yield from _opened(door)
    for right in policy.of(Right):
        if right.within:
            yield _timed(
                ("right", right.name, _same(right.guard)),
                f"right '{right.name}' is answered",
                right.within,
                right,
            )
    for request in policy.of(RequestDoor):
        if request.within:
            yield _timed(
                ("request", request.name), f"request '{request.name}' is answered", request.within, request
            )
    for meaning in policy.of(FormMeaning):
        numbers = (meaning.at_least, meaning.noise, meaning.times)
        said = (meaning.shape, *(str(n) for n in numbers if n), *sorted(meaning.detail))
        value = " ".join(filter(None, said))
        yield _Saying(("form", meaning.form, meaning.shape), f"'{meaning.form}' means", value, value, meaning)
    for out in policy.of(OptOut):
        for purpose in out.purposes:
            if out.within is None:
                continue
            yield _timed(
                ("out", purpose, out.ways, _same(out.guard)),
                f"opt out of '{purpose}' is done",
                out.within,
                out,
            )
    for datum in policy.of(Data):
        if datum.records:
            thing, what = ("records", datum.records), f"the gate's own '{datum.records}' are recorded in"
            yield _Saying(thing, what, f"'{datum.name}'", datum.name, datum)
    yield from _once(policy)


def _timed(thing: Hashable, what: str, span: Span, by: Statement, word: str = "within {}") -> _Saying:
    return _Saying(thing, what, word.format(span), canonical(span), by)


def _kept(keep: Keep) -> Iterator[_Saying]:
    for data in keep.data:
        thing = ("keep", data, keep.after, keep.end_of, keep.while_fact, keep.because, _same(keep.guard))
        what = f"keep: '{data}' is kept"
        if keep.span or keep.while_fact:
            lengths = tuple(canonical(s) if s else None for s in (keep.span, keep.then_span))
            yield _Saying(thing, what, _length(keep), (lengths, keep.outcome), keep)
        if keep.at_latest:
            yield _timed((*thing, "latest"), what, keep.at_latest, keep, "at latest {}")


def _length(keep: Keep) -> str:
    parts = [str(keep.span)] if keep.span else []
    if keep.while_fact:
        parts += [f"while {keep.while_fact}"]
        parts += [f"then {keep.then_span}"] if keep.then_span else []
    return ", ".join(parts) + (", then anonymous" if keep.outcome == "anonymise" else "")


def _opened(door: Door) -> Iterator[_Saying]:
    for data in door.data:
        for purpose in door.purposes:
            thing = (door.verb, data, door.party, purpose, door.consent, door.one_of, _same(door.guard))
            what = f"{door.verb}: '{data}' goes to '{door.party}' for '{purpose}' as"
            yield _Saying(thing, what, str(door.form), door.form, door)


def _same(guard: Guard) -> Hashable:
    when = frozenset(frozenset(group) for group in guard.when)
    ages = (guard.from_age, guard.under_age)
    return (when, frozenset(guard.unless), *ages, guard.place, guard.since, guard.until)


def _once(policy: Policy) -> Iterator[_Saying]:
    for children in policy.of(Children):
        yield _Saying("children", "children are those", f"under {children.under}", children.under, children)
    for breach in policy.of(Breach):
        if breach.authority_within:
            yield _timed("breach", "breach: the authority hears", breach.authority_within, breach)
    for change in policy.of(Change):
        if change.days_before:
            yield _timed("change", "change: it is told", change.days_before, change, "{} before")
    for controller in policy.of(Controller):
        if not controller.party:
            thing = ("controller", controller.area, _same(controller.guard))
            name = f"'{controller.name}'"
            yield _Saying(thing, "the controller is", name, controller.name, controller)
