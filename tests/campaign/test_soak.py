"""What the soak measures and draws."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.campaign.readers import COMPANIES
from tests.campaign.soak import Soaked, drawn, soak


def test_a_leak_is_a_slope_and_a_first_rise_is_none() -> None:
    leaking = Soaked([(float(t), t * 1000, 20, t) for t in range(60)])
    settled = Soaked([(float(t), min(t, 15) * 1000, 20, t) for t in range(60)])

    assert leaking.slope(1) == pytest.approx(3_600_000)
    assert settled.slope(1) == settled.slope(2) == pytest.approx(0)


@pytest.mark.slow
def test_a_few_seconds_are_measured_and_drawn(tmp_path: Path) -> None:
    told = soak(COMPANIES / "smoc", tmp_path, minutes=0.05, seed=1, port=8791)
    picture = ElementTree.fromstring(drawn(told))

    assert told.broken == 0
    assert told.seen[-1][3] > 5
    assert told.seen[-1][1] > 20 * 2**20
    assert len(picture.findall("{http://www.w3.org/2000/svg}path")) == 4
