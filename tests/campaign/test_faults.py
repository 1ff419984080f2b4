"""A small campaign of faults for the suite; ``./run campaign faults`` runs a long one, files and server."""

from __future__ import annotations

from pathlib import Path

import pytest
from postgresql import cluster
from tests.campaign.faults import faults


@pytest.mark.slow
def test_no_end_of_a_process_leaves_half_a_deed_in_files(tmp_path: Path) -> None:
    world = faults(str(tmp_path / "s.db"), tmp_path, rounds=12, seed=3, seconds=60)

    assert world.wrong == []
    assert world.round == 12
    assert sum(n for how, n in world.ended.items() if "killed" in how) >= 4


@pytest.mark.slow
def test_no_end_of_a_process_or_of_the_servers_own_leaves_half_a_deed_on_a_server(tmp_path: Path) -> None:
    with cluster(durable=True) as running:
        world = faults(running.founded(), tmp_path, rounds=8, seed=4, seconds=60)

    assert world.wrong == []
    assert world.round >= 4


@pytest.mark.slow
def test_a_campaign_that_was_ended_goes_on_where_it_was(tmp_path: Path) -> None:
    first = faults(str(tmp_path / "s.db"), tmp_path, rounds=2, seed=5)
    second = faults(str(tmp_path / "s.db"), tmp_path, rounds=4, seed=5)

    assert (first.round, second.round, second.wrong) == (2, 4, [])
    assert set(first.people) <= set(second.people)
    with pytest.raises(ValueError, match="seed 5"):
        faults(str(tmp_path / "s.db"), tmp_path, rounds=4, seed=6)
