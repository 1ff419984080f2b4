"""Codes: identifiers that mix letters and digits, such as IBANs, national ids, plates and passports.

Each has a shape; where the issuer publishes check characters they decide, else a cue beside it must speak.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from troth.scrub import checks
from troth.scrub.cues import NOT, cues, nearest
from troth.scrub.reading import Reading
from troth.scrub.span import Span

IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .-]?\d{2}(?:[ .-]?[A-Za-z0-9]){11,30}", re.ASCII)
SPELT = re.compile(r"(?<!\w)[A-Za-z] [A-Za-z] \d \d(?: [A-Za-z0-9]){11,30}(?!\w)", re.ASCII)
CODE = re.compile(r"\d[A-Za-zÅÄÖÜåäöü\d+-]*")
HETU = re.compile(r"(?<![\w])\d{6} ?[-–+A-Fa-fU-Yu-y] ?\d{3}[0-9A-Ya-y](?!\w)")
NINO = re.compile(r"(?<!\w)[A-Za-z]{2} ?\d\d ?\d\d ?\d\d ?[A-Da-d]?(?!\w)")
DNI = re.compile(r"(?<!\w)(?:\d{8}|[XYZxyz][- ]?\d{7})[- ]?[A-Za-z](?!\w)")
FISCAL = re.compile(r"(?<!\w)[A-Za-z]{6} ?\d\d ?[A-Za-z]\d\d ?[A-Za-z]\d{3} ?[A-Za-z](?!\w)")
NIR_CORSE = re.compile(r"(?<!\w)[12] ?\d\d ?\d\d ?2[ABab] ?\d{3} ?\d{3} ?\d\d(?!\w)")
RVNR = re.compile(r"(?<!\w)\d\d ?\d{6} ?[A-Za-z] ?\d{3}(?!\w)")
VAT = re.compile(
    r"(?<!\w)(?:DE\d{9}|GB\d{9}|SE\d{10}01|FI\d{8}|DK\d{8}|NL\d{9}B\d\d|ATU\d{8}|NO ?\d{9} ?MVA)(?!\w)"
)
REGISTER = re.compile(r"(?<!\w)HR[AB] ?\d{3,6}(?: ?[A-Z])?(?!\w)")
WITH_MVA = re.compile(r"(?<!\w)[89]\d\d ?\d{3} ?\d{3} ?(?=MVA\b)")
DRIVER_GB = re.compile(r"(?<!\w)[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2}(?!\w)")

MARK = re.compile(r"[A-ZÄÖÜ9][ -]?\d")  # what every plate and company number has
PLATES = (
    (re.compile(r"(?<![\w-])[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[ -]?\d{1,4}[EH]?(?![\w-])"), "DE"),
    (re.compile(r"(?<![\w-])[A-Z]{2}\d\d ?[A-Z]{3}(?![\w-])"), "UK"),
    (re.compile(r"(?<![\w-])[A-Z]{2} ?\d{2} ?\d{3}(?![\w-])"), "NO, DK"),
    (re.compile(r"(?<![\w-])[A-Z]{3}[ -]?\d{2}[\dA-Z](?![\w-])"), "SE, FI"),
    (re.compile(r"(?<![\w-])[A-Z]{2}-\d{3}-[A-Z]{2}(?![\w-])"), "FR"),
)
TOLD_PLATE = re.compile(
    r"(?<![\w-])(?=[A-Za-zÄÖÜäöü]*[ -]?[A-Za-z]*[ -]?\d)[A-Za-zÄÖÜäöü\d]{1,4}(?:[ "
    r"-]?[A-Za-z\d]{1,4}){1,2}(?![\w-])"
)
CARS = frozenset(
    "car van truck vehicle parked bil bilen bilens kjøretøy fordon auto autoni autossa auton "
    "wagen fahrzeug pkw bilnummer "
    "kjører driving motorcycle drives drove plate kör parkerad parkert parkering geparkt "
    "volvo tesla toyota bmw audi vw ford "
    "køretøj autoon moped lastebil skoda škoda".split()
)
NEEDED = {
    "PASSPORT": re.compile(r"(?=(?:[A-Z]*\d){5})[A-Z0-9]{7,10}"),
    "DRIVER_LICENSE": re.compile(r"(?=(?:[A-Z]*[- ]?\d){4})[A-Z0-9-]{6,18}"),
    "DEVICE_ID": re.compile(r"(?=.*\d)[A-Z0-9-]{7,40}"),
    "ORG_ID": re.compile(r"(?=.*\d)[A-Z0-9-]{4,16}"),
    "NATIONAL_ID": re.compile(r"(?=(?:[A-Z-]*\d){5})[A-Z0-9-]{8,16}"),
    "BANK_ACCOUNT": re.compile(r"(?=(?:[A-Z]*\d){5})[A-Z0-9-]{8,20}"),
}


def codes(reading: Reading) -> Iterator[Span]:
    """Yield the identifiers of a text that mix letters and digits."""
    if reading.digits >= 10:
        yield from _ibans(reading)
    if reading.digits >= 6:
        yield from _national(reading)
    if reading.digits >= 2:
        yield from _plates(reading)
        yield from _told(reading)
    if reading.digits >= 3 and MARK.search(reading.text):
        yield from _companies(reading)


def _ibans(reading: Reading) -> Iterator[Span]:
    for match in IBAN.finditer(reading.text):
        bare = re.sub(r"[ .-]", "", match[0]).upper()
        size = checks.IBAN_LENGTH.get(bare[:2], 0)
        if not size or len(bare) < size:
            continue
        end = _end_of(reading.text, match.start(), size)
        if end < len(reading.text) and reading.text[end].isalnum():
            continue
        told = "iban" in reading.lower[max(0, match.start() - 30) : match.start()]
        if checks.iban(bare[:size]):
            yield Span(match.start(), end, "IBAN", 1.0, "check digits")
        elif told or bare[4:size].isdigit():
            yield Span(match.start(), end, "IBAN", 0.8 if told else 0.65, "shape")
    for match in SPELT.finditer(reading.text):
        if checks.iban(match[0].replace(" ", "").upper()):
            yield Span(match.start(), match.end(), "IBAN", 1.0, "check digits")


def _end_of(text: str, start: int, size: int) -> int:
    """Return where the ``size``-th letter or digit after ``start`` ends."""
    for at in range(start, len(text)):
        size -= text[at].isalnum()
        if not size:
            return at + 1
    return len(text)


def _national(reading: Reading) -> Iterator[Span]:
    text, long = reading.text, reading.digits
    if long >= 9:
        yield from _by_shape(reading, HETU, checks.finnish, "FI", 0.99)
    if long >= 7:
        yield from _by_shape(reading, DNI, checks.spanish, "ES", 0.96)
        yield from _by_shape(reading, FISCAL, checks.italian, "IT", 0.99)
    if long >= 12:
        yield from _by_shape(reading, NIR_CORSE, checks.nir, "FR", 0.97)
    for match in NINO.finditer(text):
        bare = match[0].replace(" ", "").upper()
        if checks.nino(bare) and (len(bare) == 9 or _is_told(reading, match)):
            yield Span(match.start(), match.end(), "NATIONAL_ID", 0.9, "shape (UK)")
    for match in RVNR.finditer(text) if long >= 11 else ():
        if _is_told(reading, match):
            yield Span(match.start(), match.end(), "NATIONAL_ID", 0.9, "shape (DE)")


def _by_shape(
    reading: Reading, shape: re.Pattern[str], check: Callable[[str], bool], land: str, score: float
) -> Iterator[Span]:
    """Yield codes of a shape: sure where the check characters are right, else only with a cue or a rare
    shape."""
    for match in shape.finditer(reading.text):
        bare = match[0].replace(" ", "").replace("–", "-").upper()
        if check(bare if land == "FI" else bare.replace("-", "")):
            yield Span(match.start(), match.end(), "NATIONAL_ID", score, f"check ({land})")
        elif land in ("FI", "IT") or _is_told(reading, match):
            yield Span(match.start(), match.end(), "NATIONAL_ID", 0.7, f"shape ({land})")


def _is_told(reading: Reading, match: re.Match[str]) -> bool:
    return nearest(cues(reading, *match.span())) == "NATIONAL_ID"


def _plates(reading: Reading) -> Iterator[Span]:
    in_car = not CARS.isdisjoint(reading.known)
    for shape, land in PLATES if MARK.search(reading.text) else ():
        for match in shape.finditer(reading.text):
            said = nearest(cues(reading, *match.span()))
            if said == "PLATE":
                yield Span(match.start(), match.end(), "PLATE", 0.95, f"cue ({land})")
            elif said in ("", "PHONE", "DRIVER_LICENSE") and (in_car or (land == "UK" and " " in match[0])):
                yield Span(match.start(), match.end(), "PLATE", 0.84, f"shape ({land})")
    for i, form in enumerate(reading.forms) if reading.says(PLATE_WORDS, PLATE_HEADS) else ():
        if cue_plate(form):
            near = TOLD_PLATE.search(reading.text, reading.words[i][1], reading.words[i][1] + 40)
            if near and 4 <= len(near[0]) <= 10 and not near[0].replace(" ", "").isdigit():
                text = near[0].split(" ")
                if any(c.isdigit() for c in text[0]) or text[0].isupper() or len(text[0]) <= 3:
                    yield Span(near.start(), near.end(), "PLATE", 0.8, "cue")


def cue_plate(form: str) -> bool:
    """Say whether a word announces a vehicle's plate."""
    return form in PLATE_WORDS or form.startswith(
        ("kennzeich", "rekisterinum", "rekisteritun", "registreringsn", "nummerskilt")
    )


PLATE_WORDS = frozenset(
    "plate plates numberplate skilt skiltet regnr kennzeichen nummerplade rekkari reg "
    "registration skiltnummer".split()
)


PLATE_HEADS = frozenset("kenn reki regi numm".split())


def _companies(reading: Reading) -> Iterator[Span]:
    for shape in (VAT, REGISTER, WITH_MVA) if "mva" in reading.known else (VAT, REGISTER):
        for match in shape.finditer(reading.text):
            yield Span(match.start(), match.end(), "ORG_ID", 0.9, "shape")
    for match in DRIVER_GB.finditer(reading.text) if reading.digits > 6 else ():
        yield Span(match.start(), match.end(), "DRIVER_LICENSE", 0.95, "shape (UK)")


def _told(reading: Reading) -> Iterator[Span]:
    """Yield codes whose kind only the words beside them tell."""
    text = reading.text
    for match in CODE.finditer(text):
        start = match.start()
        while start and match.start() - start < 40 and (text[start - 1].isalnum() or text[start - 1] in "-+"):
            start -= 1
        raw = text[start : match.end()].rstrip("-+")
        if text[match.end() : match.end() + 1] in ("@", "_"):
            continue
        if not 5 <= len(raw) <= 40 or raw.isdigit() or not any(c.isalpha() for c in raw):
            continue
        said = nearest(cues(reading, start, start + len(raw)))
        if said != NOT and said in NEEDED and NEEDED[said].fullmatch(raw.upper()):
            yield Span(start, start + len(raw), said, 0.86, "cue")
