"""The table of requirements names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+[^|]*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def test_every_test_that_the_table_names_exists() -> None:
    named = NAMED.findall((ROOT / "docs/asvs.md").read_text("utf-8"))
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or f"def {name}(" not in (ROOT / file).read_text("utf-8")
    ]

    assert len(named) > 60
    assert missing == []


def test_a_row_names_a_test_or_says_what_is_not_met() -> None:
    rows = ROW.findall((ROOT / "docs/asvs.md").read_text("utf-8"))
    bare = [number for number, _, said in rows if said.startswith("held:") and not NAMED.search(said)]
    other = ("held", "in part:", "not met:", "not ours:")

    assert len(rows) > 50
    assert bare == []
    assert [number for number, _, said in rows if not said.startswith(other)] == []
