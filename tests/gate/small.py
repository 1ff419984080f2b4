"""Small: a small company, built by hand, behind a real gate on a store of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from troth.gate import Delivery, Gate
from troth.kernel import compile
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
    FormMeaning,
    Ground,
    Guard,
    Hold,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Right,
    Role,
    Span,
    Use,
)
from troth.store import open as open_store
from troth.terms import Clause, Form

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


def on(kind: str, name: str, *uses: Use) -> Basis:
    weighed = kind == "legitimate interest"
    first, again = (date(2026, 1, 1), date(2040, 1, 1)) if weighed else (None, None)
    return Basis((Ground(kind, name),), uses, assessed=first, again_by=again)


def at(section: str, line: int) -> Clause:
    return Clause(section, line)


POLICY = Policy(
    (
        Data(
            name="contact",
            sources=("person",),
            clause=at("3", 1),
            fields=(
                Field(name="email", type="email", identifies=True),
                Field(name="phone", type="phone", identifies=True),
            ),
        ),
        Data(
            name="taste",
            sources=("person",),
            clause=at("3", 2),
            fields=(
                Field(name="drink", type="choice", choices=("tea", "coffee", "cocoa")),
                Field(name="note"),
            ),
        ),
        Data(name="place", sources=("person",), clause=at("3", 3), fields=(Field(name="postcode"),)),
        Data(
            name="visit",
            sources=("device",),
            clause=at("3", 4),
            fields=(
                Field(name="ip", type="ip", truncated=True),
                Field(name="page", type="url"),
                Field(name="card", passing=True),
            ),
        ),
        Data(
            name="likes",
            inputs=("taste",),
            clause=at("3", 5),
            fields=(Field(name="score", type="number", low=0, high=1),),
        ),
        Data(
            name="ledger",
            sources=("device",),
            clause=at("3", 6),
            fields=(Field(name="amount", type="money"), Field(name="remark")),
        ),
        Data(
            name="customer",
            sources=("operator",),
            clause=at("3", 7),
            fields=(Field(name="number"),),
        ),
        Data(name="acts", sources=("person",), records="consents", clause=at("3", 8)),
        Data(name="cases", sources=("person",), records="requests", clause=at("3", 9)),
        Data(name="nocontact", sources=("person",), records="silence", clause=at("3", 10)),
        Data(name="log", sources=("device",), records="trail", clause=at("3", 11)),
        Purpose(
            name="account",
            clause=at("4", 20),
            bases=(on("contract", "", Use("contact"), Use("customer")),),
        ),
        Purpose(
            name="learn",
            marks=frozenset({"profiling"}),
            objection="honoured",
            clause=at("4", 21),
            bases=(on("legitimate interest", "good offers", Use("taste"), Use("likes")),),
        ),
        Purpose(
            name="serve",
            clause=at("4", 22),
            bases=(on("legitimate interest", "pages that work", Use("visit")),),
        ),
        Purpose(
            name="insight",
            clause=at("4", 23),
            bases=(on("legitimate interest", "numbers", Use("taste", form=Form.ANONYMOUS, reads=True)),),
        ),
        Purpose(name="suit", clause=at("4", 24), bases=(on("consent", "place", Use("place")),)),
        Purpose(
            name="news",
            marks=frozenset({"direct marketing"}),
            clause=at("4", 25),
            bases=(on("consent", "news", Use("contact", reads=True)),),
        ),
        Purpose(
            name="books",
            clause=at("4", 26),
            bases=(on("legal obligation", "Bookkeeping Act", Use("ledger")),),
        ),
        Purpose(name="proof", clause=at("4", 27), bases=(on("legal obligation", "Art. 7", Use("acts")),)),
        Purpose(name="help", clause=at("4", 28), bases=(on("contract", "", Use("cases")),)),
        Purpose(name="guard", clause=at("4", 29), bases=(on("legal obligation", "Art. 32", Use("log")),)),
        Purpose(
            name="quiet",
            clause=at("4", 30),
            bases=(on("legal obligation", "Art. 21(3)", Use("nocontact")),),
        ),
        Consent(name="place", question="May we use your place?", clause=at("4", 40)),
        Consent(name="news", question="May {shop} write?", per=("shop",), clause=at("4", 41)),
        Recipient(name="operator", role="controller", country="NO", each=True, is_source=True),
        Recipient(name="shop", role="controller", country="NO", each=True),
        Role(name="support"),
        Door(
            verb="share",
            data=("contact.email", "contact.phone"),
            party="operator",
            purposes=("account",),
            one_of=True,
            guard=Guard(when=(("due-credit",),)),
            clause=at("5", 50),
        ),
        Door(
            verb="show",
            data=("contact",),
            party="support",
            purposes=("account",),
            guard=Guard(when=(("case-open",),)),
            clause=at("5", 51),
        ),
        FormMeaning(form=Form.ANONYMOUS, shape="totals", at_least=3, clause=at("5", 52)),
        Keep(
            data=("contact", "taste", "place", "likes", "customer"),
            while_fact="active",
            then_span=Span(30, "day"),
            clause=at("6", 60),
        ),
        Keep(data=("visit",), span=Span(30, "day"), after="visit-end", clause=at("6", 61)),
        Keep(
            data=("ledger.amount",),
            span=Span(5, "year"),
            end_of="financial-year",
            because="books",
            clause=at("6", 62),
        ),
        Keep(data=("ledger.remark",), span=Span(1, "year"), after="collected", clause=at("6", 63)),
        Keep(data=("acts",), while_fact="active", then_span=Span(6, "month"), clause=at("6", 64)),
        Keep(data=("cases",), span=Span(3, "year"), after="case-closed", clause=at("6", 65)),
        Keep(data=("log",), span=Span(12, "month"), after="collected", clause=at("6", 66)),
        Keep(
            data=("nocontact",),
            span=Span(5, "year"),
            after="collected",
            because="quiet",
            clause=at("6", 67),
        ),
        Fact(
            name="active",
            starts=("last-use",),
            ends=(("is", None, "account-closed"), ("without", Span(6, "month"), "last-use")),
        ),
        Fact(name="identified"),
        Fact(name="case-open"),
        Fact(name="due-credit", per=("operator",)),
        Fact(name="court", raised_by="judge", approved_by="judge", by_other=True),
        Hold(data=("taste",), while_fact="court", clause=at("6", 68)),
        Event(
            name="visit-end",
            alternatives=(
                ("is", None, "sign-out"),
                ("without", Span(30, "minute"), "request"),
                ("after", Span(24, "hour"), "first-request"),
            ),
        ),
        Counter(name="arrivals", of=("flow", "hour")),
        Right(name="access", within=Span(1, "month"), clause=at("8", 80)),
        Children(under=13, erase="when found", clause=at("9", 90)),
    ),
    zone="Europe/Oslo",
    version="1",
)
PARTIES = {
    "operator": {"lysverk": {"title": "Lysverk", "country": "NO"}},
    "shop": {"bryggen": {"country": "NO"}},
}


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """The opened gate with what a test turns and looks at."""

    gate: Gate
    clock: Clock
    sent: list[Delivery] = field(default_factory=list)

    def person(self, email: str = "kari@example.no") -> int:
        """Return somebody who made themselves known and gave their mail address."""
        who = self.gate.new_person()
        self.gate.identify(person=who, kind="email", value=email, verified=True)
        self.gate.collect(
            person=who, data="contact", body={"email": email}, purpose="account", source="person"
        )
        return who

    def goes(self, who: int, data: str) -> datetime | None:
        """Return when the person's newest record of a category goes."""
        held = [h for h in self.gate.access(person=who).held if h.data == data]
        return held[-1].due


def gate_on(
    path: Path, clock: Callable[[], datetime], sent: list[Delivery], policy: Policy = POLICY
) -> tuple[Gate, Callable[[], None]]:
    store = open_store(path, root_key=bytes(range(32)), now=clock)
    kernel = compile(policy, PARTIES)
    gate = Gate(policy=policy, kernel=kernel, store=store, clock=clock, parties=PARTIES, post=sent.append)
    return gate, store.close
