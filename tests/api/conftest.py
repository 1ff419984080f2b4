"""The API at a small company: the real kernel, a gate in memory, one key for each kind of asker."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from troth.web.api import routes
from troth.web.sessions import Sessions

_spec = importlib.util.spec_from_file_location("troth_api_fake", Path(__file__).with_name("fake.py"))
assert _spec is not None
assert _spec.loader is not None
fake = importlib.util.module_from_spec(_spec)
sys.modules["troth_api_fake"] = fake
_spec.loader.exec_module(fake)


def mounted(company: Any, seconds: Callable[[], float]) -> TestClient:
    app = Starlette(routes=routes([company], seconds=seconds))
    app.state.sessions = Sessions()
    app.state.visits = {}
    return TestClient(app, base_url="https://fjord.example/", raise_server_exceptions=False)


@pytest.fixture
def company() -> Any:
    return fake.company()


@pytest.fixture
def api(company: Any) -> TestClient:
    """The API where no second passes, so that what is counted is counted exactly."""
    return mounted(company, lambda: 0.0)


@pytest.fixture
def patient(company: Any) -> TestClient:
    """The API where a minute passes between two calls, so that none comes too fast."""
    return mounted(company, map(float, itertools.count(0, 600)).__next__)
