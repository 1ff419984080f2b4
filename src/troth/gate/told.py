"""Told: what came from another business is made known to its person in time, or it goes (GDPR Art. 14).

``tell person about DATA … within N else erase``: each record received waits with a day of its own until its
person was told of it; ``clock`` lets no such record live past that day.  It tells nobody by itself: the page
and the message are for those above, who say here that they did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from troth.gate.clock import Reckoning
from troth.gate.facts import known
from troth.gate.folder import Folder, opened, standing
from troth.gate.house import House
from troth.gate.read import held_of
from troth.gate.values import Held
from troth.kernel.calendar import ends_at
from troth.policy.model import Tell
from troth.terms import Clause


@dataclass(frozen=True, slots=True)
class Untold:
    """A record whose person must still be told, by when, and what its source said of it."""

    held: Held
    by: datetime
    clause: Clause
    said: Mapping[str, str]


def duty(house: House, data: str) -> Tell | None:
    """Return the duty to tell the person about data that others handed in; None where there is none."""
    duties = (t for t in house.policy.of(Tell) if t.who == "person" and t.about == data)
    return next((t for t in duties if t.within is not None and not t.before and t.otherwise == "erase"), None)


def await_telling(folder: Folder, rid: int, data: str, said: Mapping[str, str]) -> None:
    """Let a record that was just received wait for its person to be told."""
    found = duty(folder.house, data)
    if found is None or found.within is None:
        return
    by = ends_at(folder.now, found.within, folder.house.policy.zone)
    waiting = {**folder.marks.get("untold", {})}
    waiting[str(rid)] = {**said, "by": by.astimezone(UTC).isoformat()}
    folder.mark(untold=waiting)


def untold(house: House, *, person: int) -> tuple[Untold, ...]:
    """Return what the person must still be told of, the most urgent first."""
    records = standing(house, person)
    mind = Reckoning(house, known(house, records), house.clock())
    found = []
    for record in records:
        wait, said = mind.person.untold.get(record.rid), duty(house, record.data)
        if wait is not None and said is not None:
            text = {k: v for k, v in wait.items() if k != "by"}
            found.append(Untold(held_of(mind, record), datetime.fromisoformat(wait["by"]), said.clause, text))
    return tuple(sorted(found, key=lambda u: u.by))


def told(house: House, *, person: int, rids: Sequence[int], channel: str = "page") -> None:
    """Write down that the person was told of these records; their own dates run from now on."""
    with opened(house, person) as folder:
        waiting = dict(folder.marks.get("untold", {}))
        known_by = [r for r in map(str, rids) if waiting.pop(r, None)]
        if not known_by:
            return
        folder.mark(untold=waiting)
        data = sorted({folder.records[int(r)].data for r in known_by if int(r) in folder.records})
        clause = next((t.clause for d in data if (t := duty(house, d))), "")
        folder.note("told", clause, data=data, channel=channel)


def waiting(house: House, *, before: datetime) -> Iterator[int]:
    """Yield every person of whom something waits to be told and goes by ``before`` if it is not."""
    for person in dict.fromkeys(r.person for r in house.store.due_before(instant=before)):
        if any(u.by <= before for u in untold(house, person=person)):
            yield person
