"""Vault: what one conversation has hidden, so that the same value gets the same token and an answer can
be restored.

The map is as secret as the values: it is kept apart from the text, shows nothing in its ``repr``, and
gives values
back to its author alone.  Safe to share between threads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from threading import RLock
from typing import Any

from troth.scrub.span import ScrubError

TOKEN = re.compile(r"\[[A-Z][A-Z_]{1,30}_\d{1,7}(?:\.\d{1,5})?\]")


class NotTheAuthor(ScrubError):
    """Somebody other than the author asked to see what a conversation hides."""

    def __init__(self) -> None:
        super().__init__("only the author of a conversation can have its tokens restored")


class Vault:
    """The tokens of one conversation and the values behind them.

    >>> vault = Vault()
    >>> vault.token("PERSON", "Kari Moe"), vault.token("PERSON", "Ola Li"), vault.token("PERSON", "KARI MOE")
    ('[PERSON_1]', '[PERSON_2]', '[PERSON_1.2]')
    >>> vault
    <Vault of 3 values>
    """

    def __init__(self, author: str = "") -> None:
        self.author = author
        self._lock = RLock()
        self._forms: dict[tuple[str, str], str] = {}  # (label, value as written) to what replaces it
        self._numbers: dict[tuple[str, str], int] = {}  # (label, value in plain form) to its number
        self._written: dict[tuple[str, int], int] = {}  # how many written forms a number has
        self._values: dict[str, str] = {}  # what replaces to the value as written
        self._next: dict[str, int] = {}
        self._taken: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        return f"<Vault of {len(self)} values>"

    def __len__(self) -> int:
        return len(self._values)

    def token(self, label: str, value: str) -> str:
        """Return the token of a value; another way of writing the same value gets a form of the same
        number."""
        with self._lock:
            if known := self._forms.get((label, value)):
                return known
            plain = (label, _plain(label, value))
            number = self._numbers.get(plain) or self._kin(plain) or self._number(label, plain)
            self._numbers[plain] = number
            while True:
                form = self._written[label, number] = self._written.get((label, number), 0) + 1
                token = f"[{label}_{number}]" if form == 1 else f"[{label}_{number}.{form}]"
                if token not in self._taken:
                    break
            return self._keep(label, value, token)

    def keep(self, label: str, value: str, make: Callable[[int], str]) -> str:
        """Return what stands for a value; ``make`` is asked again with 1, 2, … while its answer is taken."""
        with self._lock:
            if known := self._forms.get((label, value)):
                return known
            for attempt in range(1_000):
                made = make(attempt)
                if made not in self._taken and self._values.get(made, value) == value and made != value:
                    return self._keep(label, value, made)
            raise ScrubError(f"no free replacement for a {label}")

    def reserve(self, text: str) -> None:
        """Never give out a token or replacement that a text already holds as its own words."""
        if "[" in text:
            with self._lock:
                self._taken.update(t for t in TOKEN.findall(text) if t not in self._values)

    def values(self) -> list[tuple[str, str]]:
        """Return every hidden value with its label."""
        with self._lock:
            return list(self._forms)

    def opened(self, text: str, author: str = "") -> str:
        """Return a text with the values back in their places; raise ``NotTheAuthor`` for anybody else."""
        self.check(author)
        with self._lock:
            return self._find().sub(lambda m: self._values[m[0]], text) if self._values else text

    def check(self, author: str) -> None:
        """Raise ``NotTheAuthor`` unless ``author`` began the conversation."""
        if self.author != author:
            raise NotTheAuthor

    def held(self, text: str) -> int:
        """Return how many characters at the end of ``text`` may be the beginning of a replacement."""
        with self._lock:
            names = list(self._values)
        longest = max(map(len, names), default=0)
        for size in range(min(longest, len(text)), 0, -1):
            end = text[-size:]
            if any(n.startswith(end) and (len(n) > size or n[-1] != "]") for n in names):
                return size
        return 0

    def state(self) -> dict[str, Any]:
        """Return the vault as plain data; whoever stores it seals it."""
        with self._lock:
            forms = [[label, value, made] for (label, value), made in self._forms.items()]
            return {
                "author": self.author,
                "forms": forms,
                "next": dict(self._next),
                "taken": sorted(self._taken),
            }

    @classmethod
    def of(cls, state: dict[str, Any]) -> Vault:
        """Return the vault that ``state`` describes."""
        vault = cls(state["author"])
        vault._next, vault._taken = dict(state["next"]), set(state["taken"])
        for label, value, made in state["forms"]:
            if match := re.fullmatch(rf"\[{label}_(\d+)(?:\.(\d+))?\]", made):
                number = int(match[1])
                vault._numbers.setdefault((label, _plain(label, value)), number)
                held = vault._written.get((label, number), 0)
                vault._written[label, number] = max(held, int(match[2] or 1))
            vault._keep(label, value, made)
        return vault

    def _kin(self, plain: tuple[str, str]) -> int:
        """Return the number of the one person whose name holds this one or lies in it, 0 for none or many."""
        if plain[0] != "PERSON":
            return 0
        words = _words(plain[1])
        people: dict[int, list[frozenset[str]]] = {}
        for (label, value), number in self._numbers.items():
            if label == "PERSON":
                people.setdefault(number, []).append(_words(value))
        kin = [n for n, ks in people.items() if any(words <= k for k in ks) or all(k < words for k in ks)]
        return kin[0] if len(kin) == 1 else 0

    def _number(self, label: str, plain: tuple[str, str]) -> int:
        number = self._next.get(label, 0) + 1
        while f"[{label}_{number}]" in self._taken:
            number += 1
        self._next[label] = self._numbers[plain] = number
        return number

    def _keep(self, label: str, value: str, made: str) -> str:
        self._forms[label, value] = made
        self._values[made] = value
        self._pattern = None
        return made

    def _find(self) -> re.Pattern[str]:
        if self._pattern is None:
            self._pattern = re.compile(
                "|".join(_whole(m) for m in sorted(self._values, key=len, reverse=True))
            )
        return self._pattern


def _plain(label: str, value: str) -> str:
    """Return a value without what people vary in writing it."""
    if label in ("PHONE", "CARD", "IBAN", "NATIONAL_ID", "BANK_ACCOUNT", "PLATE"):
        return "".join(c for c in value.casefold() if c.isalnum() or c == "+")
    return " ".join(value.casefold().split())


def _words(name: str) -> frozenset[str]:
    return frozenset(name.replace("-", " ").split())


def _whole(made: str) -> str:
    """Return a pattern for a replacement as a word of its own."""
    left = r"(?<!\w)" if made[:1].isalnum() else ""
    right = r"(?!\w)" if made[-1:].isalnum() else ""
    return left + re.escape(made) + right


class Restorer:
    """Restores a stream: a token split over chunks is held back until it is whole.

    >>> vault = Vault("ada"); _ = vault.token("PERSON", "Kari Moe")
    >>> restorer = Restorer(vault, author="ada")
    >>> [restorer.feed("Hello [PER"), restorer.feed("SON_1], hi"), restorer.close()]
    ['Hello ', 'Kari Moe, hi', '']
    """

    def __init__(self, vault: Vault, *, author: str = "") -> None:
        vault.check(author)
        self._vault = vault
        self._author = author
        self._rest = ""
        self._before = ""  # the character before the rest, for what counts as a whole word

    def feed(self, chunk: str) -> str:
        """Return what can be shown after one more chunk."""
        self._rest += chunk
        return self._give(len(self._rest) - self._vault.held(self._rest))

    def close(self) -> str:
        """Return what was held back; the stream has ended."""
        return self._give(len(self._rest))

    def through(self, chunks: Iterator[str]) -> Iterator[str]:
        """Yield a stream restored."""
        for chunk in chunks:
            if part := self.feed(chunk):
                yield part
        if part := self.close():
            yield part

    def _give(self, size: int) -> str:
        part, self._rest = self._rest[:size], self._rest[size:]
        if not part:
            return ""
        shown = self._vault.opened(self._before + part, self._author)[len(self._before) :]
        self._before = part[-1]
        return shown
