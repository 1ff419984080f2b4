"""Coupons: codes that a till can type, nobody can guess, and one slip of a finger does not turn into another.

A code is fifteen random letters and digits (75 bits) and one that checks them: Luhn's sum in base 32, which
finds every wrong sign and nearly every two that changed places.  I, L, O and U are not in it, so that it can
be read out.  Whose it is and whether it is used stand behind the gate.
"""

from __future__ import annotations

import re

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MEANT = str.maketrans("OIL", "011")
LENGTH = 15  # signs before the check
ENTROPY = 10  # bytes of randomness a code is made from


def code(randomness: bytes) -> str:
    """Make a code, as it is printed, of at least ``ENTROPY`` random bytes.

    >>> code(bytes(range(10)))
    '00G4-0R40-M30E-209B'
    """
    number = int.from_bytes(randomness[:ENTROPY], "big")
    signs = "".join(SIGNS[number >> (5 * at) & 31] for at in reversed(range(LENGTH)))
    return printed(signs + SIGNS[-_sum(signs, 2) % 32])


def proper(typed: str) -> str:
    """Return a typed code as it was printed; '' when a sign is wrong, missing or one too many.

    >>> proper("oog4 or40 m3oe 209b"), proper("00G4-0R40-M30E-209C"), proper("0G04-0R40-M30E-209B")
    ('00G4-0R40-M30E-209B', '', '')
    """
    signs = re.sub(r"[\s-]", "", typed[:64]).upper().translate(MEANT)
    fits = len(signs) == LENGTH + 1 and set(signs) <= set(SIGNS) and _sum(signs, 1) % 32 == 0
    return printed(signs) if fits else ""


def printed(signs: str) -> str:
    """Group a code by four.

    >>> printed("00410610")
    '0041-0610'
    """
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def _sum(signs: str, factor: int) -> int:
    """Return Luhn's sum from the right; every other sign counts double, its two digits added."""
    total = 0
    for sign in reversed(signs):
        value = factor * SIGNS.index(sign)
        total += value // 32 + value % 32
        factor = 3 - factor
    return total
