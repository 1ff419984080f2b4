"""Observe: what was worked out about a person by watching, put in the place of what it said before.

It is a use of each input and a collect of the result under one purpose, in one deed, while the ground stands.
Results with another ``month`` stand beside each other; an older one of the same month goes.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.gate.body import checked
from troth.gate.errors import BadBody
from troth.gate.folder import opened
from troth.gate.house import House
from troth.kernel.rules import DERIVED
from troth.terms import Action, Request

PERIOD = "month"  # the field that tells one period's result from another's


def observe(house: House, *, person: int, data: str, purpose: str, body: Mapping[str, object]) -> int:
    """Keep the result and return its record's number; raise ``Refused``, and then nothing is kept."""
    datum = house.datum(data)
    if not datum.inputs or datum.counted or datum.conclusions:
        raise BadBody(data, "", "the document does not say that this is worked out from other data")
    said = checked(datum, body)
    with opened(house, person) as folder:
        for name in datum.inputs:
            folder.insist(Request(Action.USE, name, purpose))
        permit = folder.insist_each(Action.COLLECT, data, purpose, said, source=DERIVED)
        for rid, record in list(folder.records.items()):
            same = isinstance(record.body, dict) and record.body.get(PERIOD) == said.get(PERIOD)
            if record.data == data and same:
                if record.body == said:
                    return rid
                folder.drop(rid)
        rid = folder.put(
            data, said, purposes=(purpose,), source=DERIVED, clause=permit.clauses[0], place=datum.area
        )
        folder.note("observed", permit.clauses[0], data=data, purpose=purpose, inputs=list(datum.inputs))
    return rid
