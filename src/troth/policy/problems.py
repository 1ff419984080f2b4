"""Problems: what a document is refused for, collected and shown all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from troth.terms import Place, Problem, TrothError


class DocumentBroken(TrothError):
    """A document that does not load; ``problems`` are in the order of their lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.place))
        super().__init__("\n".join(map(str, self.problems)))


class Fault(TrothError):
    """One wrong statement, while it is being read; the parser turns it into a problem."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        self.problem = Problem(place, message, hint)
        super().__init__(str(self.problem))


def near(word: str, known: Iterable[str]) -> str:
    """Return a hint naming the nearest known word, or nothing.

    >>> near("kep", ["keep", "share"])
    "did you mean 'keep'?"
    """
    found = get_close_matches(word, sorted(set(known)), n=1, cutoff=0.6)
    return f"did you mean '{found[0]}'?" if found else ""
