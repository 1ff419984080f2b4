"""Tries: how often a password was wrong, and when its door is held.

A stranger can hold the door shut only for the place he tries from, or for a few minutes for all places at
once; the code by mail opens it for the owner all the while.  INVARIANT (the owner comes in): nothing here is
asked where a code is.  Counted in memory, under keyed digests, and forgotten after minutes.
"""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

HERE, HERE_WITHIN = 5, timedelta(minutes=10)  # wrong passwords for one account from one place
ALL, ALL_WITHIN = 10, timedelta(minutes=5)  # for one account from everywhere: somebody is guessing
HELD = timedelta(minutes=5)  # how long the door is then held everywhere
MOST = 50_000  # accounts remembered at once; the oldest goes first


@dataclass
class Tries:
    """The wrong passwords of the last minutes and the doors that are held."""

    times: dict[bytes, deque[datetime]] = field(default_factory=dict, repr=False)
    until: dict[bytes, datetime] = field(default_factory=dict, repr=False)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def held(self, company: str, account: str, place: str, now: datetime) -> bool:
        """Say whether the password of an account may not be tried from here now."""
        anywhere, here = self._key(company, account), self._key(company, account, place)
        return self.until.get(anywhere, now) > now or len(self._recent(here, HERE_WITHIN, now)) >= HERE

    def note(self, company: str, account: str, place: str, now: datetime) -> bool:
        """Count one wrong password; say whether it is the one that makes somebody's guessing plain."""
        anywhere, here = self._key(company, account), self._key(company, account, place)
        self._recent(here, HERE_WITHIN, now).append(now)
        everywhere = self._recent(anywhere, ALL_WITHIN, now)
        everywhere.append(now)
        if len(everywhere) < ALL:
            return False
        everywhere.clear()
        self.until[anywhere] = now + HELD
        return True

    def forgive(self, company: str, account: str, place: str) -> None:
        """Forget the wrong tries of a place from which the owner came in."""
        self.times.pop(self._key(company, account, place), None)

    def lift(self, company: str, account: str, place: str) -> None:
        """Open the door again that was held everywhere, and for the place from which its owner says so."""
        self.until.pop(self._key(company, account), None)
        self.forgive(company, account, place)

    def _recent(self, key: bytes, within: timedelta, now: datetime) -> deque[datetime]:
        if len(self.times) >= MOST:
            self.times.pop(next(iter(self.times)))
        found = self.times.setdefault(key, deque())
        while found and now - found[0] > within:
            found.popleft()
        return found

    def _key(self, *words: str) -> bytes:
        return hmac.digest(self.secret, "\n".join(words).casefold().encode(), sha256)
