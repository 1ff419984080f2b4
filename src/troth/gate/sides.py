"""Sides: a request that reaches both of two who answer together is one case, whoever got it first.

A person may turn to either (GDPR Art. 26(3)); asked of the other as well, the same right is the same case,
and the time to answer runs from the earlier receipt.  Two requests that both came to us are two.
"""

from __future__ import annotations

from datetime import UTC, datetime

from troth.gate.ask import MONTH, RIGHTS, asked_of, is_request, opened_request, right_of
from troth.gate.errors import Unknown
from troth.gate.folder import Folder, opened
from troth.gate.house import House
from troth.gate.values import Asked
from troth.kernel.calendar import ends_at
from troth.store import Record


def ask(
    house: House,
    *,
    person: int,
    right: str,
    channel: str = "",
    received: datetime | None = None,
    about: str = "",
) -> Asked:
    """Open a request and return its number and its date; ``received``: when a partner got it, before us.

    ``about`` is the purpose, the record or the earlier case that it speaks of.
    """
    if right not in RIGHTS and right_of(house, right) is None:
        raise Unknown("right", right)
    with opened(house, person) as folder:
        found = _joined(folder, right, channel, received, about)
        return found or opened_request(folder, right, channel, received=received, about=about)


def _joined(folder: Folder, right: str, channel: str, received: datetime | None, about: str) -> Asked | None:
    """Return the open case that a request belongs to, timed from its first receipt; None for a new one."""
    for rid, record in folder.records.items():
        body = record.body if is_request(folder.house, record) else None
        if not isinstance(body, dict) or body.get("answered"):
            continue
        if (body["right"], body.get("about", "")) != (right, about):
            continue
        if _of_both(folder, str(body.get("channel", "")), channel):
            return _timed(folder, rid, record, received)
    return None


def _of_both(folder: Folder, one: str, other: str) -> bool:
    """Say whether two requests came by different sides, at least one of them a partner's."""
    partners = {member for members in folder.house.parties.values() for member in members}
    return one != other and bool(partners & {one, other})


def _timed(folder: Folder, rid: int, record: Record, received: datetime | None) -> Asked:
    body = record.body
    assert isinstance(body, dict)
    first = min(received or folder.now, datetime.fromisoformat(body["made"]))
    said = right_of(folder.house, str(body["right"]))
    due = ends_at(first, (said.within if said else None) or MONTH, folder.house.policy.zone)
    if first < datetime.fromisoformat(body["made"]):
        times = {"made": first.astimezone(UTC).isoformat(), "due": due.astimezone(UTC).isoformat()}
        folder.rewrite(rid, {**body, **times})
    folder.note("request joined", str(body.get("clause", "")), right=body["right"], number=body["number"])
    return asked_of(folder.house, folder.get(rid))
