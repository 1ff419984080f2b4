"""Lysverk's own conversation, and what a test of data from elsewhere asks of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

POWER = """---
title: Power with Lysverk
language: en
---
A cup, a word, and fifty points.

## drink
What do you drink while you read the bill?
ask taste.drink choice for learn
- tea: Tea
- coffee: Coffee

## words
Anything you like to eat with it?
ask taste.food text optional for learn

## mail
Where may we send your points?
ask contact.email email for credit

## points
Here they are.
reward points 50 "50 points at Lysverk" for credit

## bring
One last thing, and no is a fine answer.
consent bring(lysverk) optional

## bye
Thank you.
end
"""
ANSWERS = {"drink": "tea", "words": "", "mail": "kari@example.no", "points": ""}
YES = {**ANSWERS, "bring": ("yes", {"years": "13"})}
NO = {**ANSWERS, "bring": "no"}


def with_power(folder: Path) -> None:
    """Add the conversation, as Lysverk's."""
    (folder / "flows/power.md").write_text(POWER, "utf-8")
    site = folder / "site.toml"
    text = site.read_text("utf-8")
    before, after = text.split("[clients.lysverk]")
    flows = after.replace("flows = []", 'flows = ["power"]', 1)
    site.write_text(f"{before}[clients.lysverk]{flows}", "utf-8")


def push(
    house: Any, who: str, mail: str, data: str = "customer", purpose: str = "account", **more: Any
) -> Any:
    """Hand one record in, as a business does."""
    fields = more.pop("fields", {"number": "4711"})
    record = {"who": {"kind": "email", "value": mail}, "data": data, "purpose": purpose, "fields": fields}
    own = {"basis": "contract", "notice": "2025-02-20"}
    return house.post(who, "/pushes", {"confirmed": own, "records": [{**record, **more}]})


def refused(answer: Any) -> bool:
    """Say whether this is a no that names its clause."""
    return answer.status_code in (401, 403, 404) and (
        answer.status_code == 401 or bool(answer.json()["clause"])
    )


def tag_of(house: Any, mail: str = "kari@example.no") -> str:
    """Return the tag of whoever is known by an address, '' for nobody."""
    found = house.post("rewards-job", "/people/find", {"kind": "email", "value": mail})
    return str(found.json().get("tag", ""))
