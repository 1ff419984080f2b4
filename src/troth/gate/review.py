"""Review: reviewers see samples by a rule of the document, and their marks lie beside them and go with them.

INVARIANT (only samples): whoever reviews reaches the pool and nothing behind it; who of the staff marked is a
pseudonym that differs from sample to sample, so that two marks tell whether they agree and not who works how.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from troth.gate import pool
from troth.gate.anonymity import Scheme, scheme
from troth.gate.body import checked
from troth.gate.converse_mask import cleaned
from troth.gate.errors import GateError
from troth.gate.facts import state_of
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.pool import Sample
from troth.terms import Action, Allowed, Permit, Refused, Request

KIND, BY, VERDICT = "reviews", "by", "verdict"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A sample with what was said of it; ``mine`` is what this reviewer said last."""

    sample: Sample
    marks: tuple[Mapping[str, str], ...] = field(default=(), repr=False)
    mine: Mapping[str, str] = field(default_factory=dict, repr=False)


def reviewed(house: House, *, data: str, role: str, staff: str, purpose: str = "") -> tuple[Reviewed, ...]:
    """Return every sample of a category as a role may see it; raise ``Refused``."""
    plan = _plan(house, data)
    permit = _shown(house, plan, role, purpose or plan.purpose)
    found = tuple(_with_marks(house, one, staff) for one in pool.samples(house, plan.sample.name))
    said = {"data": plan.sample.name, "role": role, "samples": len(found)}
    house.store.note_reads(kind="samples shown", clause=permit.clauses[0].ref, detail=said)
    return found


def one_reviewed(
    house: House, *, data: str, number: str, role: str, staff: str, purpose: str = ""
) -> Reviewed:
    """Return one sample; raise ``Refused``, ``NoRecord``."""
    plan = _plan(house, data)
    permit = _shown(house, plan, role, purpose or plan.purpose)
    found = pool.sample(house, plan.sample.name, number)
    said = {"data": plan.sample.name, "role": role, "samples": 1}
    house.store.note_reads(kind="samples shown", clause=permit.clauses[0].ref, detail=said)
    return _with_marks(house, found, staff)


def review(
    house: House, *, data: str, number: str, role: str, staff: str, body: Mapping[str, object]
) -> Reviewed:
    """Write down what a reviewer says of a sample, in place of what they said before.

    The fields are those of the category that ``records reviews``; its texts are masked as the document says.
    """
    plan = _plan(house, data)
    _shown(house, plan, role, plan.purpose)
    if not house.remembers(KIND):
        raise GateError("the document gives reviews no place; declare data … records reviews")
    datum, one = house.data[house.kinds[KIND]], pool.sample(house, plan.sample.name, number)
    permit = _permit(house, Request(Action.COLLECT, datum.name, plan.purpose, source="company"))
    by = _by(house, one, staff)
    before = next((m for m in _marks(house, one) if m.get(BY) == by), {})
    said = cleaned(house, datum, checked(datum, {**before, **body, BY: by}))
    with opened(house, one.nobody) as folder:
        for rid, record in list(folder.records.items()):
            if record.data == datum.name and isinstance(record.body, dict) and record.body.get(BY) == by:
                folder.drop(rid)
        folder.put(
            datum.name,
            said,
            purposes=(plan.purpose,),
            source="company",
            clause=permit.clauses[0],
            place=datum.area,
        )
    return _with_marks(house, one, staff)


def invent(house: House, *, data: str, texts: tuple[Mapping[str, str], ...]) -> tuple[str, ...]:
    """Put conversations that nobody ever had into the pool, marked as such; return their numbers."""
    plan = _plan(house, data)
    permit = _permit(house, Request(Action.COLLECT, plan.sample.name, plan.purpose, source="company"))
    said = {"data": plan.sample.name, "samples": len(texts)}
    house.store.log(kind="samples made up", clause=permit.clauses[0].ref, detail=said)
    return tuple(pool.put(house, plan, permit, {**text, "made": pool.MADE}) for text in texts)


def verdicts(house: House, *, data: str) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return (made, month, agent, verdicts) of each sample that has any, and no text."""
    plan = _plan(house, data)
    rows = (
        (one.made, one.month, one.agent, tuple(m[VERDICT] for m in _marks(house, one) if m.get(VERDICT)))
        for one in pool.samples(house, plan.sample.name)
    )
    return tuple(row for row in rows if row[3])


def _plan(house: House, data: str) -> Scheme:
    plan = scheme(house, data)
    if plan is None:
        raise GateError(f"the document samples no '{data}'")
    return plan


def _shown(house: House, plan: Scheme, role: str, purpose: str) -> Permit:
    return _permit(house, Request(Action.SHOW, plan.sample.name, purpose, role))


def _permit(house: House, asked: Request) -> Permit:
    """Return the permit for what is about nobody; raise ``Refused``."""
    now = house.clock()
    decision = house.kernel.decide(asked, state_of(house, None, now), now)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit


def _with_marks(house: House, one: Sample, staff: str) -> Reviewed:
    marks, by = tuple(_marks(house, one)), _by(house, one, staff)
    return Reviewed(one, marks, next((m for m in marks if m.get(BY) == by), {}))


def _marks(house: House, one: Sample) -> Iterator[Mapping[str, str]]:
    for record in standing(house, one.nobody, frozenset({house.kinds[KIND]})):
        if isinstance(record.body, dict):
            yield {n: str(v) for n, v in record.body.items()}


def _by(house: House, one: Sample, staff: str) -> str:
    return house.store.tag(person=one.nobody, label=f"by:{staff}")
