"""Folder: one person's records, opened inside one deed; every verb that writes works through it.

Opening drops what was due, closing moves every record whose instant changed and drops what is due by now.
INVARIANT (gone is gone): what was due when the folder was opened is dropped before anything else happens, so
that no event can bring it back.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from troth.gate.clock import Reckoning
from troth.gate.contacts import gone
from troth.gate.errors import Nobody, NoRecord
from troth.gate.facts import ENDED, Known, act_body, act_of, assuming, known, resting
from troth.gate.house import CLOSED, House, base
from troth.gate.silences import silences, thinned
from troth.gate.values import Act
from troth.kernel.calendar import local_day
from troth.store import Deed, Fenced, Meta, Record
from troth.store import NoRecord as Missing
from troth.terms import Action, Allowed, Clause, Permit, Refused, Request, State

IDLE = timedelta(days=1)  # a person of whom nothing is kept is forgotten after this
PAIR = "pair"  # the index by which the halves of data of two people find each other


@contextmanager
def opened(house: House, person: int) -> Iterator[Folder]:
    """Open a person's folder for one deed; raise ``Nobody`` when there is no such person."""
    with house.lock:
        try:
            with house.store.deed(person=person) as deed:
                folder = Folder(house, person, deed)
                folder.clear()
                yield folder
                folder.settle()
        except (Missing, Fenced):
            raise Nobody from None
        finally:
            house.memory.pop(person, None)
        _let_go(house, person, folder)
        if (folder.stale or folder.dated) and not folder.over and folder.marks.get("talks"):
            house.follow(house, person)


def standing(house: House, person: int, data: frozenset[str] | None = None) -> list[Record]:
    """Return a person's readable records (of these categories), without those whose time has come."""
    now, found = house.clock(), house.store.records(person=person, data=data)
    return [r for r in found if r.body is not None and not _over(r, now)]


class Folder:
    """The open folder of one person: what it writes and drops stands with its evidence, or not at all."""

    def __init__(self, house: House, person: int, deed: Deed) -> None:
        self.house, self.person, self.deed = house, person, deed
        self.now = house.clock()
        found = house.store.records(person=person)
        self.records = {r.rid: r for r in found if r.body is not None}
        self._reckoning: Reckoning | None = None
        self.gone = 0  # records and fields that went because their time had come
        self.over = False  # nothing is left to settle
        self.parted: set[str] = set()  # numbers of pairs whose half here went in this deed
        self.stale = False  # the person's state or log has changed, so every date must be looked at again
        self.dated: set[str] = set()  # categories whose dates must be, for what happened moves no others
        self._touched: set[int] = set()  # records that were rewritten
        self._moved: set[str] = set()  # categories that gained or lost a record

    # -- what is known -----------------------------------------------------------------------------

    @property
    def known(self) -> Known:
        """What the person did and what happened to them, with what this deed added."""
        return self.reckoning.person

    @property
    def reckoning(self) -> Reckoning:
        """The person's dates as they stand after what this deed did so far."""
        if self._reckoning is None:
            person = known(self.house, self.records.values())
            self._reckoning = Reckoning(self.house, person, self.now)
        return self._reckoning

    @property
    def state(self) -> State:
        """The state the kernel judges, now."""
        return self.reckoning.state

    def insist(
        self, request: Request, assumed: frozenset[str] = frozenset(), age: int | None = None
    ) -> Permit:
        """Return the permit for a touch, or raise ``Refused``.

        ``assumed`` are facts of whoever asks; ``age`` is what the record itself tells, where it tells one.
        """
        state = assuming(self.state, assumed) if assumed else self.state
        state = state if age is None else replace(state, age=age)
        decision = self.house.kernel.decide(request, state, self.now)
        if not isinstance(decision, Allowed):
            raise Refused(decision)
        return decision.permit

    def insist_each(
        self,
        action: Action,
        data: str,
        purpose: str,
        fields: Iterable[str],
        age: int | None = None,
        **more: Any,
    ) -> Permit:
        """Return the first field's permit when all may be touched; raise ``Refused`` otherwise."""
        asked = (Request(action, data, purpose, field=f, **more) for f in fields or ("",))
        permits = [self.insist(one, age=age) for one in asked]
        return permits[0]

    def get(self, rid: int) -> Record:
        """Return a record that stands; raise ``NoRecord``."""
        if rid not in self.records:
            raise NoRecord(rid)
        return self.records[rid]

    # -- what is written ---------------------------------------------------------------------------

    def put(
        self,
        data: str,
        body: dict[str, Any],
        *,
        purposes: tuple[str, ...],
        source: str,
        clause: Clause,
        place: str = "",
    ) -> int:
        """Seal a new record under its due time and return its number."""
        meta = Meta(clause.ref, purposes, source, place, self.now.astimezone(UTC).isoformat())
        draft = Record(self.person, 0, data, body, meta)
        at = self.reckoning.timed(draft).at
        meta = replace(meta, due=_text(at))
        rid = self.deed.put(data=data, body=body, meta=meta)
        self.records[rid] = Record(self.person, rid, data, body, meta)
        self._changed(data)
        return rid

    def rewrite(self, rid: int, body: dict[str, Any]) -> None:
        """Put a new body in place of the old."""
        old = self.records[rid]
        self.deed.replace(rid=rid, body=body)
        self.records[rid] = replace(old, body=body)
        self._touched.add(rid)
        self._changed(old.data)
        self._unfound(old)

    def drop(self, rid: int) -> None:
        """Delete a record."""
        self.deed.drop(rid=rid)
        record = self.records.pop(rid)
        for digest in _digests(record.body):
            self.note("file gone", record.meta.clause, data=record.data, sha256=digest)
        self._changed(record.data)
        self._unfound(record)
        if number := pair_of(self.house, record):
            self.deed.unindex(namespace=PAIR, value=number)
            self.parted.add(number)

    def note(self, kind: str, clause: Clause | str = "", /, **detail: Any) -> int:
        """Write evidence: names of the document only, never a value; return its leaf."""
        ref = clause if isinstance(clause, str) else clause.ref
        said = {k: v for k, v in detail.items() if v not in ("", (), [], None)}
        return self.deed.log(kind=kind, clause=ref, detail=said)

    def remember(self, kind: str, body: dict[str, Any], source: str = "person") -> int:
        """Put one of the gate's own records of this kind into its category."""
        purposes, clause = self.house.home(kind)
        return self.put(self.house.kinds[kind], body, purposes=purposes, source=source, clause=clause)

    def act(self, act: Act) -> int:
        """Write an act of the person down."""
        return self.remember("consents", act_body(act))

    def trail(self, act: str, /, **said: str) -> None:
        """Write a line of the security log, which people with a permit read; not every document has one."""
        if self.house.remembers("trail"):
            body = {
                "act": act,
                "at": self.now.astimezone(UTC).isoformat(),
                **{k: v for k, v in said.items() if v},
            }
            self.remember("trail", body, source="device")

    def happen(self, name: str, at: datetime | None = None) -> None:
        """Write a moment into the person's event log."""
        if name == "last-use" and at is None and self._used_today():
            return
        body = self._events()
        times = [*self.known.log.get(name, ()), at or self.now]
        log = {**self.known.log, name: tuple(sorted(set(times)))}
        thin = {
            n: [t.astimezone(UTC).isoformat() for t in thinned(self.house, n, ts)] for n, ts in log.items()
        }
        stale, only = self.stale, self.house.moves.get(base(name))
        self._write_events({**body, "log": thin})
        if only is not None:
            self.stale, self.dated = stale, self.dated | only

    def mark(self, **said: Any) -> None:
        """Write down what the gate must know of the person beside events: which contacts were verified."""
        self._write_events({**self._events(), **said})

    @property
    def marks(self) -> Mapping[str, Any]:
        """What ``mark`` wrote."""
        return self._events()

    # -- opening and closing -----------------------------------------------------------------------

    def clear(self) -> None:
        """Drop what is due, or the single fields that are, with one entry of evidence for each clause."""
        gone: dict[tuple[str, str], int] = {}
        for rid, record in list(self.records.items()):
            if _over(record, self.now) and record.data != self.house.kinds["events"]:
                timing = self.reckoning.timed(record)
                clause = timing.due.clause.ref if timing.due else record.meta.clause
                self._take(rid, timing.fields)
                gone[record.data, clause] = gone.get((record.data, clause), 0) + 1
        for (data, clause), count in gone.items():
            self.note("gone", clause, data=data, records=count)
        self.gone += sum(gone.values())

    def settle(self) -> None:
        """Re-time what may have moved, drop what is due by now, and set the person's own last day."""
        if self.over:
            return
        mind, acts = self.reckoning, self.house.kinds["consents"]
        for rid, record in list(self.records.items()):
            if record.data not in (self.house.kinds["events"], acts) and self._may_move(rid):
                self.move(rid, mind.timed(record).at)
        for rid, record in list(self.records.items()):
            if record.data == acts and (self._may_move(rid) or self._rests(record)):
                self.move(rid, self._proved(record, mind.timed(record).at))
        self.clear()
        events = self._events_rid()
        if events is None:
            self._write_events({"log": {}})
            events = self._events_rid()
        if events is not None:
            self.move(events, None if len(self.records) > 1 else self.now + IDLE)

    def move(self, rid: int, at: datetime | None) -> None:
        """Give a record another instant at which it goes."""
        record, due = self.records[rid], _text(at)
        if record.meta.due != due:
            self.deed.move(rid=rid, due=due)
            self.records[rid] = replace(record, meta=replace(record.meta, due=due))

    def erased(self) -> bool:
        """Say whether the person was erased, and only what a law keeps is here."""
        return bool(self._events().get("erased"))

    def empty(self) -> bool:
        """Say whether nothing but the event log is left."""
        return all(r.data == self.house.kinds["events"] for r in self.records.values())

    def _proved(self, record: Record, at: datetime | None) -> datetime | None:
        """Return when an act goes: with the last record that rests on it, if its own period is over before.

        A yes that could no longer be shown would take its data along, and a no would be forgotten while
        they are still here.
        """
        body = record.body
        if at is None or not isinstance(body, dict) or "kind" not in body:
            return at
        act = act_of(body)
        if self.known.latest(act.kind).get(act.name) != act or not (act.given or act.channel == CLOSED):
            return at
        data = resting(self.house, act.kind, act.name)
        ends = [r.meta.due for r in self.records.values() if r.data in data]
        if any(end is None for end in ends):
            return None
        return max([at, *(datetime.fromisoformat(end) for end in ends if end)])

    def _unfound(self, record: Record) -> None:
        """Let the person no longer be found by what a record that is gone, or its old body, said of them."""
        for kind, value in gone(self.house, record, self.records.values()):
            self.deed.unindex(namespace=kind, value=value)

    def _changed(self, data: str) -> None:
        """Take note of a change; what was reckoned is forgotten when the person's state is read from it."""
        self._moved.add(data)
        if data in self.house.telling:
            self._reckoning, self.stale = None, True

    def _may_move(self, rid: int) -> bool:
        """Say whether this deed can have moved a record; else its date stands, which looked ahead."""
        return self.stale or rid in self._touched or self.records[rid].data in self.dated

    def _rests(self, record: Record) -> bool:
        """Say whether something that came or went in this deed rests on an act."""
        body = record.body
        if not isinstance(body, dict) or "kind" not in body:
            return False
        return not (self._moved | self.dated).isdisjoint(resting(self.house, body["kind"], body["name"]))

    def _used_today(self) -> bool:
        """Say whether the person used the service this very day, and nothing has ended since.

        Silences are counted in days, so a second use on a day moves no date; it is not written again.
        """
        log, zone = self.known.log, self.house.policy.zone
        last = max(log.get("last-use", ()), default=None)
        if last is None or local_day(last, zone) != local_day(self.now, zone) or not self._slow("last-use"):
            return False
        ends = (t for n, ts in log.items() if n == "account-closed" or n.endswith(ENDED) for t in ts)
        return all(t < last for t in ends)

    def _slow(self, name: str) -> bool:
        """Say whether every silence of a name is counted in days or longer."""
        return all(span.unit not in ("minute", "hour") for span in silences(self.house, name))

    def _take(self, rid: int, fields: Mapping[str, datetime]) -> None:
        body = self.records[rid].body
        left = (
            {n: v for n, v in body.items() if n not in fields or fields[n] > self.now}
            if isinstance(body, dict)
            else {}
        )
        if fields and left:
            self.rewrite(rid, left)
        else:
            self.drop(rid)

    def _events_rid(self) -> int | None:
        return next((i for i, r in self.records.items() if r.data == self.house.kinds["events"]), None)

    def _events(self) -> dict[str, Any]:
        rid = self._events_rid()
        body = self.records[rid].body if rid is not None else None
        return dict(body) if isinstance(body, dict) else {}

    def _write_events(self, body: dict[str, Any]) -> None:
        rid = self._events_rid()
        if rid is not None:
            self.rewrite(rid, body)
            return
        purposes, clause = self.house.home("events")
        meta = Meta(clause.ref, purposes, "device", "", self.now.astimezone(UTC).isoformat())
        rid = self.deed.put(data=self.house.kinds["events"], body=body, meta=meta)
        self.records[rid] = Record(self.person, rid, self.house.kinds["events"], body, meta)
        self._changed(self.house.kinds["events"])


def pair_of(house: House, record: Record) -> str:
    """Return the number of the pair a record is half of, '' for a record of one person."""
    datum, body = house.data.get(record.data), record.body
    return str(body.get("pair", "")) if datum and datum.of_two and isinstance(body, dict) else ""


def _let_go(house: House, person: int, folder: Folder) -> None:
    """Let the other halves go of the pairs that ended in a deed; data of two people end with the first."""
    gone = folder.parted
    if folder.over:
        gone = gone | {number for r in folder.records.values() if (number := pair_of(house, r))}
    for number in gone:
        for other in house.store.find_all(namespace=PAIR, value=number):
            if other != person:
                with opened(house, other) as theirs:
                    for rid in [i for i, r in theirs.records.items() if pair_of(house, r) == number]:
                        clause = house.data[theirs.records[rid].data].clause
                        theirs.drop(rid)
                        theirs.note("parted", clause)


def number(prefix: str = "") -> str:
    """Return a new number for a request, that says nothing about the person."""
    return f"{prefix}{secrets.token_hex(4)}"


def _digests(body: object) -> tuple[str, ...]:
    """Return the digests of the files in a record, by which the evidence names one and nobody reads it."""
    files = body.values() if isinstance(body, dict) else ()
    return tuple(str(f["sha256"]) for f in files if isinstance(f, dict) and "sha256" in f)


def _over(record: Record, now: datetime) -> bool:
    return record.meta.due is not None and datetime.fromisoformat(record.meta.due) <= now


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
