"""Note which promises a run of the tests has held.

A test names the clauses that it stands for: ``@pytest.mark.clause("smoc-7.3")``.  When the environment names
a file in ``TROTH_CLAUSES_OUT``, the outcome of every such test that *ran* is written there, by clause:
``{"smoc-7.3": {"passed": ["tests/…::test_…"], "failed": []}}``.  A test that did not run leaves no entry.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

OUT = "TROTH_CLAUSES_OUT"
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
