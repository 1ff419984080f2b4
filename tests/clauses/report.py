"""Report: which core promises of each company a passing test holds, and which none does.

Run it as ``python tests/clauses/report.py [COMPANY …]``.  It runs the tests that name a clause in a pytest of
its own and counts only what ran there: a clause is held when at least one test of it passed and none failed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CATALOGUE = HERE / "catalogue"
Outcomes = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One company's core clauses, sorted into held, broken and open, and how many others are held."""

    company: str
    held: tuple[str, ...]
    broken: tuple[str, ...]
    open: tuple[str, ...]
    others_held: int

    def __str__(self) -> str:
        total = len(self.held) + len(self.broken) + len(self.open)
        lines = [
            f"{self.company}: {len(self.held)} of {total} core clauses held by a passing test"
            f" (and {self.others_held} others)",
            f"  held: {' '.join(self.held) or 'none'}",
            f"  not:  {' '.join(self.open) or 'none'}",
        ]
        return "\n".join([*lines, f"  BROKEN: {' '.join(self.broken)}"] if self.broken else lines)


def levels(company: str) -> dict[str, str]:
    """Return each clause of a company's catalogue with its level (core, support or text)."""
    with (CATALOGUE / f"{company}.toml").open("rb") as file:
        return {c["id"]: c["level"] for c in tomllib.load(file)["clause"]}


def companies() -> list[str]:
    """Return the companies that have a catalogue."""
    return sorted(p.stem for p in CATALOGUE.glob("*.toml"))


def coverage(company: str, clauses: Mapping[str, str], outcomes: Outcomes) -> Coverage:
    """Sort a company's clauses by what the tests said of them.

    >>> ran = {"a-1": {"passed": ["t"], "failed": []}, "a-2": {"passed": ["t"], "failed": ["u"]}}
    >>> print(coverage("a", {"a-1": "core", "a-2": "core", "a-3": "core", "a-4": "text"}, ran))
    a: 1 of 3 core clauses held by a passing test (and 0 others)
      held: a-1
      not:  a-3
      BROKEN: a-2
    """
    failed = {c for c in clauses if outcomes.get(c, {}).get("failed")}
    passed = {c for c in clauses if outcomes.get(c, {}).get("passed")} - failed
    core = [c for c, level in clauses.items() if level == "core"]
    return Coverage(
        company,
        held=tuple(c for c in core if c in passed),
        broken=tuple(c for c in core if c in failed),
        open=tuple(c for c in core if c not in passed | failed),
        others_held=sum(1 for c in passed if clauses[c] != "core"),
    )


def run_tests() -> dict[str, dict[str, list[str]]]:
    """Run the clause tests in a process of their own and return what each clause's tests did."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "clauses.json"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-m", "clause"]
        told = {**os.environ, "CLAUSES_OUT": str(out)}
        subprocess.run([*command, str(HERE.parent)], env=told, check=False, stdout=sys.stderr)
        found: dict[str, dict[str, list[str]]] = json.loads(out.read_text(encoding="utf-8"))
        return found


def main(arguments: list[str]) -> int:
    """Print the coverage of the companies named, or of all; 1: a test failed, 2: unknown company."""
    known = companies()
    if unknown := [a for a in arguments if a not in known]:
        print(f"no catalogue for {', '.join(unknown)}; there is {', '.join(known)}", file=sys.stderr)
        return 2
    outcomes = run_tests()
    found = [coverage(c, levels(c), outcomes) for c in arguments or known]
    print("\n".join(map(str, found)))
    return 1 if any(c.broken for c in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
