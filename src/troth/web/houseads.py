"""House ads: an advertisement of the company's own on its first page, and the press that follows it.

The page shows one ad to everybody.  Whether somebody is counted is asked of the gate each time; one person
counts once as shown and once as clicked, however often they come.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.services.houseads import (
    CAMPAIGN,
    CLICK,
    CLICKED,
    SHOWN,
    VIEW,
    HouseAd,
    counter_of,
    noted_in,
    read_house_ads,
)
from troth.terms import TrothError
from troth.web.asking import session_of


def shown(company: Company, person: int | None) -> HouseAd | None:
    """Return the ad of the day for the first page, and count who lets it be counted."""
    ads = read_house_ads(company.site).each
    ad = ads[company.clock().toordinal() % len(ads)] if ads else None
    if ad is not None and person is not None:
        met(company, person, ad, clicked=False)
    return ad


async def following(request: Request) -> Response:
    """Lead on to what an ad is about, and count the press."""
    company: Company = request.state.company
    ad = read_house_ads(company.site).of(request.path_params["campaign"])
    if ad is None:
        raise HTTPException(404)
    session = session_of(request)
    if session is not None and session.person is not None:
        await run_in_threadpool(met, company, session.person, ad, clicked=True)
    return RedirectResponse(ad.link, status_code=303, headers={"Referrer-Policy": "no-referrer"})


def met(company: Company, person: int, ad: HouseAd, *, clicked: bool) -> bool:
    """Note and count that somebody met an ad, once; say whether it was counted now."""
    purpose, datum = read_house_ads(company.site).purpose, noted_in(company.policy)
    counter = counter_of(company.policy)
    if not purpose or datum is None or not counter:
        return False
    try:
        held = company.gate.read(person=person, data=datum.name, purpose=purpose)
        mine = [h for h in held if h.body.get(CAMPAIGN) == ad.campaign]
        if any(not clicked or h.body.get(CLICKED) == "yes" for h in mine):
            return False
        body = {SHOWN: ad.title, CAMPAIGN: ad.campaign, CLICKED: "yes" if clicked else "no"}
        company.gate.collect(person=person, data=datum.name, body=body, purpose=purpose, source="device")
    except TrothError:
        return False
    company.gate.count(counter=counter, dims={CAMPAIGN: ad.campaign, "act": CLICK if clicked else VIEW})
    return True
