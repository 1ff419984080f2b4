"""What lies under different keys is read side by side from the person's yes on, and nothing from before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.small import POLICY, Clock, House, at, gate_on, on

from troth.gate import Delivery
from troth.policy.model import Consent, Join, Purpose, Use
from troth.terms import Refused

LATER = timedelta(minutes=1)


@pytest.fixture
def linking(tmp_path: Path) -> Iterator[House]:
    """The small company, which may join visits with an address once its person said yes to that."""
    more = (
        Consent(name="linking", question="May we join them?", clause=at("4", 42)),
        Purpose(
            name="link",
            clause=at("4", 43),
            bases=(on("consent", "linking", Use("visit", reads=True), Use("contact", reads=True)),),
        ),
        Join(
            left="visit", right="contact", purpose="link", consent="linking", from_then_on=True,
            clause=at("4", 44),
        ),
    )  # fmt: skip
    clock, sent = Clock(), list[Delivery]()
    policy = replace(POLICY, statements=(*POLICY.statements, *more))
    gate, close = gate_on(tmp_path / "s.db", clock, sent, policy)
    yield House(gate, clock, sent)
    close()


def seen(house: House, who: int, page: str) -> None:
    house.gate.collect(person=who, data="visit", body={"page": page}, purpose="serve", source="device")


def told(house: House, who: int) -> list[str]:
    found = house.gate.joined(person=who, data="visit", beside="contact", purpose="link")
    return [str(held.body.get("page", held.data)) for held in found]


def test_a_visit_before_the_yes_is_not_told_and_one_of_that_very_moment_is(linking: House) -> None:
    who = linking.person()
    seen(linking, who, "/before")
    with pytest.raises(Refused, match="consent linking"):
        told(linking, who)
    linking.clock.now += LATER
    linking.gate.consent(person=who, name="linking", given=True)
    seen(linking, who, "/at-once")
    linking.clock.now += LATER
    seen(linking, who, "/after")

    assert told(linking, who) == ["/at-once", "/after", "contact"]


def test_a_yes_taken_back_and_given_again_opens_nothing_from_between(linking: House) -> None:
    who = linking.person()
    linking.gate.consent(person=who, name="linking", given=True)
    seen(linking, who, "/first")
    linking.clock.now += LATER
    linking.gate.consent(person=who, name="linking", given=False)
    seen(linking, who, "/between")
    linking.clock.now += LATER
    linking.gate.consent(person=who, name="linking", given=True)
    seen(linking, who, "/second")

    assert told(linking, who) == ["/second", "contact"]
