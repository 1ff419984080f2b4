"""Refresh: a stale value is put right by one that a source brought, under a purpose that may use both.

The old value is kept where the document ``records former``, and the evidence names the source.
"""

from __future__ import annotations

from troth.gate.correct import remember, tell_changed
from troth.gate.errors import BadBody
from troth.gate.folder import opened
from troth.gate.house import House
from troth.gate.read import readable
from troth.terms import Action, Request


def refresh(house: House, *, person: int, rid: int, field: str, by: int, purpose: str) -> None:
    """Put the value of a field in record ``by`` in the place of the same field in ``rid``.

    Raises ``Refused`` unless the purpose may use that field of both, ``BadBody`` where there is none.
    """
    with opened(house, person) as folder:
        old, new = folder.get(rid), folder.get(by)
        permits = [folder.insist(Request(Action.USE, r.data, purpose, field=field)) for r in (old, new)]
        held = next((h for h in readable(folder.reckoning, [new], new.data, purpose, field)), None)
        datum = house.datum(old.data)
        if held is None or field not in {f.name for f in datum.fields} or not isinstance(old.body, dict):
            raise BadBody(old.data, field, "there is no such value to put in its place")
        folder.rewrite(rid, {**old.body, field: held.body[field]})
        if field in old.body:
            remember(folder, datum, {field: old.body[field]})
        party, _, member = new.meta.source.partition(":")
        names = [f"{old.data}.{field}"]
        said = {"data": names, "purpose": purpose, "party": party, "member": member}
        folder.note("refreshed", permits[0].clauses[0], **said)
        tell_changed(folder, old.data, {field: held.body[field]})
