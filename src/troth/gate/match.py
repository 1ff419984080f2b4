"""Match: what somebody sent is laid beside what is held of them, by a rule of the document and not otherwise.

The rule is a category that names both inputs and a purpose that reads them; making it is a use of each and a
collect of the result, in one deed.  The person sees the result with its clause and its purpose in their copy.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.gate.body import checked
from troth.gate.folder import opened
from troth.gate.house import House
from troth.kernel.rules import DERIVED
from troth.policy.model import Data, Use
from troth.terms import Action, Refused, Request


def match_letter(house: House, *, person: int, text: str) -> tuple[str, ...]:
    """Lay a letter beside its sender's account by each rule that allows it now; return which did."""
    return tuple(d.name for d in _rules(house) if _matched(house, person, d, text))


def _rules(house: House) -> Iterator[Data]:
    """Yield the categories that are made of letters and of something else."""
    letters = house.kinds["requests"]
    for datum in house.data.values():
        plain = not (datum.counted or datum.conclusions)
        if plain and letters in datum.inputs and len(datum.inputs) > 1 and datum.fields:
            yield datum


def _matched(house: House, person: int, datum: Data, text: str) -> bool:
    purpose = next((p for p, _ in house.candidates.get(datum.name, ())), "")
    others = set(datum.inputs) - {house.kinds["requests"]}
    with opened(house, person) as folder:
        if not any(r.data in others for r in folder.records.values()):
            return False
        try:
            for use in _inputs(house, purpose, datum):
                folder.insist(Request(Action.USE, use.data, purpose, field=use.field))
            permit = folder.insist(Request(Action.COLLECT, datum.name, purpose, source=DERIVED))
        except Refused:
            return False
        clause, body = permit.clauses[0], checked(datum, {datum.fields[0].name: text.strip()})
        folder.put(datum.name, body, purposes=(purpose,), source=DERIVED, clause=clause, place=datum.area)
        folder.note("matched", clause, data=datum.name, purpose=purpose, inputs=list(datum.inputs))
    return True


def _inputs(house: House, purpose: str, datum: Data) -> Iterator[Use]:
    bases = house.purposes[purpose].bases if purpose in house.purposes else ()
    return (use for basis in bases for use in basis.uses if use.data in datum.inputs)
