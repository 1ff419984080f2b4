"""Due: when a kept record must go, by which clause, and what it waits for (readings 8 to 10 and 14).

The last of several keep rules decides; ``at latest`` caps them, ``because`` floors, a hold stops the clock.
A field's own rule stands in place of its category's, a law's beside it; a record goes with its last field.
The law packs' rules count as the document's.
``due`` computes and never deletes: deleting is the gate's work.  A category without a rule is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from troth.kernel.calendar import (
    after_close,
    close_of,
    ends_at,
    financial_year_end,
    local_day,
    start_of,
)
from troth.kernel.events import Interval, Log, in_utc, joined, moment, parted, spells
from troth.kernel.packs import merged
from troth.policy.model import Fact, Guard, Hold, Keep, Policy, Purpose, Span
from troth.terms import Clause, TrothError

REMEMBERED = 64  # policies whose rules are kept sorted
_REAL = ("minute", "hour")


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
class Due:
    """The first instant at which the record must be gone, or what it waits for when ``at`` is None.

    ``restricted_from``: from then on it is only kept.  ``because``: the purpose whose law decides.
    ``outcome``: erase or anonymise, as the deciding rule says.
    """

    at: datetime | None
    clause: Clause
    restricted_from: datetime | None = None
    waits_for: str = ""
    because: str = ""
    held: bool = False
    outcome: str = "erase"


@dataclass(frozen=True, slots=True)
class Stays:
    """What an erasure request cannot remove: the data named, by which clause, until when or what."""

    data: str
    clause: Clause
    until: datetime | None
    because: str = ""
    waits_for: str = ""
    held: bool = False


Live: TypeAlias = frozenset[str] | Callable[[Kept], frozenset[str]]


def due(
    policy: Policy,
    record: Kept,
    log: Log,
    *,
    live_purposes: Live,
    facts: frozenset[str],
    now: datetime,
    field: str = "",
    was: datetime | None = None,
) -> Due:
    """Return when the record, or one field of it, must go; no ``live_purposes`` leaves laws and holds only.

    ``was`` is the instant it was due until now: once that has come, nothing that happens later moves it
    (reading 8), so a log need only hold the last occurrence of an event that happens often.

    >>> from datetime import UTC
    >>> policy = Policy((Keep(data=("seen",), span=Span(1, "day"), after="collected"),
    ...                  Purpose(name="look", bases=())), zone="Europe/Oslo")
    >>> seen = Kept("s-1", "seen", datetime(2025, 3, 1, 12, tzinfo=UTC))
    >>> str(due(policy, seen, {}, live_purposes=frozenset(), facts=frozenset(), now=seen.collected).at)
    '2025-03-01 13:00:00+01:00'
    """
    case = _case(policy, record, log, facts, now)
    if was is not None and was.astimezone(UTC) <= case.now:
        return _local(Due(was, _clause(case, case.keeps), was), policy.zone)
    live = live_purposes(record) if callable(live_purposes) else live_purposes
    names = (field,) if field else record.fields or ("",)
    groups = {_rules_of(case, name): name for name in reversed(names)}
    ends = [_due(case, rules, _wanted(case, live, name)) for rules, name in groups.items()]
    last = max(ends, key=lambda d: (d.at is None, d.at.timestamp() if d.at else 0.0))
    rest = _latest([d.restricted_from or d.at for d in ends])
    return _local(replace(last, restricted_from=rest if rest != last.at else None), policy.zone)


def erasable(
    policy: Policy, record: Kept, log: Log, *, facts: frozenset[str], now: datetime
) -> tuple[Stays, ...]:
    """Return what an erasure request of ``now`` must leave standing; empty when all of it goes."""
    case = _case(policy, record, log, facts, now)
    stays: list[Stays] = []
    for keep in case.keeps:
        if not keep.because or not _bounded(keep):
            continue
        run = _run(case, keep)
        if run.at is None or run.at > case.now:
            names = [d for d in keep.data if _names((d,), record)]
            until = run.at and run.at.astimezone(ZoneInfo(policy.zone))
            stays += [Stays(d, keep.clause, until, keep.because, run.waits_for) for d in names]
    for hold in case.open:
        waits = f"{hold.while_fact} ends"
        stays.append(Stays(record.data, hold.clause, None, hold.purpose, waits, held=True))
    return tuple(stays)


@dataclass(frozen=True, slots=True)
class _Book:
    """A policy with its packs, its rules of keeping sorted by category."""

    policy: Policy
    keeps: dict[str, tuple[Keep, ...]] = field(default_factory=dict)
    holds: dict[str, tuple[Hold, ...]] = field(default_factory=dict)
    wants: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # data → (purpose, field)
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Case:
    """One record to be judged: the rules that apply to it now, and the holds, over and open."""

    book: _Book
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


@dataclass(frozen=True, slots=True)
class _Run:
    keep: Keep
    at: datetime | None
    restricted_from: datetime | None = None
    waits_for: str = ""


_books: dict[int, tuple[Policy, _Book]] = {}


def _book(policy: Policy) -> _Book:
    """Return the policy's rules sorted; the memory holds the policy itself, so that no id is reused."""
    found = _books.get(id(policy))
    if found is None:
        if len(_books) >= REMEMBERED:
            _books.clear()
        found = _books[id(policy)] = (policy, _sorted(merged(policy)))
    return found[1]


def _sorted(policy: Policy) -> _Book:
    book = _Book(policy, facts=frozenset(f.name for f in policy.of(Fact)))
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


def _case(policy: Policy, record: Kept, log: Log, facts: frozenset[str], now: datetime) -> _Case:
    book = _book(policy)
    record, now = replace(record, collected=_utc(record.collected)), _utc(now)
    log = in_utc({**log, "collected": (record.collected,)})
    spoken = [*book.keeps.get(record.data, ()), *book.keeps.get("any", ())]
    spoken = [k for k in spoken if _names(k.data, record)]
    if not spoken:
        raise NoKeepRule(f"no keep rule for '{record.data}'; add one to the document")
    standing = facts | {parted(fact)[0] for fact in facts}
    keeps = tuple(k for k in spoken if _applies(k.guard, standing, book.policy.zone, now))
    case = _Case(book, record, log, now, keeps)
    return _with_holds(case, standing)


def _with_holds(case: _Case, standing: frozenset[str]) -> _Case:
    past: list[Interval] = []
    begun: list[datetime] = []
    open_, unknown = [], False
    every = [*case.book.holds.get(case.record.data, ()), *case.book.holds.get("any", ())]
    for hold in (h for h in every if _names(h.data, case.record)):
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


def _due(case: _Case, rules: tuple[Keep, ...], wanted: bool) -> Due:
    """Judge one set of rules: the last decides, once holds have stopped their clocks."""
    lawful = [_run(case, k) for k in rules if k.because and _bounded(k)]
    ordinary = [k for k in rules if not k.because]
    plain = [_capped(case, _run(case, k), ordinary) for k in ordinary if _bounded(k)] if wanted else []
    if not lawful and not plain:
        found = Due(_utc(after_close(case.now, case.zone)), _clause(case, rules))
    else:
        last = max(lawful + plain, key=_key)
        # Where a law alone is left of several rules the record rests from now; a law's own record does not.
        rest = _rested(plain) if plain or not any(map(_bounded, ordinary)) else case.now
        rest = rest if rest is not None and (last.at is None or rest < last.at) else None
        keep = last.keep
        found = Due(last.at, keep.clause, rest, last.waits_for, keep.because, outcome=keep.outcome)
    in_time = found.at is None or case.since is None or case.since < found.at
    if case.open and in_time:
        hold = case.open[0]
        return replace(found, at=None, clause=hold.clause, waits_for=f"{hold.while_fact} ends", held=True)
    return found


def _run(case: _Case, keep: Keep) -> _Run:
    """Work out one rule's end and, where it has a tail, from when the record is only kept."""
    if keep.without_end:
        return _Run(keep, None, waits_for="nothing: kept without end")
    if keep.while_fact:
        return _while(case, keep)
    name = keep.after or "collected"
    yearly = keep.end_of == "financial-year" or name.endswith("financial-year")
    name = "collected" if name.endswith("financial-year") else name
    name = f"{keep.end_of} ends" if keep.end_of not in ("", "financial-year") else name
    base = moment(case.policy, name, case.log, since=case.record.collected)
    if base is None or keep.span is None:
        return _Run(keep, None, waits_for=name)
    if yearly:
        year = financial_year_end(local_day(base, case.zone), case.policy.financial_year_end)
        base = close_of(year, case.zone)
    return _Run(keep, _ended(case, _utc(base), keep.span))


def _while(case: _Case, keep: Keep) -> _Run:
    """Follow the fact to its last end; data that came after it, or before any start, count from their day.

    Closing the account is an end that no later start takes back (where the fact says that it ends it).
    """
    came, fact = case.record.collected, keep.while_fact
    ends = {name for f in case.policy.of(Fact) if f.name == parted(fact)[0] for _, _, name in f.ends}
    closings = case.log.get("account-closed", ()) if "account-closed" in ends else ()
    closed = min((t for t in closings if came <= t <= case.now), default=None)
    runs = spells(case.policy, fact, case.log, closed or case.now)
    if runs and runs[-1][1] is None:
        return _Run(keep, None, waits_for=f"{fact} ends")
    stop = max([came, *(end for _, end in runs[-1:] if end is not None)])
    if closed and not runs:
        stop = closed
    rests = keep.then_span is not None and keep.then_restricted
    return _Run(keep, _tail(case, keep, stop), _utc(after_close(stop, case.zone)) if rests else None)


def _tail(case: _Case, keep: Keep, stop: datetime) -> datetime:
    return _ended(case, stop, keep.then_span)


def _ended(case: _Case, base: datetime, span: Span | None) -> datetime:
    """Return the first instant after the span (None: no time at all), each hold that is over left out."""
    at = _utc(after_close(base, case.zone) if span is None else ends_at(base, span, case.zone))
    for begun, over in case.past:
        if over is None or over <= base or begun >= at:
            continue
        if span is None or span.unit in _REAL:
            at += over - max(begun, base)
        else:
            days = local_day(over, case.zone) - local_day(max(begun, base), case.zone)
            at = _utc(start_of(local_day(at, case.zone) + days, case.zone))
    return at


def _capped(case: _Case, run: _Run, rules: Iterable[Keep]) -> _Run:
    """Bring a rule's end down to the earliest ``at latest``, counted from its event, else from collection."""
    for keep in rules:
        if keep.at_latest is None:
            continue
        name = keep.at_latest_after or (keep.after if not _bounded(keep) else "") or "collected"
        base = moment(case.policy, name, case.log, since=case.record.collected)
        cap = _ended(case, _utc(base), keep.at_latest) if base else None
        if cap is not None and (run.at is None or cap < run.at):
            run = _Run(replace(run.keep, clause=keep.clause), cap, run.restricted_from)
    return run


def _rested(plain: list[_Run]) -> datetime | None:
    """Return when the last ordinary rule stopped or went into its tail; None while one still runs on."""
    return _latest([r.restricted_from or r.at for r in plain])


def _rules_of(case: _Case, name: str) -> tuple[Keep, ...]:
    """Return the rules of one field: its own in place of its category's, laws of both; '' is the category."""
    whole = tuple(k for k in case.keeps if case.record.data in k.data or "any" in k.data)
    if not name:
        return whole or case.keeps
    own = tuple(k for k in case.keeps if f"{case.record.data}.{name}" in k.data)
    keeps_itself = any(not k.because and _bounded(k) for k in own)
    rules = own + tuple(k for k in whole if k not in own and (k.because or not keeps_itself))
    spoken = {d for k in case.book.keeps.get(case.record.data, ()) for d in k.data}
    spoken |= {d for k in case.book.keeps.get("any", ()) for d in k.data}
    if not rules and not spoken & {"any", case.record.data, f"{case.record.data}.{name}"}:
        raise NoKeepRule(f"no keep rule for '{case.record.data}.{name}'; add one to the document")
    return rules


def _names(names: tuple[str, ...], record: Kept) -> bool:
    fields = {f"{record.data}.{name}" for name in record.fields}
    return any(name in ("any", record.data) or name in fields for name in names)


def _applies(guard: Guard, facts: frozenset[str], zone: str, now: datetime) -> bool:
    day = local_day(now, zone)
    if (guard.since and day < guard.since) or (guard.until and day >= guard.until):
        return False
    if any(name in facts for name in guard.unless):
        return False
    if guard.place and f"in {guard.place}" not in facts:
        return False
    return not guard.when or any(all(name in facts for name in group) for group in guard.when)


def _wanted(case: _Case, live: frozenset[str], name: str) -> bool:
    """Say whether some purpose that may use the record, or this field of it, has a ground now."""
    wants = case.book.wants.get(case.record.data, ())
    return any(purpose in live and (not name or used in ("", name)) for purpose, used in wants)


def _bounded(keep: Keep) -> bool:
    """Say whether the rule keeps at all, and is not a bare ``at latest``."""
    return keep.without_end or bool(keep.while_fact) or keep.span is not None


def _latest(moments: list[datetime | None]) -> datetime | None:
    """Return the last of the moments; None where there is none, or one is still open."""
    known = [m for m in moments if m is not None]
    return max(known, default=None) if len(known) == len(moments) else None


def _utc(moment: datetime) -> datetime:
    """Return a moment in UTC: local times compare and add wrongly where clocks go back."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)


def _local(found: Due, zone: str) -> Due:
    there, rest = ZoneInfo(zone), found.restricted_from
    at = found.at and found.at.astimezone(there)
    return replace(found, at=at, restricted_from=rest and rest.astimezone(there))


def _began(run: Interval) -> datetime:
    return run[0]


def _key(run: _Run) -> tuple[bool, float]:
    return (run.at is None, run.at.timestamp() if run.at else 0.0)


def _clause(case: _Case, rules: tuple[Keep, ...]) -> Clause:
    """Return the clause of a record that no rule keeps now: one that speaks of it."""
    spoken = [*rules, *case.book.keeps.get(case.record.data, ()), *case.book.keeps.get("any", ())]
    return spoken[0].clause
