"""Decide: the kernel.  The document says, the kernel decides, the gate does, the ledger shows.

Each elementary rule is one bit of a Python integer: scope bits for the request, person bits for the state,
moment bits for the era.  One AND of the three names every deciding rule.  Only here is a ``Permit`` made.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from troth.kernel.rules import Rule, lower
from troth.policy.model import Policy
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

REMEMBERED = 100_000  # answers and folded states kept; then the memory starts afresh
_VERBS = {Form.TRUNCATED: "truncate", Form.PSEUDONYMOUS: "pseudonymise", Form.ANONYMOUS: "anonymise"}


def compile(policy: Policy) -> Kernel:
    """Return the kernel of a policy: its rules as bits.

    >>> now = datetime.fromisoformat("2026-04-12T12:00+02:00")
    >>> print(compile(Policy()).decide(Request(Action.USE, "contact", "news"), State(), now))
    use of contact for news is refused: no rule speaks of it
    """
    return Kernel(policy)


class Kernel:
    """A compiled policy; ``rules[i]`` is bit ``i``.  Immutable but for its memory of answers."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.rules = lower(policy)
        self._days = sorted({d for r in self.rules for d in (r.since, r.until) if d})
        zone = ZoneInfo(policy.zone)
        self._edges = [datetime.combine(d, time(), zone) for d in self._days]
        starts = [date.min, *self._days]
        self._eras = [_bits(self.rules, lambda r, d=day: _runs(r, d)) for day in starts]
        self._scopes: dict[Request, int] = {}
        self._folds: dict[tuple[State, str], int] = {}
        self._answers: dict[tuple[Request, State, int], Decision] = {}
        self._index: dict[tuple[str, str, str, str], list[int]] = {}
        for i, r in enumerate(self.rules):
            self._index.setdefault((r.action, r.data, r.purpose, r.party), []).append(i)

    def decide(self, request: Request, state: State, now: datetime) -> Decision:
        """Answer one request about one person at one moment (aware, else ``ValueError``)."""
        if now.tzinfo is None:
            raise ValueError("the moment of a decision needs a time zone")
        era = bisect_right(self._edges, now) if self._edges else 0
        key = (request, state, era)
        found = self._answers.get(key)
        if found is None:
            found = self._decide(request, state, era)
            _remember(self._answers, key, found)
        return found

    def scope(self, request: Request) -> int:
        """Return the bits of the rules that speak of this request."""
        found = self._scopes.get(request)
        if found is None:
            near = self._index.get((request.action, request.data, request.purpose, request.party), [])
            found = sum(1 << i for i in near if _speaks(self.rules[i], request))
            _remember(self._scopes, request, found)
        return found

    def fold(self, state: State, member: str = "") -> int:
        """Return the bits of the rules whose needs this person's state meets, for one member."""
        key = (state, member)
        found = self._folds.get(key)
        if found is None:
            found = _bits(self.rules, lambda r: not _lacks(r, state, member))
            _remember(self._folds, key, found)
        return found

    def moment(self, now: datetime) -> int:
        """Return the bits of the rules that run at this moment."""
        return self._eras[bisect_right(self._edges, now)]

    def answer(self, scope: int, mask: int, moment: int) -> tuple[Clause, ...]:
        """Return all deciding clauses of three sets of bits; none means no."""
        return self._clauses(scope & mask & moment)

    def _decide(self, request: Request, state: State, era: int) -> Decision:
        scope = self.scope(request)
        if not scope:
            near = [r.clauses for r in self.rules if r.data == request.data and r.action == request.action]
            return Unsaid(request, near[0][:1] if near else ())
        running = scope & self._eras[era]
        deciding = running & self.fold(state, request.member)
        if deciding:
            clauses = self._clauses(deciding)
            return Allowed(Permit(request, clauses, _duties(request, clauses)))
        return RefusedBy(request, self._clauses(scope), self._smallest(running, state, request.member))

    def _smallest(self, running: int, state: State, member: str) -> tuple[str, ...]:
        lists = [_lacks(self.rules[i], state, member) for i in _each(running)]
        possible = [x for i, x in zip(_each(running), lists, strict=True) if _can(self.rules[i])]
        return min(possible, key=lambda x: (len(x), x), default=())

    def _clauses(self, bits: int) -> tuple[Clause, ...]:
        return tuple(dict.fromkeys(c for i in _each(bits) for c in self.rules[i].clauses))


def _duties(request: Request, clauses: tuple[Clause, ...]) -> tuple[Duty, ...]:
    clause = clauses[0]
    form = [Duty(_VERBS[request.form], clause=clause)] if request.form in _VERBS else []
    record = [Duty("record", clause=clause)] if request.action is Action.SHARE else []
    return (*form, *record)


def _speaks(rule: Rule, request: Request) -> bool:
    return (
        rule.field in ("", request.field)
        and (request.action is not Action.COLLECT or request.source in rule.sources)
        and all(request.form.tells_at_most(f) for f in rule.forms)
    )


def _runs(rule: Rule, day: date) -> bool:
    return (rule.since is None or rule.since <= day) and (rule.until is None or day < rule.until)


def _can(rule: Rule) -> bool:
    return not rule.facts & rule.bans


def _lacks(rule: Rule, state: State, member: str) -> tuple[str, ...]:
    """Return the changes of the state that this rule still waits for; empty when it holds."""

    def own(word: str) -> str:
        return f"{word}({member})" if word in rule.member_words else word

    lacks = [f"consent {c}" for c in map(own, rule.consents) if c not in state.consents]
    lacks += [f"fact {f}" for f in map(own, rule.facts) if f not in state.facts]
    lacks += [f"fact {f} ended" for f in map(own, rule.bans) if f in state.facts]
    if state.age is None:
        lacks += [f"age at least {max(rule.from_age, rule.minimum)}"] if rule.from_age else []
    elif state.age < max(rule.from_age, rule.minimum):
        lacks.append(f"age at least {max(rule.from_age, rule.minimum)}")
    if rule.stopped_by_objection and rule.purpose in state.objections:
        lacks.append(f"objection to {rule.purpose} lifted")
    if rule.stopped_by_restriction and (rule.data in state.restricted or "*" in state.restricted):
        lacks.append("restriction lifted")
    if rule.needs_notice and not state.notice:
        lacks.append("notice accepted")
    return tuple(sorted(lacks))


def _bits(rules: tuple[Rule, ...], holds) -> int:  # type: ignore[no-untyped-def]
    return sum(1 << i for i, r in enumerate(rules) if holds(r))


def _each(bits: int) -> list[int]:
    return [i for i in range(bits.bit_length()) if bits >> i & 1]


def _remember(memory, key, value) -> None:  # type: ignore[no-untyped-def]
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[key] = value
