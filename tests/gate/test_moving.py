"""What happens moves only the dates it can, and moves each of them as if all had been looked at."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from tests.gate.small import POLICY, House

from troth.gate.moving import moves
from troth.policy.model import Data, Keep

HAPPENS = ("request", "first-request", "sign-out", "last-use", "visit-end", "request", "request")


def test_a_request_moves_visits_alone_and_a_use_may_move_everything() -> None:
    keeps = {d.name: tuple(k for k in POLICY.of(Keep) if d.name in k.data) for d in POLICY.of(Data)}
    found = moves(POLICY, keeps)

    assert found["request"] == found["sign-out"] == frozenset({"visit"})
    assert not {"last-use", "account-closed", "court", "court ended"} & found.keys()


@pytest.mark.parametrize("seed", range(4))
def test_after_whatever_happens_each_date_is_what_looking_at_all_gives(house: House, seed: int) -> None:
    random, who = Random(seed), house.person()
    house.gate.declare_age(person=who, years=30)
    house.gate.consent(person=who, name="place", given=True)
    kept = (("taste", "learn", {"drink": "tea"}, "person"), ("place", "suit", {"postcode": "0264"}, "person"))
    seen = ("visit", "serve", {"page": "/f"}, "device")
    for _ in range(20):
        late = house.clock.now.replace(hour=22, minute=10) + timedelta(days=random.choice((0, 1, 20)))
        house.clock.now = max(late, house.clock.now + timedelta(minutes=random.choice((1, 20))))
        data, purpose, body, source = random.choice((*kept, seen, seen))
        house.gate.collect(person=who, data=data, body=body, purpose=purpose, source=source)
        house.clock.now += timedelta(minutes=random.choice((0, 25)))  # past midnight in Oslo, in the visit
        house.gate.event(person=who, name=random.choice(HAPPENS))
        narrow = house.gate.forecast()  # by the stored dates; a page would work them out anew
        house.gate.retime()

        assert house.gate.forecast() == narrow
