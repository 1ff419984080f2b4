"""A breach at the fourth company: who may hold a message back, for how long, and what that never holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Deployment
from rooms import SMARP, member, networked, opened

HIGH = {"risk": "high", "reason": "names and posts", "effects": "others may write", "measures": "a new key"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    served = Deployment(
        tmp_path_factory.mktemp("breach"), "smarp", SMARP, now=datetime(2025, 3, 7, 6, tzinfo=UTC)
    )
    net = networked(served)
    opened(served, net, "anna@acme.example", "Acme", "Anna A.")
    member(served, "aki@acme.example", "Aki")
    yield served
    served.close()


def told(house: Deployment) -> set[str]:
    return {m.to for m in house.mails() if m.subject == "A breach that touches your data"}


@pytest.mark.clause("smarp-10.7")
def test_police_may_hold_the_message_to_people_back_by_a_request_with_an_end_and_never_the_authoritys(
    house: Deployment,
) -> None:
    house.at("2025-03-07T08:30:00+00:00")
    what: dict[str, Any] = {"what": "A copy of the members was read", "data": ["member"]}
    when = {"since": "2025-03-07T00:00:00Z", "aware": "2025-03-07T08:00:00Z"}
    case = house.post("dana-dpo", "/breaches", {**what, **when}).json()
    url = f"/breaches/{case['number']}"
    house.post("dana-dpo", f"{url}/assessment", HIGH)
    nameless = house.post("dana-dpo", f"{url}/hold", {"reference": " ", "until": "2025-03-20T00:00:00Z"})
    endless = house.post("dana-dpo", f"{url}/hold", {"reference": "H-1"})
    held = house.post("dana-dpo", f"{url}/hold", {"reference": "H-1", "until": "2025-03-20T00:00:00Z"}).json()
    early = house.post("dana-dpo", f"{url}/notices", {"to": "people"})
    house.at("2025-03-10T08:01:00+00:00").sweep()
    late = house.get("dana-dpo", url).json()
    before = told(house)
    house.at("2025-03-20T00:05:00+00:00").sweep()

    assert len(case["affected"]) == 2
    assert (nameless.status_code, endless.status_code) == (422, 422)
    assert held["due"] == "2025-03-10T08:00:00Z"
    assert early.status_code == 409
    assert late["overdue"]
    assert before == set()
    assert told(house) == {"anna@acme.example", "aki@acme.example"}
