"""Two categories read side by side: only where the document joins them, on its consent, and from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from askers import SMOC
from deployment import Deployment

from troth.terms import Refused


def test_what_was_seen_before_the_yes_to_joining_is_not_told_with_the_contact(tmp_path: Path) -> None:
    house = Deployment(tmp_path, "smoc", SMOC)
    gate = house.company.gate
    person = gate.new_person(area="site")
    gate.declare_age(person=person, years=34)
    for name in ("analytics", "letter"):
        gate.consent(person=person, name=name, given=True)
    gate.collect(
        person=person, data="lead", body={"email": "a@firm.example"}, purpose="newsletter", source="person"
    )
    gate.collect(person=person, data="views", body={"page": "/before"}, purpose="study", source="device")
    with pytest.raises(Refused, match="consent linking"):
        gate.joined(person=person, data="views", beside="lead", purpose="sales")
    house.later(minutes=5)
    gate.consent(person=person, name="linking", given=True)
    gate.collect(person=person, data="views", body={"page": "/after"}, purpose="study", source="device")
    told = gate.joined(person=person, data="views", beside="lead", purpose="sales")
    with pytest.raises(Refused, match="no rule speaks"):
        gate.joined(person=person, data="views", beside="taste", purpose="sales")
    house.close()

    assert [(h.data, h.body.get("page", h.body.get("email"))) for h in told] == [
        ("views", "/after"),
        ("lead", "a@firm.example"),
    ]
