"""The kernel answers by all clauses that decide, and says the smallest change to a yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from troth.kernel import compile
from troth.policy.model import (
    Area,
    Basis,
    Children,
    Consent,
    Controller,
    Data,
    Door,
    Ground,
    Guard,
    Policy,
    Purpose,
    Recipient,
    Use,
)
from troth.terms import Action, Allowed, Clause, Form, RefusedBy, Request, State, Unsaid

NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
LI = Basis(
    (Ground("legitimate interest", "safe"),),
    (Use("visit"),),
    assessed=date(2026, 1, 1),
    again_by=date(2027, 1, 1),
)
POLICY = Policy(
    (
        Data(name="contact", sources=("person",), clause=Clause("2", 1)),
        Data(name="visit", sources=("device",), clause=Clause("2", 2)),
        Data(name="chat", sources=("person",), area="bare"),
        Area(name="bare", no_personal_data=True),
        Purpose(
            name="news",
            clause=Clause("3", 3),
            bases=(Basis((Ground("consent", "news"),), (Use("contact"),)),),
        ),
        Purpose(name="safety", clause=Clause("3", 4), bases=(LI,)),
        Purpose(
            name="help", bases=(Basis((Ground("contract"),), (Use("contact", reads=True), Use("chat"))),)
        ),
        Consent(name="news", question="?", age=16),
        Recipient(name="brand", country="NO"),
        Recipient(name="far", country="BR"),
        Door(
            verb="share",
            data=("contact",),
            party="brand",
            purposes=("help",),
            form=Form.PSEUDONYMOUS,
            guard=Guard(when=(("ordered",),), unless=("secret",)),
            clause=Clause("4", 5),
        ),
        Door(verb="share", data=("contact",), party="far", purposes=("help",)),
        Children(under=13),
    )
)
KERNEL = compile(POLICY)
NEWS = Request(Action.COLLECT, "contact", "news", source="person")
SHARE = Request(Action.SHARE, "contact", "help", "brand", form=Form.PSEUDONYMOUS)


def test_a_consent_opens_collecting_and_every_deciding_clause_is_named() -> None:
    answer = KERNEL.decide(NEWS, State(consents=frozenset({"news"}), age=34), NOW)

    assert isinstance(answer, Allowed)
    assert answer.clauses == (Clause("3", 3), Clause("2", 1))


def test_a_refusal_names_the_smallest_change() -> None:
    answer = KERNEL.decide(NEWS, State(), NOW)

    assert isinstance(answer, RefusedBy)
    assert answer.missing == ("age at least 16", "consent news")


@pytest.mark.parametrize(
    "request_",
    [
        Request(Action.COLLECT, "contact", "help", source="person"),
        Request(Action.COLLECT, "contact", "news", source="device"),
        Request(Action.COLLECT, "chat", "help", source="person"),
        Request(Action.SHARE, "contact", "help", "brand"),
    ],
)
def test_what_no_rule_speaks_of_is_unsaid(request_: Request) -> None:
    state = State(consents=frozenset({"news"}), facts=frozenset({"ordered"}), age=34)

    assert isinstance(KERNEL.decide(request_, state, NOW), Unsaid)


def test_a_party_outside_the_area_is_refused_and_the_missing_transfer_named() -> None:
    answer = KERNEL.decide(Request(Action.SHARE, "contact", "help", "far"), State(), NOW)

    assert isinstance(answer, RefusedBy)
    assert answer.missing == ("a transfer of contact to BR",)


@pytest.mark.parametrize(
    ("facts", "yes"), [((), False), (("ordered",), True), (("ordered", "secret"), False)]
)
def test_an_unknown_fact_refuses_under_when_and_is_false_under_unless(
    facts: tuple[str, ...], yes: bool
) -> None:
    assert bool(KERNEL.decide(SHARE, State(facts=frozenset(facts)), NOW)) is yes


def test_sharing_is_recorded_in_the_granted_form() -> None:
    answer = KERNEL.decide(SHARE, State(facts=frozenset({"ordered"})), NOW)

    assert isinstance(answer, Allowed)
    assert [d.name for d in answer.duties] == ["pseudonymise", "record"]


@pytest.mark.parametrize(
    ("state", "now", "yes"),
    [
        (State(), NOW, True),
        (State(objections=frozenset({"safety"})), NOW, False),
        (State(restricted=frozenset({"*"})), NOW, False),
        (State(age=12), NOW, False),
        (State(), NOW.replace(year=2025), False),
        (State(), NOW.replace(year=2027), False),
    ],
)
def test_a_legitimate_interest_holds_while_assessed_and_not_objected_to(
    state: State, now: datetime, yes: bool
) -> None:
    assert bool(KERNEL.decide(Request(Action.USE, "visit", "safety"), state, now)) is yes


def test_what_was_brought_from_one_member_rests_on_the_yes_for_that_member_while_it_goes_to_another() -> None:
    brought = Policy(
        (
            Controller(name="us", country="NO"),
            Data(name="shared", sources=("operator",), clause=Clause("2", 1)),
            Recipient(name="operator", role="controller", country="EEA", each=True),
            Consent(name="bring", question="May we?", per=("operator",)),
            Consent(name="pass-on", question="May they?", per=("operator",)),
            Purpose(name="better", bases=(Basis((Ground("consent", "bring"),), (Use("shared"),)),)),
            Door(verb="share", data=("shared",), party="operator", purposes=("better",), consent="pass-on"),
        )
    )
    kernel = compile(brought, {"operator": {"fjord": {"country": "NO"}, "fjell": {"country": "NO"}}})
    asked = Request(Action.SHARE, "shared", "better", "operator", member="fjell", source="fjord")
    from_fjord = State(consents=frozenset({"bring(fjord)", "pass-on(fjell)"}))
    from_fjell = State(consents=frozenset({"bring(fjell)", "pass-on(fjell)"}))
    refused = kernel.decide(asked, from_fjell, NOW)

    assert kernel.decide(asked, from_fjord, NOW)
    assert isinstance(refused, RefusedBy)
    assert refused.missing == ("consent bring(fjord)",)


OPEN_CLASS = Policy(
    (
        Controller(name="us", country="NO"),
        Data(name="contact", sources=("person",)),
        Recipient(
            name="operator", role="controller", each=True, country="EEA", needs=("country", "arrangement")
        ),
        Purpose(name="help", bases=(Basis((Ground("contract"),), (Use("contact"),)),)),
        Door(verb="share", data=("contact",), party="operator", purposes=("help",)),
    )
)
MEMBERS = {
    "operator": {
        "near": {"country": "NO", "arrangement": "2025-01-10"},
        "unsigned": {"country": "NO"},
        "far": {"country": "US", "arrangement": "2025-01-10"},
        "nowhere": {"arrangement": "2025-01-10"},
    }
}


@pytest.mark.parametrize(
    ("member", "yes"),
    [
        ("near", True),
        ("unsigned", False),
        ("far", False),
        ("nowhere", False),
        ("stranger", False),
        ("", False),
    ],
)
def test_an_open_class_is_as_near_as_the_member_that_is_meant(member: str, yes: bool) -> None:
    kernel = compile(OPEN_CLASS, MEMBERS)
    answer = kernel.decide(Request(Action.SHARE, "contact", "help", "operator", member=member), State(), NOW)

    assert bool(answer) is yes


def test_a_no_to_someone_of_unknown_age_names_the_age_that_every_limit_allows() -> None:
    grown = Basis((Ground("consent", "news"),), (Use("contact", guard=Guard(under_age=18)),))
    kernel = compile(replace(POLICY, statements=(*POLICY.statements, Purpose(name="offers", bases=(grown,)))))
    ask, given = Request(Action.USE, "contact", purpose="offers"), frozenset({"news"})
    unknown = kernel.decide(ask, State(consents=given), NOW)

    assert isinstance(unknown, RefusedBy)
    assert unknown.missing == ("age at least 18",)
    assert isinstance(kernel.decide(ask, State(consents=given, age=18), NOW), Allowed)
