"""Lasting: what of a record an erasure asked for today would leave, by which clause and law, until when."""

from __future__ import annotations

from datetime import datetime

from troth.gate.ages import younger
from troth.gate.clock import Reckoning, own_log
from troth.gate.house import House
from troth.gate.values import Stay
from troth.kernel.due import Kept, NoKeepRule, erasable
from troth.kernel.due import Stays as Standing
from troth.store import Record


def lasting(mind: Reckoning, record: Record) -> tuple[Stay, ...]:
    """Return what would stay of a record, for its person's eyes; empty when all of it may go now."""
    return tuple(stay_of(mind.house, found) for found in what_stays(mind, record))


def what_stays(mind: Reckoning, record: Record) -> tuple[Standing, ...]:
    """Return what a law or a hold makes stay of one record, as the kernel answers it."""
    if record.data not in mind.house.data:
        return ()
    body = record.body if isinstance(record.body, dict) else {}
    collected = datetime.fromisoformat(record.meta.collected)
    kept = Kept(str(record.rid), record.data, collected, tuple(body))
    log = own_log(mind.house, record, mind.person.log, mind.person.covered)
    facts = mind.state.facts | younger(mind.house, mind.state.age)
    try:
        return erasable(mind.house.policy, kept, log, facts=facts, now=mind.now)
    except NoKeepRule:
        return ()


def stay_of(house: House, found: Standing) -> Stay:
    """Return what stays as its person is told it: the law in the place of the purpose."""
    purpose = house.purposes.get(found.because)
    laws = [g.name for b in purpose.bases for g in b.grounds if g.name] if purpose else []
    because = laws[0] if laws else found.because
    return Stay(
        found.data, found.clause, because, found.until, found.waits_for, exception(house, found.because)
    )


def exception(house: House, because: str) -> str:
    """Name the exception of GDPR Art. 17(3) under which a record stays: a duty of law, else a claim."""
    purpose = house.purposes.get(because)
    grounds = {g.kind for b in purpose.bases for g in b.grounds} if purpose else set()
    return "GDPR Art. 17(3)(b)" if "legal obligation" in grounds else "GDPR Art. 17(3)(e)"
