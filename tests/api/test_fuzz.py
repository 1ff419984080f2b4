"""Every operation of all five companies' APIs, by every asker, with hostile values: never a 5xx.

The values are drawn from the document itself (its schemas, the policy's names) and from what breaks parsers;
``./run campaign fuzz`` goes on for as long as one likes.
"""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deployment import COMPANIES, Deployment
from depth import examples
from tests.campaign.hostile import Hostile, alone
from tests.campaign.planting import askers

from troth.web.api.table import OPERATIONS

V1 = "/smoc/api/v1"
NAMES = sorted(p.name for p in COMPANIES.iterdir() if (p / "policy.md").exists())
ROUNDS = examples(1)  # of each operation by each asker


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_value_breaks_an_operation(tmp_path: Path, name: str) -> None:
    patience = map(float, itertools.count(0, 600)).__next__  # between two calls, so that none comes too fast
    now = datetime(2025, 3, 1, 9, tzinfo=UTC)
    house = Deployment(tmp_path, name, askers(name), now, make=alone(patience))
    attacker = Hostile(house, random.Random(name))
    wrong = list(attacker.attack(OPERATIONS, ROUNDS))
    house.close()

    assert wrong == []
    assert attacker.calls > len(OPERATIONS)


def test_the_description_names_every_operation_and_every_type_it_speaks_of(still: Deployment) -> None:
    told = still.web.get(f"{V1}/openapi.json").json()
    names = [o["operationId"] for path in told["paths"].values() for o in path.values()]
    text = json.dumps(told)

    assert told["openapi"] == "3.1.0"
    assert len(names) == len(set(names)) == len(OPERATIONS)
    for name in told["components"]["schemas"]:
        assert f"#/components/schemas/{name}" in text
    assert 'id="refused"' in still.web.get(f"{V1}/").text


def test_the_page_lists_every_operation_with_whom_it_serves() -> None:
    page = (Path(__file__).parents[2] / "docs/api.md").read_text("utf-8")

    for o in OPERATIONS:
        serves = ", ".join(sorted(o.who)) if len(o.who) < 5 else "anyone"
        assert f"| `{o.method} {o.path}` | {o.says} | {serves} |" in page
