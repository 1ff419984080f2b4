"""Clock: when a record must go, by the kernel's calendar and by what is known of the person now.

A purpose keeps a record alive while its ground holds for raw data, and while it may be used at all for data
that were derived.  What time alone will change (a consent running out, a rule's last day) is looked ahead, so
that the stored instant is right until the next event.  It computes; ``folder`` moves and drops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from troth.gate.facts import Known, expiry, members, state_of, without
from troth.gate.house import House
from troth.kernel.calendar import stops_at
from troth.kernel.due import Due, Kept, NoKeepRule, due
from troth.kernel.events import Log
from troth.policy.model import Event
from troth.store import Record
from troth.terms import Action, Request, State


@dataclass(frozen=True, slots=True)
class Timing:
    """When a record goes, and ``fields`` of it that go before; ``at`` is the first of these instants."""

    due: Due | None
    at: datetime | None
    fields: Mapping[str, datetime]


def timed(house: House, person: Known, record: Record, now: datetime, state: State | None = None) -> Timing:
    """Return when the record goes.  A category without a keep rule has no date of its own."""
    state = state or state_of(house, person, now)
    body = record.body if isinstance(record.body, dict) else {}
    split = _split(house, record.data)
    found = _ahead(house, person, record, now, state, "")
    if found is None or not split:
        return Timing(found, found.at if found else None, {})
    ends: dict[str, datetime] = {}
    last = found
    parts = [(name, _ahead(house, person, record, now, state, name)) for name in body]
    for name, part in parts:
        if part is not None and part.at is not None:
            ends[name] = part.at
        if part is not None and (part.at is None or (last.at is not None and part.at > last.at)):
            last = part
    first = min((t for t in ends.values()), default=None)
    whole = len(ends) == len(parts) and bool(parts) and len(set(ends.values())) == 1
    return Timing(last, first, {} if whole else ends)


def live(house: House, state: State, record: Record, now: datetime) -> frozenset[str]:
    """Return the purposes for which the record may be kept now.

    A fact that a keep rule itself counts from is taken as holding: the rule's own dates bound it, and its
    tail would else end with the fact.
    """
    datum = house.data.get(record.data)
    if datum is None:
        return frozenset()
    action = Action.USE if datum.inputs else Action.KEEP
    tails = frozenset(k.while_fact for k in house.keeps[record.data] if k.while_fact)
    assumed = without(state, facts=tails)
    source = record.meta.source.partition(":")[2]
    known = [source] if source else ["", *sorted(members(state))]
    parts = ["", *record.body] if isinstance(record.body, dict) and _split(house, record.data) else [""]
    return frozenset(
        purpose
        for purpose, field in house.candidates.get(record.data, ())
        if any(
            house.kernel.decide(Request(action, record.data, purpose, field=f, member=m), assumed, now)
            for m in known
            for f in ([field] if field else parts)
        )
    )


def own_log(house: House, record: Record, log: Log) -> Log:
    """Return the log as this record sees it: its own dates first, and its own visit only.

    A person's visits share the names of their events.  A record that goes some days after ``visit-end`` means
    the end of the visit it was collected in, so what came after that end is another visit's.
    """
    mine = dict(log)
    body = record.body if isinstance(record.body, dict) else {}
    for name, value in body.items():
        if name in house.events and isinstance(value, str):
            mine[name] = (_midday(house, value),)
    if isinstance(body.get("answered"), str) and body["answered"]:
        mine["case-closed"] = (datetime.fromisoformat(body["answered"]),)
    ends = {k.after for k in house.keeps.get(record.data, ())}
    for event in (e for e in house.policy.of(Event) if e.name in ends):
        if any(kind == "without" for kind, _, _ in event.alternatives):
            mine.update(_visit(house, event, datetime.fromisoformat(record.meta.collected), mine))
    return mine


def edges(house: House, person: Known, now: datetime) -> list[datetime]:
    """Return the moments ahead at which time alone changes what is allowed, in order."""
    ends = [expiry(house, a) for a in person.latest("consent").values() if a.given]
    days = {d for rule in house.kernel.rules for d in (rule.since, rule.until) if d}
    zone = ZoneInfo(house.policy.zone)
    starts = [datetime.combine(day, time(), zone) for day in days]
    return sorted(t for t in (*ends, *starts) if t is not None and t > now)


def _ahead(
    house: House, person: Known, record: Record, now: datetime, state: State, field: str
) -> Due | None:
    """Return the due time as it is now, or an earlier edge at which it would be due at once."""
    found = _due(house, person, record, now, state, field)
    if found is None or found.held:
        return found
    for edge in edges(house, person, now):
        if found.at is not None and edge >= found.at:
            break
        then = _due(house, person, record, edge, state_of(house, person, edge), field)
        if then is not None and then.at is not None and then.at <= edge:
            return Due(edge, then.clause, found.restricted_from, "", then.because)
    return found


def _due(house: House, person: Known, record: Record, now: datetime, state: State, field: str) -> Due | None:
    if not house.keeps.get(record.data) or not record.meta.collected:
        return None
    body = record.body if isinstance(record.body, dict) else {}
    kept = Kept(str(record.rid), record.data, datetime.fromisoformat(record.meta.collected), tuple(body))
    erased = record.meta.restricted
    alive = frozenset() if erased else live(house, state, record, now)
    try:
        return due(
            house.policy,
            kept,
            own_log(house, record, person.log),
            live_purposes=alive,
            facts=state.facts,
            now=now,
            field=field,
        )
    except NoKeepRule:
        return None


def _split(house: House, data: str) -> bool:
    return any(n.startswith(f"{data}.") for k in house.keeps.get(data, ()) for n in k.data)


def _midday(house: House, value: str) -> datetime:
    """Read a date as noon of that local day, so that a day's arithmetic starts inside it."""
    at = datetime.fromisoformat(value)
    if at.tzinfo is not None:
        return at
    return datetime.combine(date.fromisoformat(value[:10]), time(12), ZoneInfo(house.policy.zone))


def _visit(house: House, event: Event, at: datetime, log: Log) -> dict[str, tuple[datetime, ...]]:
    """Return the occurrences that end the stretch in which ``at`` lies."""
    own: dict[str, tuple[datetime, ...]] = {}
    for kind, span, name in event.alternatives:
        times = sorted(log.get(name, ()))
        if kind == "is":
            own[name] = tuple(_first(t for t in times if t >= at))
        elif kind == "without" and span is not None:
            last = max((t for t in times if t <= at), default=at)
            last = at if stops_at(last, span, house.policy.zone) < at else last
            for t in (t for t in times if t > last):
                if t > stops_at(last, span, house.policy.zone):
                    break
                last = t
            own[name] = (max(last, at),)
        else:
            own[name] = (max((t for t in times if t <= at), default=at),)
    return {name: times for name, times in own.items()}


def _first(times: Iterable[datetime]) -> Iterable[datetime]:
    first = min(times, default=None)
    return () if first is None else (first,)
