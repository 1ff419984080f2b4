"""Bind words: how a rule's value is said in a language, and how a sentence's value is read back.

Lengths of time, ages, numbers, places and moments, in English and Norwegian (bokmål).  The one rule:
reading what was rendered gives the value back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from troth.policy.model import Span

_NUMBERS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty",
    "nb": "null én to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten "
    "seksten sytten atten nitten tjue",
}
_TENS = {
    "en": "thirty forty fifty sixty seventy eighty ninety",
    "nb": "tretti førti femti seksti sytti åtti nitti",
}
_ALSO = {"en": {"a": 1, "an": 1}, "nb": {"en": 1, "ei": 1, "et": 1, "ett": 1, "syv": 7, "tyve": 20}}
_UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "minute": ("minute", "minutes"),
        "hour": ("hour", "hours"),
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "month": ("month", "months"),
        "year": ("year", "years"),
    },
    "nb": {
        "minute": ("minutt", "minutter", "minuttet", "minuttene"),
        "hour": ("time", "timer", "timen", "timene"),
        "day": ("dag", "dager", "dagen", "dagene", "døgn"),
        "week": ("uke", "uker", "uken", "uka"),
        "month": ("måned", "måneder", "måneden", "månedene"),
        "year": ("år", "året", "årene"),
    },
}
_PLACES = {
    "en": "AT Austria, AU Australia, BE Belgium, BG Bulgaria, BR Brazil, CA Canada, CH Switzerland, CY "
    "Cyprus, CZ Czechia, DE Germany, DK Denmark, EE Estonia, EEA the EEA, EEA the European Economic Area, "
    "ES Spain, EU the European Union, FI Finland, FR France, GB the United Kingdom, GR Greece, HR Croatia, "
    "HU Hungary, IE Ireland, IN India, IS Iceland, IT Italy, JP Japan, LI Liechtenstein, LT Lithuania, LU "
    "Luxembourg, LV Latvia, MT Malta, NL the Netherlands, NO Norway, PL Poland, PT Portugal, RO "
    "Romania, SE Sweden, SI Slovenia, SK Slovakia, US the United States",
    "nb": "AT Østerrike, AU Australia, BE Belgia, BG Bulgaria, BR Brasil, CA Canada, CH Sveits, CY Kypros, "
    "CZ Tsjekkia, DE Tyskland, DK Danmark, EE Estland, EEA EØS, ES Spania, EU EU, FI Finland, FR Frankrike, "
    "GB Storbritannia, GR Hellas, HR Kroatia, HU Ungarn, IE Irland, IN India, IS Island, IT Italia, JP "
    "Japan, LI Liechtenstein, LT Litauen, LU Luxembourg, LV Latvia, MT Malta, NL Nederland, NO Norge, "
    "PL Polen, PT Portugal, RO Romania, SE Sverige, SI Slovenia, SK Slovakia, US USA",
}
_STRONG = {"en": ("only", "never", "not", "unless"), "nb": ("bare", "kun", "aldri", "ikke", "med mindre")}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time found in a text, with where it stands in it."""

    span: Span
    start: int
    end: int


def language(tag: str) -> str:
    """Return the nearest language there are words for; English where there are none."""
    short = tag.lower().partition("-")[0]
    return {"no": "nb", "nn": "nb"}.get(short, short) if short in (*_UNITS, "no", "nn") else "en"


def say_span(span: Span, tag: str) -> str:
    """Say a length of time.

    >>> say_span(Span(5, "year"), "nb"), say_span(Span(1, "month"), "en")
    ('5 år', '1 month')
    """
    words = _UNITS[language(tag)][span.unit]
    return (
        f"{span.amount} {words[0] if span.amount == 1 or len(words) == 1 or words[0] == 'år' else words[1]}"
    )


def lengths(text: str, tag: str) -> Iterator[Length]:
    """Yield the lengths of time that a text speaks of.

    >>> [str(x.span) for x in lengths("thirty days, or 2 years", "en")]
    ['30 days', '2 years']
    """
    here = language(tag)
    units = {word: unit for unit, words in _UNITS[here].items() for word in words}
    number, unit = "|".join(_numbers(here)), "|".join(sorted(units, key=len, reverse=True))
    for hit in re.finditer(rf"(?i)\b(\d+|{number})[\s\u00a0-]+({unit})\b", text):
        yield Length(Span(_number(hit[1], here), units[hit[2].lower()]), hit.start(), hit.end())


def numbers(text: str, tag: str) -> tuple[int, ...]:
    """Return the whole numbers of a text, written in figures or words.

    >>> numbers("below thirteen, or 16", "en")
    (13, 16)
    """
    here = language(tag)
    words = "|".join(w for w in _numbers(here) if w not in _ALSO[here])
    return tuple(_number(hit[0], here) for hit in re.finditer(rf"(?i)\b(\d+|{words})\b", text))


def places(code: str, tag: str) -> tuple[str, ...]:
    """Return the names of a place: a country's ISO 3166 code, or ``EEA``.

    >>> places("IE", "nb"), places("EEA", "en")
    (('Irland',), ('the EEA', 'the European Economic Area'))
    """
    pairs = (entry.partition(" ") for entry in _PLACES[language(tag)].split(", "))
    return tuple(name for found, _, name in pairs if found == code) or (code,)


def strong(tag: str) -> tuple[str, ...]:
    """Return the words that promise more than a value can: *only, never, not, unless*."""
    return _STRONG[language(tag)]


def _numbers(here: str) -> dict[str, int]:
    found = {word: n for n, word in enumerate(_NUMBERS[here].split())}
    found |= {word: 10 * n for n, word in enumerate(_TENS[here].split(), 3)}
    return found | _ALSO[here]


def _number(text: str, here: str) -> int:
    return int(text) if text.isdecimal() else _numbers(here)[text.lower()]
