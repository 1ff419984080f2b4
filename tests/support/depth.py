"""Depth: how many examples a property is tried on; ``DEPTH=10 ./run test`` tries ten times as many."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("DEPTH", "1"))


def examples(number: int) -> int:
    """Return how often to try where ``number`` is enough for every day.

    >>> examples(20) == 20 * TIMES
    True
    """
    return number * TIMES
