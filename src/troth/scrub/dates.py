"""Dates: days, which of them are somebody's birthday, and how old somebody is.

A day is a date of birth when the words or the sign beside it say so; otherwise it is only a date.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from troth.scrub.checks import day
from troth.scrub.reading import Reading
from troth.scrub.span import Span

_NAMES = (
    "jan january januar januari tammikuu tammikuuta jänner januarii",
    "feb february februar februari helmikuu helmikuuta",
    "mar march mars märz maaliskuu maaliskuuta marts mrz",
    "apr april huhtikuu huhtikuuta",
    "may mai maj toukokuu toukokuuta",
    "jun june juni kesäkuu kesäkuuta",
    "jul july juli heinäkuu heinäkuuta",
    "aug august augusti elokuu elokuuta",
    "sep sept september syyskuu syyskuuta",
    "oct october okt oktober lokakuu lokakuuta",
    "nov november marraskuu marraskuuta",
    "dec december des desember dez dezember joulukuu joulukuuta",
)
MONTHS = {word: i for i, words in enumerate(_NAMES, 1) for word in words.split()}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

NUMERIC = re.compile(
    r"(?<![\w.,/-])(\d{1,4})([./-]|\. | [/.-] )(\d{1,2})\2?(?:[./-] ?|(?<=[./ -]))(\d{2,4})(?![\w/-]|\.\d)"
)
WORDED = re.compile(
    rf"(?<!\w)(?:den |the )?(\d{{1,2}})(?:\.|st|nd|rd|th|:?e|:?a)?(?: "
    rf"of)? ?(?:{MONTH})\.?,? ?(?:of )?('?\d{{2}}\b|\d{{4}})?(?![\w])",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"(?<!\w)(?:{MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}|'\d\d))?(?![\w:])", re.IGNORECASE
)
PACKED = re.compile(r"(?<!\w)(?:(?:19|20)\d{6}|\d{6}|\d{8})(?!\w)")
YEAR = re.compile(r"(?<![\w.,/-])(?:19[0-9]\d|20[0-3]\d|'\d\d)(?![\w/-]|[.,]\d)")
SPELLED = re.compile(r"(?<!\w)(?:19|20)\d\d(?!\w)")
BIRTH = re.compile(
    r"(?<!\w)(?:d\.?o\.?b\.?|born|birth(?:day|date|days)?|date of birth|født|"
    r"fødsels?dato(?:en)?|fødselsdag(?:en)?|født den|född|födelse(?:dag|datum)\w{0,3}|"
    r"syntynyt|syntyi|syntymä\w{0,12}|synt|s\.|geb|geboren|geburts(?:tag|datum)|"
    r"bursdag(?:en)?|fyller år|fyller|f|fødd|fødedato|fødselsår|turn(?:s|ed)? \d\d)(?!\w)",
    re.IGNORECASE,
)
AGES = re.compile(
    r"(?<![\w.,])(?:(1[01]\d|[1-9]?\d)(?:[ -]?(?:years?|yrs?)[ -]?(?:old|of age)|[ -]?y/?o\b|"
    r"[ -]?(?:år(?:ing(?:en)?)?[ ](?:gammel|gammal|gamle|gamla)|-?åring(?:en|ar)?|-?årige?[ "
    r"])|[ -]?års[ -]"
    r"|[ -]?Jahre?[ ]alt|[ -]?jährige[rsnm]?\b|[ -]?vuotias(?:ta)?\b|[ -]?vuotiaa\w{1,4}\b|[ -]?v[ .]))",
    re.IGNORECASE,
)
ALONE = re.compile(r"(?<![\w.,:/+-])(?:1[01]\d|[1-9]\d?)(?![\w%]|[.,:/-]\d| ?[%€$])")
AGED = re.compile(
    r"(?<!\w)(?:aged?|alder|ålder|ikä|ikäni|alter)(?: ?[:=] ?| (?:is|er|är|on|ist|of|på|von) | )$",
    re.IGNORECASE,
)
BEING = re.compile(
    r"(?<!\w)(?:i am|i'm|im|jeg er|jag är|ich bin|olen|she is|he is|she's|he's|hun er|han er|"
    r"hon är|han är|sie ist|er ist|hän on|turned|"
    r"turning|fylte|fyllde|fyller|täytin|täyttää|wurde|werde) (?:now |just |bare |nå |nu |jetzt |nyt )?$",
    re.IGNORECASE,
)
THEN = re.compile(
    r" ?(?:år|Jahre|vuotta|years)? ?(?:[.,;!?)\n]|$|(?: and| og| och| und| ja| but| men| aber|"
    r" from| fra| från| aus)\b)"
)
SEXED = re.compile(r"(?<!\w)(?:[MFKmfk]/?([1-9]\d)|([1-9]\d)/?[MFKmfk])(?!\w)")


BORN = frozenset("dob d born f s synt geb turned turns turn fyller fødd".split())
BEARING = frozenset("birt født føds føde född föde synt gebo gebu burs".split())
AGEING = frozenset(
    "age aged alder ålder ikä alter i im i'm jeg jag ich olen she he she's he's hun han hon "
    "sie er hän turned turning "
    "fylte fyllde fyller täytin täyttää wurde werde".split()
)


def dates(reading: Reading) -> Iterator[Span]:
    """Yield days, birthdays and ages."""
    text = reading.text
    births = [m.span() for m in BIRTH.finditer(text)] if reading.says(BORN, BEARING) else []
    for match in NUMERIC.finditer(text):
        if _numeric(match[1], match[3], match[4]):
            yield _dated(reading, match.start(), match.end(), births, 0.75)
    for shape in (WORDED, MONTH_FIRST) if not reading.known.isdisjoint(MONTHS) else ():
        for match in shape.finditer(text):
            end = match.start() + len(match[0].rstrip(" ,"))
            if 1 <= int(match[1]) <= 31:
                yield _dated(reading, match.start(), end, births, 0.7 if match[2] else 0.6)
    if births:
        for match in PACKED.finditer(text):
            if _packed(match[0]) and _is_birth(reading, match.start(), match.end(), births, 24):
                yield Span(match.start(), match.end(), "DOB", 0.93, "cue")
        for match in YEAR.finditer(text):
            if _is_birth(reading, match.start(), match.end(), births, 12):
                yield Span(match.start(), match.end(), "DOB", 0.6, "cue")
    yield from _ages(reading)


def _numeric(a: str, b: str, c: str) -> bool:
    """Say whether three numbers make a day in any of the orders people use."""
    x, y, z = int(a), int(b), int(c)
    if len(a) == 4:
        return len(c) <= 2 and day(x, y, z)
    if len(a) == 3 or len(c) == 3:
        return False
    years = (z,) if len(c) == 4 else (1900 + z, 2000 + z)
    return any(day(year, y, x) or day(year, x, y) for year in years)


def _packed(d: str) -> bool:
    if len(d) == 8:
        return day(int(d[:4]), int(d[4:6]), int(d[6:])) or day(int(d[4:]), int(d[2:4]), int(d[:2]))
    return any(
        day(1900 + int(yy), int(mm), int(dd))
        for yy, mm, dd in ((d[:2], d[2:4], d[4:]), (d[4:], d[2:4], d[:2]), (d[4:], d[:2], d[2:4]))
    )


def _dated(reading: Reading, start: int, end: int, births: list[tuple[int, int]], score: float) -> Span:
    if _is_birth(reading, start, end, births, 44):
        return Span(start, end, "DOB", 0.97, "cue")
    if reading.text[max(0, start - 2) : start].strip() in ("*", "(*"):
        return Span(start, end, "DOB", 0.9, "birth sign")
    return Span(start, end, "DATE", score, "shape")


def _is_birth(reading: Reading, start: int, end: int, births: list[tuple[int, int]], reach: int) -> bool:
    """Say whether a word about birth stands before a day, with no other sentence between, or right after
    it."""
    first = bisect_left(births, (start - reach - 30, 0))
    for low, high in births[first : first + 12]:
        if low > end + 22:
            break
        if high <= start <= high + reach:
            between = reading.text[high:start]
            short = high - low == 1 and reading.text[low] in "fF"
            if short and between not in (". ", ".", " ", ": "):
                continue
            if between.count("\n") <= 1 and not re.search(r"[!?;]|\.\s+[A-ZÆØÅÄÖ]|\d{4}", between):
                return True
        elif end <= low <= end + 22 and high - low > 1:
            between = reading.text[end:low]
            if not re.search(r"[.!?;:\n,]", between) and len(between.split()) <= 3:
                return True
    return False


def _ages(reading: Reading) -> Iterator[Span]:
    text = reading.text
    for match in AGES.finditer(text):
        yield Span(match.start(), match.start() + len(match[0].rstrip(" -.")), "AGE", 0.85, "shape")
    for match in ALONE.finditer(text) if reading.says(AGEING) else ():
        low, high = match.span()
        ahead = text[max(0, low - 28) : low]
        if AGED.search(ahead) or (high - low > 1 and BEING.search(ahead) and THEN.match(text, high)):
            yield Span(low, high, "AGE", 0.8, "cue")
    for match in SEXED.finditer(text):
        group = 1 if match[1] else 2
        yield Span(match.start(group), match.end(group), "AGE", 0.55, "shape")
