"""Clock: when a record must go, by the kernel's calendar and by what is known of the person now.

A purpose keeps a record alive while its ground holds for raw data, and while it may be used at all for data
that were derived.  What time alone will change (a consent running out, a rule's last day) is looked ahead, so
that the stored instant is right until the next event.  It computes; ``folder`` moves and drops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from troth.gate.ages import younger
from troth.gate.facts import ENDED, Known, assuming, expiry, members, state_of
from troth.gate.house import CLOSED, House
from troth.kernel.due import Due, Kept, NoKeepRule, due
from troth.kernel.events import Log
from troth.policy.model import Tell
from troth.store import Record
from troth.terms import Action, Request, State

NONE: Mapping[str, frozenset[int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Timing:
    """When a record goes, and ``fields`` of it that go before; ``at`` is the first of these instants."""

    due: Due | None
    at: datetime | None
    fields: Mapping[str, datetime]


@dataclass(frozen=True)
class Reckoning:
    """One person's dates at one moment; what several records share is worked out once."""

    house: House
    person: Known
    now: datetime
    _alive: dict[tuple[object, ...], frozenset[str]] = field(default_factory=dict, repr=False)
    _states: dict[datetime, State] = field(default_factory=dict, repr=False)

    @cached_property
    def state(self) -> State:
        """The person's state now."""
        return self.at(self.now)

    @cached_property
    def edges(self) -> list[datetime]:
        """The moments ahead at which time alone changes what is allowed, in order."""
        ends = [expiry(self.house, a) for a in self.person.latest("consent").values() if a.given]
        return sorted(t for t in (*ends, *self.house.eras) if t is not None and t > self.now)

    def at(self, moment: datetime) -> State:
        """Return the person's state at a moment ahead, if nothing else happens."""
        if moment not in self._states:
            self._states[moment] = state_of(self.house, self.person, moment)
        return self._states[moment]

    def live(self, record: Record, moment: datetime, part: str = "") -> frozenset[str]:
        """Return the purposes for which the record, or a field that is agreed to by itself, may be kept."""
        names = (
            tuple(record.body) if isinstance(record.body, dict) and _split(self.house, record.data) else ()
        )
        if part and record.data in self.house.by_field:
            names = (part,)
        key = (record.data, record.meta.source, names, moment)
        if key not in self._alive:
            self._alive[key] = _live(self.house, self._resting(moment), record, moment, ("", *names))
        return self._alive[key]

    def _resting(self, moment: datetime) -> State:
        """Return the state in which a period runs out: a yes that ended with the account ends no period.

        Closing restricts what the account was for, and its tail runs; only the person's own taking back of a
        consent takes the data along at once.
        """
        ended = (n for n, a in self.person.latest("consent").items() if a.channel == CLOSED)
        state = self.at(moment)
        return replace(state, consents=state.consents.union(ended))

    def timed(self, record: Record) -> Timing:
        """Return when the record goes: by its rules, or before, when its person was not told of it in time.

        A category without a keep rule has no date of its own.
        """
        found, wait = self._timed(record), self.person.untold.get(record.rid)
        by = datetime.fromisoformat(wait["by"]) if wait else None
        if by is None or (found.at is not None and found.at <= by):
            return found
        clause = found.due.clause if found.due else self.house.datum(record.data).clause
        tells = (t.clause for t in self.house.policy.of(Tell) if t.about == record.data)
        return Timing(Due(by, next(tells, clause)), by, {})

    def _timed(self, record: Record) -> Timing:
        found = self._ahead(record, "")
        if found is None or not _split(self.house, record.data) or not isinstance(record.body, dict):
            return Timing(found, found.at if found else None, {})
        parts = {name: self._ahead(record, name) for name in record.body}
        ends = {name: part.at for name, part in parts.items() if part is not None and part.at is not None}
        first = min(ends.values(), default=None)
        whole = len(ends) == len(parts) and len(set(ends.values())) == 1
        return Timing(found, first, {} if whole else ends)

    def _ahead(self, record: Record, part: str) -> Due | None:
        """Return the due time as it is now, or an earlier edge at which the record would be due at once."""
        found = self._due(record, self.now, part)
        if found is None or found.held:
            return found
        for edge in self.edges:
            if found.at is not None and edge >= found.at:
                break
            if self.live(record, edge, part) == self.live(record, self.now, part):
                continue
            then = self._due(record, edge, part)
            if then is not None and then.at is not None and then.at <= edge:
                return Due(edge, then.clause, found.restricted_from, "", then.because)
        return found

    def _due(self, record: Record, moment: datetime, part: str) -> Due | None:
        """Ask the kernel; what is kept of an erased person is kept by laws and holds alone."""
        if not self.house.keeps.get(record.data) or not record.meta.collected:
            return None
        fields = tuple(record.body) if isinstance(record.body, dict) else ()
        collected = datetime.fromisoformat(record.meta.collected)
        alive = frozenset[str]() if record.meta.restricted else self.live(record, moment, part)
        try:
            return due(
                self.house.calendar,
                Kept(str(record.rid), record.data, collected, fields),
                own_log(self.house, record, self.person.log, self.person.covered),
                live_purposes=alive,
                facts=self.at(moment).facts | younger(self.house, self.at(moment).age),
                now=moment,
                field=part,
            )
        except NoKeepRule:
            return None


def own_log(house: House, record: Record, log: Log, covered: Mapping[str, frozenset[int]] = NONE) -> Log:
    """Return the log as this record sees it: its own dates stand for the person's.

    A claim carries the day from which it could be brought, a request the moment of its answer.  Whoever gives
    us something during a visit has acted at that moment, so a silence that ends the visit counts from there.
    """
    for fact in (f for f, rids in covered.items() if record.rid not in rids):
        log = {n: times for n, times in log.items() if n not in (fact, fact + ENDED)}
    mine: dict[str, tuple[datetime, ...]] = {}
    body = record.body if isinstance(record.body, dict) else {}
    for name in house.dates.get(record.data, ()):
        if body.get(name):
            mine[name] = (_midday(house, str(body[name])),)
    if isinstance(body.get("answered"), str) and body["answered"]:
        mine["case-closed"] = (datetime.fromisoformat(body["answered"]),)
    for name in house.visits.get(record.data, ()):
        mine[name] = (*log.get(name, ()), datetime.fromisoformat(record.meta.collected))
    # The person's own log, where nothing is added: what was worked out from it serves all their records.
    return {**log, **mine} if mine else log


def _live(
    house: House, state: State, record: Record, now: datetime, parts: tuple[str, ...]
) -> frozenset[str]:
    """Return the purposes that keep a record alive.

    A fact that a keep rule itself counts from is taken as holding: the rule's own dates bound it, and its
    tail would else end with the fact.
    """
    datum = house.data.get(record.data)
    if datum is None:
        return frozenset()
    action = Action.USE if datum.inputs else Action.KEEP
    tails = frozenset(k.while_fact for k in house.keeps[record.data] if k.while_fact)
    # What is restricted is kept (GDPR Art. 18(2)), what was derived as well: a restriction ends no record.
    assumed = replace(assuming(state, tails), restricted=frozenset())
    source = record.meta.source.partition(":")[2]
    known = [source] if source else ["", *sorted(members(state))]
    return frozenset(
        purpose
        for purpose, field in house.candidates.get(record.data, ())
        if (not field or len(parts) == 1 or field in parts)  # a use of another field keeps nothing alive
        and any(
            house.kernel.decide(Request(action, record.data, purpose, field=f, member=m), assumed, now)
            for m in known
            for f in ([field] if field else parts)
        )
    )


def _split(house: House, data: str) -> bool:
    """Say whether fields of a category may go apart: by rules of their own, or by consents of their own."""
    named = (name for keep in house.keeps.get(data, ()) for name in keep.data)
    return data in house.by_field or any(name.startswith(f"{data}.") for name in named)


def _midday(house: House, value: str) -> datetime:
    """Read a date as noon of that local day, so that a day's arithmetic starts inside it."""
    at = datetime.fromisoformat(value)
    if at.tzinfo is not None:
        return at
    return datetime.combine(date.fromisoformat(value[:10]), time(12), ZoneInfo(house.policy.zone))
