"""Observing: how often somebody takes part, counted by the month, while the ground for it stands.

Without the person's yes nothing is read and nothing is counted; what was counted goes with the yes.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from troth.policy.model import Data
from troth.runtime import Company
from troth.services.ledger import having
from troth.terms import TrothError
from troth.web.crediting import shop_of

MONTH, COUNT = "month", "per-month"  # the fields by which the document's category is known


def observe(company: Company, person: int) -> None:
    """Count this month's conversations anew and keep the number, where it may be kept."""
    data = having(company.policy, MONTH, COUNT)
    if data is None or not data.inputs:
        return
    month = company.clock().astimezone(ZoneInfo(company.policy.zone)).strftime("%Y-%m")
    purpose = shop_of(company).collecting(data.name)
    try:
        taken = sum(_taken(company, person, name, purpose, month) for name in data.inputs)
        body = {MONTH: month, COUNT: taken}
        company.gate.observe(person=person, data=data.name, purpose=purpose, body=body)
    except TrothError:
        return


def _taken(company: Company, person: int, data: str, purpose: str, month: str) -> int:
    """Count the records of a category that ended in a month."""
    fields = next((d.fields for d in company.policy.of(Data) if d.name == data), ())
    ended = next((f.name for f in fields if f.type == "moment"), "")
    zone = ZoneInfo(company.policy.zone)
    held = company.gate.read(person=person, data=data, purpose=purpose)
    moments = (datetime.fromisoformat(str(h.body[ended])) for h in held if ended in h.body)
    return sum(1 for at in moments if at.astimezone(zone).strftime("%Y-%m") == month)
