"""The ten years on a crowd that fits the suite; ``./run campaign calendar`` lives them with ten thousand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.campaign.decade import decade
from tests.campaign.judge import stays
from tests.campaign.lives import lives


@pytest.mark.slow
def test_in_ten_years_no_record_leaves_a_moment_early_or_late(tmp_path: Path) -> None:
    told = decade(40, tmp_path, seed=7, every=False, tell=lambda line: None)

    assert told.wrong == []
    assert told.records > 400
    assert told.nights > 200
    assert told.looks > 400


def test_the_lives_hold_what_calendars_stumble_over() -> None:
    crowd = lives(400, seed=7)
    verbs = {act.verb for life in crowd for act in life}
    kept = {stay.data for life in crowd for stay in stays(life)}
    days = {act.at.strftime("%m-%d") for life in crowd for act in life}

    assert verbs >= {"close", "erase", "told", "ask", "answer", "alarm", "receive"}
    assert kept >= {
        "visit",
        "taste",
        "ledger",
        "claim",
        "consents",
        "heard",
        "nocontact",
        "application",
        "trail",
    }
    assert days >= {"02-29", "10-25", "12-31"}
