"""A browser without script (TestClient) at the first company, opened on a store in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from deployment import Deployment
from starlette.testclient import TestClient
from summer import Visitor, served


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Deployment]:
    """The open company and its clock."""
    made = served(tmp_path)
    yield made
    made.close()


@pytest.fixture
def web(house: Deployment) -> TestClient:
    return house.web


@pytest.fixture
def person(house: Deployment, web: TestClient) -> Visitor:
    """Somebody with a browser, at this company."""
    return Visitor(house, web, "kari@example.no")
