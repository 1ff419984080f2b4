"""What is installed is what was chosen: each package by its exact version and its hashes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==\S+", re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_its_hash(lock: Path) -> None:
    text = lock.read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    loose = [line[:60] for line in lines if not PINNED.match(line) or "--hash=sha256:" not in line]

    assert lines
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_takes_what_was_asked_for_and_nothing_by_an_address(lock: Path) -> None:
    wanted = lock.with_suffix(".in")
    asked = [line.split("[")[0].strip().lower() for line in wanted.read_text("utf-8").splitlines()]
    names = {name.lower().replace("_", "-") for name in PINNED.findall(lock.read_text("utf-8"))}
    missing = [
        name
        for line in asked
        if (name := re.split(r"[<>=!~; #]", line)[0]) and name[0] not in "-#" and name not in names
    ]

    assert missing == []
    assert not re.search(r"https?://|git\+|file://", lock.read_text("utf-8"))
