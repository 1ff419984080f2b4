"""Decide: the kernel.  The document says, the kernel decides, the gate does, the ledger shows.

A person is folded once to the bits of what is true of them.  A request's rules form a *case*: the bits they
mention, and a table from those bits to the answer, filled as it is asked.  The table belongs to the
document and knows no person: two people who differ in nothing that the rules mention share a line.  Only
here is a ``Permit`` made.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from itertools import product
from typing import TypeVar
from zoneinfo import ZoneInfo

from troth.kernel.atoms import AGED, STOPS, Atom, stands, unwanted, wanted
from troth.kernel.packs import merged
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
People = dict[int, tuple[State, int]]  # by the address of a state: the state itself, and its bits
REMEMBERED = 100_000  # folded states and cases kept; then the memory starts afresh
VIEWS = 1_000  # members, fields and origins by which people are folded at once
LINES = 4_096  # lines of one case's table kept
SILENCES = 16_384  # requests of which no rule speaks kept; anybody can think of more
_VERBS = {Form.TRUNCATED: "truncate", Form.PSEUDONYMOUS: "pseudonymise", Form.ANONYMOUS: "anonymise"}


def compile(policy: Policy, parties: Parties | None = None) -> Kernel:
    """Return the kernel of a policy: its rules as bits.  ``parties``: class → member → what is known of it.

    >>> now = datetime.fromisoformat("2026-04-12T12:00+02:00")
    >>> print(compile(Policy()).decide(Request(Action.USE, "contact", "news"), State(), now))
    use of contact for news is refused: no rule speaks of it
    """
    return Kernel(policy, parties)


class Case:
    """One request's rules in one era, the bits they mention, and the answers given so far: ``lines``.

    ``running`` lists (needs, stops, number) of the rules that can hold then; ``words`` names each bit's
    change, in the order of a refusal; ``plain`` when no two of them say the same.  ``people`` holds the
    folded people as seen by the member, field and origin that the request names.
    """

    __slots__ = (
        "clauses",
        "era",
        "lines",
        "mentioned",
        "people",
        "plain",
        "request",
        "rules",
        "running",
        "words",
    )

    def __init__(
        self, kernel: Kernel, request: Request, era: int, rules: tuple[int, ...], people: People
    ) -> None:
        self.request, self.era, self.rules, self.people = request, era, rules, people
        self.lines: dict[int, Decision] = {}
        self.mentioned = 0
        for i in rules:
            self.mentioned |= kernel.needs[i] | kernel.stops[i]
        day = kernel.day(era)
        own = [(i, kernel.rules[i]) for i in rules]
        able = [i for i, rule in own if rule.possible() and rule.runs(day)]
        self.running = tuple((kernel.needs[i], kernel.stops[i], i) for i in able)
        self.words = tuple(sorted((change(kernel.atoms[b], request), 1 << b) for b in each(self.mentioned)))
        words = {word for word, _ in self.words}
        self.plain = len(words) == len(self.words) and sum(w.startswith(AGED) for w in words) < 2
        self.clauses = _clauses(rule for _, rule in own)


class Words:
    """The atoms that are one word of a state: looked up, and not asked one by one."""

    def __init__(self, bit: Mapping[Atom, int]) -> None:
        self.consents: dict[str, int] = {}
        self.facts: dict[str, int] = {}
        self.unknown: dict[str, int] = {}
        for atom, one in bit.items():
            if is_word(atom):
                for table in self._tables(atom.kind):
                    table[atom.name] = table.get(atom.name, 0) | one

    def of(self, state: State) -> int:
        """Return the bits of what a state's words make true."""
        found = 0
        for words, table in (
            (state.consents, self.consents),
            (state.facts, self.facts),
            (state.unknown, self.unknown),
        ):
            for word in words:
                found |= table.get(word, 0)
        return found

    def _tables(self, kind: str) -> tuple[dict[str, int], ...]:
        if kind == "consent":
            return (self.consents,)
        return (self.facts, self.unknown) if kind == "possible" else (self.facts,)


class Kernel:
    """A compiled policy.  Immutable but for its memory of tables and folded states."""

    def __init__(self, policy: Policy, parties: Parties | None = None) -> None:
        self.policy = policy
        self.rules = lower(policy, parties)
        self.atoms: tuple[Atom, ...] = tuple(
            sorted({a for r in self.rules for a in r.needs | r.stops}, key=str)
        )
        bit = {atom: 1 << i for i, atom in enumerate(self.atoms)}
        self._words = Words(bit)
        self._asking: dict[str, list[tuple[int, Atom]]] = {}
        for atom, one in bit.items():
            if not is_word(atom):
                self._asking.setdefault(atom.kind, []).append((one, atom))
        self.needs = tuple(sum(bit[a] for a in r.needs) for r in self.rules)
        self.stops = tuple(sum(bit[a] for a in r.stops) for r in self.rules)
        self.days: tuple[date, ...] = tuple(sorted({d for r in self.rules for d in (r.since, r.until) if d}))
        zone = ZoneInfo(policy.zone)
        starts = (datetime.combine(d, time(), zone).astimezone(UTC) for d in self.days)
        self._starts = [datetime.min.replace(tzinfo=UTC), *starts]  # of each era; the first never began
        self._fields = {
            d.name: frozenset(f.name for f in d.fields) for d in merged(policy).of(Data) if d.fields
        }
        self._index: dict[tuple[str, ...], list[int]] = {}
        self._near: dict[tuple[str, ...], tuple[Clause, ...]] = {}
        for i, r in enumerate(self.rules):
            self._index.setdefault((r.action, r.data, r.purpose, r.party), []).append(i)
            self._near.setdefault((r.action, r.data), r.clauses[:1])
        self._cases: list[dict[str, Case]] = [{} for _ in self._starts]
        self._silent: dict[str, Unsaid] = {}
        self._folds: dict[tuple[State, str, str, str], int] = {}
        self._people: dict[tuple[str, str, str], People] = {}
        for action, data, purpose, party in self._index:
            self.case(Request(Action(action), data, purpose, party), len(self.days))

    def decide(self, request: Request, state: State, now: datetime) -> Decision:
        """Answer one request about one person at one moment (aware, else ``ValueError``)."""
        try:
            era = bisect_right(self._starts, now) - 1
        except TypeError as naive:
            raise ValueError("the moment of a decision needs a time zone") from naive
        case = self._cases[era].get(request.key) or self.case(request, era)
        if case is None:
            return self._silence(request)
        held = case.people.get(id(state))
        mask = held[1] if held is not None and held[0] is state else self._hold(case, state)
        seen = mask & case.mentioned
        found = case.lines.get(seen)
        return self._answer(case, seen) if found is None else found

    def fold(self, state: State, member: str = "", field: str = "", origin: str = "") -> int:
        """Return the bits of what is true of a person, for the member, field and origin a request names."""
        key = (state, member, field, origin)
        found = self._folds.get(key)
        if found is None:
            found = self._words.of(state)
            acts = {"objection": state.objections, "restriction": state.restricted}
            for kind, asking in self._asking.items():
                if acts.get(kind, True):  # who neither objects nor restricts need not be asked about either
                    found |= sum(bit for bit, atom in asking if stands(atom, state, *key[1:]))
            _remember(self._folds, key, found)
        return found

    def case(self, request: Request, era: int) -> Case | None:
        """Return the case of a request in an era; None when no rule speaks of it."""
        cases = self._cases[era]
        found = cases.get(request.key)
        if found is None and request.key not in self._silent:
            speaking = self._speaking(request)
            if not speaking:
                return None
            if len(self._people) >= VIEWS:
                self._people.clear()
                for every in self._cases:
                    every.clear()
            view = request.member, request.field, _origin(request)
            found = Case(self, request, era, speaking, self._people.setdefault(view, {}))
            _remember(cases, request.key, found)
        return found

    def fill(self, most: int = 128) -> int:
        """Answer beforehand every situation of each case that has at most ``most``; return how many lines.

        A server does this once when it starts, so that no request pays for being the first of its kind.
        """
        lines = 0
        for known, era in product(list(self._cases[-1].values()), range(len(self._cases))):
            bits = [1 << b for b in each(known.mentioned)]
            case = self.case(known.request, era)
            if case is None or 1 << len(bits) > most:
                continue
            for chosen in range(1 << len(bits)):
                self._answer(case, sum(b for i, b in enumerate(bits) if chosen >> i & 1))
                lines += 1
        return lines

    def era(self, now: datetime) -> int:
        """Return the number, from 0, of the era of an aware moment (else ``ValueError``)."""
        try:
            return bisect_right(self._starts, now) - 1
        except TypeError as naive:
            raise ValueError("the moment of a decision needs a time zone") from naive

    def day(self, era: int) -> date:
        """Return the first day of an era in company time."""
        return self.days[era - 1] if era else date.min

    def wants(self, i: int, mask: int, request: Request) -> tuple[str, ...]:
        """Return the changes that rule ``i`` waits for, given a person's bits, in a request's words."""
        lacking = self.needs[i] & ~mask | self.stops[i] & mask
        return shorten([change(self.atoms[b], request) for b in each(lacking)])

    def _speaking(self, request: Request) -> tuple[int, ...]:
        known = self._fields.get(request.data)
        if request.field and known is not None and request.field not in known:
            return ()
        near = self._index.get((request.action, request.data, request.purpose, request.party), ())
        return tuple(i for i in near if self.rules[i].speaks_of(request))

    def _hold(self, case: Case, state: State) -> int:
        """Fold a person and keep the object, so that its address stays its own while it is remembered."""
        request = case.request
        mask = self.fold(state, request.member, request.field, _origin(request))
        _remember(case.people, id(state), (state, mask))
        return mask

    def _silence(self, request: Request) -> Unsaid:
        found = self._silent.get(request.key)
        if found is None:
            found = Unsaid(request, self._near.get((request.action, request.data), ()))
            _remember(self._silent, request.key, found, SILENCES)
        return found

    def _answer(self, case: Case, mask: int) -> Decision:
        found = self._judge(case, mask)
        _remember(case.lines, mask, found, LINES)
        return found

    def _judge(self, case: Case, mask: int) -> Decision:
        request, running = case.request, case.running
        lacking = [need & ~mask | stop & mask for need, stop, _ in running]
        if 0 in lacking:
            deciding = (i for bits, (_, _, i) in zip(lacking, running, strict=True) if not bits)
            clauses = _clauses(self.rules[i] for i in deciding)
            return Allowed(Permit(request, clauses, _duties(request, clauses)))
        if not running:
            return RefusedBy(request, case.clauses, self._idle(case, mask))
        offers = [_words(case, bits) for bits in lacking]
        return RefusedBy(request, case.clauses, min(offers, key=_length) if len(offers) > 1 else offers[0])

    def _idle(self, case: Case, mask: int) -> tuple[str, ...]:
        """Return what is missing when no rule can hold in this era: another time, or what bars them all."""
        day = self.day(case.era)
        rules = [(i, self.rules[i]) for i in case.rules]
        later = [(*self.wants(i, mask, case.request), _time(r, day)) for i, r in rules if r.possible()]
        return min(later or [(r.barred,) for _, r in rules if r.barred], key=_length, default=())


def _origin(request: Request) -> str:
    """Return the member a datum came from, which only a share asks about."""
    return request.source if request.action is Action.SHARE else ""


def change(atom: Atom, request: Request) -> str:
    """Name the change that an atom asks for, whether a rule needs it or is stopped by it."""
    name = unwanted if atom.kind in STOPS else wanted
    return name(atom, request.member, request.field, request.source)


def is_word(atom: Atom) -> bool:
    """Say whether an atom is true exactly when its name stands in the state."""
    return atom.kind in ("consent", "fact", "possible") and not atom.per and not atom.also


def each(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first.

    >>> list(each(0b1010))
    [1, 3]
    """
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _words(case: Case, bits: int) -> tuple[str, ...]:
    words = [word for word, bit in case.words if bits & bit]
    return tuple(words) if case.plain else shorten(words)


def shorten(words: list[str]) -> tuple[str, ...]:
    """Return changes in order, each once, and of several ages the highest.

    >>> shorten(["age at least 13", "consent tips", "age at least 16"])
    ('age at least 16', 'consent tips')
    """
    if len(words) < 2:
        return tuple(words)
    ages = [w for w in words if w.startswith(AGED)]
    oldest = max(ages, key=lambda w: int(w[len(AGED) :])) if len(ages) > 1 else ""
    return tuple(sorted({w for w in words if not oldest or w == oldest or w not in ages}))


def _length(words: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return len(words), words


def _clauses(rules: Iterable[Rule]) -> tuple[Clause, ...]:
    return tuple(dict.fromkeys(c for r in rules for c in r.clauses))


def _duties(request: Request, clauses: tuple[Clause, ...]) -> tuple[Duty, ...]:
    clause = clauses[0]
    form = [Duty(_VERBS[request.form], clause=clause)] if request.form in _VERBS else []
    record = [Duty("record", clause=clause)] if request.action is Action.SHARE else []
    return (*form, *record)


def _time(rule: Rule, day: date) -> str:
    return f"the rule in force, from {rule.since}" if rule.since and day < rule.since else "the rule renewed"


def _remember(memory: dict[K, V], key: K, value: V, most: int = REMEMBERED) -> None:
    if len(memory) >= most:
        memory.clear()
    memory[key] = value
