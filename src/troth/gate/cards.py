"""Cards: a card's number stands in no field but the one that passes it on.

Where a document takes cards, people type their number where it does not belong: into a remark, a name, a
note of staff.  What looks like one (a known range, the right length, the right check digit) is refused there
by the field's name; nothing of it is stored or said again.  Elsewhere sixteen digits may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from troth.gate.errors import BadBody
from troth.gate.house import House
from troth.policy.model import Data
from troth.scrub.checks import luhn

RANGE = re.compile(r"(?:4|5[1-5]|2[2-7]|3[47]|6(?:011|4[4-9]|5)|35)[0-9]+")
NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])")
LENGTHS = range(13, 20)


def refuse_cards(house: House, datum: Data, body: Mapping[str, object]) -> None:
    """Raise ``BadBody`` for a text that holds a card's number, where the document has a field for one."""
    if not any(f.type == "card" for d in house.data.values() for f in d.fields):
        return
    types = {f.name: f.type for f in datum.fields}
    for name, value in body.items():
        if types.get(name) in ("text", "key") and carded(str(value)):
            raise BadBody(datum.name, name, "a card's number is taken on the payment page and nowhere else")


def carded(text: str) -> bool:
    """Say whether a text holds what looks like a card's number.

    >>> carded("mine is 4111 1111 1111 1111, thanks"), carded("order 1234567890123456"), carded("4111")
    (True, False, False)
    """
    found = ("".join(c for c in m.group() if c.isdigit()) for m in NUMBER.finditer(text))
    return any(len(d) in LENGTHS and RANGE.fullmatch(d) and luhn(d) for d in found)
