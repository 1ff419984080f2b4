"""Closing: a person ends their account: uses stop at once, every period begins to run, nothing starts again.

What the account was for is restricted from that moment, consents end with it, and where the document's own
fact ends by it no later act opens it again.  It erases nothing: that is what the periods are for.
"""

from __future__ import annotations

from datetime import datetime

from troth.gate.facts import closed_at, known
from troth.gate.folder import opened, standing
from troth.gate.house import CLOSED, House
from troth.gate.values import Act


def close_account(house: House, *, person: int) -> None:
    """End the person's use of the service; closing twice closes once."""
    with opened(house, person) as folder:
        if closed_at(house, folder.known) is not None:
            return
        for name in sorted(folder.state.consents):
            folder.act(Act("consent", name, False, folder.now, version=house.policy.version, channel=CLOSED))
        folder.happen(CLOSED)
        folder.note("account closed")


def closed(house: House, *, person: int) -> datetime | None:
    """Return when the person closed their account; None while it is open."""
    return closed_at(house, known(house, standing(house, person)))
