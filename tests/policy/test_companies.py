"""Every company's folder loads: no error in any language, each promise proved, each example as it says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from troth.document import read
from troth.kernel import compile, prove
from troth.laws import packs
from troth.policy import Policy, check, errors, judge_all, parse, read_examples

FOLDERS = sorted(p.parent for p in (Path(__file__).parents[2] / "companies").glob("*/policy.md"))


def policy_of(folder: Path) -> Policy:
    return parse((folder / "policy.md").read_bytes(), "policy.md", packs=packs())


def parties_of(folder: Path) -> dict[str, dict[str, Mapping[str, Any]]]:
    with (folder / "parties.toml").open("rb") as file:
        return {kind: {m["name"]: m for m in members} for kind, members in tomllib.load(file).items()}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_a_company_document_has_no_error_and_misses_nothing_the_law_wants(folder: Path) -> None:
    others = [read(p.read_bytes(), p.name) for p in sorted(folder.glob("policy.*.md"))]
    with (folder / "site.toml").open("rb") as file:
        site = tomllib.load(file)

    found = check(
        policy_of(folder),
        read((folder / "policy.md").read_bytes(), "policy.md"),
        translations=others,
        parties=parties_of(folder),
        site=site,
    )

    assert errors(found) == ()
    assert [str(p) for p in found if p.level == "missing"] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_every_never_and_always_of_a_company_and_its_laws_holds(folder: Path) -> None:
    proofs = prove(compile(policy_of(folder), parties_of(folder)))

    assert [str(p) for p in proofs if not p.holds] == []
    assert proofs


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_every_example_of_a_company_is_decided_as_it_says(folder: Path) -> None:
    examples, problems = read_examples((folder / "examples.md").read_bytes(), "examples.md")
    kernel = compile(policy_of(folder), parties_of(folder))

    assert problems == ()
    assert [str(p) for p in judge_all(examples, kernel.decide)] == []
    assert len(examples) >= 8
