"""House ads: the company's own advertisements on its own pages, and how they do, in numbers.

``[house-ads]`` in ``site.toml``:

    purpose = "measure"           # for what it is counted who met one; without its ground nobody is
    [[house-ads.campaign]]
    name = "more-agents"
    title = "Five more agents"
    text = "For a team that has outgrown one."
    link = "/club/shop"

Everybody sees an ad.  Whoever lets it be counted counts once as shown and once as clicked, under the
document's counter of a campaign and an act; the counter belongs to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from troth.policy.model import Counter, Data, Policy
from troth.services.coverage import Coverage
from troth.services.ledger import having
from troth.terms import Place, Problem

VIEW, CLICK = "view", "click"
DIMS = frozenset({"campaign", "act"})
SHOWN, CAMPAIGN, CLICKED = "shown", "campaign", "clicked"  # the fields by which the category is known
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class HouseAd:
    """One advertisement of the company's own; ``link`` leads to a page of its own or to another site."""

    campaign: str
    title: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class HouseAds:
    """All of them, in the order written, and the purpose for which they are counted."""

    purpose: str = ""
    each: tuple[HouseAd, ...] = ()

    def of(self, campaign: str) -> HouseAd | None:
        """Return the ad of a campaign."""
        return next((ad for ad in self.each if ad.campaign == campaign), None)


def read_house_ads(site: Mapping[str, Any]) -> HouseAds:
    """Read ``[house-ads]`` out of ``site.toml``; an ad that lacks something is left out.

    >>> row = {"name": "spring", "title": "Tea", "text": "Hot.", "link": "/club/shop"}
    >>> [ad.campaign for ad in read_house_ads({"house-ads": {"campaign": [row, {"name": "x"}]}}).each]
    ['spring']
    """
    table = site.get("house-ads", {})
    found = tuple(ad for row in table.get("campaign", ()) if (ad := _ad(row)))
    return HouseAds(str(table.get("purpose", "")), found)


def check_house_ads(site: Mapping[str, Any], policy: Policy, path: str) -> Iterator[Problem]:
    """Yield what keeps these ads from being counted under the policy."""
    if "house-ads" not in site:
        return
    ads, here = read_house_ads(site), Place(path, 1)
    if len(ads.each) < len(site["house-ads"].get("campaign", ())):
        yield Problem(here, "a house ad has no name, title, text or link", 'link = "/club/shop"')
    datum = noted_in(policy)
    if ads.purpose and datum is None:
        yield Problem(here, "house ads are counted, but no category notes what was shown and clicked")
    elif ads.purpose and datum and not Coverage(policy).covers(datum.name, SHOWN, ads.purpose):
        yield Problem(here, f"house ads are counted for '{ads.purpose}', which may not note what was shown")
    if ads.purpose and not counter_of(policy):
        yield Problem(here, "house ads are counted, but the policy has no counter of campaign, act")


def noted_in(policy: Policy) -> Data | None:
    """Return the category that notes which of our ads somebody was shown, None where there is none."""
    return having(policy, SHOWN, CAMPAIGN, CLICKED)


def counter_of(policy: Policy) -> str:
    """Name the counter of a campaign and an act, '' when the document has none."""
    return next((c.name for c in policy.of(Counter) if frozenset(c.of) == DIMS), "")


def _ad(row: Mapping[str, Any]) -> HouseAd | None:
    name, title, text, link = (str(row.get(k, "")).strip() for k in ("name", "title", "text", "link"))
    leads = link.startswith("https://") or (link.startswith("/") and not link.startswith("//"))
    return HouseAd(name, title, text, link) if NAME.fullmatch(name) and title and text and leads else None
