"""House ads over the API: which of our own advertisements somebody is shown, and that they followed it."""

from __future__ import annotations

from troth.services.houseads import HouseAd, read_house_ads
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.wire.base import Out
from troth.web.houseads import met, shown


class HouseAdOut(Out, frozen=True):
    """One advertisement of the company's own; ``link`` is where it leads."""

    campaign: str
    title: str
    text: str
    link: str


def showing(call: Call) -> HouseAdOut:
    """Return the ad of the day, and count who lets it be counted."""
    ad = shown(call.company, call.person())
    if ad is None:
        raise Fault(404, "not-here", "this company advertises nothing of its own")
    return _out(ad)


def following(call: Call) -> HouseAdOut:
    """Count that the person followed an ad, and say where it leads."""
    ad = read_house_ads(call.company.site).of(call.path["campaign"])
    if ad is None:
        raise Fault(404, "not-here", "there is no such advertisement")
    met(call.company, call.person(), ad, clicked=True)
    return _out(ad)


def _out(ad: HouseAd) -> HouseAdOut:
    return HouseAdOut(campaign=ad.campaign, title=ad.title, text=ad.text, link=ad.link)
