"""Ageing: whose details have stood so long that their person is asked whether they still hold.

``tell person about contact by email every 1 year``: the time runs from the day the data came in, were
corrected, or were last asked about (GDPR Art. 5(1)(d)).  It asks nobody by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.kernel.calendar import local_day, step
from troth.policy.model import Tell

ASKED = "asked-about"  # data → when its person was last asked, in the person's own marks


def ageing(house: House) -> Iterator[tuple[int, str]]:
    """Yield each person, and the category, that is to be asked about by now."""
    duties = [t for t in house.policy.of(Tell) if t.every and t.who == "person"]
    today = local_day(house.clock(), house.policy.zone)
    for person in list(house.store.persons()) if duties else ():
        records = standing(house, person)
        marks = next((r.body for r in records if r.data == house.kinds["events"]), {})
        asked = marks.get(ASKED, {}) if isinstance(marks, dict) else {}
        changed = _corrected(house, person) if any(r.data == t.about for t in duties for r in records) else {}
        for duty in duties:
            held = [datetime.fromisoformat(r.meta.collected) for r in records if r.data == duty.about]
            more = [asked.get(duty.about), changed.get(duty.about)]
            last = max([*held, *(datetime.fromisoformat(m) for m in more if m)]) if held else None
            if last and duty.every and step(local_day(last, house.policy.zone), duty.every) <= today:
                yield person, duty.about


def asked_about(house: House, *, person: int, data: str) -> None:
    """Write down that the person was asked whether this still holds; the time runs anew."""
    duty = next((t for t in house.policy.of(Tell) if t.every and t.about == data), None)
    with opened(house, person) as folder:
        before = folder.marks.get(ASKED, {})
        folder.mark(**{ASKED: {**before, data: folder.now.astimezone(UTC).isoformat()}})
        folder.note("asked whether it holds", duty.clause if duty else "", data=data)


def _corrected(house: House, person: int) -> dict[str, str]:
    """Return when each category was last corrected."""
    found: dict[str, str] = {}
    for leaf in house.store.trail(person=person):
        if leaf.kind == "corrected":
            found |= {str(name).partition(".")[0]: leaf.at for name in leaf.detail.get("data", ())}
    return found
