"""Social: the company's profiles in networks of others, as links and as nothing else.

    [[social]]
    name = "LinkedIn"
    profile = "https://www.linkedin.com/company/…"
    privacy = "https://www.linkedin.com/legal/privacy-policy"

A network processes what happens on its pages on its own account; each row says so beside the link to what the
network itself tells.  Nothing of a network is loaded.  One rule: *no profile without that link*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from troth.terms import Place, Problem


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile: the network, its address there, and where the network tells what it does."""

    name: str
    profile: str
    privacy: str


def read_social(site: Mapping[str, Any]) -> tuple[Profile, ...]:
    """Return the profiles of ``site.toml`` that are whole.

    >>> row = {"name": "LinkedIn", "profile": "https://l.example/c", "privacy": "https://l.example/p"}
    >>> read_social({"social": [row, {"name": "X", "profile": "https://x.example"}]})[0].name
    'LinkedIn'
    """
    rows = [_row(row) for row in site.get("social", ())]
    return tuple(Profile(**row) for row in rows if not _lacks(row))


def check_social(site: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Yield each profile that lacks a part."""
    for row in site.get("social", ()):
        if lacks := _lacks(_row(row)):
            what = f"the profile '{row.get('name', '')}' has no {lacks} over https"
            yield Problem(Place(path, 1), what, 'add privacy = "https://…", what the network says of itself')


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    return {k: str(row.get(k, "")) for k in ("name", "profile", "privacy")}


def _lacks(row: Mapping[str, str]) -> str:
    if not row["name"]:
        return "name"
    return next((k for k in ("profile", "privacy") if not _secure(row[k])), "")


def _secure(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.netloc)
