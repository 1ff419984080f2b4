"""Traffic: which of the document's counters a page that was shown moves, by which of seven words.

A counter of ours names the ``day``, and beside it what was shown (``page``, ``feature``, ``post``) or by
which way somebody came in (``way``, ``room``).  Its one rule: *no word among them stands for a person*.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.policy.model import Consent, Cookie, Counter, Policy, Purpose
from troth.services.visits import channel

DAY, WAY, PAGE = "day", "way", "page"


def moved(policy: Policy, seen: Mapping[str, str]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return the counters that a look moves, each with its own words and no other.

    >>> p = Policy((Counter(name="read", of=("post", "day")), Counter(name="entered", of=("way", "day"))))
    >>> moved(p, {"post": "7", "day": "2025-03-03", "way": ""})
    (('read', {'post': '7', 'day': '2025-03-03'}),)
    """
    known = {name: word for name, word in seen.items() if word}
    return tuple(
        (c.name, {d: known[d] for d in c.of})
        for c in policy.of(Counter)
        if DAY in c.of and len(c.of) > 1 and set(c.of) <= set(known)
    )


def page_of(route: str) -> str:
    """Name a page by its route, so that nothing of an address that a person was given is in it.

    >>> page_of("/{company}/feed/{number}/picture"), page_of("/{company}/"), page_of("")
    ('feed/picture', 'home', 'home')
    """
    parts = [p for p in route.split("/")[2:] if p and "{" not in p]
    return "/".join(parts) or "home"


def way_of(via: str, referrer: str, own: str) -> str:
    """Name the way by which a visit began; what comes from our own pages is no way in from outside.

    >>> way_of("email", "", "club.example"), way_of("", "https://club.example/me", "club.example")
    ('email', 'direct')
    """
    return channel(via, "" if own and f"//{own}/" in f"{referrer}/" else referrer)


def beacon(policy: Policy) -> Cookie | None:
    """Return the document's unseen image; None where it has none."""
    asked = {c.name for c in policy.of(Consent)}
    return next((c for c in policy.of(Cookie) if c.kind == "pixel" and c.consent in asked), None)


def counted(policy: Policy, purpose: str) -> str:
    """Name the category that a purpose collects of a visit, '' for none."""
    bases = (b for p in policy.of(Purpose) if p.name == purpose for b in p.bases)
    return next((u.data for b in bases for u in b.uses if not u.reads), "")
