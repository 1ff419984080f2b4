"""Secret: what a password must be, and the slow digest that is kept in its place (Argon2id, RFC 9106).

Long and known to nobody is all that is asked, as NIST SP 800-63B has it: no rules of signs, no change by the
calendar.  Whether it is known is asked by the first five digits of its SHA-1 digest, so that a list elsewhere
learns no password; the list that is built in holds the commonest.  Its one rule: *a password is digested at
the door, and nothing behind it ever holds one*.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha1
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200  # characters; longer ones would only let strangers spend our time
NEAR = 4  # a name or an address of so many letters may not stand in it
SHOWN = "•••"  # what everybody sees in its place

Ranges = Callable[[str], Iterable[str]]  # first five digits of a digest → what follows them in the list

_hasher = PasswordHasher()


def fault(password: str, about: Iterable[str] = (), ranges: Ranges | None = None) -> str:
    """Say why a password will not do, '' when it will; ``about`` are words of the person's own.

    >>> fault("password1")
    'a password of 10 to 200 characters'
    >>> fault("qwertyuiop")
    'another password: this one is on the lists that thieves try first'
    >>> fault("byron-and-babbage", ["Ada", "Byron", "ada@example.com"])
    'another password: this one holds your own name or address'
    >>> fault("correct horse battery staple", ["Ada"])
    ''
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return f"a password of {SHORTEST} to {LONGEST} characters"
    plain = password.casefold()
    own = {part for word in about for part in (word.casefold(), word.casefold().partition("@")[0])}
    if any(len(part) >= NEAR and part in plain for part in own):
        return "another password: this one holds your own name or address"
    if len(set(password)) < NEAR or breached(password, ranges or common):
        return "another password: this one is on the lists that thieves try first"
    return ""


def breached(password: str, ranges: Ranges) -> bool:
    """Say whether a password, or its small letters, stands in a list that is asked by five digits only."""
    for said in {password, password.casefold()}:
        digest = sha1(said.encode(), usedforsecurity=False).hexdigest()
        if digest[5:] in {rest.strip().lower() for rest in ranges(digest[:5])}:
            return True
    return False


def common(prefix: str) -> tuple[str, ...]:
    """Return what follows these five digits in the list that is built in."""
    return _listed().get(prefix, ())


def digest(password: str) -> str:
    """Return the digest to keep; each call draws a salt of its own."""
    return _hasher.hash(_normal(password))


def same(kept: str, password: str) -> bool:
    """Say whether a password is the one whose digest is kept; a digest that is none is nobody's."""
    try:
        return _hasher.verify(kept, _normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys() -> str:
    """Return a digest to compare with where nobody is, so that the time taken tells nothing."""
    return digest("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # the same letters, whichever keyboard wrote them


@cache
def _listed() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in files(__package__).joinpath("breached.txt").read_text("ascii").splitlines():
        found[line[:5]] = (*found.get(line[:5], ()), line[5:])
    return found
