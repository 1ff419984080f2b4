"""Counters: which of the document's counts are ours alone to raise, so that a number means what it says.

A count of conversations, ads, placements, pages, offers, invitations or shares is raised by the service in
which the thing happened; nobody may say over the API that it did.  What counts anything else belongs to the
company's own programs.
"""

from __future__ import annotations

from troth.policy.model import Counter

OURS = frozenset(
    {"flow", "step", "unit", "placement", "page", "offer", "invitation", "code", "room", "post", "way"}
)


def ours(counter: Counter) -> bool:
    """Say whether a counter is raised by services alone.

    >>> ours(Counter(name="clicks", of=("placement", "hour")))
    True
    >>> ours(Counter(name="exports", of=("feature", "month")))
    False
    """
    return not OURS.isdisjoint(counter.of) or {"feature", "day"} <= set(counter.of)
