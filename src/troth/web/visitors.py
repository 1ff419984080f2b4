"""Visitors: who was counted today, by a salt that is drawn for the day and thrown away with it.

Salt and marks live in this process alone.  INVARIANT (no line between two days): what is kept of a visitor is
a digest under the day's salt, and both are gone at the first look of the next day.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

MOST = 200_000  # marks of one day; beyond them nobody new is counted, rather than somebody twice


@dataclass(slots=True)
class _Day:
    name: str
    salt: bytes
    seen: set[bytes] = field(default_factory=set)


class Visitors:
    """The marks of the day, company by company."""

    def __init__(self) -> None:
        self._days: dict[str, _Day] = {}

    def first(self, company: str, day: str, who: str, what: str) -> bool:
        """Say whether somebody is new today for a page, and note it.

        >>> seen = Visitors()
        >>> [seen.first("club", d, "kari", "home") for d in ("2025-03-03", "2025-03-03", "2025-03-04")]
        [True, False, True]
        """
        today = self._days.get(company)
        if today is None or today.name != day:
            today = self._days[company] = _Day(day, secrets.token_bytes(32))
        mark = hmac.digest(today.salt, f"{who}\0{what}".encode(), "sha256")[:16]
        if mark in today.seen or len(today.seen) >= MOST:
            return False
        today.seen.add(mark)
        return True
