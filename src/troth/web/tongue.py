"""Tongue: the pages' own words in each language.  English stands in the templates and is the key.

What a company says (its document, flows, consents) is the company's to translate; this is the chrome around
it.  Its one rule: a sentence without a translation is shown in English, and a test lists it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from troth.runtime.tongue import speaker, words

__all__ = ["NAMES", "choose", "clock", "day", "speaker", "words"]
NAMES = {"en": "English", "nb": "Norsk", "nn": "Nynorsk", "sv": "Svenska", "da": "Dansk", "de": "Deutsch"}
KIN = {"no": "nb", "nn": "nb"}  # who reads one reads the other


def choose(offered: Sequence[str], accepted: str) -> str:
    """Pick the offered language that an Accept-Language header (RFC 9110) wants most; else the first offered.

    >>> choose(("en", "nb"), "nn-NO,nb;q=0.9,en;q=0.5"), choose(("en", "nb"), "fr")
    ('nb', 'en')
    """
    wishes: list[tuple[float, str]] = []
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        bare = tag.split("-")[0].lower()
        wishes.append((_weight(weight), KIN.get(bare, bare)))
    for _, tag in sorted(wishes, key=lambda w: -w[0]):
        if tag in offered:
            return tag
    return offered[0]


def _weight(text: str) -> float:
    try:
        return min(float(text), 1.0) if text else 1.0
    except ValueError:
        return 0.0


def day(moment: date | datetime, language: str = "en", zone: str = "UTC") -> str:
    """Write a day out in words, in the company's own time zone.

    >>> day(date(2026, 11, 4)), day(date(2026, 11, 4), "nb")
    ('4 November 2026', '4. november 2026')
    """
    if isinstance(moment, datetime):
        moment = moment.astimezone(ZoneInfo(zone)).date()
    return str(format_date(moment, "d MMMM y" if language == "en" else "d. MMMM y", locale=language))


def clock(moment: datetime, language: str = "en", zone: str = "UTC") -> str:
    """Write a moment out to the second, in the company's own time zone.

    >>> from datetime import UTC
    >>> clock(datetime(2025, 3, 1, 10, 15, 7, tzinfo=UTC), "en", "Europe/Oslo")
    '1 March 2025 11:15:07'
    """
    pattern = "d MMMM y HH:mm:ss" if language == "en" else "d. MMMM y HH:mm:ss"
    return str(format_datetime(moment, pattern, tzinfo=ZoneInfo(zone), locale=language))
