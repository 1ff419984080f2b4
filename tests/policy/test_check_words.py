"""What stands outside the rules fits them: settings, members, sections, and what nothing acts on."""

from __future__ import annotations

import pytest
from tests.policy.club import messages

from troth.document import read
from troth.policy import check
from troth.policy.model import Policy

SETTING = (
    "  contact privacy@fjordcoffee.example\n",
    "  contact setting mail\nsetting mail\n",
)
EACH = ("controller in SE", "controller in EEA each needs agreement")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "setting 'mail' has no value"),
        ({"mail": ""}, "setting 'mail' is empty or a placeholder"),
        ({"mail": "xxx@xxx.xx"}, "setting 'mail' is empty or a placeholder"),
        ({"mail": "[our address]"}, "setting 'mail' is empty or a placeholder"),
        ({"mail": "TODO"}, "setting 'mail' is empty or a placeholder"),
        ({"mail": "*****@fjordcoffee.example"}, "setting 'mail' is empty or a placeholder"),
        ({"mail": "privacy"}, "setting 'mail' is no mail address"),
    ],
)
def test_a_setting_without_a_usable_value_does_not_load(value: dict[str, str], message: str) -> None:
    # A setting ends the controller's lines, so the officer and the authority go with it.
    rest = ('  officer "none"\n  authority "Datatilsynet"\n', "")

    assert message in messages(SETTING, rest, site={"settings": value})


def test_a_setting_with_a_value_loads() -> None:
    rest = ('  officer "none"\n  authority "Datatilsynet"\n', "")

    assert messages(SETTING, rest, site={"settings": {"mail": "privacy@fjordcoffee.example"}}) == ()


@pytest.mark.parametrize(
    ("parties", "message"),
    [
        ({"growers": {"a": {"country": "SE"}}}, "member 'a' of 'growers' lacks 'agreement'"),
        (
            {"growers": {"a": {"country": "BR", "agreement": "2026-01-01"}}},
            "member 'a' of 'growers' is in 'BR', the document says EEA",
        ),
        (
            {"growers": {"a": {"agreement": "2026-01-01"}}},
            "member 'a' of 'growers' is in 'no country', the document says EEA",
        ),
        (
            {"growers": {"a": {"country": "SE", "agreement": "2026-01-01"}}, "brewers": {}},
            "the document has no open class 'brewers'",
        ),
    ],
)
def test_a_member_that_lacks_what_its_class_needs_does_not_load(
    parties: dict[str, dict[str, dict[str, str]]], message: str
) -> None:
    assert messages(EACH, parties=parties) == (message,)


def test_an_open_class_without_members_is_listed() -> None:
    assert messages(EACH, level="missing", parties={}) == ("'growers' has no member yet",)


def test_prose_without_rules_and_rules_without_prose_are_advice() -> None:
    found = messages(
        ("## 6 If", "## 7 More\n\nWe are kind.\n\n## 6 If"),
        ("We have a reason for each thing.\n", ""),
        level="advice",
    )

    assert "§7 has prose and no rules" in found
    assert "§3 has rules and no prose" in found


def test_a_section_whose_parts_have_rules_is_not_without_rules() -> None:
    found = messages(
        ("## 4 Who else sees it\n", "## 4 Who\n\nSee below.\n\n### 4.1 Who else\n"), level="advice"
    )

    assert not [m for m in found if "§4 " in m]


def test_statements_that_nothing_acts_on_are_advice() -> None:
    found = messages(
        ("breach authority", "tell person about breach by email within 3 days\nbreach authority"),
        level="advice",
    )

    assert "parsed; acts when messages are sent: 'tell' on line 88" in found


def test_a_document_without_rules_is_told_that_it_holds_none() -> None:
    found = check(Policy(), read("# Club\n\nWe are nice.", "policy.md"))

    assert "policy.md:1:1  holds no rules" in [str(p).split("\n")[0] for p in found]
