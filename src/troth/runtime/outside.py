"""Outside: what the house may do on the network for a person: read a name's TXT records or a page's
beginning, and hand their own file over.

One value, so that a test, or a house without a network, puts another in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from troth.carriers.dns import txt
from troth.carriers.handover import NotHandedOver, hand_over
from troth.carriers.preview import fetch_page
from troth.carriers.provider import NoProvider as NoProvider
from troth.carriers.provider import ask


@dataclass(frozen=True, slots=True)
class Outside:
    """``txt`` gives the TXT records of a name, ``page`` the beginning of a public page, '' for none.

    ``hand_over`` posts a file of a media type to an address and raises ``NotHandedOver`` unless it was taken.
    ``who`` asks a service that says who somebody is, and raises ``NoProvider`` when it does not.
    """

    txt: Callable[[str], Sequence[str]] = txt
    page: Callable[[str], str] = fetch_page
    hand_over: Callable[[str, bytes, str], int] = hand_over
    who: Callable[..., Mapping[str, Any]] = ask


def nowhere() -> Outside:
    """Return a network in which there is nothing.

    >>> nowhere().txt("acme.example"), nowhere().page("https://acme.example")
    ((), '')
    """

    def nobody(url: str, file: bytes, kind: str) -> int:
        raise NotHandedOver("there is no network")

    def silent(url: str, fields: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        raise NoProvider("there is no network")

    return Outside(txt=lambda name: (), page=lambda url: "", hand_over=nobody, who=silent)
