"""Partners: the links that lead away from here: whose site is behind each, and whose rules count there.

A link carries nothing about who follows it: its address is the same for everybody.  Where the other site has
a form, its own policy stands beside the link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from troth.terms import Place, Problem


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where it leads, who runs what is there, and, where there is a form, by which policy."""

    title: str
    url: str
    operator: str
    form: bool = False
    policy: str = ""

    @property
    def host(self) -> str:
        """The name of the other site, as people read it."""
        return urlsplit(self.url).hostname or ""


def links(site: Mapping[str, Any]) -> tuple[Link, ...]:
    """Return the links of ``[[links]]`` in ``site.toml``.

    >>> links({"links": [{"title": "Maps", "url": "https://maps.example/", "operator": "Maps Ltd"}]})[0].host
    'maps.example'
    """
    return tuple(
        Link(
            str(row.get("title", "")),
            str(row.get("url", "")),
            str(row.get("operator", "")),
            bool(row.get("form", False)),
            str(row.get("policy", "")),
        )
        for row in site.get("links", ())
    )


def check_links(site: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Yield what keeps a link from being shown: no operator, no policy beside a form, an address that carries
    somebody along."""
    for link in links(site):
        if not link.title or not link.operator:
            yield _wrong(
                path, f"the link to {link.host or 'nowhere'} does not say who runs it", "add operator"
            )
        for url in (link.url, *((link.policy,) if link.policy else ())):
            if why := _carries(url):
                yield _wrong(path, f"the link '{link.title}' {why}", "one https address, alike for everybody")
        if link.form and not link.policy:
            yield _wrong(
                path,
                f"the link '{link.title}' leads to a form without its policy",
                'add policy = "https://…"',
            )


def _carries(url: str) -> str:
    """Say why an address may not stand in a link, '' when it may."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return "is no https address"
    if "{" in url or "%7b" in url.casefold() or parts.username:
        return "would carry along who follows it"
    return ""


def _wrong(path: str, what: str, hint: str) -> Problem:
    return Problem(Place(path, 1), what, hint)
