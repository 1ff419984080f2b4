"""Pages: templates with autoescape and strict names, and nothing decided in them."""

from __future__ import annotations

from datetime import date, datetime
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

TONGUES = {"en": "English", "nb": "Norsk", "nn": "Nynorsk", "sv": "Svenska", "da": "Dansk", "de": "Deutsch"}


def day(moment: date | datetime) -> str:
    """Write a day out.

    >>> day(date(2026, 11, 4))
    '4 November 2026'
    """
    return f"{moment.day} {moment:%B %Y}"


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("troth.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(day=day, tongue=lambda tag: TONGUES.get(tag, tag))
    return made


ENVIRONMENT = _environment()


def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Draw one page of a company."""
    company = request.state.company
    values = {
        "language": company.policy.language,
        "here": "",
        "embed": False,
        "wide": False,
        "title": company.title,
        **values,
    }
    text = ENVIRONMENT.get_template(template).render(
        company=company, base=f"/{company.name}", nonce=request.state.nonce, **values
    )
    return HTMLResponse(text, status_code=status)


def static(name: str) -> bytes:
    """Read one of the files the pages are made of."""
    return (resources.files("troth.web") / "static" / name).read_bytes()
