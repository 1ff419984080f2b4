"""Case: what of a document and of a log bears on one kept record.

Which keep rules apply now, field by field; which purposes want it; which holds stood and stand.  When it must
go is ``due``'s to say.  Its one rule: a category that no keep rule speaks of is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from troth.kernel.calendar import after_close, local_day
from troth.kernel.events import Interval, Log, collected_at, in_utc, joined, parted, spells
from troth.kernel.packs import merged
from troth.policy.model import Event, Fact, Guard, Hold, Keep, Policy, Purpose
from troth.terms import TrothError

REMEMBERED = 64  # policies whose rules are kept sorted
SHAPES = 4_096  # kinds of records (category, fields) whose rules are kept sorted; they hold no person


class NoKeepRule(TrothError):
    """No keep rule speaks of the category; it is never kept for ever by silence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored record: its id, its category, when it was collected (aware) and which fields it holds."""

    id: str
    data: str
    collected: datetime
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A policy with its packs, its rules of keeping sorted by category."""

    policy: Policy
    keeps: dict[str, tuple[Keep, ...]] = field(default_factory=dict)
    holds: dict[str, tuple[Hold, ...]] = field(default_factory=dict)
    wants: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # data → (purpose, field)
    facts: frozenset[str] = frozenset()
    counted: bool = False  # some fact or computed event counts from a record's own "collected"
    spoken: dict[tuple[str, tuple[str, ...]], tuple[Keep, ...]] = field(default_factory=dict)
    ruled: dict[tuple[object, ...], tuple[Keep, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One record to be judged: the rules that apply to it now, and the holds, over and open."""

    book: Book
    record: Kept
    log: Log
    now: datetime
    keeps: tuple[Keep, ...]
    past: tuple[Interval, ...] = ()
    open: tuple[Hold, ...] = ()
    since: datetime | None = None  # when the open holds began, None where only their standing is known

    @property
    def policy(self) -> Policy:
        return self.book.policy

    @property
    def zone(self) -> str:
        return self.book.policy.zone


_books: dict[int, tuple[Policy, Book]] = {}


def _book(policy: Policy) -> Book:
    """Return the policy's rules sorted; the memory holds the policy itself, so that no id is reused."""
    found = _books.get(id(policy))
    if found is None:
        if len(_books) >= REMEMBERED:
            _books.clear()
        found = _books[id(policy)] = (policy, _sorted(merged(policy)))
    return found[1]


def _sorted(policy: Policy) -> Book:
    counted = any(name.partition(" ")[0] == "collected" for s in _computed(policy) for name in s)
    book = Book(policy, facts=frozenset(f.name for f in policy.of(Fact)), counted=counted)
    for keep in policy.of(Keep):
        for name in dict.fromkeys(d.partition(".")[0] for d in keep.data):
            book.keeps[name] = (*book.keeps.get(name, ()), keep)
    for hold in policy.of(Hold):
        for name in dict.fromkeys(d.partition(".")[0] for d in hold.data):
            book.holds[name] = (*book.holds.get(name, ()), hold)
    for purpose in policy.of(Purpose):
        for use in (u for basis in purpose.bases for u in basis.uses):
            book.wants[use.data] = (*book.wants.get(use.data, ()), (purpose.name, use.field))
    return book


def _computed(policy: Policy) -> Iterator[tuple[str, ...]]:
    """Yield the names that each fact and each computed event is worked out from."""
    for fact in policy.of(Fact):
        yield (*(fact.starts or (fact.name,)), *(name for _, _, name in fact.ends))
    for event in policy.of(Event):
        yield (*event.restarts_at, *(n for pair in event.paused for n in pair))
        yield tuple(name for _, _, name in event.alternatives)


def case_of(policy: Policy, record: Kept, log: Log, facts: frozenset[str], now: datetime) -> Case:
    """Return what bears on the record now; raise ``NoKeepRule`` when no rule speaks of its category.

    ``facts`` may hold ``in NO`` and ``under 18``, for what rules say of places and ages.
    """
    book = _book(policy)
    now, record = utc(now), Kept(record.id, record.data, utc(record.collected), record.fields)
    log = collected_at(in_utc(log), record.collected, counted=book.counted)
    spoken = _spoken(book, record)
    if not spoken:
        raise NoKeepRule(f"no keep rule for '{record.data}'; add one to the document")
    standing = facts | {parted(fact)[0] for fact in facts if "(" in fact}
    keeps = tuple(k for k in spoken if _applies(k.guard, standing, book.policy.zone, now))
    case = Case(book, record, log, now, keeps)
    return _with_holds(case, standing)


def _spoken(book: Book, record: Kept) -> tuple[Keep, ...]:
    """Return the rules that speak of a record, whatever their guards say."""
    key = (record.data, record.fields)
    if key not in book.spoken:
        if len(book.spoken) >= SHAPES:
            book.spoken.clear()
        every = (*book.keeps.get(record.data, ()), *book.keeps.get("any", ()))
        book.spoken[key] = tuple(k for k in every if names(k.data, record))
    return book.spoken[key]


def _with_holds(case: Case, standing: frozenset[str]) -> Case:
    past: list[Interval] = []
    begun: list[datetime] = []
    open_, unknown = [], False
    every = [*case.book.holds.get(case.record.data, ()), *case.book.holds.get("any", ())]
    if not every:
        return case
    for hold in (h for h in every if names(h.data, case.record)):
        known = hold.while_fact in case.book.facts
        runs = spells(case.policy, hold.while_fact, case.log, case.now) if known else ()
        now = [r for r in runs if r[1] is None or after_close(r[1], case.zone) > case.now]
        past += [r for r in runs if r not in now]
        begun += [r[0] for r in now]
        if now or hold.while_fact in standing:
            open_.append(hold)
            unknown = unknown or not now
    since = None if unknown else min(begun, default=None)
    return replace(case, past=joined(sorted(past, key=_began)), open=tuple(open_), since=since)


def rules_of(case: Case, name: str) -> tuple[Keep, ...]:
    """Return the rules of one field: its own in place of its category's, laws of both; '' is the category."""
    ruled, key = case.book.ruled, (case.record.data, name, *map(id, case.keeps))
    if key not in ruled:
        if len(ruled) >= SHAPES:
            ruled.clear()
        ruled[key] = _rules_of(case, name)
    return ruled[key]


def _rules_of(case: Case, name: str) -> tuple[Keep, ...]:
    whole = tuple(k for k in case.keeps if case.record.data in k.data or "any" in k.data)
    if not name:
        return whole or case.keeps
    own = tuple(k for k in case.keeps if f"{case.record.data}.{name}" in k.data)
    keeps_itself = any(not k.because and bounded(k) for k in own)
    rules = own + tuple(k for k in whole if k not in own and (k.because or not keeps_itself))
    spoken = {d for k in case.book.keeps.get(case.record.data, ()) for d in k.data}
    spoken |= {d for k in case.book.keeps.get("any", ()) for d in k.data}
    if not rules and not spoken & {"any", case.record.data, f"{case.record.data}.{name}"}:
        raise NoKeepRule(f"no keep rule for '{case.record.data}.{name}'; add one to the document")
    return rules


def names(said: tuple[str, ...], record: Kept) -> bool:
    """Say whether a rule's data name the record's category or a field that it holds."""
    fields = {f"{record.data}.{name}" for name in record.fields}
    return any(name in ("any", record.data) or name in fields for name in said)


def _applies(guard: Guard, facts: frozenset[str], zone: str, now: datetime) -> bool:
    day = local_day(now, zone)
    if (guard.since and day < guard.since) or (guard.until and day >= guard.until):
        return False
    if any(name in facts for name in guard.unless):
        return False
    if guard.under_age is not None and f"under {guard.under_age}" in facts:
        return False
    if guard.place and f"in {guard.place}" not in facts:
        return False
    return not guard.when or any(all(name in facts for name in group) for group in guard.when)


def wanted(case: Case, live: frozenset[str], name: str) -> bool:
    """Say whether some purpose that may use the record, or this field of it, has a ground now."""
    wants = case.book.wants.get(case.record.data, ())
    return any(purpose in live and (not name or used in ("", name)) for purpose, used in wants)


def bounded(keep: Keep) -> bool:
    """Say whether the rule keeps at all, and is not a bare ``at latest``."""
    return keep.without_end or bool(keep.while_fact) or keep.span is not None


def _began(run: Interval) -> datetime:
    return run[0]


def utc(moment: datetime) -> datetime:
    """Return a moment in UTC: local times compare and add wrongly where clocks go back."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)
