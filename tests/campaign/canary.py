"""Canary: values that nobody else would write, each known by the door through which it was handed in.

Every text carries ``MARK`` and five letters of its own, once more in Nordic letters, so that an encoding that
leaves plain letters alone is seen as well; an address is the mark's, a telephone number is one of those made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MARK, NORDIC = "qvzjkxw", "æþqøvå"
CODE = re.compile(MARK + "([a-z]{5})", re.IGNORECASE)
DIGITS = 8  # of a telephone number, in Norway


@dataclass(slots=True)
class Mint:
    """What was planted: ``doors[n]`` is the door of canary ``n``."""

    doors: list[str] = field(default_factory=list)
    door: str = ""  # through which the next ones go

    def _next(self) -> int:
        self.doors.append(self.door)
        return len(self.doors) - 1

    def text(self, most: int = 60) -> str:
        """Return a text of at most so many characters.

        >>> Mint().text()
        'qvzjkxwaaaaa æþqøvå'
        """
        plain = MARK + letters(self._next())
        return f"{plain} {NORDIC}" if most > len(plain) + len(NORDIC) else plain

    def word(self) -> str:
        return MARK + letters(self._next())

    def mail(self, domain: str = "example.org") -> str:
        return f"{self.word()}@{domain}"

    def phone(self) -> str:
        return f"+47{number(self._next())}"

    def of(self, text: str) -> set[int]:
        """Return which canaries stand in a text, in plain letters or as a telephone number."""
        found = {read(code.lower()) for code in CODE.findall(text)}
        made = (int(n) - 90_000_000 for n in re.findall(r"(?<!\d)(?:47|0)?(9\d{7})(?!\d)", text))
        return {n for n in (*found, *made) if n < len(self.doors)}


def number(n: int) -> str:
    """Return the digits of canary ``n`` as a telephone number."""
    return str(90_000_000 + n)


def letters(n: int) -> str:
    """Return ``n`` in five letters.

    >>> letters(0), letters(27), read(letters(31337))
    ('aaaaa', 'aaabb', 31337)
    """
    told = ""
    for _ in range(5):
        n, last = divmod(n, 26)
        told = chr(ord("a") + last) + told
    return told


def read(code: str) -> int:
    """Return the number that five letters stand for."""
    n = 0
    for letter in code:
        n = n * 26 + ord(letter) - ord("a")
    return n
