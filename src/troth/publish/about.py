"""About: what the notice says of certain data alone: the details that stand beside a copy (GDPR Art. 15).

It chooses from the published facts and writes nothing new, so that a copy and the notice cannot disagree.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from troth.publish.facts import Facts


def about(told: Facts, data: Collection[str]) -> dict[str, Any]:
    """Return who answers, and what is said of these categories: purposes, recipients by name, periods.

    >>> told = {"controllers": [], "rights": [], "whereabouts": [], "recipients": [], "inside": [],
    ...         "data": [{"name": "taste"}, {"name": "visit"}], "retention": [{"data": "visit"}],
    ...         "purposes": [{"name": "learn", "data": ["taste.drink"]}]}
    >>> found = about(told, {"taste"})
    >>> found["categories"], found["purposes"][0]["name"], found["periods"]
    ([{'name': 'taste'}], 'learn', [])
    """
    wanted = set(data)
    return {
        "controllers": told["controllers"],
        "categories": [d for d in told["data"] if d["name"] in wanted],
        "purposes": [p for p in told["purposes"] if _speaks(p["data"], wanted)],
        "recipients": [
            _narrowed(r, "receives", wanted) for r in told["recipients"] if _gets(r, "receives", wanted)
        ],
        "seen inside by": [_narrowed(r, "sees", wanted) for r in told["inside"] if _gets(r, "sees", wanted)],
        "periods": [k for k in told["retention"] if _speaks([k["data"]], wanted)],
        "places": told["whereabouts"],
        "rights": told["rights"],
    }


def _speaks(names: Collection[str], wanted: set[str]) -> bool:
    return any(name.partition(".")[0] in wanted for name in names)


def _gets(fact: Facts, doors: str, wanted: set[str]) -> bool:
    return any(_speaks(door["data"], wanted) for door in fact[doors])


def _narrowed(fact: Facts, doors: str, wanted: set[str]) -> Facts:
    return {**fact, doors: [door for door in fact[doors] if _speaks(door["data"], wanted)]}
