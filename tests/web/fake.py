"""A small gate in memory that keeps what the web hands it; it stands here until the real gate does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from troth.policy.model import (
    Basis,
    Children,
    Consent,
    Data,
    Door,
    Field,
    Ground,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Span,
    Use,
)  # fmt: skip
from troth.services import Coverage, Flow, check_flow, due_day, read_flow
from troth.terms import Allowed, Clause, Decision, Permit, Problem, Refused, RefusedBy, Request, Unsaid
from troth.web.company import Access, Asked, ConsentAct, Entry, Held, Overview

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
WHY = Clause("3.1", 30, "Why", "We run your membership.")
HOW_LONG = Clause("5", 60, "How long", "We keep it for thirty days.")
POLICY = Policy(
    (
        Data(
            name="taste",
            text="What you like",
            sources=("person",),
            fields=(Field(name="drink"), Field(name="leaf")),
        ),
        Data(
            name="contact",
            text="Your address",
            sources=("person",),
            fields=(Field(name="email", type="email"),),
        ),
        Data(name="age", text="Your age", sources=("person",), fields=(Field(name="years"),)),
        Data(name="reward", text="Your rewards", sources=("device",)),
        Purpose(
            name="account",
            text="Run your membership",
            clause=WHY,
            bases=(Basis((Ground("contract"),), (Use("contact"), Use("reward"), Use("age"))),),
        ),
        Purpose(
            name="offers",
            text="Suit offers to you",
            clause=Clause("3.2", 40, "Offers", "Only when you agree."),
            bases=(Basis((Ground("consent", "tasting"),), (Use("taste"),)),),
        ),
        Purpose(
            name="safety", text="Keep the site safe", bases=(Basis((Ground("legitimate interest"),), ()),)
        ),
        Consent(
            name="tasting", question="May we use what you like to suit offers?", clause=Clause("3.2", 41)
        ),
        Consent(name="letter", question="May we send you our letter?", clause=Clause("3.3", 50)),
        Recipient(name="roaster", text="The roaster who ships it"),
        Door(verb="share", data=("contact",), party="roaster", purposes=("account",)),
        Keep(data=("contact",), span=Span(30, "day"), because="", clause=HOW_LONG),
        Children(under=13),
    ),
    since=date(2026, 11, 1),
)
SCRIPT = """---
title: Summer coffee
---
Two questions and a coffee on us.

## drink
What do you like?
ask taste.drink choice for offers on tasting
- tea: Tea -> leaf
- coffee: Coffee
- none: I would rather not say

## mail
Where may we send it?
ask contact.email email for account
-> gift

## leaf
Which leaf?
ask taste.leaf text optional for offers on tasting
-> mail

## gift
One moment.
reward coupon 1 "One coffee, hot or iced" for account

## years
How old are you?
ask age.years number 0..120 optional for account

## bye
Thank you, and enjoy it.
end

## nb
- title: Sommerkaffe
- drink: Hva liker du?
"""


@dataclass
class FakeGate:
    """Keeps by person; refuses what needs a consent that was not given."""

    clock: Callable[[], datetime]
    held: dict[int, list[Held]] = field(default_factory=dict)
    acts: dict[int, list[ConsentAct]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    objections: dict[int, set[str]] = field(default_factory=dict)
    restricted: set[int] = field(default_factory=set)
    requests: list[Asked] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    persons: int = 0

    def log(self, what: str) -> None:
        self.entries.append(Entry(len(self.entries) + 1, f"{self.clock():%Y-%m-%d %H:%M}", what, "3.1"))

    def new_person(self) -> int:
        self.persons += 1
        self.held[self.persons], self.acts[self.persons] = [], []
        return self.persons

    def find(self, *, kind: str, value: str) -> int | None:
        return self.names.get(value.lower())

    def identify(self, *, person: int, kind: str, value: str) -> None:
        self.names[value.lower()] = person

    def may(self, *, person: int | None, request: Request) -> Decision:
        if not Coverage(POLICY).covers(request.data, request.field, request.purpose):
            return Unsaid(request, (WHY,))
        needed = Coverage(POLICY).grounds(request.data, request.field, request.purpose)
        given = {a.name for a in self.acts.get(person or 0, ()) if a.given}
        if needed and not needed & given:
            return RefusedBy(request, (WHY,), tuple(f"consent {n}" for n in needed))
        return Allowed(Permit(request, (WHY,)))

    def collect(
        self, *, person: int, data: str, body: Mapping[str, object], purpose: str, source: str
    ) -> int:
        from troth.terms import Action

        decision = self.may(
            person=person, request=Request(Action.COLLECT, data, purpose, field=next(iter(body)))
        )
        if not decision:
            raise Refused(decision)
        rid = 1 + sum(map(len, self.held.values()))
        due = (self.clock() + timedelta(days=30 * rid)).date()
        self.held[person].append(Held(rid, data, dict(body), (purpose,), due, clause=HOW_LONG))
        self.log(f"collect {data}")
        return rid

    def correct(self, *, person: int, rid: int, body: Mapping[str, object]) -> None:
        self.held[person] = [
            replace(h, body={**h.body, **body}) if h.rid == rid else h for h in self.held[person]
        ]

    def consent(self, *, person: int, name: str, given: bool, text: str) -> None:
        self.acts[person].append(ConsentAct(name, given, self.clock(), text))
        self.log("consent given" if given else "consent refused")

    def object(self, *, person: int, purpose: str) -> None:
        self.objections.setdefault(person, set()).add(purpose)
        made = self.clock().date()
        self.requests.append(Asked(f"p-{person:04x}", "object", made, due_day(POLICY, "object", made)))

    def restrict(self, *, person: int, on: bool) -> None:
        (self.restricted.add if on else self.restricted.discard)(person)

    def close_account(self, *, person: int) -> None:
        self.log("account closed")

    def erase(self, *, person: int) -> Mapping[str, Any]:
        count = len(self.held.pop(person))
        self.names = {k: v for k, v in self.names.items() if v != person}
        return {"records": count, "unreadable": self.clock().isoformat(), "leaf": 7}

    def access(self, *, person: int) -> Access:
        told = frozenset(self.objections.get(person, ()))
        return Access(tuple(self.held[person]), tuple(self.acts[person]), told, person in self.restricted)

    def export(self, *, person: int) -> Mapping[str, Any]:
        return {"records": [{"data": h.data, **h.body} for h in self.held[person]]}

    def overview(self) -> Overview:
        people = tuple((f"p-{p:04x}", len(h)) for p, h in self.held.items())
        due = tuple((h.due, 1) for held in self.held.values() for h in held if h.due)
        return Overview(people, tuple(self.requests), tuple(self.entries), due)


@dataclass
class FakeCompany:
    """One company with one flow, one draft, and a clock that a test may turn."""

    name: str = "fjord"
    title: str = "Fjord Coffee Club"
    policy: Policy = POLICY
    now: datetime = START
    site: Mapping[str, Any] = field(
        default_factory=lambda: {"console": {"code": "staff-1234"}, "embed": ["https://kaffe.example"]}
    )
    notice: str = '<h2 id="s3-1">3.1 Why</h2><p>We run your membership.</p>'
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    problems: Mapping[str, Sequence[Problem]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        summer, wrong = read_flow(SCRIPT, "flows/summer.md")
        assert not wrong
        assert not check_flow(summer, Coverage(POLICY))
        self.flows: Mapping[str, Flow] = {
            "summer": summer,
            "later": replace(summer, name="later", draft=True),
        }
        self.clock: Callable[[], datetime] = lambda: self.now
        self.gate = FakeGate(self.clock)

    def send(self, address: str, subject: str, text: str) -> None:
        self.sent.append((address, subject, text))
