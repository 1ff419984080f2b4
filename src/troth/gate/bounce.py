"""Bounce: an address that takes no mail is noted, so that nobody is written to in vain.

A proof of the address, by a code or a link, ends it.  Its one rule: *it stops what may be left out*, which is
marketing and surveys; what is owed is tried all the same.
"""

from __future__ import annotations

from troth.gate.folder import opened, standing
from troth.gate.house import House


def bounced(house: House, *, person: int, kind: str = "email") -> None:
    """Note that a person's contact of this kind takes nothing any more."""
    with opened(house, person) as folder:
        folder.mark(bounced=sorted({*folder.marks.get("bounced", ()), kind}))
        folder.note("bounced", kind=kind)


def takes_mail(house: House, *, person: int, kind: str = "email") -> bool:
    """Say whether nothing came back from a person's contact since it was last proved."""
    bodies = (r.body for r in standing(house, person, frozenset({house.kinds["events"]})))
    return not any(kind in b.get("bounced", ()) for b in bodies if isinstance(b, dict))
