"""A browser without script (TestClient) at a company whose gate is in memory."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

_spec = importlib.util.spec_from_file_location("troth_web_fake", Path(__file__).with_name("fake.py"))
assert _spec is not None
assert _spec.loader is not None
fake = importlib.util.module_from_spec(_spec)
sys.modules["troth_web_fake"] = fake
_spec.loader.exec_module(fake)


@pytest.fixture
def company() -> object:
    return fake.FakeCompany()


@pytest.fixture
def web(company: object) -> TestClient:
    from troth.web import app

    return TestClient(app([company]), base_url="https://fjord.example")  # type: ignore[list-item]
