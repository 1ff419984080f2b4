"""Model: the weights that judge words, four to a row (nobody, person, place, organisation).

Made by ``train/scrub`` from texts named there.  A row is one 64-bit number of four 16-bit fields, each a
weight of
-127 to 127 with 128 added: adding rows adds all four at once, and 26 rows cannot carry over into the
next field.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from zlib import decompress

BITS = 20
MASK = (1 << BITS) - 1


@cache
def weights() -> Sequence[int]:
    """Return the table, read from the package once."""
    return spread(decompress((files("troth.scrub") / "data" / "names.bin").read_bytes()))


def spread(narrow: bytes) -> Sequence[int]:
    """Return the rows, from one byte a weight to two."""
    wide = bytearray(2 * len(narrow))
    wide[::2] = narrow
    if sys.byteorder == "little":
        return memoryview(wide).cast("Q")
    table = array("Q", bytes(wide))
    table.byteswap()
    return table
