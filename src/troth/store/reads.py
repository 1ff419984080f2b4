"""Reads: evidence of reads, held back a moment so that many of them share one commit.

A crash loses what is held back: at most ``GROUP`` entries, none noted more than ``bound`` before the last
call.  Real time counts here, not the store's clock, so that a clock set back cannot stretch the bound.
Its one rule: an entry leaves the buffer only after the commit that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

GROUP = 256
BOUND = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True)
class Read:
    """One read: when, whose, of which kind, by which clause; nothing personal in ``detail``."""

    at: datetime
    person: int | None
    kind: str
    clause: str
    detail: Mapping[str, Any]


@dataclass(slots=True)
class Reads:
    """The buffer; ``seconds`` is a clock that only runs forward."""

    seconds: Callable[[], float]
    bound: timedelta = BOUND
    held: list[Read] = field(default_factory=list)
    _since: float = 0.0

    def add(self, read: Read) -> None:
        """Hold one read back."""
        if not self.held:
            self._since = self.seconds()
        self.held.append(read)

    def full(self) -> bool:
        """Say whether the group must be written now."""
        waited = self.seconds() - self._since
        return bool(self.held) and (len(self.held) >= GROUP or waited >= self.bound.total_seconds())

    def written(self, count: int) -> None:
        """Let the first ``count`` go, which are committed."""
        del self.held[:count]
        self._since = self.seconds()
