"""Slots: which advertisement of the company's own stands in a page's slot, by one word of interest at most.

    [[slots.ad]]                    [slots.interests]
    name = "care-letters"           care = "healthcare"      # whoever reads this page has this interest
    interest = "healthcare"         # left out: for everybody
    text = "Letters for clinics"
    link = "https://…"

What a browser holds is the word and the campaigns it was counted for, so that people are counted once without
a name.  Its one rule: *an interest chooses an advertisement and nothing else*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from troth.terms import Place, Problem

WORD = re.compile(r"[a-z0-9-]{1,24}")
MOST = 40  # campaigns that a browser remembers; the oldest is forgotten first


@dataclass(frozen=True, slots=True)
class Ad:
    """One advertisement: its campaign's name, the interest it is for ('' for everybody), words and link."""

    name: str
    text: str
    link: str
    interest: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one browser holds: a word of interest, and the campaigns it was counted for."""

    interest: str = ""
    counted: tuple[str, ...] = ()

    def with_campaign(self, name: str) -> Mark:
        """Return the mark with one campaign more."""
        return replace(self, counted=(*self.counted, name)[-MOST:])

    def written(self) -> str:
        """Write it as the cookie holds it.

        >>> Mark("healthcare", ("spring",)).written(), read_mark("healthcare.spring").counted
        ('healthcare.spring', ('spring',))
        """
        return ".".join((self.interest, *self.counted))


def read_mark(text: str) -> Mark:
    """Read what a browser brought; anything but plain words is nothing."""
    interest, *counted = text.split(".")
    words = tuple(w for w in counted if WORD.fullmatch(w))
    return Mark(interest if WORD.fullmatch(interest) else "", words[-MOST:])


def ads(site: Mapping[str, Any]) -> tuple[Ad, ...]:
    """Return the advertisements of a site that are whole."""
    return tuple(ad for ad in _rows(site) if not _lacks(ad))


def chosen(site: Mapping[str, Any], interest: str) -> Ad | None:
    """Return what a slot shows: for this interest where there is one, else what is for everybody.

    >>> every = {"name": "n", "text": "N", "link": "/"}
    >>> site = {"slots": {"ad": [every, {**every, "name": "h", "interest": "care"}]}}
    >>> chosen(site, "care").name, chosen(site, "").name
    ('h', 'n')
    """
    every = ads(site)
    mine = (ad for ad in every if interest and ad.interest == interest)
    return next(mine, None) or next((ad for ad in every if not ad.interest), None)


def interest_of(site: Mapping[str, Any], page: str) -> str:
    """Return the interest that reading a page stands for, '' for none."""
    word = str(site.get("slots", {}).get("interests", {}).get(page, ""))
    return word if WORD.fullmatch(word) else ""


def check_slots(site: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Yield each advertisement that lacks a part."""
    for ad in _rows(site):
        if lacks := _lacks(ad):
            yield Problem(Place(path, 1), f"the advertisement '{ad.name}' {lacks}")


def _rows(site: Mapping[str, Any]) -> Iterator[Ad]:
    for row in site.get("slots", {}).get("ad", ()):
        yield Ad(**{key: str(row.get(key, "")) for key in ("name", "text", "link", "interest")})


def _lacks(ad: Ad) -> str:
    if not WORD.fullmatch(ad.name) or (ad.interest and not WORD.fullmatch(ad.interest)):
        return "is named with other than small letters, digits and hyphens"
    return "" if ad.text and ad.link.startswith(("/", "https://")) else "has no text, or no link over https"
