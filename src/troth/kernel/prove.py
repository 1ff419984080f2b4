"""Prove: every ``never`` and ``always`` of a document, settled over all situations, or answered by a case.

A ``never`` is broken where some rule that it speaks of holds while nothing that it excepts is so; an
``always`` where its ground holds, no right of the person stands in the way, and yet no rule holds (reading
6).  Both are questions about integers (``space``), so the answer is exact.  What is loaded in a page and
what is joined is read from the statements.  Its one rule: what cannot be settled is never called proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from troth.kernel.atoms import Atom
from troth.kernel.claims import Picking, meant, questions, unagreed
from troth.kernel.decide import Kernel, compile
from troth.kernel.packs import merged
from troth.kernel.rules import Rule
from troth.kernel.space import Space, axes, spaces, told
from troth.policy.model import Claim, Cookie, Data, Fact, Join, Policy
from troth.terms import Clause, Form

_PASTS = {"collect": "collects", "use": "uses", "share": "shares", "show": "shows", "keep": "keeps"}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of one claim.  ``holds`` is None for a claim about time, which the clock keeps.

    ``witness`` is a person, a day and a rule in words, and ``clauses`` the rule's, where it does not hold.
    """

    claim: Claim
    holds: bool | None
    witness: str = ""
    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return self.holds is True

    def __str__(self) -> str:
        said = self.claim.text or f"{self.claim.kind} {self.claim.verb} {', '.join(self.claim.data)}"
        found = {True: "holds", False: "does not hold", None: "is kept by the clock, not proved here"}[
            self.holds
        ]
        return f"{said}: {found}" + (f"\n  {self.witness}" if self.witness else "")


def prove(of: Policy | Kernel) -> tuple[Proof, ...]:
    """Settle every claim of a document and its packs, in the order of writing.

    >>> [bool(p) for p in prove(Policy((Claim(kind="never", verb="use", data=("any",)),)))]
    [True]
    """
    ready = _Ready(of if isinstance(of, Kernel) else compile(of))
    return tuple(ready.settle(claim) for claim in ready.policy.of(Claim))


def prove_one(of: Policy | Kernel, claim: Claim) -> Proof:
    """Settle one claim, written in the document or not.

    >>> print(prove_one(Policy(), Claim(kind="always", verb="use", data=("news",))))
    always use news: does not hold
      no rule ever allows it
    """
    return _Ready(of if isinstance(of, Kernel) else compile(of)).settle(claim)


def implied(policy: Policy, kernel: Kernel) -> Mapping[Atom, Atom]:
    """Return which fact implies which, as ``within`` declares it."""
    per = {a.name: a for a in kernel.atoms if a.kind in ("fact", "possible")}

    def atom(name: str) -> Atom:
        known = per.get(name, Atom("fact", name))
        return Atom("fact", name, known.per, known.purpose)

    return {atom(f.name): atom(f.within) for f in policy.of(Fact) if f.within}


class _Ready:
    """A kernel with what its claims look up."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.policy = kernel, merged(kernel.policy)
        self.picking = Picking(self.policy)
        self.within = implied(self.policy, kernel)
        self.facts = tuple({*self.within, *self.within.values()})

    def settle(self, claim: Claim) -> Proof:
        if claim.verb == "erase":
            return Proof(claim, None)
        if claim.verb in ("load", "join"):
            met = self._loaded(claim) if claim.verb == "load" else self._joined(claim)
            return Proof(claim, met is None if claim.kind == "never" else met is not None, *(met or ()))
        rules = [r for r in self.kernel.rules if r.possible() and self.picking.picks(claim, r)]
        if claim.kind == "always":
            return self._always(claim, rules)
        for rule in rules:
            if self.picking.betrays(claim, rule):
                broken = self._broken(claim, rule)
                if broken:
                    return Proof(claim, False, f"{broken}: {self._deed(claim, rule)}", rule.clauses)
        return Proof(claim, True)

    def _broken(self, claim: Claim, rule: Rule) -> str:
        """Return a situation in which a rule breaks a ``never``, in words."""
        asked = tuple(questions(claim, [rule], self.facts))
        of = axes([rule], asked, _days(claim), self.within)
        for space in spaces(of):
            bits = space.holds(rule) & meant(claim, asked, space) & unagreed(claim, rule, space)
            if bits:
                return told(of, space.digits(bits), self.policy.since)
        return ""

    def _always(self, claim: Claim, rules: list[Rule]) -> Proof:
        if claim.without_consent is not None:
            rules = [r for r in rules if not _rests(claim.without_consent, r)]
        wanted = [
            n for n in claim.data or ("any",) if not any(self.picking.data_in((n,), r.data) for r in rules)
        ]
        if wanted or not rules:
            return Proof(claim, False, "no rule ever allows it")
        for group in _classes(rules):
            asked = tuple(questions(claim, group, self.facts))
            of = axes(group, asked, _days(claim), self.within)
            for space in spaces(of):
                bits = meant(claim, asked, space) & _granted(group, space) & ~_any(group, space)
                if bits:
                    words = told(of, space.digits(bits), self.policy.since)
                    clauses = tuple(dict.fromkeys(c for r in group for c in r.clauses))
                    return Proof(
                        claim, False, f"{words}: no rule allows it, nearest is {clauses[0]}", clauses
                    )
        return Proof(claim, True)

    def _covered(self, claim: Claim, rules: list[Rule]) -> Iterator[bool]:
        """Yield, for each datum, purpose and party that an ``always`` names, whether a rule is about it."""
        for name in claim.data:
            yield any(self.picking.data_in((name,), r.data, r.field) for r in rules)
        for name in set(claim.purposes) & set(self.picking.purposes):
            yield any(r.purpose == name for r in rules)
        for name in set(claim.parties) & set(self.picking.roles):
            yield any(r.party == name for r in rules)

    def _deed(self, claim: Claim, rule: Rule) -> str:
        data = f"{rule.data}.{rule.field}" if rule.field else rule.data
        whom = {"share": f" with {rule.party}", "show": f" to {rule.party}"}.get(rule.action, "")
        form = next(f for f in Form if all(f.tells_at_most(limit) for limit in rule.forms))
        return f"{rule.clauses[0]} {_PASTS[rule.action]} {data}{whom} for {rule.purpose} as {form}"

    def _loaded(self, claim: Claim) -> tuple[str, tuple[Clause, ...]] | None:
        """Return what is loaded from elsewhere in a claim's areas without the consent that it names."""
        areas = {n.removeprefix("any in ") for n in claim.data if n.startswith("any in ")}
        for cookie in self.policy.of(Cookie):
            foreign = bool(cookie.hosts or cookie.by)
            agreed = claim.without_consent is not None and bool(cookie.consent)
            agreed = agreed and claim.without_consent in ("", cookie.consent)
            if foreign and not agreed and (not areas or areas & set(cookie.areas)):
                asks = f"on consent '{cookie.consent}'" if cookie.consent else "without asking"
                return f"{cookie.clause} loads {cookie.name} {asks}", (cookie.clause,)
        return None

    def _joined(self, claim: Claim) -> tuple[str, tuple[Clause, ...]] | None:
        fields = {d.name for d in self.policy.of(Data)}
        for join in self.policy.of(Join):
            for one, other in ((join.left, join.right), (join.right, join.left)):
                hit = self.picking.data_in(claim.data, one) and self.picking.data_in(claim.parties, other)
                agreed = claim.without_consent is not None and claim.without_consent in ("", join.consent)
                if {one, other} <= fields and hit and not (agreed and join.consent):
                    return f"{join.clause} joins {one} with {other} for {join.purpose}", (join.clause,)
        return None


def _classes(rules: list[Rule]) -> Iterator[list[Rule]]:
    """Yield the rules class by class: one action, datum, purpose and party each."""
    found: dict[tuple[str, ...], list[Rule]] = {}
    for r in rules:
        found.setdefault((r.action, r.data, r.purpose, r.party), []).append(r)
    yield from found.values()


def _granted(rules: list[Rule], space: Space) -> int:
    """Return the situations in which a ground holds and no right, gate or age is in the way (reading 6)."""
    free, grounds = space.all, 0
    for rule in rules:
        for atom in rule.rights:
            free &= space.no(atom)
        ground = space.time(rule.since, rule.until)
        for atom in rule.grounds:
            ground &= space.yes(atom)
        for atom in rule.needs:
            ground &= space.yes(atom) if atom.kind == "from" else space.all
        for atom in rule.stops:
            ground &= space.no(atom) if atom.kind == "under" else space.all
        grounds |= ground
    return free & grounds


def _any(rules: list[Rule], space: Space) -> int:
    found = 0
    for rule in rules:
        found |= space.holds(rule)
    return found


def _rests(consent: str, rule: Rule) -> bool:
    return any(a.kind == "consent" and consent in ("", a.name) for a in rule.needs)


def _days(claim: Claim) -> Iterator[date]:
    yield from (d for d in (claim.guard.since, claim.guard.until) if d)
