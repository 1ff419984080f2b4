"""Link: conversations lie under a random person of their own, apart from whoever held them.

The talker is found from the person by a pseudonym that is made of the person's own key, kept as a keyed
digest under the talker's: erasing either cuts the link for good.  What the person decides and what happens to
them is copied over (names and moments, nothing that identifies), so that rules and clocks hold for both.
INVARIANT (one way): nothing under the talker leads back to the person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from troth.gate.ages import years
from troth.gate.clock import Reckoning
from troth.gate.facts import Known, act_body, known
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.identify import APART as AREA
from troth.gate.identify import new_person
from troth.gate.lasting import lasting
from troth.gate.read import held_of
from troth.gate.values import Act, Held
from troth.store import NoRecord

TALKS = "talks"  # the index and the mark by which a person's talker is found
NUMBER = "conversation"  # the index by which a conversation of nobody known is found again
APART = 1_000_000_000  # added to a record's number where it is told as the person's own


def talker_of(house: House, person: int) -> int | None:
    """Return under whom a person's conversations lie; None when they have none, or are erased."""
    try:
        name = house.store.tag(person=person, label=TALKS)
    except NoRecord:
        return None
    return house.store.find(namespace=TALKS, value=name) if name else None


def talker(house: House, person: int | None, number: str = "") -> int:
    """Return under whom a turn is stored: the person's talker, or that of a conversation of nobody known."""
    with house.lock:
        found = (
            house.store.find(namespace=NUMBER, value=number) if person is None else talker_of(house, person)
        )
        if found is not None:
            if person is not None:
                follow(house, person)
            return found
        made = new_person(house, area=AREA)
        if person is not None:
            with opened(house, person) as folder:
                folder.mark(talks=True)
        with opened(house, made) as folder:
            if person is None:
                folder.deed.index(namespace=NUMBER, value=number)
            else:
                name = house.store.tag(person=person, label=TALKS)
                folder.deed.index(namespace=TALKS, value=name)
        if person is not None:
            follow(house, person)
    return made


def follow(house: House, person: int) -> None:
    """Let the talker know what the person decided and what happened to them since.

    It is a deed of its own, after the person's; one that a crash kept from happening happens when the person
    next talks or looks, because both begin with it.
    """
    other = talker_of(house, person)
    if other is None:
        return
    mind = known(house, standing(house, person, house.telling))
    log = {n: [t.astimezone(UTC).isoformat() for t in times] for n, times in mind.log.items()}
    acts = [act_body(a) for a in _acts(mind, house.clock())]
    if not any(_knows(r.body, log, acts) for r in standing(house, other, frozenset({house.kinds["events"]}))):
        with opened(house, other) as folder:
            folder.mark(log=log, acts=acts)


def talked(house: House, person: int) -> Iterator[Held]:
    """Yield what lies apart of a person, for their own eyes; its number says that it lies there."""
    follow(house, person)
    other = talker_of(house, person)
    records = standing(house, other) if other is not None else []
    mind = Reckoning(house, known(house, records), house.clock())
    for record in records:
        if record.data != house.kinds["events"]:
            held = held_of(mind, record)
            yield replace(held, rid=held.rid + APART, person=person, lasting=lasting(mind, record))


def whose(house: House, person: int, rid: int) -> tuple[int, int]:
    """Return under whom, and by which number, a record lies that was told as the person's own."""
    other = talker_of(house, person) if rid > APART else None
    return (other, rid - APART) if other is not None else (person, rid)


def _knows(body: object, log: object, acts: object) -> bool:
    return isinstance(body, dict) and body.get("log") == log and body.get("acts", []) == acts


def _age(mind: Known, now: datetime) -> Act:
    """Return the last known age as one act; of a birth only the years, as of this month: no day of it."""
    if mind.born is None:
        at, declared = mind.ages[-1]
        return Act("age", str(declared), True, at)
    now = now.astimezone(UTC)
    return Act("age", str(years(mind.born, now.date())), True, datetime(now.year, now.month, 1, tzinfo=UTC))


def _acts(mind: Known, now: datetime) -> Iterator[Act]:
    """Yield the acts that count, and the last known age as one; of a text that was shown, nothing."""
    for kind in ("consent", "objection", "restriction", "notice"):
        yield from (replace(a, text="", channel="") for a in mind.latest(kind).values())
    if mind.ages or mind.born:
        yield _age(mind, now)
