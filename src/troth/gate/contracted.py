"""Contracted: whether what a member of a class of parties has signed runs today, or somebody excused it.

A class whose members need a ``contract``, an ``agreement`` or an ``undertaking`` gets nothing before the day
their entry names, nor after its last: ``"2024-07-01 to 2025-06-30"``.  Where a term is missing, an entry's
``exception`` may stand for it: with a reason, two people and an end within 90 days.  Its one rule: *what runs
out in writing runs out here, the same minute*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from troth.gate.house import House
from troth.policy.model import Recipient
from troth.terms import Refused, RefusedBy, Request

TERMS = ("contract", "agreement", "undertaking")
LONGEST = timedelta(days=90)  # an exception is a bridge, and no other way to have no contract


@dataclass(frozen=True, slots=True)
class Excused:
    """One exception as it stands in ``parties.toml``: whose, which term, why, by whom, until its last day."""

    party: str
    member: str
    term: str
    reason: str
    by: str
    approved: str
    since: date
    until: date

    @property
    def good(self) -> bool:
        """Say whether it is one: two people, a reason, and no longer than it may last."""
        two = bool(self.by and self.approved and self.by != self.approved)
        return two and bool(self.reason) and self.since <= self.until <= self.since + LONGEST


def in_terms(house: House, *, party: str, member: str) -> bool:
    """Say whether all that a member must have signed runs today, or is excused."""
    return _lacking(house, party, member) == ""


def insist_contracted(house: House, *, request: Request, party: str, member: str) -> None:
    """Refuse what goes to a member whose terms have not begun, have ended, or stand nowhere."""
    term = _lacking(house, party, member)
    if term:
        clauses = tuple(r.clause for r in house.policy.of(Recipient) if r.name == party)
        raise Refused(RefusedBy(request, clauses, (f"a {term} of {member} that runs today",)))


def standing(text: str, day: date) -> bool:
    """Say whether a term that names its days runs on this one; a term without days runs; ``none`` is none.

    >>> standing("2024-07-01 to 2025-06-30", date(2025, 7, 1)), standing("L-2024-02", date(2025, 7, 1))
    (False, True)
    >>> standing("none", date(2025, 7, 1)), standing("2026-01-01, no weaker", date(2025, 7, 1))
    (False, False)
    """
    first, _, rest = text.partition(" to ")
    begins, ends = _day(first), _day(rest)
    return (
        text.strip() not in ("", "none")
        and (begins is None or begins <= day)
        and (ends is None or day <= ends)
    )


def exceptions(house: House) -> tuple[Excused, ...]:
    """Return every exception that stands in ``parties.toml`` and runs today."""
    found = (
        one
        for party, members in house.parties.items()
        for member, entry in members.items()
        for one in excuses(party, member, entry)
    )
    return tuple(one for one in found if one.good and one.since <= today(house) <= one.until)


def excuses(party: str, member: str, entry: Mapping[str, object]) -> Iterator[Excused]:
    """Yield the exceptions of one entry, good or not."""
    said = entry.get("exception")
    if isinstance(said, Mapping):
        words = {n: str(said.get(n, "")) for n in ("term", "reason", "by", "approved")}
        since, until = _day(str(said.get("since", ""))), _day(str(said.get("until", "")))
        if since and until:
            yield Excused(party, member, since=since, until=until, **words)


def today(house: House) -> date:
    """Return the day it is where the company is."""
    now: datetime = house.clock()
    return now.astimezone(ZoneInfo(house.policy.zone)).date()


def _lacking(house: House, party: str, member: str) -> str:
    """Return the first term that a member needs and has not, '' when none is missing."""
    known = next((r for r in house.policy.of(Recipient) if r.name == party), None)
    if known is None or not known.each:
        return ""
    entry, day = house.parties.get(party, {}).get(member, {}), today(house)
    needed = (t for t in TERMS if t in known.needs)
    missing = (
        t
        for t in needed
        if not standing(str(entry.get(t, "")), day) and not _excused(party, member, entry, t, day)
    )
    return next(missing, "")


def _excused(party: str, member: str, entry: Mapping[str, object], term: str, day: date) -> bool:
    return any(e.good and e.term == term and e.since <= day <= e.until for e in excuses(party, member, entry))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
