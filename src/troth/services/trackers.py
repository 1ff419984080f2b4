"""Trackers: the document's cookie statements as what a company's own site may set, ask about and load.

One row per cookie or pixel of an area, each with the five facts people are promised: name, use, choice,
storage time, recipient.  Its one rule: *what lacks a fact is not switched on*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from troth.policy.model import Area, Consent, Cookie, Policy, Purpose, Recipient, Whereabouts
from troth.terms import Place, Problem

COUNTS = "dpv:ServiceUsageAnalytics"
LOADED = "script-src", "connect-src", "img-src"


@dataclass(frozen=True, slots=True)
class Tracker:
    """What one statement puts on a device or loads.

    ``question`` is asked before it is used, '' for what is necessary.  ``load`` is the script that
    ``[trackers.NAME]`` in ``site.toml`` names, ``pages`` the pages on which it is used, where that lists
    them.  ``on_play``: asked where it plays, one by one.
    """

    name: str
    text: str
    kind: str
    purpose: str
    consent: str = ""
    question: str = ""
    age: int | None = None
    names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    party: str = ""
    recipient: str = ""
    lasts: str = ""
    see: str = ""
    clear: str = ""
    load: str = ""
    on_play: bool = False
    pages: tuple[str, ...] = ()

    def runs_on(self, page: str) -> bool:
        """Say whether a page is one of those on which the tool is used; without a list it is any."""
        return not self.pages or page in self.pages

    @property
    def asked(self) -> bool:
        """Say whether the banner asks about it; what plays on a press is asked about where it plays."""
        return bool(self.consent) and not self.on_play


def apart(policy: Policy) -> str:
    """Return the area that is the company's own site, '' when there is none.

    It lies apart (``area NAME "…" apart``); of several such areas it is the one in which cookies are set.
    """
    found = [a.name for a in policy.of(Area) if a.apart]
    set_in = {name for c in policy.of(Cookie) for name in c.areas}
    return next((name for name in found if name in set_in), next(iter(found), ""))


def trackers(policy: Policy, site: Mapping[str, Any], area: str) -> tuple[Tracker, ...]:
    """Return what the document lets an area set and load, in its own order."""
    asked = {c.name: c for c in policy.of(Consent)}
    titles = {r.name: r.text or r.name for r in policy.of(Recipient)}
    register = site.get("trackers", {})
    return tuple(
        Tracker(
            name=c.name,
            text=c.text,
            kind=c.kind,
            purpose=c.purpose,
            consent=c.consent,
            question=asked[c.consent].question if c.consent in asked else "",
            age=asked[c.consent].age if c.consent in asked else None,
            names=c.named,
            hosts=c.hosts,
            party=c.by,
            recipient=titles.get(c.by, ""),
            lasts=c.lasts,
            see=c.see,
            clear=c.clear,
            load=str(register.get(c.name, {}).get("load", "")),
            pages=tuple(map(str, register.get(c.name, {}).get("pages", ()))),
            on_play=bool(c.consent in asked and "area" in asked[c.consent].per),
        )
        for c in policy.of(Cookie)
        if area in c.areas
    )


def sources(used: Iterable[Tracker], playing: Tracker | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return what a page's security policy opens for these tools: their own hosts, and no other.

    >>> tool = Tracker("crm", "", "cookie", "p", hosts=("js.crm.example",), load="https://js.crm.example/x.js")
    >>> sources([tool])["script-src"]
    ('https://js.crm.example',)
    >>> sources([])
    {}
    """
    hosts = tuple(f"https://{h}" for t in used if t.load for h in t.hosts)
    opened = dict.fromkeys(LOADED, hosts) if hosts else {}
    return opened | ({"frame-src": tuple(f"https://{h}" for h in playing.hosts)} if playing else {})


def check_trackers(policy: Policy, site: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield why a tool may not be switched on: a fact that is missing, a place that was not promised."""
    own = apart(policy)
    for cookie in policy.of(Cookie):
        row = site.get("trackers", {}).get(cookie.name, {})
        yield from (Problem(cookie.place, f"{cookie.kind} '{cookie.name}' {m}", h) for m, h in _lacks(cookie))
        yield from (
            Problem(cookie.place, f"{cookie.kind} '{cookie.name}' {m}") for m in _astray(policy, cookie)
        )
        yield from (Problem(cookie.place, m, h) for m, h in _counts_for_itself(policy, cookie))
        if cookie.kind == "pixel" and (set(cookie.areas) != {own} or cookie.hosts or cookie.by):
            said = "counts outside the company's own site, or for somebody else"
            yield Problem(
                cookie.place, f"pixel '{cookie.name}' {said}", "make it first-party, 'in' that area"
            )
        if row.get("load") and urlsplit(str(row["load"])).netloc not in cookie.hosts:
            said = (
                f"is loaded from {urlsplit(str(row['load'])).netloc or 'nowhere'}, which is none of its hosts"
            )
            yield Problem(
                cookie.place, f"{cookie.kind} '{cookie.name}' {said}", "add a 'host' line, or drop it"
            )
        if row.get("load") and set(cookie.areas) != {own}:
            yield Problem(cookie.place, f"{cookie.kind} '{cookie.name}' would be loaded outside '{own}'")
    known = {c.name for c in policy.of(Cookie)}
    for name in sorted(set(site.get("trackers", {})) - known):
        yield Problem(
            Place(policy.path, 1), f"site.toml switches on '{name}', of which no cookie statement speaks"
        )


def _lacks(cookie: Cookie) -> Iterator[tuple[str, str]]:
    if not cookie.lasts:
        yield "has no storage time", "say how long it stays: 'lasts 6 months'"
    if not (cookie.hosts or cookie.by):
        return
    if not cookie.by:
        yield "has no recipient", "name who gets it: 'by RECIPIENT'"
    if not cookie.see:
        yield "has no link to what its maker says of it", "add 'see \"https://…\"'"
    if not cookie.clear:
        yield "has no link to how it is deleted", "add 'clear \"https://…\"'"


def _counts_for_itself(policy: Policy, cookie: Cookie) -> Iterator[tuple[str, str]]:
    """Yield whoever counts visits by a cookie and answers for it: what is counted is ours."""
    counts = any(p.name == cookie.purpose and p.dpv == COUNTS for p in policy.of(Purpose))
    for party in (r for r in policy.of(Recipient) if counts and r.name == cookie.by):
        if party.role != "processor":
            said = f"{cookie.kind} '{cookie.name}': '{party.name}' counts visits as {party.role or 'nobody'}"
            yield said, "name it a processor, which counts for you and for no end of its own"


def _astray(policy: Policy, cookie: Cookie) -> Iterator[str]:
    """Yield in which country its recipient is that the document did not promise for what it collects."""
    used = {u.data for p in policy.of(Purpose) if p.name == cookie.purpose for b in p.bases for u in b.uses}
    for party in (r for r in policy.of(Recipient) if r.name == cookie.by):
        for stay in policy.of(Whereabouts):
            if stay.verb == "stay in" and used & set(stay.data) and party.country not in stay.places:
                yield f"goes to {party.country or 'an unknown place'}, not {', '.join(stay.places)}"
