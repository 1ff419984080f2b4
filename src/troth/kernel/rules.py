"""Rules: a policy lowered to elementary rules, one bit each.

An elementary rule names one action, datum, field, purpose and party, with one ground and one group
of its guards' facts.  Everything a rule needs is in the rule; only ``decide`` looks at a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from troth.policy.model import (
    Area,
    Basis,
    Change,
    Children,
    Consent,
    Data,
    Door,
    Fact,
    Ground,
    Guard,
    Hold,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Safeguard,
    Use,
    Whereabouts,
)
from troth.terms import Action, Clause, Form

_EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO"
EEA = frozenset(_EEA.split())


@dataclass(frozen=True, slots=True)
class Rule:
    """One elementary rule.  ``consents`` and ``facts`` are needed, ``bans`` are facts that stop it.

    ``member_words`` are the consents and facts kept per member.  ``since`` inclusive, ``until`` exclusive.
    """

    action: Action
    data: str
    field: str
    purpose: str
    party: str
    sources: frozenset[str]
    forms: tuple[Form, ...]
    consents: frozenset[str]
    facts: frozenset[str]
    bans: frozenset[str]
    member_words: frozenset[str]
    from_age: int
    minimum: int
    stopped_by_objection: bool
    stopped_by_restriction: bool
    needs_notice: bool
    since: date | None
    until: date | None
    clauses: tuple[Clause, ...]


def lower(policy: Policy) -> tuple[Rule, ...]:
    """Return every elementary rule of the policy, in the order of writing."""
    return tuple(_Lowering(policy).rules())


class _Lowering:
    """The look-up tables of one policy while its rules are lowered."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.data = {d.name: d for d in policy.of(Data)}
        self.consents = {c.name: c for c in policy.of(Consent)}
        self.recipients = {r.name: r for r in policy.of(Recipient)}
        self.safeguards = {s.name: s for s in policy.of(Safeguard)}
        self.closed = {a.name for a in policy.of(Area) if a.no_personal_data}
        per = [c.name for c in policy.of(Consent) if "party" in c.per]
        self.per = frozenset(per + [f.name for f in policy.of(Fact) if "party" in f.per])
        self.child = max((c.under for c in policy.of(Children) if c.refuse), default=0)
        self.accept = any(c.accept_before for c in policy.of(Change))

    def rules(self) -> Iterator[Rule]:
        for purpose in self.policy.of(Purpose):
            for basis in purpose.bases:
                for ground, use in product(basis.grounds, basis.uses):
                    yield from self._held(purpose, basis, ground, use)

    def _held(self, purpose: Purpose, basis: Basis, ground: Ground, use: Use) -> Iterator[Rule]:
        datum = self.data.get(use.data)
        guards = [purpose.guard, basis.guard, use.guard]
        clause = use.clause if use.clause.ref else purpose.clause
        made = _Making(self, purpose, basis, ground, use)
        yield from made.each(Action.USE, use.field, "", (use.form,), guards, (clause,))
        if datum and not use.reads and datum.area not in self.closed:
            collect = [*guards, datum.guard]
            both = (clause, datum.clause)
            yield from made.each(Action.COLLECT, use.field, "", (use.form,), collect, both, datum.sources)
        for keep in self.policy.of(Keep):
            for field in _fields(keep.data, use):
                both = (keep.clause, clause)
                yield from made.each(Action.KEEP, field, "", (use.form,), [*guards, keep.guard], both)
        for door in self.policy.of(Door):
            yield from self._opened(made, door, guards, clause)

    def _opened(self, made: _Making, door: Door, guards: list[Guard], clause: Clause) -> Iterator[Rule]:
        if made.purpose.name not in door.purposes:
            return
        action = Action.SHARE if door.verb == "share" else Action.SHOW
        for field in _fields(door.data, made.use):
            forms = (made.use.form, door.form)
            for era in self._ways_out(door, made.use.data) if action is Action.SHARE else [Guard()]:
                yield from made.each(
                    action,
                    field,
                    door.party,
                    forms,
                    [*guards, door.guard, era],
                    (door.clause, clause),
                    consent=door.consent,
                )

    def _ways_out(self, door: Door, data: str) -> Iterator[Guard]:
        """Yield the eras in which the data may go to the party's country (readings 12 and 13)."""
        party = self.recipients.get(door.party)
        if party is None or not party.country or door.form is Form.ANONYMOUS:
            yield Guard()
            return
        lines = [w for w in self.policy.of(Whereabouts) if not w.data or data in w.data]
        stay = [w for w in lines if w.verb == "stay in"]
        if party.role == "processor" and stay:
            if all(_within(party.country, w.places) for w in stay):
                yield Guard()
            return
        if party.country in EEA:
            yield Guard()
            return
        for line in lines:
            named = party.name in line.places or _within(party.country, line.places)
            if line.verb == "transfer" and named:
                yield from self._era(line.safeguard)

    def _era(self, name: str, seen: tuple[str, ...] = ()) -> Iterator[Guard]:
        if not name:
            yield Guard()
            return
        tool = self.safeguards.get(name)
        if tool is None or name in seen:
            return
        eras = [Guard(since=tool.since, until=tool.until)]
        for rest in tool.rests_on:
            below = list(self._era(rest, (*seen, name)))
            if not below:
                return
            eras += below
        yield Guard(since=_latest(eras), until=_earliest(eras))


@dataclass(frozen=True, slots=True)
class _Making:
    """One datum under one ground of one purpose, ready to be made into rules."""

    low: _Lowering
    purpose: Purpose
    basis: Basis
    ground: Ground
    use: Use

    def each(
        self,
        action: Action,
        field: str,
        party: str,
        forms: tuple[Form, ...],
        guards: list[Guard],
        clauses: tuple[Clause, ...],
        sources: tuple[str, ...] = (),
        consent: str = "",
    ) -> Iterator[Rule]:
        kind, name, low = self.ground.kind, self.ground.name, self.low
        if kind == "legitimate interest":
            guards = [*guards, Guard(since=self.basis.assessed, until=self.basis.again_by)]
        consents = {consent} - {""} | ({name} if kind == "consent" else set())
        contract = {name} if kind == "contract" and name else set()
        holds = [h for h in low.policy.of(Hold) if self.use.data in h.data and h.purpose != self.purpose.name]
        bans = {f for g in guards for f in g.unless}
        if action is not Action.KEEP:
            bans |= {h.while_fact for h in holds}
        ages = [low.consents[c].age or 0 for c in consents if c in low.consents]
        keeping = action is Action.KEEP
        marketing = "direct marketing" in self.purpose.marks
        for groups in product(*(g.when for g in guards if g.when)):
            facts = contract.union(*groups, (f"in {g.place}" for g in guards if g.place))
            yield Rule(
                action,
                self.use.data,
                field,
                self.purpose.name,
                party,
                frozenset(sources),
                forms,
                frozenset(consents),
                frozenset(facts),
                frozenset(bans),
                low.per & (consents | facts | bans),
                max([*ages, *(g.from_age or 0 for g in guards)], default=0),
                max([low.child, *(g.under_age or 0 for g in guards)]),
                not keeping and (marketing or kind == "legitimate interest"),
                not keeping and kind != "consent",
                low.accept and not keeping and kind in ("consent", "contract"),
                _latest(guards),
                _earliest(guards),
                tuple(dict.fromkeys(clauses)),
            )


def _fields(names: tuple[str, ...], use: Use) -> Iterator[str]:
    """Yield the fields ('' for all) that both a list of data names and a use cover."""
    for name in names:
        data, _, field = name.partition(".")
        if data == use.data and (not field or not use.field or field == use.field):
            yield field or use.field


def _within(country: str, places: tuple[str, ...]) -> bool:
    return country in places or ("EEA" in places and country in EEA)


def _latest(guards: list[Guard]) -> date | None:
    return max((g.since for g in guards if g.since), default=None)


def _earliest(guards: list[Guard]) -> date | None:
    return min((g.until for g in guards if g.until), default=None)
