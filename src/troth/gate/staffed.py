"""Staffed: what stands of a member of staff in ``staff.toml``: their undertakings, and whose review is due.

A fact ``of staff`` that nobody raises is read from the entry of whoever looks: ``signed = "2025-03-03 to
2026-03-02"`` holds on those days.  A role that the document lets be ``reviewed every`` so long lapses when
the entry's ``reviewed`` is older.  Its one rule: what stands nowhere does not hold.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from troth.gate.house import Entries, House
from troth.kernel.calendar import ends_at, start_of
from troth.policy.model import Role
from troth.terms import Action, Refused, RefusedBy, Request

REVIEWED = "reviewed"


def staff_facts(house: House, staff: str, now: datetime) -> frozenset[str]:
    """Return the facts that hold of a member of staff now."""
    said = house.staff.get(staff, {})
    day = now.astimezone(ZoneInfo(house.policy.zone)).date()
    names = (f.name for f in house.facts.values() if f.of == "staff" and not f.raised_by)
    return frozenset(name for name in names if runs(str(said.get(name, "")), day))


def runs(text: str, day: date) -> bool:
    """Say whether a term runs on a day: ``2025-03-03``, ``2025-03-03 to 2026-03-02``, or such a day first.

    >>> [runs("2025-03-03 to 2026-03-02", date(2026, 3, d)) for d in (2, 3)]
    [True, False]
    >>> runs("2023-10-01, no weaker", date(2024, 1, 1)), runs("not signed yet", date(2024, 1, 1))
    (True, False)
    """
    first, _, rest = text.partition(" to ")
    try:
        begins = date.fromisoformat(first[:10])
        ends = date.fromisoformat(rest[:10]) if rest else None
    except ValueError:
        return False
    return begins <= day and (ends is None or day <= ends)


def lapsed(house: House, staff: str, role: str, now: datetime) -> bool:
    """Say whether a role of somebody lapsed because nobody reviewed in time that they need it."""
    every = next((r.reviewed for r in house.policy.of(Role) if r.name == role), None)
    if every is None:
        return False
    try:
        last = date.fromisoformat(str(house.staff.get(staff, {}).get(REVIEWED, ""))[:10])
    except ValueError:
        return True
    return ends_at(start_of(last, house.policy.zone), every, house.policy.zone) <= now


def employ(house: House, *, staff: Entries) -> None:
    """Take in further members of staff, with what stands of each: those of a demo."""
    house.staff.update(staff)


def insist_standing(house: House, staff: str, asked: Request) -> None:
    """Refuse a look in a role whose review is overdue."""
    if asked.action is Action.SHOW and lapsed(house, staff, asked.party, house.clock()):
        clauses = tuple(r.clause for r in house.policy.of(Role) if r.name == asked.party)
        raise Refused(RefusedBy(asked, clauses, (f"a review of who bears the role {asked.party}",)))
