"""Claims: which rules a promise speaks of, and in which situations it is broken (readings 5 and 6).

Selectors are read here as the document wrote them.  What needs no person (verbs, data, purposes, parties,
sources, places, forms) picks rules; what does (consents, objections, facts, ages, days) becomes questions
of a ``Space``. Its one rule: a selector that names nothing in the document picks nothing, and ``check``
says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from troth.kernel.atoms import MARKETING, Atom
from troth.kernel.places import inside
from troth.kernel.rules import DERIVED, Rule
from troth.kernel.space import Space
from troth.policy.model import Area, Claim, Data, FormMeaning, Policy, Purpose, Recipient, Whereabouts
from troth.terms import Action, Form

TOUCH = frozenset({Action.COLLECT, Action.USE, Action.SHARE, Action.SHOW})
_VERBS = {
    "touch": TOUCH,
    "transfer": frozenset({Action.SHARE}),
    **{str(a): frozenset({a}) for a in Action},
    "decide": frozenset({Action.USE}),
}
_ANY = frozenset({"any", "anything", "anyone"})


class Picking:
    """The policy's look-up tables while rules are picked by claims."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.data = {d.name: d for d in policy.of(Data)}
        self.purposes = {p.name: p for p in policy.of(Purpose)}
        self.roles = {r.name: r.role for r in policy.of(Recipient)}
        self.areas = {a.name for a in policy.of(Area)}

    def picks(self, claim: Claim, rule: Rule) -> bool:
        """Say whether a claim speaks of a rule."""
        return (
            rule.action in _VERBS.get(claim.verb, ())
            and self.data_in(claim.data, rule.data, rule.field)
            and not self._left_out(claim, rule)
            and self._for(claim.purposes, rule)
            and self._with(claim.parties, rule)
            and self._from(claim, rule)
            and (claim.verb != "decide" or "decides automatically" in self.purposes[rule.purpose].marks)
        )

    def data_in(self, names: tuple[str, ...], data: str, field: str = "") -> bool:
        """Say whether a claim's data selectors hit a category, or one field of it."""
        return not names or any(self._datum(name, data, field) for name in names)

    def betrays(self, claim: Claim, rule: Rule) -> bool:
        """Say whether a rule may pass a form that the claim does not except (reading 12)."""
        passing = [f for f in Form if all(f.tells_at_most(limit) for limit in rule.forms)]
        if claim.verb == "transfer" and passing == [Form.ANONYMOUS]:
            return False
        if claim.except_form is None or (claim.except_at_least or 0) > _least(self.policy):
            return True
        return any(not f.tells_at_most(claim.except_form) for f in passing)

    def _datum(self, name: str, data: str, field: str) -> bool:
        known = self.data.get(data)
        if name in _ANY:
            return True
        if name.startswith("any but "):
            return not any(self._datum(n, data, field) for n in name[8:].split(", "))
        if name.startswith("any in "):
            return known is not None and known.area == name[7:]
        if name.startswith("any from "):
            return known is not None and name[9:] in known.sources
        if name == "special":
            return known is not None and (
                known.special or any(f.special and field in ("", f.name) for f in known.fields)
            )
        head, _, part = name.partition(".")
        return head == data and (not part or field in ("", part))

    def _left_out(self, claim: Claim, rule: Rule) -> bool:
        return (
            bool(claim.except_data)
            and any(self._datum(n, rule.data, rule.field) for n in claim.except_data)
            and (not claim.except_purposes or rule.purpose in claim.except_purposes)
        )

    def _for(self, words: tuple[str, ...], rule: Rule) -> bool:
        grounds = [w.removeprefix("on ") for w in words if w.startswith("on ")]
        names = [w for w in words if not w.startswith("on ")]
        if grounds and rule.ground.kind not in grounds:
            return False
        marks = self.purposes[rule.purpose].marks
        return not names or any(
            n in _ANY
            or n == rule.purpose
            or (n in ("profiling", MARKETING, "decides automatically") and n in marks)
            or (n.startswith("any but ") and rule.purpose not in n[8:].split(", "))
            for n in names
        )

    def _with(self, words: tuple[str, ...], rule: Rule) -> bool:
        outside = tuple(w.removeprefix("outside ") for w in words if w.startswith("outside "))
        names = [w for w in words if not w.startswith("outside ")]
        if outside and not self._away(outside, rule):
            return False
        role = self.roles.get(rule.party, "")
        return not names or any(
            (bool(rule.party) and n in _ANY)
            or n in (rule.party, role, f"any {role}")
            or (
                n.startswith("any but ")
                and not {rule.party, role} & set(n[8:].split(", "))
                and bool(rule.party)
            )
            for n in names
        )

    def _away(self, places: tuple[str, ...], rule: Rule) -> bool:
        """Say whether data would be somewhere outside all of the places."""
        there = rule.countries if rule.action is Action.SHARE else frozenset(stored(self.policy, rule.data))
        return any(not inside(country, places) for country in there)

    def _from(self, claim: Claim, rule: Rule) -> bool:
        known = self.data.get(rule.data)
        sources = rule.sources or frozenset(known.sources if known else ())
        if claim.sources and not sources & set(claim.sources):
            return False
        # What is made of data that are held comes from nobody new; ``from derived`` speaks of it by name.
        return not claim.sources_but or bool(sources - {DERIVED, *claim.sources_but})


def stored(policy: Policy, data: str) -> Iterator[str]:
    """Yield where a category may be kept: each ``store in`` that every ``stay in`` of it leaves open."""
    lines = [w for w in policy.of(Whereabouts) if not w.data or data in w.data]
    stay = [w.places for w in lines if w.verb == "stay in"]
    for line in lines:
        for place in line.places if line.verb == "store in" else ():
            if all(inside(place, places) for places in stay):
                yield place


def questions(claim: Claim, rules: Iterable[Rule], within: Iterable[Atom]) -> Iterator[Atom]:
    """Yield what a claim asks beside its rules: its facts, its age, and each rule's objection."""
    names = (
        {f for group in claim.guard.when for f in group} | set(claim.guard.unless) | {claim.while_fact} - {""}
    )
    known = {a.name: a for r in rules for a in r.needs | r.stops if a.kind in ("fact", "possible")}
    known |= {a.name: a for a in within if a.name not in known}
    for name in names:
        found = known.get(name, Atom("fact", name))
        yield Atom("fact", name, found.per, found.purpose)
    if claim.guard.place:
        yield Atom("fact", f"in {claim.guard.place}")
    for age in (claim.guard.from_age, claim.guard.under_age):
        if age:
            yield Atom("from", str(age))
    for rule in rules if claim.after_objection else ():
        yield objection(rule)


def meant(claim: Claim, asked: Iterable[Atom], space: Space) -> int:
    """Return the situations that the claim's conditions pick, whatever the rules say."""
    facts = {a.name: a for a in asked if a.kind == "fact"}
    found = space.possible & space.time(claim.guard.since, claim.guard.until)
    if claim.guard.when:
        found &= _either(space, [[facts[f] for f in group] for group in claim.guard.when])
    for name in claim.guard.unless:
        found &= space.no(facts[name])
    for name in (claim.while_fact, f"in {claim.guard.place}" if claim.guard.place else ""):
        found &= space.yes(facts[name]) if name else space.all
    if claim.guard.under_age:
        found &= space.yes(Atom("under", str(claim.guard.under_age)))
    if claim.guard.from_age:
        found &= space.yes(Atom("from", str(claim.guard.from_age)))
    return found


def unagreed(claim: Claim, rule: Rule, space: Space) -> int:
    """Return the situations without the consent, or after the act, that the claim names for a rule."""
    found = space.all
    for atom in rule.needs:
        named = claim.without_consent is not None and claim.without_consent in ("", atom.name)
        gone = claim.after_withdrawal and atom in rule.grounds
        if atom.kind == "consent" and (named or gone):
            found &= space.no(atom)
    return found & space.yes(objection(rule)) if claim.after_objection else found


def objection(rule: Rule) -> Atom:
    """Return the rule's own question about an objection, or that of its purpose when nothing stops it."""
    own = (a for a in rule.stops if a.kind == "objection" and a.name == rule.purpose)
    return next(own, Atom("objection", rule.purpose))


def _either(space: Space, groups: list[list[Atom]]) -> int:
    found = 0
    for group in groups:
        every = space.all
        for atom in group:
            every &= space.yes(atom)
        found |= every
    return found


def _least(policy: Policy) -> int:
    return min((m.at_least or 0 for m in policy.of(FormMeaning) if m.form is Form.ANONYMOUS), default=0)
