"""Visits: by which channel a flow was reached, told from the link's own word or the referrer's class alone.

Nothing here follows a person: a channel is one of seven words, and a link that carries a value of the
person's own is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from troth.policy.model import Counter, Policy

CHANNELS = ("direct", "search", "email", "social", "ad", "qr", "link")
CARRIED = ("via", "campaign", "lang")
SEARCH = re.compile(r"(^|\.)(google|bing|duckduckgo|ecosia|qwant|yahoo|startpage|search)\.")
SOCIAL = re.compile(r"(^|\.)(facebook|instagram|linkedin|reddit|tiktok|x|mastodon|snapchat|social)\.")
PERSONAL = re.compile(r"@|%40|\{(?!campaign)[^}]*\}|[0-9a-fA-F]{16,}|[0-9]{8,}")


@dataclass(frozen=True, slots=True)
class Visit:
    """One arrival as it may be counted: nobody's."""

    flow: str
    hour: str
    channel: str
    campaign: str = ""

    def dims(self) -> dict[str, str]:
        """Return every dimension a counter might declare; ``placement`` is another word for the campaign."""
        return {
            "flow": self.flow,
            "hour": self.hour,
            "channel": self.channel,
            "campaign": self.campaign,
            "placement": self.campaign,
        }


def counted(policy: Policy, visit: Visit) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return the document's counters that this arrival moves, each with its own dimensions and no other.

    >>> p = Policy((Counter(name="arrivals", of=("flow", "channel")),))
    >>> counted(p, Visit("summer", "2026-11-24T10", "qr"))
    (('arrivals', {'flow': 'summer', 'channel': 'qr'}),)
    """
    known = visit.dims()
    return tuple(
        (c.name, {d: known[d] for d in c.of})
        for c in policy.of(Counter)
        if {"flow", "channel"} <= set(c.of) <= set(known)
    )


def channel(via: str, referrer: str) -> str:
    """Name the channel of a visit.  ``via`` is the link's own word; ``referrer`` is used for its class only.

    >>> channel("", ""), channel("qr", ""), channel("", "https://www.google.com/search?q=kari")
    ('direct', 'qr', 'search')
    >>> channel("anything else", "https://m.facebook.com/"), channel("", "https://paper.example/")
    ('social', 'link')
    """
    if via in CHANNELS:
        return via
    host = _host(referrer)
    if not host:
        return "direct"
    return "search" if SEARCH.search(host) else "social" if SOCIAL.search(host) else "link"


def link_problem(campaign: str) -> str:
    """Say why a campaign code may not stand in a link, '' when it may: it names a campaign, never a person.

    >>> link_problem("summer-26"), link_problem("kari@example.no")
    ('', 'a campaign code names a campaign, never a person')
    """
    if not campaign or (re.fullmatch(r"[a-z0-9-]{1,24}", campaign) and not PERSONAL.search(campaign)):
        return ""
    return "a campaign code names a campaign, never a person"


def template_problem(template: str) -> str:
    """Say why a link that somebody wrote may not be used, '' when it may: its query holds our own words only.

    >>> template_problem("https://x.example/f/summer?via=ad&campaign={campaign}")
    ''
    >>> template_problem("https://x.example/f/summer?via=ad&uid={user_id}")
    "a link carries via, campaign and lang, and never 'uid'"
    """
    try:
        query = parse_qsl(urlsplit(template).query, keep_blank_values=True)
    except ValueError:
        return "is no address"
    for name, value in query:
        if name not in CARRIED:
            return f"a link carries via, campaign and lang, and never '{name[:40]}'"
        if value != "{campaign}" and link_problem(value):
            return link_problem(value)
    return ""


def clicked(policy: Policy, placement: str, hour: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return the document's counters that a banner's click moves: those of placements that count no channel.

    >>> p = Policy((Counter(name="clicks", of=("placement", "hour")),))
    >>> clicked(p, "paper-top", "2026-11-24T10")
    (('clicks', {'placement': 'paper-top', 'hour': '2026-11-24T10'}),)
    """
    known = {"placement": placement, "hour": hour}
    return tuple(
        (c.name, {d: known[d] for d in c.of})
        for c in policy.of(Counter)
        if "placement" in c.of and set(c.of) <= set(known)
    )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
