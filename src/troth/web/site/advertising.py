"""Advertising: the slot on our own pages, chosen by a word in the reader's browser once they agreed.

Without that everybody gets the same.  People are counted once a campaign by what their own browser remembers;
the server holds totals.  INVARIANT (choice of words only): no price and no access is read off an interest.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Counter
from troth.runtime import Company
from troth.services.register import ADVERTISING, Entry, of_class
from troth.services.slots import Ad, Mark, ads, chosen, interest_of, read_mark
from troth.web.jar import held, put
from troth.web.site.choice import Choice, choice_of

PEOPLE, CLICKS = {"campaign", "spot"}, {"campaign"}


def ad_for(request: Request, choice: Choice) -> Ad | None:
    """Return what the slot shows to this reader."""
    entry = _mine(request, choice)
    interest = read_mark(held(request, entry.name)).interest if entry else ""
    return chosen(request.state.company.site, interest)


def seen(request: Request, response: Response, choice: Choice, page: str, ad: Ad | None) -> None:
    """Keep the interest that a page stands for, and count its advertisement once for this browser."""
    company: Company = request.state.company
    entry = _mine(request, choice)
    if entry is None:
        return
    before = read_mark(held(request, entry.name))
    after = Mark(interest_of(company.site, page) or before.interest, before.counted)
    if ad is not None and ad.name not in after.counted:
        _count(company, PEOPLE, {"campaign": ad.name, "spot": page})
        after = after.with_campaign(ad.name)
    if after != before:
        put(request, response, entry.name, after.written(), entry.lasts)


async def clicking(request: Request) -> Response:
    """Lead to what an advertisement is about; a click is a number, for who agreed."""
    company: Company = request.state.company
    ad = next((a for a in ads(company.site) if a.name == request.path_params["campaign"]), None)
    if ad is None:
        raise HTTPException(404)
    if _mine(request, choice_of(request)) is not None:
        await run_in_threadpool(_count, company, CLICKS, {"campaign": ad.name})
    return RedirectResponse(ad.link if ad.link.startswith("https://") else f"/{company.name}{ad.link}", 303)


def report(company: Company) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Return each campaign with its people and, by the page they saw it on, the numbers that may be told.

    Where a number is too small, what is left is told together, so that no small one follows from the sum.
    """
    counter = _counter(company, PEOPLE)
    rows = company.gate.counts(counter=counter.name) if counter else ()
    told: dict[str, list[tuple[str, int]]] = {ad.name: [] for ad in ads(company.site)}
    for dims, n in rows:
        told.setdefault(dims["campaign"], []).append((dims["spot"], n))
    return [(name, sum(n for _, n in cells), sorted(cells, reverse=True)) for name, cells in told.items()]


def _mine(request: Request, choice: Choice) -> Entry | None:
    """Return our own advertising cookie's line, if this reader agreed to it."""
    entry = of_class(request.state.company.policy, ADVERTISING)
    return entry if entry and entry.consent in choice.agreed else None


def _counter(company: Company, of: set[str]) -> Counter | None:
    return next((c for c in company.policy.of(Counter) if set(c.of) == of), None)


def _count(company: Company, of: set[str], dims: dict[str, str]) -> None:
    if (counter := _counter(company, of)) is not None:
        company.gate.count(counter=counter.name, dims=dims)
