"""The API at a small company: the real kernel, a gate in memory, one key for each kind of asker."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from troth.web.api import routes
from troth.web.sessions import Sessions


def beside(name: str) -> Any:
    """Load a module that lies beside this one, under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"troth_api_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


fake, smoc_house = beside("fake"), beside("smoc")


def mounted(company: Any, seconds: Callable[[], float]) -> TestClient:
    app = Starlette(routes=routes([company], seconds=seconds))
    app.state.sessions = Sessions()
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


@pytest.fixture
def smoc(tmp_path: Path) -> Iterator[Any]:
    """The first company on its real gate."""
    yield from smoc_house.opened(tmp_path)
