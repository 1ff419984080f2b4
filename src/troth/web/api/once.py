"""Once: a POST sent twice under one idempotency key happens once, and is answered alike both times.

What is remembered: a keyed digest of asker, key and place, a keyed digest of the body, and the answer, sealed
so that only whoever sends the same token and key again can open it: the memory itself holds nothing of a
person that could be read.  It is bounded, lasts a day, and ends with the process; a repeat after that is new.
"""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256, shake_256
from threading import Lock

LASTS = timedelta(hours=24)
MOST = 10_000
LONGEST = 128  # characters of a key


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it went out."""

    status: int
    body: bytes
    media: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One remembered request; ``answer`` None while it is under way, and its body sealed under ``nonce``."""

    request: bytes
    at: datetime
    answer: Answered | None = None
    nonce: bytes = b""


class Once:
    """The memory of one process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._lock = Lock()

    def begin(self, place: str, body: bytes, now: datetime) -> tuple[str, Answered | None]:
        """Say ``new``, ``again`` (with its answer), ``other`` (another body) or ``busy`` (still under way).

        >>> once, now = Once(), datetime(2026, 1, 1)
        >>> once.begin("k", b"a", now)[0], once.begin("k", b"a", now)[0], once.begin("k", b"b", now)[0]
        ('new', 'busy', 'other')
        >>> once.end("k", Answered(201, b"{}", "application/json"))
        >>> once.begin("k", b"a", now)[1].body
        b'{}'
        """
        key, digest = self._digest(place.encode("utf-8", "replace")), self._digest(body)
        with self._lock:
            self._forget(now)
            kept = self._kept.get(key)
            if kept is None:
                self._kept[key] = Kept(digest, now)
                return "new", None
        if not hmac.compare_digest(kept.request, digest):
            return "other", None
        if kept.answer is None:
            return "busy", None
        return "again", replace(kept.answer, body=self._sealed(place, kept.nonce, kept.answer.body))

    def end(self, place: str, answer: Answered | None) -> None:
        """Remember the answer; None forgets the request, so that it may be tried again."""
        key = self._digest(place.encode("utf-8", "replace"))
        with self._lock:
            kept = self._kept.pop(key, None)
            if kept is not None and answer is not None:
                nonce = secrets.token_bytes(16)
                sealed = replace(answer, body=self._sealed(place, nonce, answer.body))
                self._kept[key] = Kept(kept.request, kept.at, sealed, nonce)

    def _forget(self, now: datetime) -> None:
        while self._kept:
            oldest = next(iter(self._kept))
            if len(self._kept) < MOST and now - self._kept[oldest].at < LASTS:
                return
            del self._kept[oldest]

    def _sealed(self, place: str, nonce: bytes, body: bytes) -> bytes:
        """Seal or open an answer: its pad is SHAKE-256 of a secret, a fresh nonce and the place."""
        pad = shake_256(self._secret + nonce + place.encode("utf-8", "replace")).digest(len(body))
        return bytes(a ^ b for a, b in zip(body, pad, strict=True))

    def _digest(self, what: bytes) -> bytes:
        return hmac.digest(self._secret, what, sha256)
