"""Offs: the links by which the document lets anybody refuse a purpose of the tools, and what each refuses."""

from __future__ import annotations

from starlette.requests import Request

from troth.kernel.places import inside
from troth.policy.model import OptOut, Purpose
from troth.runtime import Company
from troth.services.classes import consents_of
from troth.web.site.choice import asked_of

EU = "eu"


def links(request: Request) -> tuple[tuple[str, str], ...]:
    """Return each link that the document offers, as (address, words), for where the reader seems to be."""
    company: Company = request.state.company
    place = f"/{EU}" if in_union(request) else ""
    return tuple(
        (f"/{company.name}/s/off/{door.purposes[0]}{place}", text)
        for door in company.policy.of(OptOut)
        for way, text in door.ways
        if way == "link" and consents(company, door.purposes[0])
    )


def in_union(request: Request) -> bool:
    """Say whether an address belongs to a country of the European Union, by the company's own table."""
    address = request.client.host if request.client else ""
    return inside(request.state.company.networks.of(address)[0], ("EU",))


def consents(company: Company, purpose: str) -> frozenset[str]:
    """Return what the banner asks about for a purpose, and for those that one link refuses with it."""
    asked = {t.consent for t in asked_of(company)}
    together = {p for d in company.policy.of(OptOut) if purpose in d.purposes for p in d.purposes}
    named = (p for p in company.policy.of(Purpose) if p.name in together)
    return frozenset(asked & {name for p in named for name in consents_of(p)})
