"""The company's own public site, kept apart from all it runs for others: pages, choices, counting, forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from troth.web.site import advertising, counting, downloads, films, forms, refusing, showing

ROUTES: tuple[tuple[str, str, Callable[[Request], Awaitable[Response]]], ...] = (
    ("GET", "/s/", showing.home),
    ("GET", "/s/cookies", showing.cookies),
    ("POST", "/s/choice", showing.choosing),
    ("POST", "/s/stop", showing.stopping),
    ("GET", "/s/off/{purpose}", refusing.asking),
    ("POST", "/s/off/{purpose}", refusing.refusing),
    ("GET", "/s/off/{purpose}/{place}", refusing.asking),
    ("POST", "/s/off/{purpose}/{place}", refusing.refusing),
    ("GET", "/s/files/{file}", downloads.giving),
    ("GET", "/s/ad/{campaign}", advertising.clicking),
    ("GET", "/s/campaigns", showing.campaigns),
    ("POST", "/s/beacon", counting.beacon),
    ("POST", "/s/event", counting.event),
    ("GET", "/s/hit.gif", counting.hit),
    ("POST", "/s/film", films.playing),
    ("POST", "/s/film/stop", films.stopping),
    ("GET", "/s/newsletter", forms.subscribing),
    ("POST", "/s/newsletter", forms.subscribed),
    ("GET", "/s/confirm/{who}/{ticket}", forms.confirming),
    ("POST", "/s/confirm/{who}/{ticket}", forms.confirmed),
    ("GET", "/s/contact", forms.enquiring),
    ("POST", "/s/contact", forms.enquired),
    ("GET", "/s/end/{purpose}/{ticket}", forms.ending),
    ("POST", "/s/end/{purpose}/{ticket}", forms.ended),
    ("GET", "/s/{page}", showing.showing),
)
