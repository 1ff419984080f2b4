"""Outside: what the house may ask of the network for a person: a name's TXT records, a page's beginning.

One value, so that a test, or a house without a network, puts another in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from troth.carriers.dns import txt
from troth.carriers.preview import fetch_page


@dataclass(frozen=True, slots=True)
class Outside:
    """``txt`` gives the TXT records of a name, ``page`` the beginning of a public page, '' for none."""

    txt: Callable[[str], Sequence[str]] = txt
    page: Callable[[str], str] = fetch_page


def nowhere() -> Outside:
    """Return a network in which there is nothing.

    >>> nowhere().txt("acme.example"), nowhere().page("https://acme.example")
    ((), '')
    """
    return Outside(txt=lambda name: (), page=lambda url: "")
