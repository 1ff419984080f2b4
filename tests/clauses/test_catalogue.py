"""The catalogue and the marks agree: no test stands for a promise that nobody made."""

from __future__ import annotations

import tomllib
from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue"


def catalogued() -> list[str]:
    found = []
    for path in sorted(CATALOGUE.glob("*.toml")):
        with path.open("rb") as file:
            found += [c["id"] for c in tomllib.load(file)["clause"]]
    return found


def test_every_clause_a_test_names_stands_in_the_catalogue(marked_clauses: frozenset[str]) -> None:
    assert marked_clauses <= set(catalogued())


def test_no_two_clauses_of_the_catalogue_share_a_name() -> None:
    ids = catalogued()

    assert len(ids) == 645
    assert len(set(ids)) == len(ids)
