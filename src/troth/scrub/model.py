"""Model: the weights that judge words, four to a row (nobody, person, place, organisation).

Made by ``train/scrub`` from texts named there.  A row is one 64-bit number of four 16-bit fields, each a
weight of
-127 to 127 with 128 added: adding rows adds all four at once, and 25 rows cannot carry over into the
next field.
"""

from __future__ import annotations

import sys
from array import array
from functools import cache
from importlib.resources import files
from zlib import decompress

BITS = 18
MASK = (1 << BITS) - 1


@cache
def weights() -> array[int]:
    """Return the table, read from the package once."""
    table = array("Q")
    table.frombytes(unpack((files("troth.scrub") / "data" / "names.bin").read_bytes()))
    if sys.byteorder == "big":
        table.byteswap()
    return table


def unpack(packed: bytes) -> bytes:
    """Return the rows, from one byte a weight (compressed) to two."""
    narrow = decompress(packed)
    wide = bytearray(2 * len(narrow))
    wide[::2] = narrow
    return bytes(wide)
