"""The small company with its agents, opened for each test, and the model beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.agents.served import Chatter, House, North
from tests.agents.served import north as beside


@pytest.fixture
def model() -> Iterator[tuple[North, str]]:
    with beside() as found:
        yield found


@pytest.fixture
def house(tmp_path: Path, model: tuple[North, str]) -> Iterator[House]:
    made = House(tmp_path, model[1])
    yield made
    made.company.close()


@pytest.fixture
def kari(house: House) -> Chatter:
    """Somebody with a browser."""
    return Chatter(house.browser())
