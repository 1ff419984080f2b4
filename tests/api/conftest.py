"""The API of the first company, served alone, with its calls counted by a clock apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from askers import SMOC
from deployment import Deployment
from tests.campaign.hostile import alone


@pytest.fixture
def still(tmp_path: Path) -> Iterator[Deployment]:
    """The API where no second passes, so that what is counted is counted exactly."""
    made = Deployment(tmp_path, "smoc", SMOC, make=alone(lambda: 0.0))
    yield made
    made.close()


@pytest.fixture
def smoc(tmp_path: Path) -> Iterator[Deployment]:
    """The API where ten minutes pass between two calls, so that none comes too fast."""
    patience = map(float, itertools.count(0, 600)).__next__
    made = Deployment(tmp_path, "smoc", SMOC, make=alone(patience))
    yield made
    made.close()
