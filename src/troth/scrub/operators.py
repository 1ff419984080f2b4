"""Operators: what stands in the place of a find.

``label`` numbers, ``mask`` hides, and the three that need a key (``pseudonym``, ``hash``, ``fake``)
derive the
replacement from it: without a secret a hash of a telephone number is undone by trying all numbers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from functools import partial

from troth.scrub.checks import luhn
from troth.scrub.lists import FIRST, LAST
from troth.scrub.span import ScrubError
from troth.scrub.vault import Vault

Operator = Callable[[str, str], str]  # label and value to what replaces it


class KeyNeeded(ScrubError):
    """An operator that derives its replacement from a key got none."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the operator {name} needs a key of at least 16 bytes; pass key=…")


class UnknownOperator(ScrubError):
    """No operator has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown operator {name!r}; there are label, mask, pseudonym, hash and fake")


def operator(name: str, vault: Vault, key: bytes) -> Operator:
    """Return an operator by its name; what it makes is remembered in the vault, save what ``mask`` and
    ``hash`` make."""
    if name == "label":
        return vault.token
    if name == "mask":
        return mask
    if name not in ("pseudonym", "hash", "fake"):
        raise UnknownOperator(name)
    if len(key) < 16:
        raise KeyNeeded(name)
    if name == "hash":
        return lambda label, value: f"[{label}:{_digest(key, label, value).hex()}]"
    make = _pseudonym if name == "pseudonym" else fake

    def kept(label: str, value: str) -> str:
        return vault.keep(label, value, partial(make, key, label, value))

    return kept


def mask(label: str, value: str) -> str:
    """Hide letters and digits and keep the rest.

    >>> mask("PHONE", "+47 912 34 567")
    '+** *** ** ***'
    """
    return "".join("*" if c.isalnum() else c for c in value)


def _digest(key: bytes, label: str, value: str, attempt: int = 0) -> bytes:
    plain = " ".join(value.casefold().split())
    return hmac.new(
        key, f"{label}\0{plain}\0{attempt}".encode(errors="surrogatepass"), hashlib.sha256
    ).digest()


def _pseudonym(key: bytes, label: str, value: str, attempt: int) -> str:
    name = base64.b32encode(_digest(key, label, value, attempt)[:5]).decode().lower()
    return f"[{label}_{name}]"


def fake(key: bytes, label: str, value: str, attempt: int = 0) -> str:
    """Make up a value of the same shape: another name, another number with its check digits right.

    >>> fake(b"k" * 16, "CARD", "4111 1111 1111 1111") != "4111 1111 1111 1111"
    True
    """
    draw = _Draw(_digest(key, label, value, attempt))
    if label == "PERSON":
        return _name(value, draw)
    if label == "EMAIL":
        return f"{draw.of(FIRST)}.{draw.of(LAST)}{draw.below(90) + 10}@example.com"
    if label in ("DOB", "DATE"):
        return re.sub(r"\d+", lambda m: _day_part(m[0], draw), value)
    if label == "ADDRESS":
        value = re.sub(r"[^\W\d_]{4,}", lambda m: draw.of(LAST).title(), value)
        return re.sub(r"\d", lambda m: str(1 + draw.below(9)), value)
    made = "".join(_like(c, i, label, draw) for i, c in enumerate(value))
    return _mended(label, made)


class _Draw:
    """A stream of choices out of one digest."""

    def __init__(self, seed: bytes) -> None:
        self._seed, self._at, self._pool = seed, 0, b""

    def below(self, limit: int) -> int:
        if len(self._pool) < 4:
            self._pool += hashlib.sha256(self._seed + self._at.to_bytes(4, "big")).digest()
            self._at += 1
        number, self._pool = int.from_bytes(self._pool[:4], "big"), self._pool[4:]
        return number % limit

    def of(self, words: tuple[str, ...]) -> str:
        return words[self.below(len(words))]


def _name(value: str, draw: _Draw) -> str:
    words = value.split() or ["x"]
    made = [draw.of(FIRST)] + [draw.of(LAST) for _ in words[1:]]
    if value.isupper():
        return " ".join(made).upper()
    return " ".join(made) if value.islower() else " ".join(w[:1].upper() + w[1:] for w in made)


def _day_part(digits: str, draw: _Draw) -> str:
    """Return another year for four digits, and for fewer what can be a day and a month."""
    if len(digits) == 4:
        return str(1950 + draw.below(55))
    return str(1 + draw.below(12)).zfill(len(digits))


def _like(c: str, at: int, label: str, draw: _Draw) -> str:
    if c.isdigit():
        first = at == 0 or (label == "CARD" and at < 6)
        return c if first else str(draw.below(10))
    if not c.isalpha() or (label == "IBAN" and at < 2):
        return c
    made = chr(97 + draw.below(26))
    return made.upper() if c.isupper() else made


def _mended(label: str, made: str) -> str:
    """Set the check digits of a made-up card or IBAN."""
    digits = [i for i, c in enumerate(made) if c.isalnum()]
    bare = "".join(made[i] for i in digits)
    if label == "CARD" and bare.isascii() and bare.isdigit():
        last = next(d for d in "0123456789" if luhn(bare[:-1] + d))
        return made[: digits[-1]] + last + made[digits[-1] + 1 :]
    if label == "IBAN" and len(bare) > 4 and bare.isascii():
        rest = "".join(str(int(c, 36)) for c in bare[4:] + bare[:2])
        check = f"{98 - int(rest + '00') % 97:02}"
        out = list(made)
        out[digits[2]], out[digits[3]] = check[0], check[1]
        return "".join(out)
    return made
