"""Facts of a visit: what a browser says of itself, cut down to the closed list the document declares.

A field is filled by its name or its type, and only when the document has it; the raw browser string, the rest
of the referrer and every query value but the campaign are gone before this returns.  Its one rule: *what the
document does not list is not looked at*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from troth.policy.model import Data, Policy, Purpose

BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d{1,4})")),
    ("Opera", re.compile(r"OPR/(\d{1,4})")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d{1,4})")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS)/(\d{1,4})")),
    ("Safari", re.compile(r"Version/(\d{1,4})[\d.]* (?:Mobile/\w+ )?Safari")),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request shows of the device, before it is cut down."""

    at: datetime
    address: str
    path: str
    campaign: str
    referrer: str
    agent: str
    session: str
    place: tuple[str, str] = ("", "")  # country and carrier, by a table of our own (``networks``)


def visit_of(policy: Policy, seen: Seen) -> tuple[str, str, dict[str, object]] | None:
    """Return (data, purpose, body) of a visit; None when the document keeps no such facts without a yes.

    The category is one that comes from the device, holds a network address and is collected on a ground that
    needs no consent.
    """
    for data in policy.of(Data):
        if "device" not in data.sources or all(f.type != "ip" for f in data.fields):
            continue
        for purpose in policy.of(Purpose):
            for basis in purpose.bases:
                open_ground = all(g.kind != "consent" for g in basis.grounds)
                if open_ground and any(u.data == data.name and not u.reads for u in basis.uses):
                    return data.name, purpose.name, _body(data, seen)
    return None


def _body(data: Data, seen: Seen) -> dict[str, object]:
    found = {
        "page": seen.path + (f"?campaign={seen.campaign}" if seen.campaign else ""),
        "referrer": site_of(seen.referrer),
        "browser": browser(seen.agent),
        "system": system(seen.agent),
        "session": seen.session,
        "country": seen.place[0],
        "carrier": seen.place[1],
    }
    typed = {"ip": seen.address, "moment": seen.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    body: Mapping[str, object] = {f.name: typed.get(f.type) or found.get(f.name, "") for f in data.fields}
    return {name: value for name, value in body.items() if value}


def browser(agent: str) -> str:
    """Name the browser and its main version, and nothing more of the string.

    >>> browser("Mozilla/5.0 (X11; Linux x86_64; rv:137.0) Gecko/20100101 Firefox/137.0.2")
    'Firefox 137'
    """
    for name, pattern in BROWSERS:
        if found := pattern.search(agent[:400]):
            return f"{name} {found[1]}"
    return ""


def system(agent: str) -> str:
    """Name the operating system.

    >>> system("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)")
    'iOS'
    """
    return next((name for mark, name in SYSTEMS if mark in agent[:400]), "")


def device(agent: str) -> str:
    """Name a browser and its system, by which its user knows it again; no version, which changes by itself.

    >>> device("Mozilla/5.0 (X11; Linux x86_64; rv:137.0) Gecko/20100101 Firefox/137.0.2"), device("curl/8")
    ('Firefox, Linux', 'a browser')
    """
    return ", ".join(filter(None, (browser(agent).partition(" ")[0], system(agent)))) or "a browser"


def site_of(referrer: str) -> str:
    """Cut the address of the page before to its site.

    >>> site_of("https://search.example/q?x=kari")
    'https://search.example'
    """
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return ""
    fits = parts.scheme in ("http", "https") and re.fullmatch(
        r"[a-zA-Z0-9.-]{1,253}(:\d{1,5})?", parts.netloc
    )
    return f"{parts.scheme}://{parts.netloc}" if fits else ""
