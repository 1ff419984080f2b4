"""Measured: how much of a fixed, labelled set the scrubber finds, kind by kind, for anybody to see.

The set is small and written by hand; it tells what kinds are missed more often than others, and no more than
that.  Its one rule: *the page and the command line say the same*, since both call this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from troth.scrub.find import find
from troth.scrub.span import DIRECT

MARK = re.compile(r"\{([A-Z_]+):([^{}]*)\}")
LANGUAGE = re.compile(r"\[([a-z]{2})\]")
Piece = tuple[int, int, str]  # from, to, kind


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: how many details of it there are, how many were found, and how many finds were none."""

    name: str
    there: int
    found: int
    wrong: int

    @property
    def recall(self) -> float | None:
        """The part of the details that was found; None where there is none."""
        return self.found / self.there if self.there else None

    @property
    def precision(self) -> float | None:
        """The part of the finds that are details; None where nothing was found."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None


@cache
def measured() -> tuple[Kind, ...]:
    """Measure the set that comes with the room; the kinds in order of their names, ``ALL`` last."""
    return measure(labelled((files("troth.scrub") / "data" / "labelled.txt").read_text("utf-8")))


def measure(rows: Iterable[tuple[str, str, tuple[Piece, ...]]]) -> tuple[Kind, ...]:
    """Measure rows of (language, text, details); a detail counts as found when a find of its kind touches it.

    >>> measure([("en", "mail jo@example.com", ((5, 19, "EMAIL"),))])[0]
    Kind(name='EMAIL', there=1, found=1, wrong=0)
    """
    there, found, wrong = Counter[str](), Counter[str](), Counter[str]()
    for lang, text, details in rows:
        finds = [(s.start, s.end, s.label) for s in find(text, lang=lang, kinds=DIRECT)]
        for detail in details:
            there[detail[2]] += 1
            found[detail[2]] += any(_touch(detail, one) for one in finds)
        wrong.update(one[2] for one in finds if not any(_touch(detail, one) for detail in details))
    kinds = [Kind(n, there[n], found[n], wrong[n]) for n in sorted({*there, *wrong})]
    return (*kinds, Kind("ALL", there.total(), found.total(), wrong.total()))


def labelled(text: str) -> Iterator[tuple[str, str, tuple[Piece, ...]]]:
    """Read a labelled set: ``[en]`` begins a language, ``{KIND:value}`` marks a detail.

    >>> list(labelled("[en]\\nring {PHONE:22 33 44 55}"))
    [('en', 'ring 22 33 44 55', ((5, 16, 'PHONE'),))]
    """
    lang = ""
    for line in text.splitlines():
        if found := LANGUAGE.fullmatch(line):
            lang = found[1]
        elif line and not line.startswith("#"):
            yield lang, *_unmarked(line)


def _unmarked(line: str) -> tuple[str, tuple[Piece, ...]]:
    plain, at, details = "", 0, []
    for mark in MARK.finditer(line):
        plain += line[at : mark.start()]
        details.append((len(plain), len(plain) + len(mark[2]), mark[1]))
        plain, at = plain + mark[2], mark.end()
    return plain + line[at:], tuple(details)


def _touch(one: Piece, other: Piece) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]
