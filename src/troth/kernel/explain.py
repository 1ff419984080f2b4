"""Explain: every rule that could answer a request, with what each still lacks; for the console's what-if.

The shortest list of changes stands in the refusal itself; here stand all of them.  Its one rule: what is
listed is what ``decide`` looked at, and nothing is judged twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from troth.kernel.decide import Kernel
from troth.kernel.rules import Rule
from troth.policy.model import Ground
from troth.terms import Clause, Decision, Request, State


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rule near a request: does it speak of it, is it in its time, and what does it lack of the person.

    ``barred`` says what no person can change: an unknown place, a missing balancing record.
    """

    clauses: tuple[Clause, ...]
    ground: Ground
    speaks: bool
    running: bool
    lacks: tuple[str, ...]
    barred: str
    since: date | None
    until: date | None

    @property
    def holds(self) -> bool:
        """Say whether it allows the request."""
        return self.speaks and self.running and not self.lacks and not self.barred


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with its candidates, those that hold first, then those that lack least."""

    decision: Decision
    candidates: tuple[Candidate, ...]


def explain(kernel: Kernel, request: Request, state: State, now: datetime) -> Explanation:
    """Return the decision of a request about a person at an aware moment, and every rule that was near it.

    Where no rule speaks of the request, the candidates are the rules of the same action and datum.
    """
    decision = kernel.decide(request, state, now)
    mask = kernel.fold(state, request.member, request.field, request.source)
    same = [i for i, r in enumerate(kernel.rules) if (r.action, r.data) == (request.action, request.data)]
    close = [i for i in same if kernel.rules[i].purpose == request.purpose]
    close = [i for i in close if kernel.rules[i].party == request.party] or close
    found = [_candidate(kernel, i, request, mask, now) for i in close or same]
    return Explanation(decision, tuple(sorted(found, key=_order)))


def _candidate(kernel: Kernel, i: int, request: Request, mask: int, now: datetime) -> Candidate:
    rule = kernel.rules[i]
    day = kernel.day(kernel.era(now))
    lacks = kernel.wants(i, mask, request)
    return Candidate(
        rule.clauses,
        rule.ground,
        _speaks(rule, request),
        rule.runs(day),
        lacks,
        rule.barred,
        rule.since,
        rule.until,
    )


def _speaks(rule: Rule, request: Request) -> bool:
    same = (rule.purpose, rule.party) == (request.purpose, request.party)
    return same and rule.speaks_of(request)


def _order(one: Candidate) -> tuple[bool, bool, bool, int]:
    return not one.speaks, bool(one.barred), not one.running, len(one.lacks)
