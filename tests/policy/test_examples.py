"""Examples are read as people and requests, and judged by whatever decides."""

from __future__ import annotations

from datetime import datetime

import pytest

from troth.policy import judge, read_examples
from troth.terms import Action, Allowed, Clause, Decision, Form, Permit, RefusedBy, Request, State, Unsaid

KARI = """\
## Kari

She asked for it.

```example
share taste.drink with growers for news as anonymous
member fjord
at 2026-04-12T12:00+02:00
age 34
given consent news(fjord), fact order-placed
given objection offers
notice not accepted
expect refused §4.1, missing order-placed, consent
```
"""


def test_an_example_is_read_whole() -> None:
    (example,), problems = read_examples(KARI, "examples.md")

    assert problems == ()
    assert (example.title, example.place.line) == ("Kari", 6)
    assert example.request == Request(
        Action.SHARE, "taste", "news", "growers", "drink", "fjord", form=Form.ANONYMOUS
    )
    assert example.state == State(
        consents=frozenset({"news(fjord)"}),
        facts=frozenset({"order-placed"}),
        objections=frozenset({"offers"}),
        age=34,
        notice=False,
        order=("consent news(fjord)", "fact order-placed", "objection offers"),
    )
    assert (example.answer, example.clause, example.missing) == (
        "refused",
        "4.1",
        ("order-placed", "consent"),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("share taste.drink", "shar taste.drink", "examples.md:6:1  'shar' is not understood in an example"),
        ("with growers", "with growers, roaster", "is no request"),
        ("as anonymous", "as anonymus", "'anonymus' is no form"),
        ("+02:00", "", "has no time zone"),
        ("at 2026", "at noon 2026", "is no moment"),
        ("age 34", "age young", "'young' is no age"),
        ("objection offers", "wish offers", "'wish offers' cannot be given"),
        ("refused §4.1", "perhaps", "is no expectation"),
        ("at 2026-04-12T12:00+02:00\n", "", "this example has no moment"),
        ("expect refused §4.1, missing order-placed, consent\n", "", "this example expects nothing"),
    ],
)
def test_what_cannot_be_read_names_its_line(old: str, new: str, message: str) -> None:
    examples, problems = read_examples(KARI.replace(old, new), "examples.md")

    assert examples == ()
    assert message in str(problems[0])


ASKED = Request(Action.USE, "contact", "news")
YES = Allowed(Permit(ASKED, (Clause("4", 1),)))
NO = RefusedBy(ASKED, (Clause("4", 1),), ("age at least 13", "fact order-placed(fjord)"))
SILENT = Unsaid(ASKED)


@pytest.mark.parametrize(
    ("expect", "decision", "wrong"),
    [
        ("allowed", YES, ""),
        ("allowed §4", YES, ""),
        ("allowed §5", YES, "should be allowed by §5, and is by §4"),
        ("allowed", NO, "should be allowed, and is refused"),
        ("refused", NO, ""),
        ("refused", SILENT, ""),
        ("refused", YES, "should be refused, and is allowed"),
        ("unsaid", SILENT, ""),
        ("unsaid", NO, "should be unsaid, and is refused"),
        ("refused, missing order-placed", NO, ""),
        ("refused §4, missing order-placed(fjord), age", NO, ""),
        ("refused, missing consent", NO, "should be missing consent, and is missing age at least 13, fact"),
    ],
)
def test_an_example_is_judged_by_what_it_expects(expect: str, decision: Decision, wrong: str) -> None:
    text = f"```example\nuse contact for news\nat 2026-04-12T12:00Z\nexpect {expect}\n```\n"
    (example,), _ = read_examples(text, "examples.md")

    def decide(request: Request, state: State, at: datetime) -> Decision:
        assert (request, state, at.year) == (ASKED, State(), 2026)
        return decision

    found = judge(example, decide)

    assert wrong in str(found) if wrong else found is None
