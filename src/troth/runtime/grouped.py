"""Grouped: what happens to a whole organisation happens to each of its people, who hear what goes when."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from troth.policy.model import Data
from troth.runtime.company import Company, Unproved
from troth.terms import Refused

SUBJECT = "What of your data goes when"


def happened(company: Company, *, number: str, name: str) -> int:
    """Let an event of the document happen to everybody in an organisation; return how many they are.

    Whoever's data get another last day by it is told which and when, in a message that the law demands.
    """
    people = company.gate.people_in(number=number)
    for person in people:
        before = _days(company, person)
        company.gate.event(person=person, name=name)
        after = {data: day for data, day in _days(company, person).items() if before.get(data) != day}
        if after:
            _tell(company, person, after)
    return len(people)


def _tell(company: Company, person: int, days: dict[str, datetime]) -> None:
    zone, titles = ZoneInfo(company.policy.zone), {d.name: d.text or d.name for d in company.policy.of(Data)}
    lines = (
        f"- {titles.get(data, data)}: kept until {(due.astimezone(zone) - timedelta(seconds=1)).date()}"
        for data, due in sorted(days.items())
    )
    page = f"{company.base_url}/{company.name}/me"
    text = (
        f"Something changed for your organisation at {company.title}, and with it how long we keep:\n\n"
        + "\n".join(lines)
        + f"\n\nUntil then you can take your data along: {page}\n"
    )
    try:
        company.inform(SUBJECT, text, person=person)
    except (
        Unproved,
        Refused,
    ):  # nobody has shown that the address is theirs: their page says it all the same
        return


def _days(company: Company, person: int) -> dict[str, datetime]:
    """Return the last day on which something of each category goes, of those that have one."""
    days: dict[str, datetime] = {}
    for held in company.gate.access(person=person).held:
        if held.due is not None:
            days[held.data] = max(held.due, days.get(held.data, held.due))
    return days
