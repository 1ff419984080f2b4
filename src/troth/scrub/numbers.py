"""Numbers: runs of digits, and which of their many kinds each one is.

Cards, phones, accounts, national and company numbers look alike, so every stretch of a run is judged for all
kinds at once and the surest wins: check digits first, then the way it is grouped, then the words around it.
Codes with letters are ``codes``; dates are ``dates``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from troth.scrub import checks
from troth.scrub.cues import AHEAD, BEHIND, NOT, ahead, behind, joined, nearest
from troth.scrub.phones import Verdict, phone
from troth.scrub.reading import Reading
from troth.scrub.span import Span

RUN = re.compile(r"(?<![\w.,€$£/-])(?<!\w[+(])[+(]{0,2}\d(?:[ \t().,/+·•–-]{0,4}\d)*(?![\w])")
GROUP = re.compile(r"\d+")
GLUE = re.compile(r" ?[ ()./+·•–-]{0,2} ?")
# A card whose groups are parted by what nobody writes within a number, thrice the same.
PARTED = re.compile(r"(?<!\d)\d{4}([\W_]{1,3})\d{4}\1\d{4}\1\d{1,7}(?!\d)")
TIDY = re.compile(
    r"(?:[0-3]?\d[-./ ][01]?\d[-./ ](?:19|20)?\d\d|(?:19|20)\d\d[-./ ][01]?\d[-./ ][0-3]?\d|"
    r"[01]?\d[/][0-3]?\d[/](?:19|20)?\d\d"
    r"|\d{1,2}[:.]\d\d|(?:19|20)\d\d ?[-–/] ?(?:19|20)?\d\d)"
)
MONEY = re.compile(
    r"\s?(?:kr\b|kron|dollar|pund|nok\b|sek\b|dkk\b|eur\b|euro|usd\b|gbp\b|[€$£%°]|km|kg\b|mb\b|"
    r"gb\b|ms\b|m2|m²|stk|pcs|kpl)"
)
MONEY_BEFORE = re.compile(r"(?:[€$£#§]|\b(?:kr|nok|sek|dkk|eur|usd|gbp|rs)\.?) ?$")
DECIMAL = re.compile(r"\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?|\d+[.,]\d{1,2}")
IP4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:\.\d+)*")
BANK_NO = re.compile(r"\d{4}[. ]\d\d[. ]\d{5}")
NO_CUES: dict[str, int] = {}
SORT = re.compile(r"\d\d-\d\d-\d\d[ ,/]{1,3}\d{8}")


def numbers(reading: Reading) -> Iterator[Span]:
    """Yield what the runs of digits in a text are."""
    text, lower = reading.text, reading.lower
    for match in PARTED.finditer(text) if reading.digits > 12 else ():
        if checks.card(re.sub(r"\D", "", match[0])):
            yield Span(match.start(), match.end(), "CARD", 0.98, "check digit")
    for run in RUN.finditer(text):
        size = run.end() - run.start()
        if size < 4 or _counts(lower, run):
            continue
        groups = list(GROUP.finditer(text, run.start(), run.end()))
        if sum(g.end() - g.start() for g in groups) >= 4:
            yield from _windows(reading, run, groups)


def _counts(lower: str, run: re.Match[str]) -> bool:
    """Say whether a run is an amount, a share or a measure."""
    if MONEY_BEFORE.search(lower, max(0, run.start() - 6), run.start()):
        return True
    return bool(MONEY.match(lower, run.end())) and bool(DECIMAL.fullmatch(run[0]) or run[0].isdigit())


def _windows(reading: Reading, run: re.Match[str], groups: list[re.Match[str]]) -> Iterator[Span]:
    """Yield the surest readings of a run: of all stretches of its groups, the best that do not overlap."""
    text = reading.text
    places = [group.span() for group in groups]
    gaps = [text[a:b] for (_, a), (b, _) in pairwise(places)]
    glued = [bool(GLUE.fullmatch(gap)) for gap in gaps]
    after: dict[int, dict[str, int]] = {}
    i = begun = 0
    while i < len(places):
        if i != begun and _amid(places, gaps, i):
            i += 1
            continue
        best: Span | None = None
        taken = i + 1
        start = places[i][0]
        before = ahead(reading, start) if start - run.start() <= AHEAD else NO_CUES
        for j, digits in _stretches(text, places, glued, i):
            end = places[j][1]
            if end not in after:
                after[end] = behind(reading, end) if run.end() - end <= BEHIND else NO_CUES
            around = joined(before, after[end]) if before or after[end] else NO_CUES
            if not around and not _telling(digits, j + 1 - i, "+" in text[max(0, start - 2) : end]):
                continue
            span = _judged(reading, digits, _left(text, run.start(), start, end), end, around)
            if span and (best is None or (span.score, span.end) > (best.score, best.end)):
                best, taken = span, j + 1
        if best:
            yield best
            begun = taken
        i = taken


def _stretches(
    text: str, places: list[tuple[int, int]], glued: list[bool], i: int
) -> Iterator[tuple[int, str]]:
    """Yield the stretches of groups from the ``i``-th on that may be one number: last group, digits."""
    digits = ""
    for j in range(i, min(len(places), i + 20)):
        if j > i and not glued[j - 1]:
            return
        digits += text[places[j][0] : places[j][1]]
        if len(digits) > 19:
            return
        if len(digits) >= 4:
            yield j, digits


def _telling(digits: str, groups: int, plus: bool) -> bool:
    """Say whether digits may be personal with no word beside them: a quick test that lets no verdict slip."""
    n, first = len(digits), digits[0]
    if plus or (first == "0" and n > 6) or (n > 6 and groups >= n):
        return True
    if n < 11:
        return n > 7 and (groups <= 4 or (n == 9 and first in "89"))
    if n == 12:
        return first in "12"
    return n == 11 or first in "23456" or (n == 15 and first in "178") or (n == 14 and groups == 4)


def _amid(places: list[tuple[int, int]], gaps: list[str], i: int) -> bool:
    """Say whether a digit goes on a row written one by one, which was judged from its beginning."""
    if i < 2 or any(b - a > 1 for a, b in places[i - 2 : i + 1]):
        return False
    return gaps[i - 2] == gaps[i - 1]


def _left(text: str, low: int, start: int, end: int) -> int:
    """Take an opening bracket or plus sign into a number."""
    if start > low and text[start - 1] == "(" and ")" in text[start:end]:
        start -= 1
    return start - 1 if start > low and text[start - 1] == "+" else start


def _judged(reading: Reading, digits: str, start: int, end: int, around: dict[str, int]) -> Span | None:
    raw = reading.text[start:end]
    size = end - start
    if (size < 12 and TIDY.fullmatch(raw)) or (size > 6 and raw.count(".") >= 3 and IP4.fullmatch(raw)):
        return None
    verdict = max(_verdicts(digits, raw, around, reading.lang), default=None)
    if verdict is None or verdict[0] < 0.5:
        return None
    return Span(start, end, verdict[1], verdict[0], verdict[2])


def _verdicts(d: str, raw: str, around: dict[str, int], lang: str) -> Iterator[Verdict]:
    said = nearest(around)
    if said == NOT:
        if checks.card(d) and len(raw) > len(d):
            yield 0.7, "CARD", "check digit"
        if raw[0] == "+":
            yield from phone(d, raw, said, lang)
        return
    if raw[0] != "+":
        yield from _checked(d, raw, said, around, lang)
        yield from _told(d, raw, said)
    yield from phone(d, raw, said, lang)


def _checked(d: str, raw: str, said: str, around: dict[str, int], lang: str) -> Iterator[Verdict]:
    """Yield what the arithmetic of a number allows; a cue for the same kind makes it sure."""
    n = len(d)
    mine = said == "ID" or "NATIONAL_ID" in around
    if 13 <= n <= 19 and checks.card(d):
        yield (0.99 if said in ("CARD", "") else 0.9), "CARD", "check digit"
    if n == 15 and checks.luhn(d) and "DEVICE_ID" in around:
        yield 0.995, "DEVICE_ID", "check digit"
    if n == 15 and checks.nir(d):
        yield 0.992, "NATIONAL_ID", "check digits (FR)"
    if n == 11:
        yield from _eleven(d, raw, said, mine)
    if n in (10, 12):
        yield from _ten(d, raw, said, mine, lang)
    if n in (8, 9):
        yield from _nine(d, raw, said, mine or lang == "nl", "ORG_ID" in around)
    if n == 14 and SORT.fullmatch(raw):
        yield 0.97, "BANK_ACCOUNT", "sort code"


def _eleven(d: str, raw: str, said: str, mine: bool) -> Iterator[Verdict]:
    if checks.norwegian(d):
        yield 0.98, "NATIONAL_ID", "check digits (NO)"
    if checks.pesel(d):
        yield 0.9, "NATIONAL_ID", "check digit (PL)"
    if checks.steuer_id(d):
        yield (0.97 if mine else 0.72), "NATIONAL_ID", "check digit (DE)"
    if checks.norwegian_account(d) and (BANK_NO.fullmatch(raw) or said == "BANK_ACCOUNT"):
        yield 0.985, "BANK_ACCOUNT", "check digit (NO)"


def _ten(d: str, raw: str, said: str, mine: bool, lang: str) -> Iterator[Verdict]:
    if checks.swedish(d) and (mine or len(d) == 12 or re.fullmatch(r"\d{6}[-+]\d{4}", raw)):
        yield (0.98 if mine else 0.95), "NATIONAL_ID", "check digit (SE)"
    if checks.swedish(d) and re.fullmatch(r"\d{6} \d{4}", raw):
        yield 0.955, "NATIONAL_ID", "check digit (SE)"
    if len(d) == 12:
        return
    if checks.danish(d) and (mine or re.fullmatch(r"\d{6}[- ]?\d{4}", raw)):
        yield (0.97 if mine else 0.85 if d != raw else 0.55), "NATIONAL_ID", "date (DK)"
    if checks.nhs(d) and (mine or (raw.count(" ") == 2 and said not in ("PHONE",) and lang in ("en", ""))):
        yield (0.97 if mine else 0.75), "NATIONAL_ID", "check digit (NHS)"
    if checks.swedish_company(d) and re.fullmatch(r"\d{6}-\d{4}", raw):
        yield 0.9, "ORG_ID", "check digit (SE)"


def _nine(d: str, raw: str, said: str, mine: bool, company: bool) -> Iterator[Verdict]:
    if len(d) == 8:
        if checks.finnish_company(d) and re.fullmatch(r"\d{7}-\d", raw):
            yield 0.93, "ORG_ID", "check digit (FI)"
        return
    if checks.ssn(d) and (mine or re.fullmatch(r"\d{3}-\d\d-\d{4}", raw)):
        yield (0.97 if mine else 0.93), "NATIONAL_ID", "range (US)"
    if checks.bsn(d) and mine:
        yield 0.96, "NATIONAL_ID", "check digit (NL)"
    if checks.norwegian_company(d) and (said in ("ORG_ID", "") or company):
        yield (0.97 if company else 0.6), "ORG_ID", "check digit (NO)"


TOLD = {  # the fewest and most digits a kind has when only a cue speaks for it
    "NATIONAL_ID": (8, 15),
    "CARD": (12, 19),
    "BANK_ACCOUNT": (5, 18),
    "PASSPORT": (7, 9),
    "DRIVER_LICENSE": (7, 13),
    "ORG_ID": (5, 12),
    "DEVICE_ID": (8, 19),
    "USERNAME": (5, 18),
}


def _told(d: str, raw: str, said: str) -> Iterator[Verdict]:
    """Yield the kind that the words before a number give it, check digit or not: people mistype."""
    whole = " " not in raw or said not in ("PASSPORT", "DEVICE_ID", "USERNAME")
    if whole and said in TOLD and TOLD[said][0] <= len(d) <= TOLD[said][1]:
        yield 0.82, said, "cue"
    if said == "SECRET" and 4 <= len(d) <= 8 and raw == d:
        yield 0.85, "SECRET", "cue"
