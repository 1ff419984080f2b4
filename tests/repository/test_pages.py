"""The pages tell the truth about the repository: what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMED = re.compile(
    r"`((?:src|tests|docs|bench|companies|changelog\.d)/[\w./-]*|run|LICENSE|pyproject\.toml)`|\]\(([^)#:]+)\)"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_a_page_names_exists(page: Path) -> None:
    """Paths in backquotes count from the root, links from the page's own folder."""
    hits = list(NAMED.finditer(page.read_text("utf-8")))
    paths = [ROOT / h[1] if h[1] else page.parent / h[2] for h in hits if "/NAME/" not in h[0]]
    missing = [str(path.relative_to(ROOT)) for path in paths if not path.exists()]

    assert missing == []


def test_the_sentence_stands_in_the_readme_and_in_the_code() -> None:
    sentence = "the document says, the kernel decides, the gate does, the ledger shows"
    first = (ROOT / "README.md").read_text("utf-8")
    code = (ROOT / "src/troth/__init__.py").read_text("utf-8")

    assert sentence in first
    assert sentence in code


def test_every_change_is_one_line() -> None:
    notes = sorted(path for path in (ROOT / "changelog.d").glob("*.md"))

    assert notes
    assert [note.name for note in notes if len(note.read_text("utf-8").splitlines()) != 1] == []
