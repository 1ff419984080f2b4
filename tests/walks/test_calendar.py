"""Ten years of a dozen people under the first company's document: nothing leaves a day early or late.

The dates expected here are worked out anew from the sentences of the section "How long", with plain day
arithmetic; nothing of the kernel's calendar is used.
"""

from __future__ import annotations

import random
import tomllib
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from troth.gate import Gate
from troth.kernel import compile
from troth.laws import packs
from troth.policy import parse
from troth.store import open as open_store

ROOT = Path(__file__).parents[2]
OSLO = ZoneInfo("Europe/Oslo")
FIRST, LAST, DAY = date(2025, 2, 1), date(2035, 2, 1), timedelta(days=1)
NEVER = date(9999, 1, 1)
PEOPLE = 12
ON_CONSENT = {
    "location": "location",
    "gender": "gender",
    "frequency": "frequency",
    "pace": "pace",
    "shared": "bring(lysverk)",
    "lead": "letter",
    "views": "analytics",
}


def months(day: date, n: int) -> date:
    """Return the same day so many months later, the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), OSLO)


@dataclass
class Life:
    """One person's ten years: the days they come, how it ends, and what they left on which day."""

    email: str
    days: list[date]
    known: bool
    ends: dict[str, date] = field(default_factory=dict)  # closed, withdrawn, erased, acknowledged
    who: int = 0
    records: dict[int, tuple[str, date]] = field(default_factory=dict)
    from_day: dict[int, date] = field(default_factory=dict)  # answered, decided, demandable
    marked: date | None = None
    _gone: dict[int, date] = field(default_factory=dict)

    def gone(self, rid: int) -> date:
        """Return the first day on which a record must not be there any more, as things stand today."""
        if rid not in self._gone:
            self._gone[rid] = self.worked_out(rid)
        return self._gone[rid]

    def stirred(self) -> None:
        """Let every day be worked out anew, for something happened."""
        self._gone.clear()

    def worked_out(self, rid: int) -> date:
        data, came = self.records[rid]
        end = self.promised(rid, data, came)
        withdrawn, erased = self.ends.get("withdrawn"), self.ends.get("erased")
        if data in ON_CONSENT and withdrawn:
            end = min(end, withdrawn)
        if erased and data not in ("ledger", "claim"):
            end = min(end, erased)
        return end

    def promised(self, rid: int, data: str, came: date) -> date:
        """Read the section "How long", one case a sentence."""
        match data:
            case "visit" | "views":
                return came + 31 * DAY
            case "taste" | "survey" | "progress" if not self.known:
                return came + 31 * DAY
            case "ledger":
                return date(came.year + 6, 1, 1)
            case "claim":
                start, again = self.from_day[rid], self.ends.get("acknowledged")
                start = again if again and start <= again <= months(start, 36) else start
                return months(months(start, 36), 6) + DAY
            case "lead":
                return months(came, 24) + DAY
            case "trail":
                return months(came, 12) + DAY
            case "application":
                return months(self.from_day[rid], 6) + DAY if rid in self.from_day else NEVER
            case "cases":
                return months(self.from_day[rid], 36) + DAY
            case "chat":
                return months(self.stopped(came, 6), 6) + DAY
        return self.stopped(came, 0) + 31 * DAY

    def stopped(self, came: date, tail_months: int) -> date:
        """Return the day on which use stopped for good for a record: closed, or six months of silence.

        Whoever returns before the record has gone uses the service again; a closing is not taken back.
        """
        closed, last = self.ends.get("closed", NEVER), came
        for day in (d for d in self.days if came < d <= closed):
            quiet = months(last, 6)
            if day > (months(quiet, tail_months) if tail_months else quiet + 30 * DAY):
                break
            last = day
        return min(months(last, 6), closed)


class Walk:
    """The world: a gate on the real document, a clock, and everybody's lives."""

    def __init__(self, path: Path) -> None:
        text = (ROOT / "companies/smoc/policy.md").read_text(encoding="utf-8")
        # The interests are weighed again in time, as the document promises; a lapse would end their grounds.
        renewed = text.replace("again by 2028-01-15", "again by 2049-01-15")
        policy = parse(renewed, "policy.md", packs=packs())
        classes = tomllib.loads((ROOT / "companies/smoc/parties.toml").read_text(encoding="utf-8"))
        parties = {k: {m["name"]: m for m in members} for k, members in classes.items()}
        self.now, self.chance = at(FIRST), random.Random(20261124)
        self.store = open_store(path, root_key=bytes(32), now=lambda: self.now)
        kernel = compile(policy, parties)
        self.gate = Gate(
            policy=policy, kernel=kernel, store=self.store, clock=lambda: self.now, parties=parties
        )
        self.lives = [self.born(n) for n in range(PEOPLE)]

    def born(self, n: int) -> Life:
        """Draw one life: when the person comes, whether they make themselves known, how it ends."""
        draw = self.chance
        days = [FIRST + draw.randrange(0, 2500) * DAY]
        while days[-1] < LAST - 500 * DAY and draw.random() < 0.7:
            days.append(days[-1] + draw.choice((1, 20, 90, 181, 184, 200, 212, 230, 400)) * DAY)
        life = Life(f"p{n}@example.no", days, known=draw.random() < 0.8)
        if not life.known:
            life.days = days[:1]
            return life
        for what, chance, latest in (("closed", 0.4, 100), ("withdrawn", 0.3, 40), ("erased", 0.2, 150)):
            if draw.random() < chance:
                life.ends[what] = days[-1] + draw.randrange(1, latest) * DAY
        if draw.random() < 0.5:
            life.ends["acknowledged"] = days[0] + draw.randrange(1, 900) * DAY
        return life

    def come(self, life: Life, day: date) -> None:
        """Let a person use the service for a day and leave what people leave."""
        if life.who and not self.gate.exists(person=life.who):
            life.days = [d for d in life.days if d < day]  # forgotten meanwhile: that life is over
            return
        if life.who:
            self.gate.event(person=life.who, name="last-use")
        else:
            self.first(life)
            life.days = [d for d in life.days if d >= day]
        self.leave(life, day, "visit", "serve", "device", page="/f")
        self.leave(life, day, "taste", "learn", "person", drink="tea")
        self.leave(life, day, "progress", "entitlement", "device", flow="summer")
        if life.known and not any(d == "contact" for d, _ in life.records.values()):
            self.greet(life, day)
        if life.known:
            self.stay(life, day)

    def first(self, life: Life) -> None:
        life.who = self.gate.new_person()
        self.gate.declare_age(person=life.who, years=34)
        if life.known:
            self.gate.identify(person=life.who, kind="email", value=life.email, verified=True)
            for name in ON_CONSENT.values():
                self.gate.consent(person=life.who, name=name, given=True)
            self.gate.raise_fact(person=life.who, name="mapped")
            self.gate.raise_fact(person=life.who, name="dealing", member="lysverk")

    def greet(self, life: Life, day: date) -> None:
        """Leave one record of every category that a person leaves once."""
        self.leave(life, day, "contact", "account", "person", email=life.email)
        self.leave(life, day, "language", "account", "person", tag="nb")
        self.leave(life, day, "location", "suit", "person", postcode="0264")
        self.leave(life, day, "gender", "suit", "person", value="woman")
        self.leave(life, day, "pace", "tempo", "person", **{"at-most": 2})
        self.leave(life, day, "survey", "learn", "person", answer="fine")
        self.leave(life, day, "referral", "bonus", "device", acted="yes")
        self.leave(life, day, "application", "hiring", "person", letter="hire me")
        self.leave(life, day, "lead", "newsletter", "person", email=life.email)
        self.leave(life, day, "views", "study", "device", page="/")
        self.leave(life, day, "likes", "learn", "derived", share=0.5)
        self.leave(life, day, "frequency", "suit", "derived", **{"per-month": 2})
        for data, purpose, body in (
            ("shared", "better", {"value": "gold"}),
            ("customer", "account", {"number": "7"}),
        ):
            rid = self.gate.receive(
                person=life.who, data=data, body=body, purpose=purpose, member="lysverk", party="operator"
            )
            life.records[rid] = (data, day)
        waiting = tuple(u.held.rid for u in self.gate.untold(person=life.who))
        self.gate.told(person=life.who, rids=waiting, channel="screen")
        self.gate.raise_fact(person=life.who, name="alert")
        self.gate.show(person=life.who, data="visit", purpose="safety", role="security", reason="alarm")
        self.gate.lower_fact(person=life.who, name="alert")
        self.found(life, day, "trail")

    def stay(self, life: Life, day: date) -> None:
        """Leave what a person leaves each time."""
        self.leave(life, day, "chat", "help", "person", text="hello")
        self.leave(life, day, "reward", "credit", "device", entitlement="coffee", amount=1)
        self.leave(life, day, "ledger", "books", "device", posted=day.isoformat(), amount="1 NOK")
        since = day - self.chance.randrange(0, 60) * DAY
        rid = self.leave(life, day, "claim", "dispute", "person", text="no", demandable=since.isoformat())
        life.from_day[rid] = since
        asked = self.gate.ask(person=life.who, right="access")
        self.gate.answer(person=life.who, number=asked.number, outcome="given")
        life.from_day[self.found(life, day, "cases")] = day
        waiting = [r for r, (d, came) in life.records.items() if d == "application" and came < day]
        if waiting and waiting[0] not in life.from_day:
            self.gate.event(person=life.who, name="decision")
            life.from_day[waiting[0]] = day

    def leave(self, life: Life, day: date, data: str, purpose: str, source: str, **body: object) -> int:
        rid = self.gate.collect(person=life.who, data=data, body=body, purpose=purpose, source=source)
        life.records[rid] = (data, day)
        return rid

    def found(self, life: Life, day: date, data: str) -> int:
        """Take note of the newest record that the gate wrote by itself."""
        rid = max(r.rid for r in self.store.records(person=life.who, data=data))
        life.records[rid] = (data, day)
        return rid

    def end(self, life: Life, what: str, day: date) -> None:
        """Let one of the ends happen to a person who is still there."""
        self.now += timedelta(minutes=5)
        if not life.who or not self.gate.exists(person=life.who):
            return
        if what == "closed":
            self.gate.close_account(person=life.who)
        elif what == "acknowledged":
            if life.ends.get("erased", NEVER) > day:
                self.gate.event(person=life.who, name="acknowledged")
            else:
                del life.ends["acknowledged"]
        elif what == "withdrawn":
            for name in ON_CONSENT.values():
                self.gate.consent(person=life.who, name=name, given=False)
        else:
            self.gate.erase(person=life.who)
            life.marked = day if self.gate.silenced(kind="email", value=life.email) else None

    def held(self, life: Life) -> dict[int, str]:
        """Return what is really there of what we follow, read from the store itself."""
        found = self.store.records(person=life.who)
        return {r.rid: r.data for r in found if r.body is not None and r.rid in life.records}

    def expected(self, life: Life, day: date) -> dict[int, str]:
        return {rid: data for rid, (data, came) in life.records.items() if came <= day < life.gone(rid)}


@pytest.mark.slow
def test_no_record_leaves_a_day_early_or_a_day_late_in_ten_years(tmp_path: Path) -> None:
    walk, checked, seen = Walk(tmp_path / "s.db"), 0, set[str]()
    day = FIRST
    while day < LAST + 2600 * DAY:
        leaving = [f for f in walk.lives if f.who and any(f.gone(r) == day for r in f.records)]
        by_hand = [f for f in leaving if day in (f.ends.get("erased"), f.ends.get("withdrawn"))]
        if leaving:
            seen |= {f.records[r][0] for f in leaving for r in f.records if f.gone(r) == day}
            checked += both_sides(walk, day, [f for f in leaving if f not in by_hand])
        for life in walk.lives:
            walk.now = at(day)
            if day in life.days:
                walk.come(life, day)
                life.stirred()
            for what in sorted(w for w, d in life.ends.items() if d == day):
                walk.end(life, what, day)
                life.stirred()
        for life in by_hand:
            assert walk.held(life) == walk.expected(life, day), (day, life)
        marks(walk, day)
        day += DAY

    assert checked > 100
    assert seen >= {"visit", "ledger", "claim", "taste", "chat", "lead", "trail", "cases", "application"}
    assert walk.gate.verify() == []
    assert [
        life.email for life in walk.lives if life.who and walk.held(life) != walk.expected(life, day)
    ] == []


def both_sides(walk: Walk, day: date, lives: list[Life]) -> int:
    """Look a minute before the day begins, when all is there, and at its first instant, when it is gone."""
    for now, shown in ((at(day - DAY, 23, 59), day - DAY), (at(day, 0), day)):
        walk.now = now
        walk.gate.sweep()
        for life in lives:
            assert walk.held(life) == walk.expected(life, shown), (now, life)
    return len(lives)


def marks(walk: Walk, day: date) -> None:
    """The coded mark stays five years to the day."""
    for life in (f for f in walk.lives if f.marked and months(f.marked, 60) == day):
        walk.now = at(day, 23, 59)
        walk.gate.sweep()
        assert walk.gate.silenced(kind="email", value=life.email)
        walk.now = at(day + DAY, 0)
        walk.gate.sweep()
        assert not walk.gate.silenced(kind="email", value=life.email)
