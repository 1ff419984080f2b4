"""Lots: what a fair drawing is, in digests that anybody can recompute (``verify_draw.py`` does).

Before the first entry a commitment to a seed is published, at the close the digest of all entry numbers, at
the drawing the seed.  A rank is a digest of seed, beacon, list and number, so that no entry is preferred and
none can be added or dropped later.  Change nothing here without that script.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence


def commitment(name: str, closes: str, announced: str, seed: str) -> str:
    """Return what is published before the first entry, so that the seed cannot be chosen after it.

    >>> commitment("d", "2024-05-31", "", "11")[:8]
    'c3e84213'
    """
    return _sha("troth draw 1", name, closes, announced, seed)


def digest(numbers: Collection[str]) -> str:
    """Return what is published at the close: the digest of all entries."""
    return _sha(*sorted(numbers))


def ranked(numbers: Collection[str], seed: str, beacon: str) -> tuple[str, ...]:
    """Return the numbers in the order in which they are drawn.

    >>> ranked(["a", "b", "c"], "11", "") == ranked(["c", "a", "b"], "11", "")
    True
    """
    closed = digest(numbers)
    return tuple(sorted(numbers, key=lambda number: _sha(seed, beacon, closed, number)))


def won(order: Sequence[str], standing: Collection[str], winners: int) -> tuple[str, ...]:
    """Return the first in rank whose entry still stands."""
    return tuple(n for n in order if n in standing)[:winners]


def _sha(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
