"""Names: law packs lend theirs, eras may share one, and no policy makes the checks stumble."""

from __future__ import annotations

from depth import examples
from hypothesis import HealthCheck, given, settings
from tests.policy.club import messages
from tests.policy.strategies import policies

from troth.document import Document
from troth.policy import Policy, check, meaning, widens


def test_a_document_may_open_what_its_law_declares() -> None:
    shown = ("show contact, order", "show gdpr:consents to clerk for gdpr:proof\nshow contact, order")

    assert messages(shown) == ()


def test_a_name_its_law_does_not_declare_is_an_error() -> None:
    shown = ("show contact, order", "show gdpr:consent to clerk for gdpr:proof\nshow contact, order")

    assert messages(shown) == ("no data is called 'gdpr:consent'",)


def test_a_right_may_change_from_one_era_to_the_next() -> None:
    eras = (
        "right access within 1 month",
        "right access within 1 month until 2027-01-01\nright access within 2 weeks since 2027-01-01",
    )

    assert messages(eras) == ()


@given(policies())
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_checking_and_sealing_never_stumble(policy: Policy) -> None:
    check(policy, Document("policy.md", "", ()))

    assert meaning(policy, "1") == meaning(policy, "1")
    assert widens(policy, policy) == ()
