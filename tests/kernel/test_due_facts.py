"""Facts raised by hand and for members, fields with rules of their own, packs, holds and outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from troth.kernel import calendar, events
from troth.kernel.due import Due, Kept, NoKeepRule, due, erasable
from troth.kernel.events import holds, intervals, moment, parted, spells
from troth.policy.model import (
    Basis,
    Data,
    Event,
    Fact,
    Ground,
    Guard,
    Hold,
    Keep,
    Law,
    Policy,
    Purpose,
    Span,
    Statement,
    Use,
)
from troth.terms import Clause

LIVE = frozenset({"serve", "help"})


def at(day: str) -> datetime:
    return datetime.fromisoformat(day if "T" in day else f"{day}T12:00").replace(tzinfo=UTC)


def log(**events: str) -> dict[str, tuple[datetime, ...]]:
    return {name.replace("_", " "): tuple(map(at, days.split())) for name, days in events.items()}


def policy(*statements: Statement, **more: Any) -> Policy:
    uses = (Use("x"), Use("y", field="phone"))
    return Policy((Purpose(name="serve", bases=(Basis((Ground("contract"),), uses),)), *statements), **more)


def when(rules: Policy, events: Any = None, *, record: Kept | None = None, **more: Any) -> Due:
    asked: dict[str, Any] = {"live_purposes": LIVE, "facts": frozenset(), "now": at("2025-06-01")}
    return due(rules, record or Kept("r", "x", at("2025-01-01")), events or {}, **asked | more)


def day(found: Due) -> str:
    return str(found.at and found.at.date())


OPEN = policy(Fact(name="open"))
PER = policy(
    Fact(
        name="customer",
        starts=("joined",),
        ends=(("is", None, "account-closed"), ("without", Span(30, "day"), "joined")),
        per=("operator",),
    )
)


def test_an_event_of_its_name_raises_a_fact_and_name_ended_lowers_it() -> None:
    events = log(open="2025-01-01 2025-03-01", open_ended="2025-02-01")

    assert [holds(OPEN, "open", events, at(d)) for d in ("2025-01-15", "2025-02-15", "2025-03-15")] == [
        True,
        False,
        True,
    ]
    assert moment(OPEN, "open ends", log(open="2025-01-01", open_ended="2025-02-01")) == at("2025-02-01")


def test_a_fact_no_longer_holds_at_the_instant_that_ends_it() -> None:
    events = log(open="2025-01-01", open_ended="2025-02-01")

    assert holds(OPEN, "open", events, at("2025-02-01T11:59"))
    assert not holds(OPEN, "open", events, at("2025-02-01"))


def test_name_ended_lowers_also_a_fact_with_declared_ends() -> None:
    rules = policy(Fact(name="active", starts=("used",), ends=(("without", Span(6, "month"), "used"),)))
    events = log(used="2025-01-01", active_ended="2025-02-01")

    assert not holds(rules, "active", events, at("2025-02-02"))
    assert holds(rules, "active", {**events, **log(used="2025-01-01 2025-02-03")}, at("2025-02-04"))


def test_a_members_fact_is_begun_by_its_own_events_and_ended_by_its_own_or_everybodys() -> None:
    events = {"joined(a)": (at("2025-01-01"), at("2025-01-20")), "joined(b)": (at("2025-01-01"),)}

    assert holds(PER, "customer(a)", events, at("2025-02-10"))
    assert not holds(PER, "customer(b)", events, at("2025-02-10"))
    assert not holds(PER, "customer(c)", events, at("2025-01-10"))
    assert not holds(PER, "customer", events, at("2025-01-10"))
    closed = {**events, "account-closed": (at("2025-01-25"),)}
    assert not holds(PER, "customer(a)", closed, at("2025-01-26"))
    lowered = {**events, "customer(a) ended": (at("2025-01-21"),)}
    assert not holds(PER, "customer(a)", lowered, at("2025-01-26"))
    assert holds(PER, "customer(b)", lowered, at("2025-01-26"))


def test_a_record_kept_while_a_members_fact_stays_while_any_members_does() -> None:
    rules = policy(*PER.statements, Keep(data=("x",), while_fact="customer", then_span=Span(1, "day")))
    events = {"joined(a)": (at("2025-01-01"),), "joined(b)": (at("2025-01-15"),)}

    assert len(spells(rules, "customer", events, at("2025-06-01"))) == 1
    assert day(when(rules, events)) == "2025-02-16"


def test_a_member_is_read_out_of_any_name() -> None:
    assert parted("customer(a) ended") == ("customer ended", "a")
    assert parted("customer ended(a)") == ("customer ended", "a")
    assert parted("customer") == ("customer", "")
    events = {"customer ended(a)": (at("2025-01-21"),), "joined(a)": (at("2025-01-01"),)}
    assert moment(PER, "customer(a) ends", events) == at("2025-01-21")


def test_an_end_that_counts_from_an_event_counts_from_its_last_in_time() -> None:
    rules = policy(Fact(name="buying", starts=("ordered",), ends=(("after", Span(30, "day"), "ordered"),)))
    ((_, end),) = intervals(rules, "buying", log(ordered="2025-01-01 2025-01-20"), at("2025-06-01"))

    assert end is not None
    assert str(end.date()) == "2025-02-19"


FIELDS = policy(
    Purpose(name="help", bases=(Basis((Ground("contract"),), (Use("y"),)),)),
    Keep(data=("y",), span=Span(1, "year"), clause=Clause("1", 1)),
    Keep(data=("y.phone",), span=Span(30, "day"), clause=Clause("2", 2)),
    Keep(data=("y.card",), span=Span(6, "year"), because="law", clause=Clause("3", 3)),
    Keep(data=("y.name",), span=Span(7, "day"), guard=Guard(when=(("guest",),)), clause=Clause("4", 4)),
)


@pytest.mark.parametrize(
    ("field", "facts", "gone", "clause"),
    [
        ("mail", "", "2026-01-02", "1"),
        ("phone", "", "2025-02-01", "2"),
        ("card", "", "2031-01-02", "3"),
        ("name", "guest", "2025-01-09", "4"),
        ("name", "", "2026-01-02", "1"),
    ],
)
def test_a_field_goes_by_its_own_rule_while_its_guard_holds(
    field: str, facts: str, gone: str, clause: str
) -> None:
    record = Kept("r", "y", at("2025-01-01"), ("mail", "phone", "card", "name"))
    found = when(FIELDS, record=record, facts=frozenset({facts}), field=field)

    assert (day(found), found.clause.ref) == (gone, clause)


def test_a_record_goes_with_the_last_of_its_fields() -> None:
    def gone(*fields: str) -> str:
        return day(when(FIELDS, record=Kept("r", "y", at("2025-01-01"), fields)))

    assert gone("phone") == "2025-02-01"
    assert gone("phone", "mail") == "2026-01-02"
    assert gone("phone", "card") == "2031-01-02"


def test_a_field_that_no_purpose_may_use_any_more_goes_at_once() -> None:
    record = Kept("r", "y", at("2025-01-01"), ("mail", "phone"))
    serve = frozenset({"serve"})

    assert when(FIELDS, record=record, live_purposes=serve, field="mail").at == at("2025-06-01")
    assert day(when(FIELDS, record=record, live_purposes=serve, field="phone")) == "2025-02-01"


def test_a_record_stays_while_one_of_its_fields_is_wanted() -> None:
    rules = policy(Keep(data=("y",), span=Span(1, "year")))

    for fields in (("mail", "phone"), ("phone", "mail")):
        found = when(
            rules, record=Kept("r", "y", at("2025-01-01"), fields), live_purposes=frozenset({"serve"})
        )
        assert day(found) == "2026-01-02"


def test_a_field_without_any_rule_is_refused_by_name() -> None:
    rules = policy(Keep(data=("x.a",), span=Span(1, "day")))

    with pytest.raises(NoKeepRule, match=r"'x\.b'"):
        when(rules, record=Kept("r", "x", at("2025-01-01"), ("a", "b")))


def test_once_only_a_law_keeps_it_a_record_rests() -> None:
    rules = policy(
        Keep(data=("x",), span=Span(1, "month")), Keep(data=("x",), span=Span(5, "year"), because="law")
    )

    assert str(when(rules).restricted_from) == "2025-02-02 00:00:00+00:00"
    assert when(rules, live_purposes=frozenset()).restricted_from == at("2025-06-01")
    assert when(policy(rules.statements[-1]), live_purposes=frozenset()).restricted_from is None


def test_a_cap_counts_from_its_own_event_once_that_has_come() -> None:
    keep = Keep(
        data=("x",), span=Span(12, "month"), at_latest=Span(30, "day"), at_latest_after="membership-ended"
    )

    assert day(when(policy(keep))) == "2026-01-02"
    assert day(when(policy(keep), {"membership-ended": (at("2025-03-01"),)})) == "2025-04-01"


def test_a_rule_says_what_becomes_of_the_record() -> None:
    assert when(policy(Keep(data=("x",), span=Span(1, "day"), outcome="anonymise"))).outcome == "anonymise"


def test_a_pack_keeps_by_its_own_names() -> None:
    statements = (
        Data(name="acts"),
        Purpose(name="proof", bases=(Basis((Ground("legal obligation"),), (Use("acts"),)),)),
        Keep(data=("acts",), while_fact="in-use", then_span=Span(3, "year"), because="proof"),
        Fact(name="in-use", starts=("last-use",), ends=(("is", None, "account-closed"),)),
        Hold(data=("acts",), while_fact="audit"),
        Fact(name="audit"),
    )
    rules = policy(Law(name="law"), packs=(Policy(statements, path="law.md"),))
    record = Kept("r", "law:acts", at("2025-01-01"))
    events = {"last-use": (at("2025-02-01"),), "account-closed": (at("2025-03-01"),)}
    found = when(rules, events, record=record)
    held = {**events, "law:audit": (at("2025-04-01"),)}

    assert (day(found), found.because) == ("2028-03-02", "law:proof")
    assert when(rules, held, record=record).held
    assert [s.because for s in erasable(rules, record, events, facts=frozenset(), now=at("2025-06-01"))] == [
        "law:proof"
    ]


HELD = policy(
    Keep(data=("x",), span=Span(30, "day")),
    Hold(data=("any",), while_fact="order"),
    Hold(data=("x",), while_fact="claim"),
    Fact(name="order", per=("party",)),
    Fact(name="claim"),
)


def test_two_holds_at_once_stop_the_clock_once() -> None:
    events = {
        "order(a)": (at("2025-01-10"),),
        "order(a) ended": (at("2025-01-20"),),
        "claim": (at("2025-01-15"),),
        "claim ended": (at("2025-01-25"),),
    }

    assert day(when(HELD, events)) == "2025-02-16"


def test_a_hold_keeps_nothing_that_was_due_before_it_began() -> None:
    events = {"claim": (at("2025-02-05"),)}

    assert day(when(HELD, events)) == "2025-02-01"
    assert when(HELD, {"claim": (at("2025-01-31"),)}).held
    assert when(HELD, facts=frozenset({"order(a)"})).held


def test_a_past_hold_does_not_put_off_what_no_purpose_may_use_any_more() -> None:
    events = {"claim": (at("2025-01-10"),), "claim ended": (at("2025-03-10"),)}

    assert when(HELD, events, live_purposes=frozenset()).at == at("2025-06-01")


def test_a_pause_inside_a_pause_counts_once() -> None:
    rules = policy(
        Event(
            name="limitation",
            alternatives=(("after", Span(3, "year"), "demandable"),),
            paused=(("lawsuit", "outcome"),),
        )
    )
    events = log(demandable="2024-05-20", lawsuit="2025-01-01 2025-01-05", outcome="2025-01-11")
    found = moment(rules, "limitation", events)

    assert found is not None
    assert str(found.date()) == "2027-05-30"


def test_thousands_of_acts_ask_the_calendar_only_about_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []
    real = calendar.stops_at

    def counted(moment: datetime, span: Span, zone: str) -> datetime:
        asked.append(moment)
        return real(moment, span, zone)

    monkeypatch.setattr(events, "stops_at", counted)
    rules = policy(Fact(name="active", starts=("used",), ends=(("without", Span(6, "month"), "used"),)))
    used = {"used": tuple(at("2025-01-01") + timedelta(hours=n) for n in range(3000))}

    assert len(intervals(rules, "active", used, at("2026-06-01"))) == 1
    assert len(asked) < 5
