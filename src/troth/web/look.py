"""Look: a company's or a client's colours as a style sheet, made readable before they are used.

``site.toml`` gives ``[look] colour`` for the house, ``[clients.X] colour, mark, name`` for those whose flows
it runs.  Its one rule: no colour reaches the page before it stands out from its ground (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEX = re.compile(r"#[0-9a-fA-F]{6}")
ENOUGH = 5.6  # over AA's 4.5, so that the accent can be read on its own wash too
LIGHT, DARK = "#fbfaf7", "#121614"
RGB = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Brand:
    """Who a person is talking with; ``name`` is the client's key in ``site.toml``."""

    name: str
    title: str
    mark: str


def brand_of(site: Mapping[str, Any], flow: str) -> Brand | None:
    """Return the client whose flow this is; None when the company speaks for itself.

    >>> brand_of({"clients": {"kaffe": {"name": "Kaffe", "flows": ["summer"]}}}, "summer")
    Brand(name='kaffe', title='Kaffe', mark='')
    """
    for name, client in site.get("clients", {}).items():
        if flow in client.get("flows", ()):
            return Brand(name, str(client.get("name", name)), str(client.get("mark", ""))[:4])
    return None


def framers(site: Mapping[str, Any], flow: str) -> tuple[str, ...]:
    """Return the origins that may frame this flow: its client's ``embed`` list, else the company's own.

    >>> framers({"clients": {"kaffe": {"flows": ["summer"], "embed": ["https://k.example"]}}}, "summer")
    ('https://k.example',)
    """
    brand = brand_of(site, flow)
    listed = site.get("clients", {}).get(brand.name, {}).get("embed", ()) if brand else site.get("embed", ())
    return tuple(o for o in listed if o.startswith(("https://", "http://")) and not set(o) & set(" ;,'\"*"))


def style_of(site: Mapping[str, Any], who: str) -> str:
    """Write the style sheet of ``site`` or of one client: the accent for light and for dark."""
    colours = site.get("look", {}) if who == "site" else site.get("clients", {}).get(who, {})
    colour = str(colours.get("colour", ""))
    if not HEX.fullmatch(colour):
        return ""
    spark = str(colours.get("accent", ""))
    second = f"--spark: {spark};" if HEX.fullmatch(spark) else ""
    clients = site.get("clients", {}) if who == "site" else ()
    return sheet(colour, second) + "".join(_scoped(site, name) for name in clients)


def sheet(colour: str, more: str = "") -> str:
    """Write a page's accent out of one colour (``#0b6e4f``), readable by day and by night."""
    light, dark = readable(colour, LIGHT), readable(colour, DARK)
    return (
        f":root {{ --accent: {light}; --accent-ink: #ffffff; "
        f"--accent-wash: {mixed(light, LIGHT, 0.88)}; {more} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {dark}; --accent-ink: {DARK}; "
        f"--accent-wash: {mixed(dark, DARK, 0.86)}; }} }}\n"
    )


def _scoped(site: Mapping[str, Any], client: str) -> str:
    """Write a client's accent for its own mark on the company's pages (class ``of-NAME``)."""
    colour = str(site["clients"][client].get("colour", ""))
    if not HEX.fullmatch(colour) or not re.fullmatch(r"[a-z0-9-]{1,40}", client):
        return ""
    light, dark = readable(colour, LIGHT), readable(colour, DARK)
    return (
        f".of-{client} {{ --accent: {light}; --accent-ink: #ffffff; }}\n"
        f"@media (prefers-color-scheme: dark) {{ "
        f".of-{client} {{ --accent: {dark}; --accent-ink: {DARK}; }} }}\n"
    )


def readable(colour: str, ground: str) -> str:
    """Move a colour away from its ground until text in it can be read there.

    >>> contrast(readable("#FFD23F", "#fbfaf7"), "#fbfaf7") >= 5.6
    True
    >>> readable("#0B6E4F", "#fbfaf7")
    '#0b6e4f'
    """
    end = "#000000" if luminance(ground) > 0.5 else "#ffffff"
    for step in range(21):
        tried = mixed(colour, end, step / 20)
        if contrast(tried, ground) >= ENOUGH:
            return tried
    return end


def mixed(one: str, other: str, share: float) -> str:
    """Mix ``share`` of the other colour into the one.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return how bright a colour is, from 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255
