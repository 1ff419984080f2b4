"""A browser without script (TestClient) at the first company, opened on a store in a temporary folder."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient

from troth.web import app


def _load(name: str) -> ModuleType:
    """Load a module that stands beside this file, once."""
    known = sys.modules.get(f"troth_web_{name}")
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"troth_web_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[f"troth_web_{name}"] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Any]:
    """The open company and its clock."""
    made = _load("house").build(tmp_path)
    yield made
    made.company.close()


@pytest.fixture
def web(house: Any) -> TestClient:
    return TestClient(app([house.company]), base_url="https://fjord.example", client=("203.0.113.24", 4711))


@pytest.fixture
def person(house: Any, web: TestClient) -> Any:
    """Somebody with a browser, at this company."""
    return _load("person").Person(web, house)


@pytest.fixture(name="load")
def loader() -> Any:
    """What loads a module that stands beside the tests."""
    return _load
