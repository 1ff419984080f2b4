"""Rules by which something is concluded, and the hosts that a document covers: read, written, refused."""

from __future__ import annotations

import pytest

from troth.policy import parse
from troth.policy.check_conclusions import check_conclusions
from troth.policy.format import format_policy
from troth.policy.model import Conclusion, Data, Scope

BLOCK = """# Club

## 1 All

```troth
data history "What you own" from use
  product choice hub, lock
  note text
data health "How you are" from person special
  state choice well, ill
data interest "What may interest you" from history, health
  interest choice home, safety
  concludes {rule}
scope www.club.example, Privacy@club.example
```
"""


def read(rule: str = "home from history.product hub, history.product lock") -> tuple[Data, Scope]:
    policy = parse(BLOCK.format(rule=rule), "policy.md")
    return next(d for d in policy.of(Data) if d.name == "interest"), policy.of(Scope)[0]


def test_a_rule_is_read_and_written_as_it_stands() -> None:
    made, scope = read()
    written = format_policy(parse(BLOCK.format(rule="home from history.product hub"), "policy.md"))

    assert made.conclusions == (
        Conclusion("home", (("history.product", "hub"), ("history.product", "lock"))),
    )
    assert made.inputs == ("history", "health")
    assert (scope.hosts, scope.mailboxes) == (("www.club.example",), ("privacy@club.example",))
    assert "  concludes home from history.product hub\n" in written
    assert "scope www.club.example, Privacy@club.example" in written
    assert parse(written, "x.md").of(Data) != ()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("wealth from history.product hub", "is never 'wealth'"),
        ("home from history.product boat", "no closed answer"),
        ("home from history.note hub", "no closed answer"),
        ("home from history.colour red", "nothing that 'interest' is made of"),
        ("home from elsewhere.product hub", "nothing that 'interest' is made of"),
        ("safety from health.state ill", "special category"),
    ],
)
def test_a_rule_that_cannot_conclude_is_a_problem(rule: str, said: str) -> None:
    policy = parse(BLOCK.format(rule=rule), "policy.md")

    assert [said in p.message for p in check_conclusions(policy)] == [True]


def test_a_rule_in_the_words_of_the_document_alone_is_no_problem() -> None:
    policy = parse(BLOCK.format(rule="home from history.product hub"), "policy.md")

    assert list(check_conclusions(policy)) == []
