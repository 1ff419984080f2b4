"""Refuse: a no that was given is evidence too: who was refused what, by which clause, and never a value.

Only names that the document declares are written down; any other word is somebody's own and stays outside.
"""

from __future__ import annotations

from troth.gate.house import House
from troth.terms import Allowed, Decision, Request, Unsaid

UNDECLARED = "undeclared"


def refused(house: House, *, decision: Decision, by: str) -> None:
    """Write down that a touch was refused to the asker ``by`` (a kind and a key, never a name)."""
    if isinstance(decision, Allowed):
        return
    asked: Request = decision.request
    clauses = decision.nearest if isinstance(decision, Unsaid) else decision.clauses
    house.store.log(
        kind="refused",
        clause=clauses[0].ref if clauses else "",
        detail={
            "action": str(asked.action),
            "data": asked.data if asked.data in house.data else UNDECLARED,
            "purpose": asked.purpose if asked.purpose in house.purposes else UNDECLARED,
            "by": by,
        },
    )
