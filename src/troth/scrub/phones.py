"""Phones: whether a run of digits is a telephone number, by country code, grouping or the words beside it.

No table of every country's plan: a code and a plausible length are enough, since a number too many
hidden costs less
than one too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Country codes and how many digits may follow.
ABROAD = {
    "1": (10, 10),
    "7": (10, 10),
    "20": (8, 10),
    "27": (9, 9),
    "30": (10, 10),
    "31": (9, 9),
    "32": (8, 9),
    "33": (9, 9),
    "34": (9, 9),
    "36": (8, 9),
    "39": (6, 11),
    "40": (9, 9),
    "41": (9, 9),
    "43": (7, 13),
    "44": (9, 10),
    "45": (8, 8),
    "46": (7, 10),
    "47": (8, 8),
    "48": (9, 9),
    "49": (6, 13),
    "51": (8, 9),
    "52": (10, 11),
    "53": (6, 8),
    "54": (10, 11),
    "55": (10, 11),
    "56": (9, 9),
    "57": (8, 10),
    "58": (10, 10),
    "60": (7, 10),
    "61": (9, 9),
    "62": (8, 12),
    "63": (8, 10),
    "64": (8, 10),
    "65": (8, 8),
    "66": (8, 9),
    "81": (9, 10),
    "82": (8, 11),
    "84": (9, 10),
    "86": (9, 11),
    "90": (10, 10),
    "91": (10, 10),
    "92": (9, 10),
    "93": (9, 9),
    "94": (9, 9),
    "95": (7, 10),
    "98": (10, 10),
}
FREE = (6, 12)  # after a three-digit country code
PAIRS = re.compile(r"\d\d(?: \d\d){3}|\d{3} \d\d \d{3}|\d{4} \d{4}")
NANP = re.compile(r"(?:1[-. ])?\(?[2-9]\d\d\)?[-. ]{1,2}\d{3}[-. ]\d{4}")
TRUNK = re.compile(r"\(?0[1-9]\d{0,4}\)?[ /–-]{1,3}\d[\d ()/–-]{3,14}")
FRENCH = re.compile(r"0[1-9](?:[. -]?\d\d){4}")
TRIPLE = re.compile(r"[5-79]\d\d[ -]\d{3}[ -]\d{3}|[67]\d\d(?: \d\d){3}")
Verdict = tuple[float, str, str]
EIGHT_LANDS = frozenset(("no", "nb", "nn", "da"))


def phone(d: str, raw: str, said: str, lang: str) -> Iterator[Verdict]:
    """Yield how sure a run of digits is a telephone number, ``said`` being what the words around it say."""
    n, told = len(d), said == "PHONE"
    plus = raw.lstrip("(")[:1] == "+"
    if plus or d[:2] == "00":
        yield from _abroad(d, raw, plus, told)
        return
    sure = 0.95 if told else 0.0
    if n in (10, 11) and NANP.fullmatch(raw):
        yield max(sure, 0.84), "PHONE", "grouping (NANP)"
    elif n == 10 and d[0] == "0" and FRENCH.fullmatch(raw):
        yield max(sure, 0.8), "PHONE", "grouping (FR)"
    elif 7 <= n <= 13 and d[0] == "0" and TRUNK.fullmatch(raw):
        yield max(sure, 0.78), "PHONE", "trunk zero"
    elif n == 8 and d[0] in "2345679" and PAIRS.fullmatch(raw):
        yield max(sure, 0.7), "PHONE", "grouping (NO, DK)"
    elif n == 9 and lang not in ("no", "nb", "nn", "da") and TRIPLE.fullmatch(raw):
        yield max(sure, 0.6), "PHONE", "grouping (ES, PL)"
    elif told and 5 <= n <= 14 and (n >= 7 or d == raw):
        yield 0.93 if n >= 7 else 0.7, "PHONE", "cue"
    elif not said and d == raw and n == 8 and d[0] in "49" and lang in EIGHT_LANDS:
        yield 0.55, "PHONE", "eight digits"
    elif not said and d == raw and n in (10, 11) and (d[:2] in ("07", "04", "05", "06", "01")):
        yield 0.6, "PHONE", "trunk zero"
    elif not said and n >= 7 and raw.count(" ") >= n - 1:
        yield 0.6, "PHONE", "digits one by one"


def _abroad(d: str, raw: str, plus: bool, told: bool) -> Iterator[Verdict]:
    rest = d if plus else d[2:]
    trunk = 1 if "(0)" in raw else 0
    for size in (1, 2, 3):
        low, high = ABROAD.get(rest[:size], FREE if size == 3 and rest[0] in "23456789" else (99, 0))
        if low <= len(rest) - size - trunk <= high:
            yield (0.975 if plus or told else 0.8), "PHONE", "country code"
            return
    if plus and 7 <= len(d) <= 15:
        yield 0.8, "PHONE", "plus sign"
