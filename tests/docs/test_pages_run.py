"""Every example on a page runs: README and docs are doctests."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_on_a_page_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = page.read_text("utf-8").replace("\n```", "\n\n")  # a fence ends an example's expected output
    names = {"__name__": "__page__"}
    parsed = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
    said: list[str] = []

    doctest.DocTestRunner(optionflags=FLAGS).run(parsed, out=said.append)

    assert "".join(said) == ""
