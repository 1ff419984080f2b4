"""Lift: a restriction that the person obtained ends by our hand only after they were told (GDPR Art. 18(3)).

The person lifts their own without more (``oppose.restrict``).  Its one rule: *the notice stands in the log
before the lifting does*.
"""

from __future__ import annotations

from datetime import UTC

from troth.gate.errors import GateError
from troth.gate.folder import Folder, opened
from troth.gate.house import House
from troth.gate.values import Act

TOLD = "lifting"


def announce_lifting(house: House, *, person: int, data: str, reason: str, by: str) -> None:
    """Write down that the person is told that a restriction will be lifted, and why."""
    with opened(house, person) as folder:
        _standing(folder, data)
        told = {**folder.marks.get(TOLD, {}), data: folder.now.astimezone(UTC).isoformat()}
        folder.mark(**{TOLD: told})
        folder.trail("lifting announced", data=data, reason=reason, by=by)
        folder.note("lifting announced", data=data)


def lift(house: House, *, person: int, data: str, by: str) -> None:
    """End a restriction that was announced to its person; raise ``GateError`` when it was not."""
    with opened(house, person) as folder:
        _standing(folder, data)
        told = dict(folder.marks.get(TOLD, {}))
        if told.pop(data, None) is None:
            raise GateError(
                "the person is told before a restriction is lifted (GDPR Art. 18(3)); announce it first"
            )
        folder.mark(**{TOLD: told})
        version = house.policy.version
        folder.act(Act("restriction", data, False, folder.now, version=version, channel="lifted"))
        folder.trail("restriction lifted", data=data, by=by)
        folder.note("restriction lifted", data=data)


def _standing(folder: Folder, data: str) -> None:
    act = folder.known.latest("restriction").get(data)
    if act is None or not act.given:
        raise GateError(f"no restriction of '{data if data != '*' else 'everything'}' stands")
