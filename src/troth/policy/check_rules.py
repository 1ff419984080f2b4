"""Check rules: whether the rules of a document fit one another.

Every category has a purpose, a ground and a keeping rule; every combination in a list means something; an
interest was weighed.  Forms, areas and devices are ``check_edges``'; what two rules say against each other is
``check_collisions``'; what the law asks is ``check_law``'s.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy.check_terms import (
    advice,
    base,
    closed,
    error,
    facts,
    keeps,
    line,
    spoken,
    uses,
)
from troth.policy.model import (
    Data,
    Door,
    Keep,
    Policy,
    Purpose,
)
from troth.terms import Form, Problem


def check_rules(policy: Policy) -> Iterator[Problem]:
    """Yield every rule that lacks another, or opens nothing."""
    for part in (_data, _derived, _purposes, _doors, _keeps):
        yield from part(policy)


def personal(datum: Data) -> bool:
    """Say whether a category is stored as personal data: not anonymous, and not only passing through."""
    passing = bool(datum.fields) and all(f.passing for f in datum.fields)
    return datum.form is not Form.ANONYMOUS and not passing


def touches(policy: Policy, purpose: str, data: str, field: str = "") -> bool:
    """Say whether a purpose uses or reads a category, or one field of it."""
    return any(
        p.name == purpose and u.data == data and (not field or not u.field or u.field == field)
        for p, _, u in uses(policy)
    )


def _data(policy: Policy) -> Iterator[Problem]:
    collected = {use.data for _, _, use in uses(policy) if not use.reads}
    read = {use.data for _, _, use in uses(policy)}
    for datum in policy.of(Data):
        if datum.area in closed(policy):
            yield error(
                datum.place,
                f"'{datum.name}' is collected in '{datum.area}', where no personal data may arise",
                "move it to another area, or take 'no personal data' away",
            )
        if datum.name not in read and not datum.records:
            yield error(
                datum.place,
                f"'{datum.name}' has no purpose, so it has no ground",
                f"let a purpose say 'uses {datum.name}', or take it out",
            )
        elif datum.name not in collected and not datum.records:
            yield error(
                datum.place,
                f"'{datum.name}' is read and never collected",
                f"one purpose must say 'uses {datum.name}'; 'reads' only looks at what is held",
            )
        if personal(datum):
            yield from _kept(policy, datum)


def _kept(policy: Policy, datum: Data) -> Iterator[Problem]:
    names = {d for k in keeps(policy, datum.name) for d in k.data}
    if not names:
        yield error(
            datum.place,
            f"'{datum.name}' has no keeping rule; nothing is kept for ever by silence",
            f"write 'keep {datum.name} 30 days after collected', or whichever period is true",
        )
    elif not names & {datum.name, "any"}:
        bare = [f.name for f in datum.fields if not f.passing and f"{datum.name}.{f.name}" not in names]
        if bare:
            yield error(
                datum.place,
                f"no keeping rule speaks of {spoken(f'{datum.name}.{f}' for f in bare)}",
                f"keep the whole of '{datum.name}', or name these fields too",
            )


def _derived(policy: Policy) -> Iterator[Problem]:
    for datum in policy.of(Data):
        if not datum.inputs:
            continue
        made = [p for p, _, use in uses(policy) if use.data == datum.name and not use.reads]
        gaps = [
            sorted({base(i) for i in datum.inputs} - {u.data for b in p.bases for u in b.uses}) for p in made
        ]
        if made and all(gaps):
            gap = min(gaps, key=len)
            yield error(
                datum.place,
                f"'{datum.name}' is made from {spoken(gap)}, which no purpose that makes it may use",
                f"let purpose '{made[0].name}' say 'reads {', '.join(gap)}'",
            )


def _purposes(policy: Policy) -> Iterator[Problem]:
    for purpose in policy.of(Purpose):
        if not any(basis.grounds for basis in purpose.bases):
            yield error(purpose.place, f"purpose '{purpose.name}' has no ground", "write 'on …' below it")
        for basis in purpose.bases:
            if not basis.uses:
                yield error(
                    purpose.place,
                    f"a ground of purpose '{purpose.name}' carries no data",
                    "write 'uses …' or 'reads …' below it",
                )
            interest = any(g.kind == "legitimate interest" for g in basis.grounds)
            if interest and (basis.assessed is None or basis.again_by is None):
                yield error(
                    purpose.place,
                    f"the interest of purpose '{purpose.name}' was not weighed, so it is no ground",
                    "write 'assessed DATE, again by DATE' when the balancing is on record",
                )
            if basis.assessed and basis.again_by and basis.again_by <= basis.assessed:
                yield error(purpose.place, f"purpose '{purpose.name}' is weighed again before it was weighed")


def _doors(policy: Policy) -> Iterator[Problem]:
    known = {d.name for d in policy.of(Data)}
    marks = {p.name for p in policy.of(Purpose)}
    for door in policy.of(Door):
        for name in door.data:
            data, _, field = name.partition(".")
            for purpose in door.purposes:
                if data not in known or purpose not in marks or touches(policy, purpose, data, field):
                    continue
                yield error(
                    door.place,
                    f"{door.verb}: '{purpose}' neither uses nor reads '{name}', so this opens nothing",
                    f"let '{purpose}' say 'reads {name}', or take the pair out of the list",
                )


def _keeps(policy: Policy) -> Iterator[Problem]:
    known = facts(policy)
    for keep in policy.of(Keep):
        for name in keep.data:
            if keep.because and name != "any" and not touches(policy, keep.because, base(name)):
                yield error(
                    keep.place,
                    f"keep: '{name}' stays because of '{keep.because}', which neither uses nor reads it",
                    f"let '{keep.because}' say 'uses {name}', or name the purpose whose law it is",
                )
        fact = known.get(keep.while_fact)
        open_ended = fact is not None and not fact.ends and fact.lasts is None and not fact.raised_by
        if keep.without_end or (open_ended and keep.at_latest is None):
            yield advice(
                keep.place,
                f"keep: nothing bounds how long {spoken(keep.data)} {_are(keep.data)} kept",
                "a period or 'at latest' would",
            )
        if keep.span is None and not keep.while_fact and keep.at_latest is None and not keep.without_end:
            yield error(keep.place, f"keep: {spoken(keep.data)} has no period", "say how long")
    for datum in policy.of(Data):
        yield from _only_because(policy, datum)


def _are(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"


def _only_because(policy: Policy, datum: Data) -> Iterator[Problem]:
    rules = keeps(policy, datum.name)
    if not rules or not all(k.because for k in rules):
        return
    lawful = {k.because for k in rules}
    others = sorted({p.name for p, _, u in uses(policy) if u.data == datum.name} - lawful)
    if others:
        yield advice(
            datum.place,
            f"'{datum.name}' is kept only because of {spoken(sorted(lawful))}, yet {spoken(others)} "
            f"{'uses' if len(others) == 1 else 'use'} it too ({line(rules[0])})",
            "another keep rule would say how long these may",
        )
