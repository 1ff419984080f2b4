"""Imports: staff enter what somebody else said about a person; its source stays, and the person is told.

Only a role that may be shown the category now may enter it.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Data, Door
from troth.runtime import tell
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.imports import ImportIn, ImportOut


def take_in(call: Call) -> ImportOut:
    """Keep the record with its source, and write to its person (GDPR Art. 14)."""
    sent, company, person = call.read(ImportIn), call.company, call.person()
    doors = [d for d in company.policy.of(Door) if d.verb == "show" and sent.data in d.data]
    mine = next((d for d in doors if d.party in call.asker.roles and sent.purpose in d.purposes), None)
    if mine is None:
        raise Fault(403, "wrong-asker", "this role does not see such data", clauses=import_clauses(call))
    company.gate.show(
        person=person,
        data=sent.data,
        purpose=sent.purpose,
        role=mine.party,
        reason=sent.said,
        staff=call.asker.name,
    )
    rid = company.gate.receive(
        person=person,
        data=sent.data,
        body=sent.fields,
        purpose=sent.purpose,
        party=sent.source,
        said=sent.said,
    )
    return ImportOut(rid=rid, told=tell(company, person))


def import_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause that says where such data come from."""
    return clauses_of(call.company.policy, Data, call.body.data if isinstance(call.body, ImportIn) else "")
