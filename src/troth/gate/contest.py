"""Contest: a prize draw or a competition, from commitment over entries to a result that anybody can check.

An entrant is a number made of their own key, which says nothing about them and dies with them; the list of
numbers is published, so a draw outlives everybody in it.  The seed lies sealed in the register until it is
drawn.  INVARIANT (bound before): a commitment stands in the evidence before the first entry, the list before
the seed.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from troth.gate import lots, register
from troth.gate.errors import BadBody, GateError, NoRecord
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.read import show
from troth.gate.transact import Entry, transact
from troth.kernel.calendar import start_of
from troth.store import Record

KIND, FIELD = "contest", "contest"
WORDS = ("name", "kind", "commitment", "announced", "opened", "digest", "seed", "beacon", "done")
LENGTH = 16  # characters of an entry's number


class TooLate(GateError):
    """Entries are taken no more."""

    def __init__(self) -> None:
        super().__init__("it is closed; entries are taken no more")


class NotThen(GateError):
    """A step that comes too early, too late or twice."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest as everybody may see it; ``seed`` is '' until it was drawn.

    ``announced`` is what the beacon will be, ``beacon`` what it was; ``withdrawn`` are entries of the closed
    list that did not stand when it was drawn.
    """

    name: str
    kind: str
    closes: date
    commitment: str = ""
    announced: str = ""
    opened: str = ""
    digest: str = ""
    entries: tuple[str, ...] = ()
    seed: str = ""
    beacon: str = ""
    winners: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    done: str = ""


def open_contest(
    house: House, *, name: str, kind: str, closes: date, announced: str = "", seed: str = ""
) -> Contest:
    """Publish the commitment to a seed, once; left out, the seed is drawn from the system's randomness."""
    with house.lock:
        if register.found(house, kind=KIND, number=name) is not None:
            raise NotThen("it is open already, and its seed is committed to")
        secret = seed or secrets.token_hex(32)
        bound = lots.commitment(name, closes.isoformat(), announced, secret)
        body = {"name": name, "kind": kind, "closes": closes.isoformat(), "announced": announced}
        at = house.clock().astimezone(UTC).isoformat()
        sealed = {**body, "number": name, "commitment": bound, "secret": secret, "opened": at}
        register.enter(house, kind=KIND, number=name, body=sealed)
        house.store.log(kind="contest opened", detail={**body, "commitment": bound})
    return contest(house, name=name)


def contest(house: House, *, name: str) -> Contest:
    """Return a contest as everybody may see it; raise ``NoRecord``."""
    body = _note(house, name)
    said: dict[str, Any] = {n: str(body.get(n, "")) for n in WORDS}
    said |= {n: tuple(body.get(n, ())) for n in ("entries", "winners", "withdrawn")}
    return Contest(closes=date.fromisoformat(body["closes"]), **said)


def enter(
    house: House,
    *,
    person: int,
    name: str,
    data: str,
    purpose: str,
    body: Mapping[str, object],
    events: Sequence[str] = (),
) -> str:
    """Enter a person once; return their number.  Raises ``TooLate``, ``NotThen`` and what a rule says."""
    note = contest(house, name=name)
    if note.digest or house.clock() >= _close(house, note.closes):
        raise TooLate
    if FIELD in body:
        raise BadBody(data, FIELD, "it is named in the address")
    with house.lock:
        if _entry(house, person, name, data) is not None:
            raise NotThen("one entry each: you take part already")
        entry = Entry(data, {**body, FIELD: name}, purpose, "person")
        transact(house, person=person, entries=(entry,), events=events)
        with opened(house, person) as folder:
            folder.deed.index(namespace=_space(name), value=register.EVERY)
    return number_of(house, person=person, name=name, data=data)


def leave(house: House, *, person: int, name: str, data: str) -> None:
    """Take an entry back; whoever left cannot win.  Raises ``NoRecord``."""
    found = _entry(house, person, name, data)
    if found is None:
        raise NoRecord(name)
    with opened(house, person) as folder:
        folder.drop(found.rid)
        folder.deed.unindex(namespace=_space(name), value=register.EVERY)
        folder.note("entry taken back", house.datum(data).clause, data=data)


def number_of(house: House, *, person: int, name: str, data: str) -> str:
    """Return a person's number in a contest, '' when no entry of theirs stands."""
    if _entry(house, person, name, data) is None:
        return ""
    return house.store.tag(person=person, label=f"{KIND} {name}")[:LENGTH]


def entrants(house: House, *, name: str, data: str) -> Iterator[tuple[int, str]]:
    """Yield everybody whose entry stands, with their number."""
    for person in house.store.find_all(namespace=_space(name), value=register.EVERY):
        found = number_of(house, person=person, name=name, data=data)
        if found:
            yield person, found


def works(
    house: House, *, name: str, data: str, purpose: str, role: str, staff: str
) -> tuple[tuple[str, Mapping[str, object]], ...]:
    """Show a role what was handed in, by number and by no name; each look stands with its person."""
    shown = []
    for person, entry in entrants(house, name=name, data=data):
        held = show(
            house, person=person, data=data, purpose=purpose, role=role, reason="judging", staff=staff
        )
        shown += [(entry, h.body) for h in held if h.body.get(FIELD) == name]
    return tuple(sorted(shown))


def close(house: House, *, name: str, data: str) -> Contest:
    """Fix the list of entries and publish its digest, once the last day is over; twice is once."""
    note = contest(house, name=name)
    if house.clock() < _close(house, note.closes):
        raise NotThen(f"entries are taken until the end of {note.closes.isoformat()}")
    if not note.digest:
        numbers = sorted(n for _, n in entrants(house, name=name, data=data))
        closed = {"digest": lots.digest(numbers), "entries": numbers}
        _amend(house, name, closed, "contest closed", entries=len(numbers), digest=closed["digest"])
    return contest(house, name=name)


def draw(house: House, *, name: str, data: str, winners: int, beacon: str = "") -> Contest:
    """Draw as committed: reveal the seed, and let the first in rank win whose entries stand."""
    note = close(house, name=name, data=data)
    if note.done or note.kind != "draw":
        raise NotThen("it was drawn before" if note.done else "a competition is judged, not drawn")
    if bool(note.announced) != bool(beacon):
        said = f"give the beacon that was announced: {note.announced}" if note.announced else "none was"
        raise BadBody(KIND, "beacon", said)
    seed = str(_note(house, name)["secret"])
    here = {n for _, n in entrants(house, name=name, data=data)}
    won = lots.won(lots.ranked(note.entries, seed, beacon), here, winners)
    gone = sorted(set(note.entries) - here)
    result = {"seed": seed, "beacon": beacon, "winners": list(won), "withdrawn": gone}
    return _done(house, name, result, "drawn", seed=seed, beacon=beacon)


def judge(house: House, *, name: str, data: str, winners: Collection[str], reason: str) -> Contest:
    """Write down whom the judges chose and why."""
    note = close(house, name=name, data=data)
    if note.done or note.kind == "draw":
        raise NotThen("it was judged before" if note.done else "a draw is drawn, not judged")
    here = {n for _, n in entrants(house, name=name, data=data)}
    if not winners or not set(winners) <= here or not reason.strip():
        raise BadBody(KIND, "winners", "entries that stand, and the judges' reason")
    return _done(house, name, {"winners": sorted(winners), "reason": reason}, "judged")


def _done(house: House, name: str, result: Mapping[str, Any], step: str, **public: object) -> Contest:
    at = house.clock().astimezone(UTC).isoformat()
    _amend(house, name, {**result, "done": at}, step, over=True, winners=result["winners"], **public)
    return contest(house, name=name)


def _amend(
    house: House, name: str, more: Mapping[str, Any], step: str, *, over: bool = False, **public: object
) -> None:
    body = {**_note(house, name), **more}
    register.amend(house, kind=KIND, number=name, body=body, step=step, over=over)
    house.store.log(kind=step, detail={"name": name, **{k: v for k, v in public.items() if v}})


def _note(house: House, name: str) -> dict[str, Any]:
    body = register.found(house, kind=KIND, number=name)
    if body is None:
        raise NoRecord(name)
    return dict(body)


def _entry(house: House, person: int, name: str, data: str) -> Record | None:
    held = standing(house, person, frozenset({data}))
    return next((r for r in held if isinstance(r.body, dict) and r.body.get(FIELD) == name), None)


def _close(house: House, closes: date) -> datetime:
    return start_of(closes + timedelta(days=1), house.policy.zone)


def _space(name: str) -> str:
    return f"{KIND}:{name}"
