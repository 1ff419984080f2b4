"""Pages: draws templates, in the reader's language and the company's or the client's colours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from importlib import resources
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from troth.policy.model import RequestDoor
from troth.runtime import breaching, supporting
from troth.services import instances
from troth.services.accounts import account_of, staying
from troth.services.organisations import known
from troth.services.register import PREFERENCES, of_class
from troth.services.shelves import place_of
from troth.services.social import read_social
from troth.web import tongue


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("troth.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        tongue=lambda tag: tongue.NAMES.get(tag, tag),
        profiles_of=read_social,
        shelf_of=lambda c: place_of(c.agents, c.policy),
    )
    return made


ENVIRONMENT = _environment()


def offered(request: Request) -> tuple[str, ...]:
    """Return the languages this company's pages speak, its first one first."""
    company = request.state.company
    return tuple(company.site.get("languages", ())) or (company.policy.language,)


def language_of(request: Request) -> str:
    """Return the reader's language: as the link asks, else as the session does, else as the browser does."""
    asked = request.query_params.get("lang", "")
    known = offered(request)
    if asked in known:
        return asked
    kept = getattr(request.state, "language", "")
    return kept if kept in known else tongue.choose(known, request.headers.get("accept-language", ""))


def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Draw one page of a company."""
    company = request.state.company
    language = str(values.pop("language", "") or language_of(request))
    say = tongue.speaker(language)
    frame = {
        "here": "",
        "coming_": company.coming,
        "embed": False,
        "wide": False,
        "tab": "",
        "shade": getattr(request.state, "shade", ""),
        "likes": of_class(company.policy, PREFERENCES) is not None,
        "path": request.url.path,
        "beacon": getattr(request.state, "beacon", ""),
        "brand": None,
        "title": company.title,
        "language": language,
        "languages": offered(request),
        "other": partial(_in_language, request),
        "organised": known(company.policy),
        "roomed": instances.known(company.policy),
        "carry": f"?lang={language}" if request.query_params.get("lang") else "",
        "session": getattr(request.state, "session", None),
        "_": say,
        "status_": status,
        "hears": ("", ""),
        "helped": supporting.home_of(company.policy) is not None,
        "accounts": account_of(company.policy) is not None or staying(company.policy) is not None,
        "moderated": bool(company.gate.sampled()),
        "posted": breaching.postings(company),
        "answering": any(d.does == "answer" for d in company.policy.of(RequestDoor)),
        "day": partial(_day, company.policy.zone, language),
        "eve": lambda moment: _day(company.policy.zone, language, moment - timedelta(microseconds=1)),
        "clock": partial(_clock, company.policy.zone, language),
    }
    text = ENVIRONMENT.get_template(template).render(
        company=company, base=f"/{company.name}", nonce=request.state.nonce, **{**frame, **values}
    )
    return HTMLResponse(text, status_code=status, headers={"Content-Language": language})


def static(name: str) -> bytes:
    """Read one of the files the pages are made of."""
    return (resources.files("troth.web") / "static" / name).read_bytes()


def _day(zone: str, language: str, moment: date | datetime) -> str:
    return tongue.day(moment, language, zone)


def _clock(zone: str, language: str, moment: datetime) -> str:
    return tongue.clock(moment, language, zone)


def _in_language(request: Request, language: str) -> str:
    """Return this page's address in another language, with no more of the query than it needs."""
    kept = {k: v for k, v in request.query_params.items() if k in ("embed", "via", "campaign", "preview")}
    return "?" + urlencode({**kept, "lang": language})
