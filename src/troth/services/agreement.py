"""Agreement: how far those who judge the same thing agree beyond chance: Fleiss' kappa.

After J. L. Fleiss, Measuring nominal scale agreement among many raters (Psychological Bulletin 76, 1971),
each item with as many raters as it has; what one rater alone judged says nothing and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def kappa(items: Sequence[Sequence[str]]) -> float | None:
    """Return Fleiss' kappa of the verdicts on each item; None where no item has two, or all say one thing.

    >>> round(kappa([["a"] * 10, ["a"] * 5 + ["b"] * 5]), 3)
    0.259
    >>> kappa([["a", "a"], ["b", "b"]])
    1.0
    >>> kappa([["a"], ["b"]]) is None
    True
    """
    rated = [Counter(verdicts) for verdicts in items if len(verdicts) > 1]
    whole: Counter[str] = sum(rated, Counter())
    if len(whole) < 2:
        return None
    seen = sum(map(_agreeing, rated)) / len(rated)
    chance = sum((n / whole.total()) ** 2 for n in whole.values())
    return (seen - chance) / (1 - chance)


def _agreeing(verdicts: Counter[str]) -> float:
    """Return which part of the pairs of raters of one item agree."""
    n = verdicts.total()
    return sum(c * (c - 1) for c in verdicts.values()) / (n * (n - 1))
