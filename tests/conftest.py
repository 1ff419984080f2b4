"""Note which promises a run of the tests has held.

A test names the clauses that it stands for: ``@pytest.mark.clause("smoc-7.3")``.  When the environment names
a file in ``CLAUSES_OUT``, the outcome of every such test that *ran* is written there, by clause:
``{"smoc-7.3": {"passed": ["tests/…::test_…"], "failed": []}}``.  A test that did not run leaves no entry.
The names travel with each test's report, so that a run in several processes is noted in the one that counts.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import postgresql
import pytest
from depth import TIMES
from hypothesis import settings

# What is drawn at random is the same on every day, so that a red suite is a change's fault; deeper searches
# (``DEPTH=10 ./run test``) draw anew each time.
settings.register_profile("suite", derandomize=TIMES == 1)
settings.load_profile("suite")

OUT = "CLAUSES_OUT"
NONE = SimpleNamespace(params={})
SERVERS = frozenset({"postgresql", "server"})  # how a fixture names the store that is not in files
MARKED = pytest.StashKey[frozenset[str]]()
outcomes: dict[str, dict[str, list[str]]] = {}


@pytest.hookimpl(tryfirst=True)  # before the marks choose what runs
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Lay the clauses that a test names beside it; leave out what is about files where there are none.

    A quick run leaves out what needs a server.
    """
    for item in items:
        if SERVERS & {str(given) for given in getattr(item, "callspec", NONE).params.values()}:
            item.add_marker("slow")
    if postgresql.asked():
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]
    for item in items:
        named = [str(i) for mark in item.iter_markers("clause") for i in mark.args]
        if named:
            item.user_properties.append(("clauses", named))
    told = (value for item in items for name, value in item.user_properties if name == "clauses")
    session.stash[MARKED] = frozenset(clause for named in told for clause in _listed(named))


@pytest.fixture
def marked_clauses(request: pytest.FixtureRequest) -> frozenset[str]:
    """Give every clause that a collected test names."""
    return request.session.stash[MARKED]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a clause as held when the test's call passed, as broken when any phase of it failed."""
    how = "failed" if report.failed else "passed"
    if report.failed or (report.when == "call" and report.passed):
        for clause in (
            c for name, told in report.user_properties if name == "clauses" for c in _listed(told)
        ):
            outcomes.setdefault(clause, {"passed": [], "failed": []})[how].append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was noted, if a file was asked for and this is the process that counts."""
    out = os.environ.get(OUT)
    if out and not hasattr(session.config, "workerinput"):
        Path(out).write_text(json.dumps(outcomes, indent=1, sort_keys=True), encoding="utf-8")


def _listed(told: object) -> list[str]:
    return [str(clause) for clause in told] if isinstance(told, list) else []
