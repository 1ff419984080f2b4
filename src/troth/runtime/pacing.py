"""Pacing: whether somebody has heard as often as they wish, raised as the document's fact for a message.

The kernel then stops the message by the clause that says so; nothing is decided here.  What is remembered of
a message is its moment, and only while the person's consent to it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from troth.policy.model import Fact, Purpose
from troth.services.ledger import having
from troth.services.pace import FACT, HEARD, WISH, reached
from troth.terms import TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company


@contextmanager
def paced(company: Company, person: int) -> Iterator[None]:
    """Let the fact hold while a message to this person is decided, if they heard as often as they wish."""
    stop = any(f.name == FACT for f in company.policy.of(Fact)) and enough(company, person)
    if stop:
        company.gate.raise_fact(person=person, name=FACT)
    try:
        yield
    finally:
        if stop:
            company.gate.lower_fact(person=person, name=FACT)


def enough(company: Company, person: int) -> bool:
    """Say whether the person has heard as often as they wish; nobody who said nothing has."""
    wish = next(iter(_read(company, person, WISH)), None)
    if wish is None:
        return False
    heard = [datetime.fromisoformat(str(body[HEARD])) for body in _read(company, person, HEARD)]
    most, per = int(float(str(wish[WISH]))), str(wish.get("per", "week"))
    return reached(most, per, heard, company.clock(), company.policy.zone)


def heard(company: Company, person: int) -> None:
    """Note that a message went to the person, where they agreed that this is noted."""
    data = having(company.policy, HEARD)
    if data is None:
        return
    body = {HEARD: company.clock().isoformat()}
    try:
        company.gate.collect(
            person=person, data=data.name, body=body, purpose=_purpose(company, data.name), source="device"
        )
    except TrothError:
        return


def _read(company: Company, person: int, field: str) -> list[dict[str, object]]:
    """Return what is held with this field, newest first; nothing when it may not be read."""
    data = having(company.policy, field)
    if data is None:
        return []
    try:
        found = company.gate.read(person=person, data=data.name, purpose=_purpose(company, data.name))
    except TrothError:
        return []
    newest = sorted(found, key=lambda h: (h.collected, h.rid), reverse=True)
    return [dict(h.body) for h in newest if field in h.body]


def _purpose(company: Company, data: str) -> str:
    uses = ((p.name, u) for p in company.policy.of(Purpose) for b in p.bases for u in b.uses)
    return next((name for name, use in uses if use.data == data and not use.reads), "")
