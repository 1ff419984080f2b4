"""Found: a new company's folder: a short document that loads, and one conversation under it."""

from __future__ import annotations

from pathlib import Path

from troth.terms import TrothError

POLICY = """# How {title} treats your data

You tell us what you like to drink, and we remember it for you.

## 1 Who we are

{title} answers for this page. Write to us, or complain to the authority.

```troth
controller "{title}" in NO
  address "Street 1, 0001 Town"
  contact privacy@example.org
  officer "none"
  authority "Datatilsynet"
under gdpr
store in NO
stay in EEA
```

## 2 What we know, why, and how long

Your address is for your membership, by agreement with you. What you like is for suggestions, if you say yes.
Both stay while you use the service and [30 days](keep:contact) after.

```troth
data contact "Your mail address" from person as pd:EmailAddress
  email email identifies
data taste "What you like to drink" from person as pd:Preference
  drink choice coffee, tea, cocoa
purpose membership "Run your membership"
  on contract
  uses contact
purpose suggestions "Suggest drinks"
  on consent tasting
  uses taste
consent tasting "May we use what you like to suggest drinks?"
keep contact, taste while active, then 30 days
fact active "You use the service" from last-use until account-closed or 6 months without last-use
never use taste for any without consent tasting
```

## 3 If something changes or goes wrong

A change is told before it counts. If data leak, the authority hears within [72 hours](breach:authority) and
you are told. Below [13](children:under) we ask nothing, and erase what we find.

```troth
change tell by email 30 days before
breach authority within 72 hours, tell by email
children under 13 refuse, erase when found
```
"""

SITE = """# Which services are on, and how they look.  The policy decides what they may do.
title = "{title}"
languages = ["en"]
services = ["flows", "rights"]

[mail]
field = "contact.email"
purpose = "membership"
"""

FLOW = """---
title: What do you like?
---
One question, and you may skip it.

## mail
Where may we write to you?
ask contact.email email for membership

## tasting
One thing before we ask, and no is a fine answer.
consent tasting optional

## drink
What do you like to drink?
ask taste.drink choice optional for suggestions on tasting
- coffee: Coffee
- tea: Tea
- cocoa: Cocoa

## bye
Thank you. Your page shows what we noted, and the day each bit of it goes.
end
"""


class Exists(TrothError):
    """There is something in the folder already."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not empty; name a new folder")


def found(path: str | Path, *, title: str = "") -> Path:
    """Write a new company's folder and return it; raise ``Exists`` when something stands there."""
    root = Path(path)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise Exists(root)
    name = title or root.resolve().name.replace("-", " ").capitalize()
    for file, text in (("policy.md", POLICY), ("site.toml", SITE), ("flows/hello.md", FLOW)):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text.replace("{title}", name), "utf-8")
    return root
