"""Every example on a page runs: README and docs are doctests.

A page that shows a policy (a fence of four backquotes marked ``markdown``) runs in an empty folder where
that policy lies as ``policy.md``; other pages run in the repository's root.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
POLICY = re.compile(r"^````markdown\n(.*?)^````$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_on_a_page_run(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = POLICY.search(page.read_text("utf-8"))
    if shown:
        (tmp_path / "policy.md").write_text(shown[1], "utf-8")
    monkeypatch.chdir(tmp_path if shown else ROOT)
    text = page.read_text("utf-8").replace("\n```", "\n\n")  # a fence ends an example's expected output
    names = {"__name__": "__page__"}
    parsed = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
    said: list[str] = []

    doctest.DocTestRunner(optionflags=FLAGS).run(parsed, out=said.append)

    assert "".join(said) == ""
