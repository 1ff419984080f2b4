"""Places: where data may not live and may not go is refused before anything starts, not at the first try.

The kernel bars each share to a place that ``stay in`` or a missing ``transfer`` forbids, so such a rule
would stand in the document and never do anything.  Its one rule: *a place that a line refuses is an error
beside the line that names the place*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from troth.policy.check_terms import error
from troth.policy.check_words import EEA
from troth.policy.model import Controller, Door, Policy, Recipient, Whereabouts
from troth.terms import Form, Problem


def check_places(policy: Policy) -> Iterator[Problem]:
    """Yield the stores and recipients that lie where the document lets nothing be."""
    yield from _stores(policy)
    yield from _recipients(policy)


def inside(country: str, places: Iterable[str]) -> bool:
    """Say whether a country lies within one of the places.

    >>> inside("NO", ("EEA",)), inside("US", ("EEA", "US")), inside("GB", ("EEA",))
    (True, True, False)
    """
    return any(country == p or (p in ("EEA", "EU") and country in EEA) for p in places)


def _stores(policy: Policy) -> Iterator[Problem]:
    for stay in (w for w in policy.of(Whereabouts) if w.verb == "stay in" and not w.data):
        for store in (w for w in policy.of(Whereabouts) if w.verb == "store in"):
            for country in store.places:
                if country != "EEA" and not inside(country, stay.places):
                    yield error(
                        store.place,
                        f"data are stored in {country}, and stay in {_named(stay)}",
                        "choose a place there",
                    )


def _recipients(policy: Policy) -> Iterator[Problem]:
    named = {r.name: r for r in policy.of(Recipient) if r.country and not r.each}
    for door in policy.of(Door):
        party = named.get(door.party)
        if door.verb != "share" or party is None or door.form is Form.ANONYMOUS:
            continue
        for data in dict.fromkeys(d.partition(".")[0] for d in door.data):
            why, hint = _barred(policy, party, data)
            if why:
                yield error(party.place, f"'{party.name}' is in {party.country}, and {why}", hint)


def _barred(policy: Policy, party: Recipient, data: str) -> tuple[str, str]:
    """Say by which line nothing of a category may go to a recipient, and what would change it."""
    lines = [w for w in policy.of(Whereabouts) if not w.data or data in w.data]
    stays = [w for w in lines if w.verb == "stay in"]
    if party.role == "processor" and stays:
        for stay in stays:
            if not inside(party.country, stay.places) and party.country not in ("EEA", "EU"):
                return f"{data} stays in {_named(stay)}", "choose a place there"
        return "", ""
    homes = {c.country for c in policy.of(Controller) if c.country}
    home = ["EEA"] if homes <= EEA | {"EEA"} else sorted(homes)
    open_ = [w for w in lines if w.verb == "transfer"]
    gone = any(party.name in w.places or inside(party.country, w.places) for w in open_)
    if inside(party.country, home) or party.country in ("EEA", "EU") or gone:
        return "", ""
    return f"no transfer of {data} to it is declared", "declare one with its safeguard: transfer … under …"


def _named(stay: Whereabouts) -> str:
    return f"{', '.join(stay.places)} by {stay.clause}"
