"""Lives: what made-up people do with the first company over ten years, and nothing of what follows from it.

A life is a list of acts, each at a moment of Oslo's calendar; the same seed makes the same lives.  Moments
are drawn where calendars go wrong: at a day's first and last seconds, on the last days of months, on 29
February, on the nights when clocks change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
FIRST, LAST = date(2025, 2, 1), date(2035, 2, 1)
_DAYS = ((1, 31), (2, 28), (3, 30), (3, 31), (8, 31), (10, 25), (10, 26), (12, 31))
EDGES = tuple(date(year, month, day) for year in range(2025, 2034) for month, day in _DAYS)
LEAP = (date(2028, 2, 29), date(2032, 2, 29))
CLOCK = (time(0), time(0, 0, 1), time(12), time(23, 29, 30), time(23, 30), time(23, 59, 58))
GAPS = (1, 14, 29, 30, 31, 90, 150, 179, 180)  # days between two uses
OF_A_CLAIM = ("acknowledged", "lawsuit", "outcome")  # what goes on though its person was erased
OPTIONAL = ("location", "gender", "age", "pace")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does, or that is done about them; ``data`` is set where a record is made."""

    at: datetime
    verb: str
    data: str = ""
    said: dict[str, Any] = field(default_factory=dict)


Life = tuple[Act, ...]


def lives(people: int, seed: int) -> list[Life]:
    """Return so many lives, each in the order of its acts.

    >>> lives(3, 1) == lives(3, 1), len(lives(3, 1))
    (True, 3)
    """
    random = Random(seed)
    kinds: tuple[Callable[[Random, int], Iterator[Act]], ...] = (member, guest, visitor, applicant)
    found = []
    for number in range(people):
        kind = random.choices(kinds, weights=(70, 15, 8, 7))[0]
        found.append(_ending(sorted(kind(random, number), key=lambda act: act.at)))
    return found


def _ending(acts: list[Act]) -> Life:
    """Cut off what would follow an erasure, and what nobody does any more after they closed their account."""
    closed, erased = (next((a.at for a in acts if a.verb == v), None) for v in ("close", "erase"))
    return tuple(
        a
        for a in acts
        if (erased is None or a.at < erased or a.verb == "erase" or a.said.get("name") in OF_A_CLAIM)
        and (closed is None or a.at < closed or a.verb in ("close", "event", "answer"))
    )


def member(random: Random, number: int) -> Iterator[Act]:
    """Somebody who makes themselves known, uses the service for a while, and leaves in one of three ways."""
    at, mail = moment(random), f"p{number}@example.no"
    yield Act(at, "come")
    yield from visit(random, at)
    yield Act(at, "collect", "taste", {"purpose": "learn", "body": {"drink": "tea"}})
    yield Act(at, "identify", said={"mail": mail})
    yield from settled(random, at, mail)
    last = at
    for _ in range(random.randint(0, 4)):
        last = moment(random, last.astimezone(OSLO).date() + timedelta(days=random.choice(GAPS)))
        yield from used(random, last)
    yield from left(random, last)


def settled(random: Random, at: datetime, mail: str) -> Iterator[Act]:
    """What is kept of somebody from the first day on."""
    yield Act(at, "age", "consents", {"years": 34})
    yield Act(at, "collect", "contact", {"purpose": "account", "body": {"email": mail}})
    yield Act(at, "collect", "language", {"purpose": "account", "source": "device", "body": {"tag": "nb"}})
    yield Act(at, "collect", "progress", {"purpose": "learn", "source": "device", "body": {"flow": "summer"}})
    yield Act(at, "collect", "invitation", {"purpose": "bonus", "body": {"shown-as": "K"}})
    if random.random() < 0.6:
        yield from rewarded(random, at)
    if random.random() < 0.3:
        yield Act(at, "collect", "chat", {"purpose": "help", "body": {"text": "hello"}})
    for name in OPTIONAL:
        if random.random() < 0.25:
            yield from agreed(random, at, name)
    if random.random() < 0.15:
        yield from handed_in(random, at)
    if random.random() < 0.15:
        yield from claimed(random, at)
    if random.random() < 0.1:
        yield from asked(random, at)
    if random.random() < 0.1:
        yield Act(at, "alarm", "trail")


def rewarded(random: Random, at: datetime) -> Iterator[Act]:
    """A reward, and its entry in the books, which may belong to the year before."""
    earned = {"entitlement": f"E-{random.randrange(10**8)}", "amount": 50, "operator": "lysverk"}
    yield Act(at, "collect", "reward", {"purpose": "credit", "source": "device", "body": earned})
    posted = at.astimezone(OSLO).date() - timedelta(days=random.choice((0, 0, 3)))
    entry = {"posted": posted.isoformat(), "amount": "50 NOK", "operator": "lysverk", "rule": "points"}
    yield Act(at, "collect", "ledger", {"purpose": "books", "source": "device", "body": entry})


def agreed(random: Random, at: datetime, name: str) -> Iterator[Act]:
    """A yes and what rests on it; some take it back weeks later."""
    bodies = {
        "location": {"postcode": "0264"},
        "gender": {"value": "woman"},
        "age": {"years": 34},
        "pace": {"at-most": 2},
    }
    purpose = "tempo" if name == "pace" else "suit"
    yield Act(at, "consent", "consents", {"name": name, "given": True})
    yield Act(at, "collect", name, {"purpose": purpose, "body": bodies[name]})
    if name == "pace":
        heard = {"heard-at": at.isoformat()}
        yield Act(at, "collect", "heard", {"purpose": "tempo", "source": "device", "body": heard})
    if random.random() < 0.3:
        back = moment(random, at.astimezone(OSLO).date() + timedelta(days=random.randint(1, 25)))
        yield Act(back, "consent", "consents", {"name": name, "given": False})


def handed_in(random: Random, at: datetime) -> Iterator[Act]:
    """A customer's number from an operator; most people are told of it in time."""
    yield Act(at, "receive", "customer", {"body": {"number": "4711"}})
    if random.random() < 0.6:
        yield Act(moment(random, at.astimezone(OSLO).date() + timedelta(days=random.randint(1, 20))), "told")


def claimed(random: Random, at: datetime) -> Iterator[Act]:
    """A claim, of which some are acknowledged and some go to court."""
    day = at.astimezone(OSLO).date()
    first = day - timedelta(days=random.randint(0, 300))
    said = {"text": "where is it?", "demandable": first.isoformat()}
    yield Act(at, "collect", "claim", {"purpose": "dispute", "body": said})
    later = moment(random, day + timedelta(days=random.randint(10, 300)))
    what = random.choice(("", "acknowledged", "lawsuit"))
    if what:
        yield Act(later, "event", said={"name": what})
    if what == "lawsuit":
        over = moment(random, later.astimezone(OSLO).date() + timedelta(days=random.randint(1, 200)))
        yield Act(over, "event", said={"name": "outcome"})


def asked(random: Random, at: datetime) -> Iterator[Act]:
    """A request under a right, and its answer within the month."""
    yield Act(at, "ask", "cases")
    yield Act(moment(random, at.astimezone(OSLO).date() + timedelta(days=random.randint(1, 27))), "answer")


def used(random: Random, at: datetime) -> Iterator[Act]:
    """One later stay."""
    yield from visit(random, at)
    yield Act(at, "event", said={"name": "last-use"})
    if random.random() < 0.5:
        yield Act(at, "collect", "taste", {"purpose": "learn", "body": {"travel": "sea"}})


def left(random: Random, last: datetime) -> Iterator[Act]:
    """How it ends: by silence, by a closed account, or by an erasure."""
    way = random.choices(("silence", "close", "erase"), weights=(60, 20, 20))[0]
    if way != "silence":
        yield Act(moment(random, last.astimezone(OSLO).date() + timedelta(days=random.randint(1, 120))), way)


def guest(random: Random, number: int) -> Iterator[Act]:
    """Somebody who answers without making themselves known."""
    at = moment(random)
    yield Act(at, "come")
    yield from visit(random, at)
    for data, body in (("taste", {"drink": "tea"}), ("survey", {"answer": "yes"})):
        yield Act(at, "collect", data, {"purpose": "learn", "body": body})


def visit(random: Random, at: datetime) -> Iterator[Act]:
    """A stay in a flow: a few requests, and sometimes a sign-out."""
    yield Act(at, "event", said={"name": "first-request"})
    yield Act(at, "event", said={"name": "request"})
    yield Act(at, "collect", "visit", {"purpose": "serve", "source": "device", "body": {"page": "/f/summer"}})
    here = at
    for _ in range(random.randint(0, 2)):
        here += timedelta(minutes=random.randint(2, 29))
        yield Act(here, "event", said={"name": "request"})
    if random.random() < 0.2:
        yield Act(here + timedelta(minutes=1), "event", said={"name": "sign-out"})


def visitor(random: Random, number: int) -> Iterator[Act]:
    """A business visitor of the company's own site, who lets a visit be counted."""
    at = moment(random)
    yield Act(at, "come", said={"area": "site"})
    yield Act(at, "age", "consents", {"years": 34})
    yield Act(at, "consent", "consents", {"name": "analytics", "given": True})
    seen = {"page": "/products", "ip": "203.0.113.24"}
    yield Act(at, "collect", "views", {"purpose": "study", "source": "device", "body": seen})


def applicant(random: Random, number: int) -> Iterator[Act]:
    """Somebody who applies for a job, and hears the decision later."""
    at = moment(random)
    letter = {"email": f"a{number}@example.no", "letter": "Hello"}
    yield Act(at, "come", said={"area": "site"})
    yield Act(at, "collect", "application", {"purpose": "hiring", "body": letter})
    later = moment(random, at.astimezone(OSLO).date() + timedelta(days=random.randint(1, 120)))
    yield Act(later, "event", said={"name": "decision"})


def moment(random: Random, day: date | None = None) -> datetime:
    """Draw a moment, on this day or on any of the first nine years, in UTC.

    What a clock change skips is moved on, and what it repeats is taken the first time.
    """
    if day is None:
        span = (LAST - FIRST).days - 366
        far = FIRST + timedelta(days=random.randrange(span))
        day = random.choice(EDGES + LEAP) if random.random() < 0.2 else far
    at = random.choice(CLOCK) if random.random() < 0.5 else time(random.randrange(24), random.randrange(60))
    return datetime.combine(max(day, FIRST + timedelta(days=1)), at, OSLO).astimezone(UTC)
