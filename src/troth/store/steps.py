"""Steps: named moments between two writes, so that a test can end the process at each of them.

In service nothing listens and a step costs one comparison.
"""

from __future__ import annotations

from collections.abc import Callable

_listener: Callable[[str], None] | None = None


def listen(listener: Callable[[str], None] | None) -> None:
    """Call ``listener`` with each step's name from now on; None stops it."""
    global _listener
    _listener = listener


def step(name: str) -> None:
    """Say that this moment is reached."""
    if _listener is not None:
        _listener(name)
