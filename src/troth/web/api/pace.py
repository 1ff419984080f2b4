"""Pace: how many calls an asker may make, told in every answer (RateLimit fields) and held with 429.

A bucket fills evenly and each call takes one.  Buckets are named by a keyed digest, never by an address or a
key; the oldest go when there are too many.  The clock is passed in, in seconds; only its differences count.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

MOST = 50_000  # buckets held at once


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds; ``name`` is the policy's name in the headers."""

    name: str
    calls: int
    seconds: int


KEYS = Limit("keys", 3000, 60)
PEOPLE = Limit("people", 600, 60)
NOBODY = Limit("nobody", 300, 60)
WRONG = Limit("wrong", 30, 300)  # tokens and codes that were not right, by address


@dataclass(frozen=True, slots=True)
class Left:
    """What is left after a call.  ``wait``: seconds until one more may be made, 0 when it may now."""

    limit: Limit
    calls: int
    wait: int

    @property
    def fields(self) -> dict[str, str]:
        """Return the header fields of draft-ietf-httpapi-ratelimit-headers, and Retry-After on a no.

        >>> Left(Limit("keys", 10, 60), 9, 0).fields["RateLimit"]
        '"keys";r=9;t=6'
        """
        limit = self.limit
        full = -(-(limit.calls - self.calls) * limit.seconds // limit.calls)
        told = {
            "RateLimit-Policy": f'"{limit.name}";q={limit.calls};w={limit.seconds}',
            "RateLimit": f'"{limit.name}";r={self.calls};t={full}',
        }
        return told | ({"Retry-After": str(self.wait)} if self.wait else {})


class Pace:
    """All buckets of one process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, limit: Limit, whom: str, now: float, calls: int = 1) -> Left:
        """Take so many calls from a bucket, or say how long to wait; ``calls=0`` only asks.

        >>> pace, limit = Pace(), Limit("few", 2, 60)
        >>> [pace.take(limit, "a", 0.0).wait for _ in range(3)], pace.take(limit, "a", 30.0).wait
        ([0, 0, 30], 0)
        """
        key = hmac.digest(self._secret, f"{limit.name} {whom}".encode("utf-8", "replace"), sha256)
        rate = limit.calls / limit.seconds
        with self._lock:
            left, since = self._buckets.pop(key, (float(limit.calls), now))
            left = min(limit.calls, left + max(0.0, now - since) * rate)
            taken = left >= max(calls, 1)
            self._buckets[key] = (left - calls if taken else left, now)
            while len(self._buckets) > MOST:
                self._buckets.popitem(last=False)
        if taken:
            return Left(limit, int(left - calls), 0)
        return Left(limit, 0, max(1, -int(-(1 - left) / rate // 1)))
