"""Compare: which decisions change between two versions of a document, for whom, and what is never reached.

Two requests that the same rules speak of are one; for each, the old rules and the new are two integers over
the same situations (``space``), and what differs is wider or narrower, exactly.  Who must be told or asked
is for others to say.  Its one rule: a difference in words alone is no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from troth.kernel.atoms import Atom
from troth.kernel.decide import Kernel, compile
from troth.kernel.packs import merged
from troth.kernel.prove import implied
from troth.kernel.rules import Rule
from troth.kernel.space import Space, axes, spaces, told
from troth.policy.model import Door, Keep, Policy, Purpose
from troth.terms import Action, Clause, Form, Request


@dataclass(frozen=True, slots=True)
class Changed:
    """One request that some people are answered otherwise: ``wider`` says yes for more, else for fewer.

    ``whom`` tells one of them as a person and a day; ``before`` and ``after`` are the clauses that speak of
    it. ``share`` is the part of all situations, between 0 and 1, that changes.
    """

    request: Request
    wider: bool
    whom: str
    share: float
    before: tuple[Clause, ...]
    after: tuple[Clause, ...]

    def __str__(self) -> str:
        r = self.request
        whom = {Action.SHARE: f" with {r.party}", Action.SHOW: f" to {r.party}"}.get(r.action, "")
        data = f"{r.data}.{r.field}" if r.field else r.data
        said = "now allowed" if self.wider else "no longer allowed"
        return f"{r.action} {data}{whom} for {r.purpose} as {r.form}: {said} for {self.whom}"


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changes; ``unreachable`` are the new version's clauses by which nothing is ever allowed."""

    wider: tuple[Changed, ...]
    narrower: tuple[Changed, ...]
    unreachable: tuple[Clause, ...]

    def __bool__(self) -> bool:
        return bool(self.wider or self.narrower)


def compare(old: Policy | Kernel, new: Policy | Kernel) -> Changes:
    """Return how the decisions of two versions differ.

    >>> bool(compare(Policy(version="1"), Policy(version="2")))
    False
    """
    before = old if isinstance(old, Kernel) else compile(old)
    after = new if isinstance(new, Kernel) else compile(new)
    wider: list[Changed] = []
    narrower: list[Changed] = []
    within = {**implied(merged(before.policy), before), **implied(merged(after.policy), after)}
    for request, was, now in _meetings(before, after):
        for changed in _changed(request, was, now, within, after.policy.since):
            (wider if changed.wider else narrower).append(changed)
    return Changes(tuple(wider), tuple(narrower), unreachable(after))


def unreachable(kernel: Kernel) -> tuple[Clause, ...]:
    """Return the clauses of doors, keeping rules and uses by which no person is ever allowed anything."""
    policy = merged(kernel.policy)
    within = implied(policy, kernel)
    reached = {c for r in kernel.rules if r.possible() and _ever(r, within) for c in r.clauses}
    said = [s.clause for s in (*policy.of(Door), *policy.of(Keep))]
    for purpose in policy.of(Purpose):
        uses = (u for b in purpose.bases for u in b.uses)
        said += [u.clause if u.clause.ref else purpose.clause for u in uses]
    return tuple(dict.fromkeys(c for c in sorted(said) if c.ref and c not in reached))


def _meetings(old: Kernel, new: Kernel) -> Iterator[tuple[Request, list[Rule], list[Rule]]]:
    """Yield a request for each pair of rule sets that speak of it, leaving out pairs that are alike."""
    keys = dict.fromkeys((r.action, r.data, r.purpose, r.party) for k in (old, new) for r in k.rules)
    sides = [_indexed(old), _indexed(new)]
    for key in keys:
        was, now = (side.get(key, []) for side in sides)
        if [_meaning(r) for r in was] == [_meaning(r) for r in now]:
            continue
        seen = set()
        for request in _requests(key, [*was, *now]):
            pair = tuple(tuple(i for i, r in enumerate(s) if r.speaks_of(request)) for s in (was, now))
            if pair not in seen:
                seen.add(pair)
                yield request, [was[i] for i in pair[0]], [now[i] for i in pair[1]]


def _indexed(kernel: Kernel) -> dict[tuple[Action, str, str, str], list[Rule]]:
    found: dict[tuple[Action, str, str, str], list[Rule]] = {}
    for r in kernel.rules:
        if r.possible():
            found.setdefault((r.action, r.data, r.purpose, r.party), []).append(r)
    return found


def _requests(key: tuple[Action, str, str, str], rules: list[Rule]) -> Iterator[Request]:
    """Yield every request of a class that its rules can tell apart."""
    action, data, purpose, party = key
    fields = sorted(
        {""} | {r.field for r in rules} | {a.also for r in rules for a in r.stops if a.kind == "possible"}
    )
    sources = sorted({s for r in rules for s in r.sources}) or [""]
    members = sorted({""} | {m for r in rules for m in r.members or ()})
    for field, source, member, form in product(fields, sources, members, Form):
        yield Request(action, data, purpose, party, field, member, source, form)


def _changed(
    request: Request, was: list[Rule], now: list[Rule], within: Mapping[Atom, Atom], since: date | None
) -> Iterator[Changed]:
    of = axes([*was, *now], (), (), within)
    total = counts = 0
    first: dict[bool, str] = {}
    sums = {True: 0, False: 0}
    for space in spaces(of):
        a, b = _any(was, space), _any(now, space)
        total += space.possible.bit_count()
        for wider, bits in ((True, b & ~a), (False, a & ~b)):
            counts = bits.bit_count()
            sums[wider] += counts
            if counts:
                first.setdefault(wider, told(of, space.digits(bits), since))
    before, after = (tuple(dict.fromkeys(c for r in rules for c in r.clauses)) for rules in (was, now))
    for wider, whom in first.items():
        yield Changed(request, wider, whom, sums[wider] / total, before, after)


def _any(rules: Iterable[Rule], space: Space) -> int:
    found = 0
    for rule in rules:
        found |= space.holds(rule)
    return found


def _ever(rule: Rule, within: Mapping[Atom, Atom]) -> bool:
    return any(space.holds(rule) for space in spaces(axes([rule], (), (), within)))


def _meaning(rule: Rule) -> tuple[object, ...]:
    """Return a rule without the place where it stands."""
    where = (rule.sources, rule.field, rule.forms, rule.members)
    return (*where, rule.needs, rule.stops, rule.since, rule.until)
