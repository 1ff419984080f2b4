"""The API of the first company, served alone, with its calls counted by a clock apart."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from askers import SMOC
from deployment import Deployment
from starlette.applications import Starlette

from troth.web.api import routes
from troth.web.sessions import Sessions


def mounted(seconds: Callable[[], float]) -> Callable[[Any], Starlette]:
    """Return what serves the API alone, where calls are counted by this clock."""

    def make(companies: Any) -> Starlette:
        app = Starlette(routes=routes(companies, seconds=seconds))
        app.state.sessions = Sessions()
        return app

    return make


@pytest.fixture
def still(tmp_path: Path) -> Iterator[Deployment]:
    """The API where no second passes, so that what is counted is counted exactly."""
    made = Deployment(tmp_path, "smoc", SMOC, make=mounted(lambda: 0.0))
    yield made
    made.close()


@pytest.fixture
def smoc(tmp_path: Path) -> Iterator[Deployment]:
    """The API where ten minutes pass between two calls, so that none comes too fast."""
    patience = map(float, itertools.count(0, 600)).__next__
    made = Deployment(tmp_path, "smoc", SMOC, make=mounted(patience))
    yield made
    made.close()
