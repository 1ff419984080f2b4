"""Note which promises a run of the tests has held.

A test names the clauses that it stands for: ``@pytest.mark.clause("smoc-7.3")``.  When the environment names
a file in ``CLAUSES_OUT``, the outcome of every such test that *ran* is written there, by clause:
``{"smoc-7.3": {"passed": ["tests/…::test_…"], "failed": []}}``.  A test that did not run leaves no entry.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE
from askers import SMOC
from deployment import Deployment

OUT = "CLAUSES_OUT"
clauses_of: dict[str, tuple[str, ...]] = {}
outcomes: dict[str, dict[str, list[str]]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Remember which clauses each collected test names."""
    for item in items:
        named = [str(i) for mark in item.iter_markers("clause") for i in mark.args]
        if named:
            clauses_of[item.nodeid] = tuple(named)


@pytest.fixture
def marked_clauses() -> frozenset[str]:
    """Give every clause that a collected test names."""
    return frozenset(i for ids in clauses_of.values() for i in ids)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a clause as held when the test's call passed, as broken when any phase of it failed."""
    if report.failed:
        _note(clauses_of.get(report.nodeid, ()), "failed", report.nodeid)
    elif report.when == "call" and report.passed:
        _note(clauses_of.get(report.nodeid, ()), "passed", report.nodeid)


def pytest_sessionfinish() -> None:
    """Write what was noted, if a file was asked for."""
    out = os.environ.get(OUT)
    if out:
        Path(out).write_text(json.dumps(outcomes, indent=1, sort_keys=True), encoding="utf-8")


def _note(clauses: Iterable[str], how: str, test: str) -> None:
    for clause in clauses:
        outcomes.setdefault(clause, {"passed": [], "failed": []})[how].append(test)


Deploy = Callable[..., Deployment]


@pytest.fixture
def deploy(tmp_path: Path) -> Iterator[Deploy]:
    """Serve a company, with the changes to its folder that a test asks for: ``deploy("smoc", edit=…)``."""
    served: list[Deployment] = []

    def make(name: str, **more: Any) -> Deployment:
        home = tmp_path / str(len(served))
        home.mkdir()
        served.append(Deployment(home, name, more.pop("askers", SMOC), **more))
        return served[-1]

    yield make
    for house in served:
        house.close()


@pytest.fixture
def smoc(deploy: Deploy) -> Deployment:
    """The first company, served on 1 March 2025 at 10:00 in Oslo."""
    return deploy("smoc")


@pytest.fixture
def engage(deploy: Deploy) -> Deployment:
    """The second company, served on 10 March 2024 at 10:00 in London."""
    return deploy("engagesmarter", askers=ENGAGE, now=datetime(2024, 3, 10, 10, tzinfo=UTC))
