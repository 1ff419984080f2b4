"""Ages: how old a person must say to be before a yes counts, and how finely the document tells ages apart.

A consent with an age needs a known or declared one (reading 7 of the language).  Nobody is asked for a
birthday: only the bands that some rule of the document tells apart are offered.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.policy.model import Children, Consent, Policy, Purpose


@dataclass(frozen=True, slots=True)
class Band:
    """From ``low`` years to just before ``high``; ``high`` None is without end."""

    low: int
    high: int | None = None


def bands(policy: Policy, consent: Consent) -> tuple[Band, ...]:
    """Return the ages a person may declare for this consent; none when it has no age.

    >>> from troth.policy.model import Basis, Ground, Guard, Use
    >>> news = Consent(name="news", question="May we?", age=13)
    >>> adults = Basis((Ground("consent", "news"),), (Use("contact", guard=Guard(under_age=18)),))
    >>> bands(Policy((Purpose(name="news", bases=(adults,)),)), news)
    (Band(low=13, high=18), Band(low=18, high=None))
    >>> bands(Policy(), news)
    (Band(low=13, high=None),)
    """
    if consent.age is None:
        return ()
    least = max([consent.age, *(c.under for c in policy.of(Children) if c.refuse)])
    edges = sorted({least, *(a for a in _told_apart(policy, consent.name) if a > least)})
    return tuple(Band(low, high) for low, high in zip(edges, [*edges[1:], None], strict=True))


def _told_apart(policy: Policy, consent: str) -> set[int]:
    found: set[int | None] = set()
    for purpose in policy.of(Purpose):
        for basis in purpose.bases:
            if any(g.kind == "consent" and g.name.split("(")[0] == consent for g in basis.grounds):
                for guard in (purpose.guard, basis.guard, *(u.guard for u in basis.uses)):
                    found |= {guard.under_age, guard.from_age}
    return {age for age in found if age is not None}
