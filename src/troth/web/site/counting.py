"""Counting: one record for a page that an agreeing visitor opens, and one number for the picture on it.

What is noted is the document's own list and nothing beside it.  INVARIANT (no event without a yes): the gate
judges each one; what would carry a person's name, address or number in it is refused and its value stands
nowhere.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC
from types import MappingProxyType
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from troth.gate import BadBody
from troth.policy.model import Consent, Counter, Data, Door, Purpose
from troth.runtime import Company
from troth.services.facts import browser, site_of, system
from troth.services.trackers import Tracker
from troth.services.visits import PERSONAL
from troth.terms import Action, Clause, Refused, Unsaid
from troth.terms import Request as Touch
from troth.web.asking import own_site
from troth.web.problems import problem
from troth.web.site.choice import area_of, choice_of, tools_of, visitor_of

GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
REGION = "region"  # the field that holds where an address is, to a country's part and no nearer
FILLED = ("ip", "url", "key")  # what we fill in ourselves, by the type of the field
NOTHING: Mapping[str, str] = MappingProxyType({})
ADDRESS = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b|([0-9a-fA-F]{1,4}:){3,}|::[0-9a-fA-F]")


def views_of(company: Company) -> Data | None:
    """Return the category of opened pages: the site's own, from the device, with a page's address."""
    area = area_of(company)
    found = (d for d in company.policy.of(Data) if d.area == area and "device" in d.sources)
    return next((d for d in found if any(f.type == "url" for f in d.fields)), None)


def count_view(
    company: Company,
    person: int,
    tools: tuple[Tracker, ...],
    path: str,
    address: str,
    seen: Mapping[str, str] = NOTHING,
) -> bool:
    """Note one opened page for what was agreed to, and hand it to those who count for us.

    ``seen`` are the further words of it, by the names of the document's fields; others are not looked at.
    """
    data = views_of(company)
    counting = [t for t in tools if data and _collects(company, t.purpose, data.name)]
    if data is None or not counting:
        return False
    given = {"ip": address, "url": path, "key": company.gate.tag(person=person)}
    body = {f.name: given.get(f.type) or seen.get(f.name, "") for f in data.fields}
    body = {name: value for name, value in body.items() if value}
    region = company.networks.region(address)
    if region and any(f.name == REGION for f in data.fields):
        body[REGION] = region
    company.gate.collect(
        person=person, data=data.name, body=body, purpose=counting[0].purpose, source="device"
    )
    for tool in (t for t in counting if t.party):
        for door in company.policy.of(Door):
            shared = [n for n in door.data if n.partition(".")[0] == data.name]
            if door.verb == "share" and door.party == tool.party and tool.purpose in door.purposes and shared:
                company.gate.disclose(
                    person=person, data=shared, party=tool.party, purpose=tool.purpose, form=door.form
                )
    return True


async def event(request: Request) -> Response:
    """Take one event of a page's script: the page's address and no other property."""
    own_site(request)
    company: Company = request.state.company
    choice, visitor = choice_of(request), visitor_of(request)
    sent = _body(await request.body())
    if visitor is None or choice.signal:
        _log(company)
        return problem(403, "refused", "nobody agreed to be counted here", _clauses(company))
    wrong = sorted(set(sent) - {"page"}) or (["page"] if not _clean(sent.get("page", "")) else [])
    if wrong:
        _log(company)
        said = "an event carries the page's address and nothing about a person"
        return problem(422, "invalid", said, _clauses(company))
    tools, address = choice.of(tools_of(company)), request.client.host if request.client else ""
    path = sent["page"].partition("?")[0]
    counted = await run_in_threadpool(count_view, company, visitor, tools, path, address)
    return JSONResponse({"counted": counted}, 201)


async def hit(request: Request) -> Response:
    """Count that a page was shown, per page and hour, and give the picture; it belongs to nobody."""
    company: Company = request.state.company
    shown = request.query_params.get("page", "")
    pixel = next((t for t in choice_of(request).of(tools_of(company)) if t.kind == "pixel"), None)
    if pixel is None or set(request.query_params) != {"page"}:
        raise HTTPException(403)
    if shown not in company.pages:
        raise HTTPException(404)
    hour = f"{company.clock().astimezone(UTC):%Y-%m-%dT%H}"
    for counter in company.policy.of(Counter):
        if set(counter.of) == {"page", "hour"}:
            company.gate.count(counter=counter.name, dims={"page": shown, "hour": hour})
    return Response(GIF, media_type="image/gif", headers={"Cache-Control": "no-store"})


def _collects(company: Company, purpose: str, data: str) -> bool:
    named = (p for p in company.policy.of(Purpose) if p.name == purpose)
    return any(u.data == data and not u.reads for p in named for b in p.bases for u in b.uses)


def _clean(page: str) -> bool:
    """Say whether an address is a path with nobody in it.

    >>> _clean("/club/s/products"), _clean("/thanks/a@example.org"), _clean("/x/203.0.113.24"), _clean("")
    (True, False, False, False)
    """
    plain = unquote(unquote(page)).partition("?")[0]
    return plain.startswith("/") and not PERSONAL.search(plain) and not ADDRESS.search(plain)


def _body(raw: bytes) -> Mapping[str, str]:
    try:
        sent = json.loads(raw)
    except ValueError:
        raise HTTPException(400) from None
    if not isinstance(sent, dict) or not all(isinstance(v, str) for v in sent.values()):
        raise HTTPException(400)
    return sent


def _clauses(company: Company) -> tuple[Clause, ...]:
    """Name the sections that speak of counting: of what is noted, and of what is asked first."""
    data = views_of(company)
    return ((data.clause,) if data else ()) + tuple(
        c.clause for c in company.policy.of(Consent) if c.name in {t.consent for t in tools_of(company)}
    )[:1]


def _log(company: Company) -> None:
    """Write down that an event was refused, with none of its values."""
    data = views_of(company)
    purpose = next((t.purpose for t in tools_of(company) if t.consent), "")
    asked = Touch(Action.COLLECT, data.name if data else "", purpose, source="device")
    company.gate.refused(decision=Unsaid(asked, (data.clause,) if data else ()), by="site")


def seen_of(request: Request, what: str = "view", thing: str = "") -> dict[str, str]:
    """Return what a request shows of a look, by the names that a document may give such fields."""
    agent = request.headers.get("user-agent", "")
    return {
        "browser": browser(agent),
        "system": system(agent),
        "domain": site_of(request.headers.get("referer", "")).partition("://")[2],
        "mime": "text/html",
        "what": what,
        "thing": thing,
        "occasion": "visit",
    }


async def beacon(request: Request) -> Response:
    """Take what a page's or an app's beacon tells: the document's own fields; a beacon hears nothing back.

    A field that is not declared is 422.  Without a yes, and against the browser's own no, nothing is kept.
    """
    company: Company = request.state.company
    data, sent = views_of(company), _body(await request.body())
    ours = {f.name for f in data.fields if f.type not in FILLED} if data else set()
    if set(sent) - ours - {"page"} or not _clean(sent.get("page", "/")):
        _log(company)
        said = f"a beacon tells {', '.join(sorted(ours))} and the page's address, and nothing else"
        return problem(422, "invalid", said, _clauses(company))
    choice, visitor = choice_of(request), visitor_of(request)
    if data is not None and visitor is not None and not choice.signal:
        tools, address = choice.of(tools_of(company)), request.client.host if request.client else ""
        path = sent.get("page", "/").partition("?")[0]
        try:
            await run_in_threadpool(count_view, company, visitor, tools, path, address, sent)
        except BadBody as wrong:
            return problem(422, "invalid", str(wrong), _clauses(company))
    return Response(status_code=204)


def count_quietly(
    company: Company,
    person: int,
    tools: tuple[Tracker, ...],
    path: str,
    address: str,
    seen: Mapping[str, str] = NOTHING,
) -> None:
    """Note an opened page while it is shown; a refusal stops the counting and never the page."""
    try:
        count_view(company, person, tools, path, address, seen)
    except Refused as refused:
        company.gate.refused(decision=refused.decision, by="site")
