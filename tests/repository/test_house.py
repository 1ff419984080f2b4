"""The repository about itself: what the house style promises of the sources, whatever room is being built."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
SHIPPED = sorted(p for p in (ROOT / "src").rglob("*") if p.is_file() and "__pycache__" not in p.parts)
COMPANIES = sorted(path.stem for path in (ROOT / "tests/clauses/catalogue").glob("*.toml"))
DEBTS = (ROOT / "docs/style-debts.md").read_text("utf-8")


def test_no_company_is_named_under_src() -> None:
    names = re.compile(r"\b(" + "|".join(COMPANIES) + r")\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path, text in texts(SHIPPED)
        for hit in names.finditer(text)
    ]

    assert len(COMPANIES) == 5
    assert found == []


def test_a_company_is_a_folder_without_a_line_of_python() -> None:
    found = [str(path.relative_to(ROOT)) for path in (ROOT / "companies").rglob("*.py*")]

    assert found == []


def test_only_the_kernel_makes_a_permit() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if "kernel" not in path.relative_to(ROOT).parts
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path)))
        if isinstance(node, ast.Call) and called(node) == "Permit"
    ]

    assert found == []


def test_nothing_is_left_to_be_done_later_in_a_comment() -> None:
    left = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    found = [str(path.relative_to(ROOT)) for path, text in texts(SOURCES) if left.search(text)]

    assert found == []


def test_a_module_is_at_most_400_lines_or_stands_in_the_list_of_debts() -> None:
    long = {str(p.relative_to(ROOT)): n for p, t in texts(SOURCES) if (n := t.count("\n")) > 400}

    assert {name: lines for name, lines in long.items() if name not in DEBTS} == {}


def test_a_lock_names_no_registry() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))

    assert locks
    assert [
        lock.name for lock in locks if re.search(r"https?://|--index|--extra-index", lock.read_text("utf-8"))
    ] == []


def texts(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Give each file that is text together with what it says."""
    for path in paths:
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a typeface


def called(node: ast.Call) -> str:
    """Return the last name of what a call calls: ``Permit`` for ``terms.Permit(…)``."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
