"""Renewing: people are asked, as often as the document says, whether what is held of them still holds.

One message, with the way to their page; an objection to it, or a restriction, keeps it from being written.
``renew`` under ``[mail]`` in ``site.toml`` names the purpose for which it is sent.
"""

from __future__ import annotations

from troth.policy.model import Data
from troth.runtime.company import Company
from troth.runtime.tongue import said_to
from troth.terms import Refused, TrothError

TEXT = (
    "You told us this some time ago: {what}. Is it still right? If something has changed, put it right on "
    "your page; if not, there is nothing to do.\n\n{link}"
)


def renew(company: Company) -> int:
    """Write to everybody whose details have aged; return how many messages went."""
    return sum(_write(company, person, data) for person, data in list(company.gate.ageing()))


def _write(company: Company, person: int, data: str) -> bool:
    where = company.contact
    if where is None:
        return False
    purpose = str(company.site.get("mail", {}).get("renew", where.purpose))
    try:
        held = company.gate.read(person=person, data=where.data, purpose=purpose, field=where.field)
        if not held:
            return False
        say = said_to(company, person)
        what = next((d.text for d in company.policy.of(Data) if d.name == data), "") or data
        text = say(TEXT, what=what, link=f"{company.base_url}/{company.name}/me")
        address = str(held[-1].body[where.field])
        company.send(address, say("Is this still right?"), text, person=person, purpose=purpose)
    except (TrothError, Refused):
        return False
    company.gate.asked_about(person=person, data=data)
    return True
