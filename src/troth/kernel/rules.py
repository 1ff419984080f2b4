"""Rules: a policy lowered to elementary rules, one bit each.

An elementary rule names one action, datum, field, purpose and party, with one ground and one group of its
guards' facts: atoms it needs, atoms that stop it, and a time.  Only ``decide`` looks at a person.  Its one
rule: what the document leaves open is kept as a barred rule that never holds, so that a refusal can say
what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from troth.kernel.atoms import MARKETING, Atom
from troth.kernel.packs import merged
from troth.kernel.places import Parties, Way, ways
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
    Use,
)
from troth.terms import Action, Clause, Form, Request

DERIVED = "derived"  # the source of data that are made from other data
# What a restriction and a notice leave alone (readings 16 and 17), by a purpose's mark or its DPV term.
EXEMPT = frozenset({"security", "claims", "rights"})
_EXEMPT_DPV = frozenset(
    f"dpv:{term}"
    for term in ("EnforceSecurity", "DisputeManagement", "RightsFulfilment", "RightsFulfillment")
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One elementary rule.  ``needs`` must be true of the person, ``stops`` must be false.

    ``grounds`` are the needs that come from the ground, ``rights`` the stops that are the person's rights.
    ``members`` None means all.  ``since`` inclusive, ``until`` exclusive.  A ``barred`` rule never holds.
    """

    action: Action
    data: str
    field: str
    purpose: str
    party: str
    ground: Ground
    sources: frozenset[str]
    forms: tuple[Form, ...]
    members: frozenset[str] | None
    countries: frozenset[str]
    needs: frozenset[Atom]
    stops: frozenset[Atom]
    grounds: frozenset[Atom]
    rights: frozenset[Atom]
    since: date | None
    until: date | None
    clauses: tuple[Clause, ...]
    barred: str = ""

    def speaks_of(self, request: Request) -> bool:
        """Say whether a request for this action, datum, purpose and party lies within the rule."""
        return (
            self.field in ("", request.field)
            and (self.action is not Action.COLLECT or request.source in self.sources)
            and (self.members is None or request.member in self.members)
            and all(request.form.tells_at_most(f) for f in self.forms)
        )

    def runs(self, day: date) -> bool:
        """Say whether the rule is in its time on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def possible(self) -> bool:
        """Say whether any person at all could meet it."""
        if self.barred or (self.since and self.until and self.since >= self.until):
            return False
        needed = {(a.name, a.per) for a in self.needs if a.kind == "fact"}
        return needed.isdisjoint((a.name, a.per) for a in self.stops if a.kind == "possible" and not a.also)


def lower(policy: Policy, parties: Parties | None = None) -> tuple[Rule, ...]:
    """Return every elementary rule of the policy and its packs, in the order of writing."""
    return tuple(_Lowering(merged(policy), parties).rules())


class _Lowering:
    """The look-up tables of one policy while its rules are lowered."""

    def __init__(self, policy: Policy, parties: Parties | None) -> None:
        self.policy, self.parties = policy, parties
        self.data = {d.name: d for d in policy.of(Data)}
        self.consents = {c.name: c for c in policy.of(Consent)}
        self.closed = {a.name for a in policy.of(Area) if a.no_personal_data}
        self.per = {("consent", c.name): _kinds(c.per) for c in policy.of(Consent)}
        self.per |= {("fact", f.name): _kinds(f.per) for f in policy.of(Fact)}
        self.child = max((c.under for c in policy.of(Children) if c.refuse), default=0)
        self.accept = any(c.accept_before for c in policy.of(Change))
        self.holds = policy.of(Hold)
        self.keeps, self.doors = policy.of(Keep), policy.of(Door)

    def rules(self) -> Iterator[Rule]:
        for purpose in self.policy.of(Purpose):
            for basis in purpose.bases:
                for ground, use in product(basis.grounds, basis.uses):
                    yield from self._held(_Making(self, purpose, basis, ground, use))

    def _held(self, made: _Making) -> Iterator[Rule]:
        yield from made.each(Action.USE, made.use.field)
        yield from self._collected(made)
        for keep in self.keeps:
            for field in _fields(keep.data, made.use):
                yield from made.each(Action.KEEP, field, (keep.guard,), (keep.clause,))
        for door in self.doors:
            if made.purpose.name in door.purposes:
                yield from self._opened(made, door)

    def _collected(self, made: _Making) -> Iterator[Rule]:
        datum = self.data.get(made.use.data)
        if datum is None or made.use.reads or datum.area in self.closed:
            return
        said = (datum.guard,), (datum.clause,)
        if datum.sources:
            yield from made.each(Action.COLLECT, made.use.field, *said, sources=frozenset(datum.sources))
        if datum.inputs:
            uses = [u for b in made.purpose.bases for u in b.uses]
            gone = [i for i in datum.inputs if not any(u.data == i for u in uses)]
            barred = f"use of {gone[0]} for {made.purpose.name}" if gone else ""
            for inputs in product(*(self._inputs(made, name) for name in datum.inputs if not gone)):
                yield from made.each(
                    Action.COLLECT, made.use.field, *said, frozenset({DERIVED}), inputs=inputs, barred=barred
                )

    def _inputs(self, made: _Making, name: str) -> list[_Making]:
        """Return the ways in which the same purpose may use an input: making a result is a use of each."""
        return [
            _Making(self, made.purpose, basis, ground, use)
            for basis in made.purpose.bases
            for ground, use in product(basis.grounds, basis.uses)
            if use.data == name
        ]

    def _opened(self, made: _Making, door: Door) -> Iterator[Rule]:
        action = Action.SHARE if door.verb == "share" else Action.SHOW
        for field in _fields(door.data, made.use):
            out = ways(self.policy, door, made.use.data, self.parties) if action is Action.SHARE else (Way(),)
            for way in out:
                guards = (door.guard, Guard(since=way.since, until=way.until))
                yield from made.each(
                    action, field, guards, (door.clause,), door=door, way=way, barred=way.barred
                )


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
        guards: tuple[Guard, ...] = (),
        clauses: tuple[Clause, ...] = (),
        sources: frozenset[str] = frozenset(),
        *,
        inputs: tuple[_Making, ...] = (),
        door: Door | None = None,
        way: Way = Way(),  # noqa: B008  a frozen value
        barred: str = "",
    ) -> Iterator[Rule]:
        """Yield a rule for each choice among the guards' alternative groups of facts."""
        made = (self, *inputs)
        every = [*(g for m in made for g in m.guards()), *guards]
        clause = self.use.clause if self.use.clause.ref else self.purpose.clause
        asked = {door.consent} - {""} if door else set()
        ground = frozenset().union(*(m.needed(action) for m in made))
        consents = frozenset(self.atom("consent", c) for c in asked)
        ages = [self.low.consents[a.name].age or 0 for a in ground | consents if a.name in self.low.consents]
        ages += [g.from_age or 0 for g in every]
        younger = [self.low.child, *(g.under_age or 0 for g in every)]
        # Who must be of an age must be of the highest limit, so that a no names that one, and never a lower.
        ages = [*ages, *younger] if any(ages) else []
        own = door is not None and door.verb == "show" and door.party == "person"
        rights = self.rights(action, own=own).union(*(m.rights(action, whole=True) for m in inputs))
        stopping = {self.atom("possible", f) for g in every for f in g.unless}.union(
            self.held(action), *(m.held(action, whole=True) for m in inputs)
        )
        stops = rights | stopping | _aged("under", younger)
        forms = () if action is Action.KEEP else (self.use.form, *((door.form,) if door else ()))
        for groups in product(*(g.when for g in every if g.when)):
            facts = frozenset().union(*groups, (f"in {g.place}" for g in every if g.place))
            needs = ground | consents | {self.atom("fact", f) for f in facts} | _aged("from", ages)
            yield Rule(
                action,
                self.use.data,
                field,
                self.purpose.name,
                door.party if door else "",
                self.ground,
                sources,
                forms,
                way.members,
                way.countries,
                needs,
                stops,
                ground,
                rights,
                max((g.since for g in every if g.since), default=None),
                min((g.until for g in every if g.until), default=None),
                tuple(
                    dict.fromkeys(
                        (*clauses[:1], clause) if door or action is Action.KEEP else (clause, *clauses)
                    )
                ),
                barred or next((b for m in made if (b := m.barred())), ""),
            )

    def guards(self) -> tuple[Guard, ...]:
        assessed = Guard(since=self.basis.assessed, until=self.basis.again_by)
        said = (self.purpose.guard, self.basis.guard, self.use.guard)
        return (*said, assessed) if self.ground.kind == "legitimate interest" else said

    def barred(self) -> str:
        if self.ground.kind != "legitimate interest":
            return ""
        if self.basis.outweighed:
            return f"an interest in {self.purpose.name} that is not outweighed"
        return "" if self.basis.assessed else f"a balancing record for {self.purpose.name}"

    def atom(self, kind: str, name: str) -> Atom:
        """Return the atom of a consent or fact; one kept for each member, purpose or field knows it."""
        per = self.low.per.get(("fact" if kind == "possible" else kind, name), ())
        return Atom(kind, name, per, self.purpose.name if "purpose" in per else "")

    def agreed(self, action: Action) -> Atom:
        """Return the atom of the ground's consent.

        What was brought from one member of a class rests on the yes for that member, also while it goes to
        another: there the request names the recipient, and its source the member the datum came from.
        """
        atom, datum = self.atom("consent", self.ground.name), self.low.data.get(self.use.data)
        said = self.low.consents.get(self.ground.name)
        if action is not Action.SHARE or datum is None or said is None:
            return atom
        if not set(said.per) & set(datum.sources):
            return atom
        return atom._replace(per=tuple("origin" if k == "member" else k for k in atom.per))

    def needed(self, action: Action) -> frozenset[Atom]:
        """Return what the ground asks: the consent or the contract's fact, and the notice (reading 16)."""
        kind, name = self.ground.kind, self.ground.name
        atoms = {self.agreed(action)} if kind == "consent" else set()
        if kind == "contract" and name:
            atoms.add(self.atom("fact", name))
        asked = kind in ("consent", "contract") and action is not Action.KEEP and not self.exempt()
        return frozenset(atoms | ({Atom("notice")} if asked and self.low.accept else set()))

    def rights(self, action: Action, *, own: bool = False, whole: bool = False) -> frozenset[Atom]:
        """Return the person's objection and restriction, with the consent that reopens (readings 11, 17).

        ``own``: it is the person who looks.  ``whole``: a restriction on any field counts, whichever is
        asked.
        """
        if action is Action.KEEP:
            return frozenset()
        atoms = set()
        kind, marks = self.ground.kind, self.purpose.marks
        rival = self.agreed(action) if kind == "consent" else None
        also = MARKETING if MARKETING in marks else ""
        if also or self.purpose.opposable(kind):
            atoms.add(Atom("objection", self.purpose.name, also=also, rival=rival))
        if not own and not self.exempt():
            atoms.add(Atom("restriction", self.use.data, ("whole",) if whole else (), rival=rival))
        return frozenset(atoms)

    def exempt(self) -> bool:
        """Say whether this serves security, claims or the person's rights, which no restriction stops.

        The gate's own records (of consents, requests, marks and trail) are such: each proves or grants a
        right.
        """
        datum = self.low.data.get(self.use.data)
        claims = any(h.purpose == self.purpose.name for h in self.low.holds)
        kept = datum is not None and bool(datum.records)
        return kept or claims or bool(self.purpose.marks & EXEMPT) or self.purpose.dpv in _EXEMPT_DPV

    def held(self, action: Action, *, whole: bool = False) -> Iterator[Atom]:
        """Yield the facts under which a hold leaves the datum to keeping and to the hold's own purpose."""
        for hold in self.low.holds if action is not Action.KEEP else ():
            if hold.purpose != self.purpose.name:
                for field in _fields(hold.data, self.use) if "any" not in hold.data else ("",):
                    yield self.atom("possible", hold.while_fact)._replace(also="" if whole else field)


def _kinds(per: tuple[str, ...]) -> tuple[str, ...]:
    kinds = {k if k in ("purpose", "field") else "member" for k in per}
    return tuple(k for k in ("member", "purpose", "field") if k in kinds)


def _aged(kind: str, ages: list[int]) -> frozenset[Atom]:
    oldest = max(ages, default=0)
    return frozenset({Atom(kind, str(oldest))} if oldest else ())


def _fields(names: tuple[str, ...], use: Use) -> Iterator[str]:
    """Yield the fields ('' for all) that both a list of data names and a use cover."""
    for name in names:
        data, _, field = name.partition(".")
        if data == use.data and (not field or not use.field or field == use.field):
            yield field or use.field
