"""Veiled: a record for eyes that need not know whose it is: a code for its person, its words scrubbed.

Names, addresses and numbers in free words are replaced before they are shown.  It is the pseudonymous form
for eyes; what a party gets in that form is ``body.shaped`` alone.
"""

from __future__ import annotations

from dataclasses import replace

from troth.gate.body import shaped
from troth.gate.converse_mask import FREE, NotMasked
from troth.gate.house import House
from troth.gate.values import Held
from troth.scrub import DIRECT, Vault, scrub
from troth.terms import Form, TrothError


def veiled(house: House, held: Held, code: str) -> Held:
    """Return a record under the code that stands for its person in this look."""
    datum = house.data[held.data]
    body = shaped(datum, held.body, Form.PSEUDONYMOUS, lambda part: f"{code}-{part}")
    free = {f.name for f in datum.fields if f.type in FREE}
    texts = {n: _scrubbed(v) for n, v in body.items() if n in free and isinstance(v, str)}
    return replace(held, rid=0, body={"person": code, **body, **texts}, person=0)


def _scrubbed(text: str) -> str:
    try:
        return scrub(text, vault=Vault(), kinds=DIRECT).text
    except TrothError:
        raise
    except Exception as error:  # whatever the scrubber stumbles over, no word of the text passes
        raise NotMasked(type(error).__name__) from None
