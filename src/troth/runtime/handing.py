"""Handing: a person has their file sent to a service that they picked, after they confirmed where to.

What a host's name says of its country is all that is known of it, and no proof; a host that says it stands
where the document lets nothing go is refused, and the person takes the file along themself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from troth.carriers.handover import NotHandedOver, host_of
from troth.gate.values import Asked
from troth.kernel.places import inside
from troth.policy.model import Whereabouts

if TYPE_CHECKING:
    from troth.runtime.company import Company

__all__ = ["NotHandedOver", "ask", "country_of", "send"]
KIND = "application/json"
NAMES = {"UK": "GB", "EU": "EU"}


def ask(company: Company, *, person: int, url: str) -> Asked:
    """Open the request to send; nothing leaves before it is confirmed.  Raises ``NotHandedOver``."""
    host = host_of(url)
    stays = tuple(p for w in company.policy.of(Whereabouts) if w.verb == "stay in" for p in w.places)
    country = country_of(host)
    if stays and country and not inside(country, stays):
        raise NotHandedOver(f"{host} says it is outside {', '.join(stays)}")
    asked: Asked = company.gate.ask(person=person, right="carry", channel="page", about=url)
    return asked


def send(company: Company, *, person: int, number: str) -> Asked:
    """Send the file by a confirmed request, once; raise ``NotHandedOver``, and then it can be tried again."""
    made = company.portable(company.gate.export(person=person))
    file = json.dumps(made, ensure_ascii=False, default=str).encode()
    asked = next((a for a in company.gate.access(person=person).requests if a.number == number), None)
    host = host_of(asked.about) if asked is not None else ""
    done: Asked = company.gate.hand_over(
        person=person,
        number=number,
        host=host,
        send=lambda url: company.outside.hand_over(url, file, KIND),
    )
    return done


def country_of(host: str) -> str:
    """Return the country that a host's name says it stands in, '' where it says none.

    >>> country_of("import.example.de"), country_of("import.example.co.uk"), country_of("import.example.org")
    ('DE', 'GB', '')
    """
    last = host.rstrip(".").rpartition(".")[2].upper()
    return NAMES.get(last, last) if len(last) == 2 and last.isalpha() else ""
