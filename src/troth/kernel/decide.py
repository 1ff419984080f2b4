"""Decide: the kernel.  The document says, the kernel decides, the gate does, the ledger shows.

A person is folded once to the bits of what is true of them.  A request's rules form a *case*: the bits they
mention, and a table from those bits to the answer, filled as it is asked.  The table belongs to the
document and knows no person: two people who differ in nothing that the rules mention share a line.  Only
here is a ``Permit`` made.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from troth.kernel.atoms import Atom, stands, unwanted, wanted
from troth.kernel.places import Parties
from troth.kernel.rules import Rule, lower
from troth.policy.model import Data, Policy
from troth.terms import (
    Action,
    Allowed,
    Clause,
    Decision,
    Duty,
    Form,
    Permit,
    RefusedBy,
    Request,
    State,
    Unsaid,
)

K = TypeVar("K")
V = TypeVar("V")
REMEMBERED = 100_000  # folded states and cases kept; then the memory starts afresh
LINES = 4_096  # lines of one case's table kept
_VERBS = {Form.TRUNCATED: "truncate", Form.PSEUDONYMOUS: "pseudonymise", Form.ANONYMOUS: "anonymise"}


def compile(policy: Policy, parties: Parties | None = None) -> Kernel:
    """Return the kernel of a policy: its rules as bits.  ``parties``: class → member → what is known of it.

    >>> now = datetime.fromisoformat("2026-04-12T12:00+02:00")
    >>> print(compile(Policy()).decide(Request(Action.USE, "contact", "news"), State(), now))
    use of contact for news is refused: no rule speaks of it
    """
    return Kernel(policy, parties)


class Case:
    """One request's rules, the bits they mention, and the answers given so far, one table an era."""

    __slots__ = ("eras", "mentioned", "rules", "tables")

    def __init__(self, rules: tuple[int, ...], mentioned: int, eras: tuple[tuple[int, ...], ...]) -> None:
        self.rules = rules
        self.mentioned = mentioned
        self.eras = eras
        self.tables: tuple[dict[int, Decision], ...] = tuple({} for _ in eras)


class Kernel:
    """A compiled policy.  Immutable but for its memory of tables and folded states."""

    def __init__(self, policy: Policy, parties: Parties | None = None) -> None:
        self.policy = policy
        self.rules = lower(policy, parties)
        self.atoms: tuple[Atom, ...] = tuple(
            sorted({a for r in self.rules for a in r.needs | r.stops}, key=str)
        )
        self.bit = {atom: i for i, atom in enumerate(self.atoms)}
        self.needs = tuple(self._mask(r.needs) for r in self.rules)
        self.stops = tuple(self._mask(r.stops) for r in self.rules)
        self.days: tuple[date, ...] = tuple(sorted({d for r in self.rules for d in (r.since, r.until) if d}))
        zone = ZoneInfo(policy.zone)
        self._edges = [datetime.combine(d, time(), zone) for d in self.days]
        self._fields = {d.name: frozenset(f.name for f in d.fields) for d in policy.of(Data) if d.fields}
        self._index: dict[tuple[str, str, str, str], list[int]] = {}
        self._near: dict[tuple[str, str], tuple[Clause, ...]] = {}
        for i, r in enumerate(self.rules):
            self._index.setdefault((r.action, r.data, r.purpose, r.party), []).append(i)
            self._near.setdefault((r.action, r.data), r.clauses[:1])
        self._cases: dict[Request, Case] = {}
        self._folds: dict[tuple[State, str, str], int] = {}

    def decide(self, request: Request, state: State, now: datetime) -> Decision:
        """Answer one request about one person at one moment (aware, else ``ValueError``)."""
        if now.tzinfo is None:
            raise ValueError("the moment of a decision needs a time zone")
        case = self._cases.get(request) or self.case(request)
        if case is None:
            return Unsaid(request, self._near.get((request.action, request.data), ()))
        key = (state, request.member, request.field)
        mask = self._folds.get(key)
        if mask is None:
            mask = self.fold(*key)
        era = bisect_right(self._edges, now) if self._edges else 0
        seen = mask & case.mentioned
        found = case.tables[era].get(seen)
        return self._answer(request, case, era, seen) if found is None else found

    def fold(self, state: State, member: str = "", field: str = "") -> int:
        """Return the bits of what is true of a person, for the member and field that a request names."""
        key = (state, member, field)
        found = self._folds.get(key)
        if found is None:
            found = sum(1 << i for i, a in enumerate(self.atoms) if stands(a, state, member, field))
            _remember(self._folds, key, found)
        return found

    def case(self, request: Request) -> Case | None:
        """Return the case of a request; None when no rule speaks of it.  Silence is not remembered."""
        found = self._cases.get(request)
        if found is None:
            speaking = self._speaking(request)
            if not speaking:
                return None
            mentioned = 0
            for i in speaking:
                mentioned |= self.needs[i] | self.stops[i]
            eras = tuple(
                tuple(i for i in speaking if self.rules[i].runs(day)) for day in (date.min, *self.days)
            )
            found = Case(speaking, mentioned, eras)
            _remember(self._cases, request, found)
        return found

    def era(self, now: datetime) -> int:
        """Return the number of the era, counted from 0, in which an aware moment lies."""
        return bisect_right(self._edges, now)

    def lacks(self, i: int, mask: int, member: str = "", field: str = "") -> tuple[str, ...]:
        """Return the changes that rule ``i`` waits for, given a person's bits; none when it holds."""
        missing, standing = self.needs[i] & ~mask, self.stops[i] & mask
        words = [wanted(self.atoms[b], member, field) for b in _each(missing)]
        words += [unwanted(self.atoms[b], member, field) for b in _each(standing)]
        ages = [w for w in words if w.startswith("age at least ")]
        oldest = max(ages, key=lambda w: int(w.rsplit(" ", 1)[1]), default="")
        return tuple(sorted({w for w in words if w not in ages} | {oldest} - {""}))

    def _speaking(self, request: Request) -> tuple[int, ...]:
        known = self._fields.get(request.data)
        if request.field and known is not None and request.field not in known:
            return ()
        near = self._index.get((request.action, request.data, request.purpose, request.party), ())
        return tuple(i for i in near if self.rules[i].speaks_of(request))

    def _answer(self, request: Request, case: Case, era: int, mask: int) -> Decision:
        found = self._judge(request, case, era, mask)
        _remember(case.tables[era], mask, found, LINES)
        return found

    def _judge(self, request: Request, case: Case, era: int, mask: int) -> Decision:
        deciding = [i for i in case.eras[era] if self._holds(i, mask)]
        if deciding:
            clauses = self._clauses(deciding)
            return Allowed(Permit(request, clauses, _duties(request, clauses)))
        return RefusedBy(request, self._clauses(case.rules), self._smallest(request, case, era, mask))

    def _holds(self, i: int, mask: int) -> bool:
        return not (self.needs[i] & ~mask or self.stops[i] & mask or self.rules[i].barred)

    def _smallest(self, request: Request, case: Case, era: int, mask: int) -> tuple[str, ...]:
        """Return the shortest list of changes; a rule out of its time, or barred, for want of others."""
        offers: list[tuple[int, int, tuple[str, ...]]] = []
        for i in case.rules:
            rule = self.rules[i]
            running = i in case.eras[era]
            words = self.lacks(i, mask, request.member, request.field)
            if rule.barred:
                offers.append((2, 0, (rule.barred,)))
            elif rule.possible():
                words = words if running else (*words, _time(rule, self._day(era)))
                offers.append((0 if running else 1, len(words), words))
        return min(offers, default=(0, 0, ()))[2]

    def _day(self, era: int) -> date:
        return self.days[era - 1] if era else date.min

    def _clauses(self, rules: list[int] | tuple[int, ...]) -> tuple[Clause, ...]:
        return tuple(dict.fromkeys(c for i in rules for c in self.rules[i].clauses))

    def _mask(self, atoms: frozenset[Atom]) -> int:
        return sum(1 << self.bit[a] for a in atoms)


def _duties(request: Request, clauses: tuple[Clause, ...]) -> tuple[Duty, ...]:
    clause = clauses[0]
    form = [Duty(_VERBS[request.form], clause=clause)] if request.form in _VERBS else []
    record = [Duty("record", clause=clause)] if request.action is Action.SHARE else []
    return (*form, *record)


def _time(rule: Rule, day: date) -> str:
    return f"the rule in force, from {rule.since}" if rule.since and day < rule.since else "the rule renewed"


def _each(bits: int) -> list[int]:
    return [i for i in range(bits.bit_length()) if bits >> i & 1]


def _remember(memory: dict[K, V], key: K, value: V, most: int = REMEMBERED) -> None:
    if len(memory) >= most:
        memory.clear()
    memory[key] = value
