"""A small company behind the API: the real kernel over a hand-built policy, and a gate in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from troth.gate import Gate
from troth.gate.errors import BadBody, GateError, Nobody, NoRecord, NotYours
from troth.gate.values import Access, Act, Asked, Delivery, Disclosure, Entry, Held, Overview, Receipt
from troth.kernel import Kernel
from troth.policy.model import (
    Basis,
    Children,
    Consent,
    Counter,
    Data,
    Door,
    Event,
    Fact,
    Field,
    Ground,
    Guard,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Right,
    Role,
    Span,
    Use,
)  # fmt: skip
from troth.runtime import Key
from troth.services import read_flow
from troth.terms import Action, Allowed, Clause, Decision, Form, Refused, Request, State

QUIET = {"event", "declare_age", "accept_notice", "decide_objection", "answer", "extend", "close_account"}
START = datetime(2026, 11, 24, 10, tzinfo=UTC)
WHY = Clause("3", 30, "Why", "We run your membership.")
YES = Clause("4", 40, "Offers", "Only when you agree.")
WHO = Clause("2", 20, "Who", "Each business is apart.")
ASK = Clause("8", 80, "What you can ask", "It is free.")
POLICY = Policy(
    (
        Recipient(name="client", text="A client", each=True, country="EEA", role="processor", clause=WHO),
        Recipient(
            name="operator", text="An operator", each=True, country="EEA", role="controller", clause=WHO
        ),
        Role(name="support", text="Helps"),
        Data(
            name="contact", text="Your address", sources=("person",), clause=WHO,
            fields=(Field(name="email", type="email", identifies=True),),
        ),
        Data(name="taste", sources=("person",), fields=(Field(name="drink"),), clause=WHO),
        Data(name="customer", sources=("operator",), fields=(Field(name="number"),), clause=WHO),
        Data(name="visit", sources=("device",), fields=(Field(name="page"),), clause=WHO),
        Purpose(
            name="account", text="Run your membership", clause=WHY,
            bases=(Basis((Ground("contract"),), (Use("contact"), Use("customer"), Use("visit"))),),
        ),
        Purpose(
            name="offers", text="Suit offers", clause=YES,
            bases=(Basis((Ground("consent", "tasting"),), (Use("taste"),)),),
        ),
        Consent(name="tasting", question="May we use what you like?", clause=YES),
        Consent(name="news", question="May {client} write?", per=("client",), clause=YES),
        Door(
            verb="share", data=("contact.email",), party="operator", purposes=("account",), clause=WHO,
            guard=Guard(when=(("earned",),)),
        ),
        Door(verb="show", data=("contact",), party="support", purposes=("account",), clause=WHO),
        Fact(name="earned", per=("operator",), clause=WHY),
        Event(name="sign-out", clause=WHY),
        Keep(data=("contact", "taste", "visit"), span=Span(30, "day"), after="collected", clause=ASK),
        Counter(name="arrivals", of=("flow", "hour", "channel"), clause=WHY),
        Right(name="access", clause=ASK), Right(name="erase", clause=ASK), Right(name="correct", clause=ASK),
        Right(name="object", clause=ASK), Right(name="restrict", clause=ASK), Right(name="carry", clause=ASK),
        Children(under=13, clause=ASK),
    ),
    zone="Europe/Oslo",
)  # fmt: skip
SCRIPT = """---
title: Summer coffee
---
## drink
What do you like?
ask taste.drink choice for offers on tasting
- tea: Tea -> leaf
- coffee: Coffee

## mail
Where may we send it?
ask contact.email email for account
-> bye

## leaf
A person of taste.
-> mail

## bye
Thank you.
end
"""


@dataclass
class FakeGate:
    """Keeps by person and decides with the real kernel."""

    kernel: Kernel
    clock: Any
    held: dict[int, list[Held]] = field(default_factory=dict)
    acts: dict[int, list[Act]] = field(default_factory=dict)
    names: dict[tuple[str, str], int] = field(default_factory=dict)
    objections: dict[int, set[str]] = field(default_factory=dict)
    facts: dict[int, set[str]] = field(default_factory=dict)
    asked: dict[int, list[Asked]] = field(default_factory=dict)
    told: dict[int, list[Disclosure]] = field(default_factory=dict)
    box: list[Delivery] = field(default_factory=list)
    counted: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    restricted: dict[int, set[str]] = field(default_factory=dict)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    public_key: str = "key"

    def new_person(self, *, area: str = "") -> int:
        person = len(self.held) + 1001
        self.held[person], self.acts[person] = [], []
        return person

    def exists(self, *, person: int) -> bool:
        return person in self.held

    def tag(self, *, person: int) -> str:
        return f"p{person:06x}"

    def tagged(self, *, tag: str) -> int | None:
        return next((p for p in self.held if self.tag(person=p) == tag), None)

    def identify(self, *, person: int, kind: str, value: str, verified: bool = False) -> None:
        self.names[kind, value.lower()] = person

    def find(self, *, kind: str, value: str) -> int | None:
        return self.names.get((kind, value.lower()))

    def holds(self, *, person: int) -> frozenset[str]:
        return frozenset({"contact", *(h.data for h in self.held[person])})  # all are known by a contact

    def link(self, *, person: int, number: str) -> str:
        return "secret"

    def state(self, person: int | None) -> State:
        if person is None:
            return State()
        given = {a.name: a.given for a in self.acts[person] if a.kind == "consent"}
        return State(
            consents=frozenset(n for n, yes in given.items() if yes),
            objections=frozenset(self.objections.get(person, ())),
            facts=frozenset(self.facts.get(person, ())),
            restricted=frozenset(self.restricted.get(person, ())),
        )

    def refused(self, *, decision: Decision, by: str) -> None:
        self.refusals.append((by, str(decision)))

    def may(self, *, person: int | None, request: Request) -> Decision:
        return self.kernel.decide(request, self.state(person), self.clock())

    def insist(self, person: int, request: Request) -> Allowed:
        if person not in self.held:
            raise Nobody
        decision = self.may(person=person, request=request)
        if not isinstance(decision, Allowed):
            raise Refused(decision)
        return decision

    def collect(
        self, *, person: int, data: str, body: Mapping[str, object], purpose: str, source: str,
        member: str = "", area: str = "",
    ) -> int:  # fmt: skip
        self.insist(person, Request(Action.COLLECT, data, purpose, source=source, member=member))
        known = next(d for d in POLICY.of(Data) if d.name == data)
        for name in body:
            if name not in {f.name for f in known.fields}:
                raise BadBody(data, name, "the document declares no such field")
        rid = 1 + sum(map(len, self.held.values()))
        due = self.clock() + timedelta(days=30)
        self.held[person].append(
            Held(rid, data, dict(body), (purpose,), source, self.clock(), due, clause=ASK, person=person)
        )
        return rid

    def receive(
        self, *, person: int, data: str, body: Any, purpose: str, member: str, party: str, confirmed: str
    ) -> int:
        return self.collect(person=person, data=data, body=body, purpose=purpose, source=party, member=member)

    def read(self, *, person: int, data: str, purpose: str, field: str = "", member: str = "") -> Any:
        self.insist(person, Request(Action.USE, data, purpose, field=field, member=member))
        return tuple(h for h in self.held[person] if h.data == data)

    def show(
        self, *, person: int, data: str, purpose: str, role: str, reason: str, staff: str, field: str
    ) -> Any:
        self.insist(person, Request(Action.SHOW, data, purpose, role, field=field))
        return tuple(h for h in self.held[person] if h.data == data)

    def people_for(self, *, data: str, purpose: str, form: Form = Form.IDENTIFIED) -> Iterator[Any]:
        for person in self.held:
            if self.may(person=person, request=Request(Action.USE, data, purpose)):
                yield from ((self.tag(person=person), h) for h in self.held[person] if h.data == data)

    def totals(self, *, data: str, field: str, purpose: str, party: str = "", member: str = "") -> Any:
        return (("tea", 25),)

    def disclose(
        self, *, person: int, data: Sequence[str], party: str, purpose: str, member: str, form: Form
    ) -> Delivery:
        body: dict[str, object] = {}
        for one in data:
            category, _, name = one.partition(".")
            request = Request(Action.SHARE, category, purpose, party, name, member, form=form)
            permit = self.insist(person, request).permit
            body.update((one, h.body[name]) for h in self.held[person] if h.data == category)
        self.box.append(Delivery(permit, party, member, body))
        self.told.setdefault(person, []).append(
            Disclosure(self.clock(), party, member, tuple(data), purpose, form, permit.clauses[0].ref)
        )
        return self.box[-1]

    def correct(self, *, person: int, rid: int, body: Mapping[str, object]) -> None:
        at = self._own(person, rid)
        self.held[person][at] = replace(self.held[person][at], body=dict(body))

    def remove(self, *, person: int, rid: int) -> None:
        del self.held[person][self._own(person, rid)]

    def _own(self, person: int, rid: int) -> int:
        for at, held in enumerate(self.held[person]):
            if held.rid == rid:
                if held.source != "person":
                    raise NotYours(held.data, held.source)
                return at
        raise NoRecord(rid)

    def consent(
        self, *, person: int, name: str, given: bool, text: str = "", language: str = "", channel: str = ""
    ) -> None:
        self.acts[person].append(Act("consent", name, given, self.clock(), text, "1", language, channel))

    def oppose(self, *, person: int, purpose: str, given: bool = True) -> None:
        stands = self.objections.setdefault(person, set())
        (stands.add if given else stands.discard)(purpose)

    def restrict(self, *, person: int, data: str = "*", on: bool = True) -> None:
        stands = self.restricted.setdefault(person, set())
        (stands.add if on else stands.discard)(data)

    def raise_fact(
        self, *, person: int, name: str, member: str = "", by: str = "", approved_by: str = ""
    ) -> None:
        self.facts.setdefault(person, set()).add(f"{name}({member})" if member else name)

    def lower_fact(self, *, person: int, name: str, member: str = "", by: str = "") -> None:
        self.facts.get(person, set()).discard(f"{name}({member})" if member else name)

    def ask(self, *, person: int, right: str, channel: str = "") -> Asked:
        made = self.clock()
        number = f"R-{1 + sum(map(len, self.asked.values()))}"
        asked = Asked(number, self.tag(person=person), right, made, made + timedelta(days=30), clause=ASK)
        self.asked.setdefault(person, []).append(asked)
        return asked

    def erase(self, *, person: int) -> Receipt:
        del self.held[person]
        self.names = {k: v for k, v in self.names.items() if v != person}
        return Receipt(self.clock(), 7, (), ("operator",), {"leaf": 7})

    def access(self, *, person: int) -> Access:
        if person not in self.held:
            raise Nobody
        return Access(
            tuple(self.held[person]), tuple(self.acts[person]), self.state(person).objections,
            self.state(person).restricted, tuple(self.told.get(person, ())),
            tuple(self.asked.get(person, ())),
        )  # fmt: skip

    def export(self, *, person: int) -> dict[str, object]:
        return {
            "made": self.clock().isoformat(),
            "records": [dict(h.body) for h in self.held[person]],
            "portable": [],
        }

    def overview(self) -> Overview:
        return Overview(requests=tuple(a for asked in self.asked.values() for a in asked))

    def entries(self, *, start: int = 0) -> Iterator[Entry]:
        yield Entry(start, self.clock(), "collect", "3", {"data": ["taste"]})

    def checkpoint(self) -> str:
        return "head"

    def proof(self, *, leaf: int) -> dict[str, object]:
        return {"leaf": leaf}

    def consistency(self, *, first: int) -> dict[str, object]:
        return {"first": first}

    def verify(self) -> list[str]:
        return []

    def count(self, *, counter: str, dims: dict[str, str]) -> None:
        self.counted.setdefault(counter, []).append(dims)

    def counts(self, *, counter: str) -> list[tuple[dict[str, str], int]]:
        return [(dims, 1) for dims in self.counted.get(counter, ())]

    def __getattr__(self, name: str) -> Any:
        if name == "object":
            return self.oppose
        if name in (
            "event",
            "declare_age",
            "accept_notice",
            "decide_objection",
            "answer",
            "extend",
            "close_account",
            "closed",
            "proved",
            "enter",
            "announce_lifting",
            "lift",
        ):
            return lambda **_: None
        if hasattr(Gate, name):
            return _refuses
        raise AttributeError(name)


def _refuses(**_: Any) -> Any:
    """Stand for a verb that the small gate does not do; the real one is asked in ``test_smoc.py``."""
    raise GateError("the small gate does not do this")


def key(name: str, kind: str, **more: Any) -> Key:
    return Key(name, kind, sha256(name.encode()).hexdigest(), **more)


def company() -> Any:
    """Return an open company as ``runtime.Company`` is one, without a store."""
    flow, wrong = read_flow(SCRIPT, "flows/summer.md")
    assert not wrong
    kernel = Kernel(POLICY)
    made = SimpleNamespace(name="fjord", title="Fjord Coffee Club", policy=POLICY, kernel=kernel, now=START)
    made.clock = lambda: made.now
    made.gate = FakeGate(kernel, made.clock)
    made.flows = {"summer": flow, "later": replace(flow, name="later", draft=True)}
    made.problems = {}
    made.site = {"clients": {"bryggen": {"flows": ["summer"]}, "lysverk": {"flows": []}}}
    made.staff = (
        key("rewards-job", "job", purposes=("account", "offers")),
        key("siri", "staff", roles=("support",)),
        key("lysverk-key", "operator", member="lysverk"),
        key("bryggen-key", "client", member="bryggen"),
    )
    made.base_url, made.contact = "https://fjord.example", None
    made.copy = lambda person: made.gate.export(person=person)
    made.portable = lambda copy: {
        "format": "troth-portable-1", "from": made.title, "schema": "", "version": "1",
        "made": copy["made"], "records": copy["portable"],
    }  # fmt: skip
    made.inform = lambda subject, text, *, person: None
    made.rewards, made.sent = {}, []
    made.send = lambda address, subject, text, **_: made.sent.append((address, subject, text))
    box = made.gate.box
    made.mailbox = SimpleNamespace(
        of=lambda party, member: tuple(d for d in box if (d.party, d.member) == (party, member))
    )
    made.parties = {
        "client": {"bryggen": {"title": "Bryggen"}},
        "operator": {"lysverk": {"title": "Lysverk"}},
    }
    return made
