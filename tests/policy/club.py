"""The invented coffee club, whole: a document without a problem, to be broken one line at a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from troth.document import read
from troth.laws import packs
from troth.policy import Policy, check, parse
from troth.terms import Problem

CLUB = """\
# How the Fjord Coffee Club treats your data

## 1 Who we are

Fjord Coffee AS runs the club and answers for it.

```troth
controller "Fjord Coffee AS" in NO
  address "Strandgaten 1, 5013 Bergen"
  contact privacy@fjordcoffee.example
  officer "none"
  authority "Datatilsynet"
clock Europe/Oslo
under gdpr, accounting-no
store in NO, IE
stay in EEA
```

## 2 What we know

We know how to reach you, what you order and what you like.

```troth
data contact "Contact details" from person as pd:Contact
  email email identifies
  phone phone optional
data taste "What you like to drink" from person
  drink choice coffee, tea, cocoa
data visit "Technical log of your visit" from device
  ip ip truncated
data order "Your orders and payments" from person
  amount money
```

## 3 Why

We have a reason for each thing.

```troth
purpose membership "Run your membership"
  on contract
  uses contact, order
purpose safety "Keep the site working and safe"
  on legitimate interest "a safe site" assessed 2026-01-15, again by 2029-01-15
  uses visit
purpose news "Send you our newsletter" direct marketing
  on consent newsletter
  uses contact, taste
purpose books "Keep our accounts"
  on legal obligation "Bookkeeping Act (NO), section 13"
  uses order
consent newsletter "May we send you our newsletter?" age 16
opt out of news by message link within 1 day
```

## 4 Who else sees it

The roaster gets your address, growers get numbers about groups of at least [10 people](form:anonymous).

```troth
recipient roaster "The roaster who ships your order" processor in NO
recipient growers "Growers' association" controller in SE
role clerk "Packs your order"
fact order-placed "You placed an order"
anonymous totals at least 10 people
share contact with roaster for membership when order-placed
share taste with growers for news as anonymous
show contact, order to clerk for membership
```

## 5 How long

We keep the log [30 days](keep:visit), the books [five years](keep:order) beyond the year.

```troth
keep visit 30 days after collected
keep order 5 years after end of financial-year because books
keep contact, taste while active, then 30 days
fact active "You use the club" from last-use until account-closed or 6 months without last-use
```

## 6 If something goes wrong

The authority hears within [72 hours](breach:authority); below [13](children:under) we let nobody in.

```troth
right access within 1 month
breach authority within 72 hours
children under 13 refuse, erase when found
```
"""

Change = tuple[str, str]


def changed(*changes: Change, text: str = CLUB) -> str:
    """Return the club's document with some of its words replaced, each of which must be there once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the club's document"
        text = text.replace(old, new)
    return text


def policy(*changes: Change, text: str = CLUB) -> Policy:
    """Return the policy of the changed document."""
    return _parsed(changed(*changes, text=text))


@cache
def _parsed(text: str) -> Policy:
    return parse(text, "policy.md", packs=packs())


def problems(*changes: Change, level: str = "error", **more: Mapping[str, object]) -> tuple[Problem, ...]:
    """Return the problems of one level that the changed document has."""
    text = changed(*changes)
    found = check(_parsed(text), read(text, "policy.md"), **more)  # type: ignore[arg-type]
    return tuple(p for p in found if p.level == level)


def messages(*changes: Change, level: str = "error", **more: Mapping[str, object]) -> tuple[str, ...]:
    """Return what the problems of one level say."""
    return tuple(p.message for p in problems(*changes, level=level, **more))
