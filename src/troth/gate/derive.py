"""Derive: makes what is counted about a person out of what they said, and shows what stands behind it.

Making it is a use of each input and a collect of the result, under one purpose and in one deed; an input that
the purpose may not use now is not read, and nothing of it enters the result.  What was made before and is no
longer so goes in the same deed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from troth.gate.body import checked
from troth.gate.errors import BadBody
from troth.gate.facts import assuming
from troth.gate.folder import Folder, opened
from troth.gate.house import House
from troth.gate.read import readable, refuse_resting
from troth.gate.values import Held
from troth.kernel.conclude import concluded, read_conclusion, sources
from troth.kernel.count import Answer, answers, body_of, counted, read_back
from troth.kernel.rules import DERIVED
from troth.policy.model import Data
from troth.terms import Action, Allowed, Permit, Refused, Request


def derive(house: House, *, person: int, data: str, purpose: str) -> int:
    """Count a person's answers anew and return how many results stand; raise ``Refused``, and then none is
    made: what stood before goes by its own clock."""
    datum = house.datum(data)
    if not datum.counted and not datum.conclusions:
        raise BadBody(data, "", "the document does not say that this is counted or concluded")
    with opened(house, person) as folder:
        inputs = _inputs(folder, datum, purpose)
        permit = _permit(folder, datum, purpose, inputs)
        bodies = _results(folder, datum, inputs, purpose)
        for source in inputs if not bodies else ():  # what is only kept teaches nothing, and unmakes nothing
            asked = Request(Action.USE, source.name, purpose)
            refuse_resting(folder.reckoning, folder.records.values(), asked)
        if _replaced(folder, datum, bodies, purpose, permit):
            names = [d.name for d in inputs]
            folder.note("derived", permit.clauses[0], data=data, purpose=purpose, inputs=names)
    return len(bodies)


def behind(house: House, held: Held, all_held: Iterable[Held]) -> tuple[Answer, ...]:
    """Return the answers that a counted record stands on, out of all that is held of its person."""
    datum = house.data.get(held.data)
    if datum is None or not (datum.counted or datum.conclusions):
        return ()
    meanings = house.meanings
    about = sources(datum, read_conclusion(datum, held.body)) or {read_back(datum, held.body)}
    found = (
        one
        for other in all_held
        if other.data in datum.inputs
        for one in answers(house.data[other.data], other.body, other.collected, meanings, house.delicate)
    )
    return tuple(sorted((a for a in found if (a.question, a.answer) in about), key=lambda a: a.at))


def drop_made_for_nothing(folder: Folder) -> None:
    """Drop what was derived for purposes to which the person has objected, each and all."""
    house, objections = folder.house, folder.state.objections
    for rid, record in list(folder.records.items()):
        datum = house.data.get(record.data)
        if datum and datum.inputs and record.meta.purposes and objections.issuperset(record.meta.purposes):
            folder.drop(rid)
            folder.note("gone", house.purposes[record.meta.purposes[0]].clause, data=record.data, records=1)


def drop_made_from(folder: Folder, data: str) -> None:
    """Drop what was counted from a category that its person has just changed, to be made anew."""
    for rid, record in list(folder.records.items()):
        datum = folder.house.data.get(record.data)
        if datum and (datum.counted or datum.conclusions) and data in datum.inputs:
            folder.drop(rid)


def _inputs(folder: Folder, datum: Data, purpose: str) -> list[Data]:
    """Return the inputs that may be used now; raise ``Refused`` when none may."""
    decided = {
        name: folder.house.kernel.decide(Request(Action.USE, name, purpose), folder.state, folder.now)
        for name in datum.inputs
    }
    found = [folder.house.datum(n) for n, said in decided.items() if isinstance(said, Allowed)]
    if not found:
        raise Refused(next(iter(decided.values())))
    return found


def _permit(folder: Folder, datum: Data, purpose: str, inputs: list[Data]) -> Permit:
    """Return the permit to keep the result.

    What an input that is not read waits for is taken as given: a person whose words were never mapped has
    likes as well, and nothing of the words is in them.
    """
    unread = {name for name in datum.inputs if name not in {d.name for d in inputs}}
    uses = (u for b in folder.house.purposes[purpose].bases for u in b.uses if u.data in unread)
    given = frozenset(fact for use in uses for group in use.guard.when for fact in group)
    asked = Request(Action.COLLECT, datum.name, purpose, source=DERIVED)
    decision = folder.house.kernel.decide(asked, assuming(folder.state, given), folder.now)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit


def _results(folder: Folder, datum: Data, inputs: list[Data], purpose: str) -> list[dict[str, object]]:
    """Return what is made of the inputs: by the document's rules where it has some, else by counting."""
    said = list(_answers(folder, inputs, purpose))
    if datum.conclusions:
        return list(concluded(datum, said))
    return [body_of(datum, count) for count in counted(said)]


def _answers(folder: Folder, inputs: list[Data], purpose: str) -> Iterator[Answer]:
    house, mind, records = folder.house, folder.reckoning, list(folder.records.values())
    for datum in inputs:
        for held in readable(mind, records, datum.name, purpose):
            yield from answers(datum, held.body, held.collected, house.meanings, house.delicate)


def _replaced(
    folder: Folder, datum: Data, bodies: list[dict[str, object]], purpose: str, permit: Permit
) -> bool:
    """Put the results in the place of those that stood; return whether anything changed."""
    stood = {rid: r.body for rid, r in folder.records.items() if r.data == datum.name}
    gone = [rid for rid, body in stood.items() if body not in bodies]
    new = [body for body in bodies if body not in stood.values()]
    for rid in gone:
        folder.drop(rid)
    for body in new:
        checked(datum, body)
        folder.put(
            datum.name, body, purposes=(purpose,), source=DERIVED, clause=permit.clauses[0], place=datum.area
        )
    return bool(gone or new)
