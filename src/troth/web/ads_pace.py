"""Ads' pace: how often one address may press within a minute, by a value that no minute outlives.

The address is a key of a salted digest in memory alone.  INVARIANT (a minute at most): salt and digests go
together, by a timer of the server and, should that be late, before the next press is looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from time import monotonic

from troth.web.api.pace import Limit, Pace

A_MINUTE = 55.0  # seconds, so that a late timer still keeps within sixty
PRESSES = Limit("presses", 120, 60)


@dataclass(slots=True)
class Brake:
    """The presses of the running minute."""

    pace: Pace | None = None
    since: float = field(default=0.0)

    def free(self, address: str, now: float) -> bool:
        """Say whether this address may press once more; ``now`` in seconds of a clock that only goes on.

        >>> brake = Brake()
        >>> [brake.free("203.0.113.9", 0.0) for _ in range(121)].count(True)
        120
        >>> brake.free("203.0.113.9", 56.0)
        True
        """
        if self.pace is None or now - self.since >= A_MINUTE:
            self.pace, self.since = Pace(), now
            self._timer()
        return self.pace.take(PRESSES, address, now).wait == 0

    def forget(self) -> None:
        """Drop the salt and all that was made with it."""
        if monotonic() - self.since >= A_MINUTE - 1:
            self.pace = None

    def _timer(self) -> None:
        with contextlib.suppress(RuntimeError):  # no server's loop here: the next press looks at the clock
            asyncio.get_running_loop().call_later(A_MINUTE, self.forget)


BRAKE = Brake()
