"""Pool: words that are nobody's any more, each alone under a number that leads nowhere.

INVARIANT (no way back): a sample bears no person, conversation or organisation, no time finer than the month,
and a number drawn at random; nothing written with it or about it says where it came from.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from troth.gate.anonymity import Scheme
from troth.gate.body import checked
from troth.gate.errors import NoRecord
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.identify import TAG, tagged
from troth.store import Record
from troth.terms import Permit

AREA = "pool"
REAL, MADE = "real", "synthetic"
EVERY = "every"  # the value under which every sample of a category is found


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: ``made`` is real or synthetic, ``month`` as 2024-03, the year alone, or nothing."""

    number: str
    data: str
    text: str = field(repr=False)
    made: str = REAL
    month: str = ""
    agent: str = ""
    rid: int = 0
    nobody: int = 0


def put(house: House, plan: Scheme, permit: Permit, body: Mapping[str, str]) -> str:
    """Let a text lie in the pool and return its number; what the document gives no field for is left out.

    Its clock counts from the first of this month, so that its date tells no day.
    """
    fields = {f.name for f in plan.sample.fields}
    said = checked(plan.sample, {n: v for n, v in body.items() if n in fields and v})
    nobody = house.store.new_person(area=AREA)
    with house.lock, opened(house, nobody) as folder:
        folder.now = _month(folder.now, house.policy.zone)
        number = house.store.tag(person=nobody)
        folder.deed.index(namespace=TAG, value=number)
        folder.deed.index(namespace=_space(plan.sample.name), value=EVERY)
        folder.put(
            plan.sample.name,
            said,
            purposes=(plan.purpose,),
            source="derived",
            clause=permit.clauses[0],
            place=plan.sample.area,
        )
    return number


def samples(house: House, data: str) -> Iterator[Sample]:
    """Yield every sample of a category, in the order of their random numbers."""
    found = house.store.find_all(namespace=_space(data), value=EVERY)
    named = sorted((house.store.tag(person=nobody), nobody) for nobody in found)
    for number, nobody in named:
        for record in standing(house, nobody, frozenset({data})):
            yield _sample(record, number)


def sample(house: House, data: str, number: str) -> Sample:
    """Return one sample; raise ``NoRecord`` for a number that stands for none."""
    nobody = tagged(house, tag=number)
    if nobody is not None:
        for record in standing(house, nobody, frozenset({data})):
            if nobody in house.store.find_all(namespace=_space(data), value=EVERY):
                return _sample(record, number)
    raise NoRecord(number)


def shuffled(texts: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Return what goes into the pool in an order that tells nothing of where it comes from."""
    return random.SystemRandom().sample(texts, len(texts))


def _sample(record: Record, number: str) -> Sample:
    body = record.body if isinstance(record.body, dict) else {}
    said = {n: str(body.get(n, "")) for n in ("text", "month", "agent")}
    made = str(body.get("made", REAL))
    return Sample(number, record.data, made=made, rid=record.rid, nobody=record.person, **said)


def _month(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _space(data: str) -> str:
    return f"{AREA}:{data}"
