"""Numbers that can exist: ids, cards and accounts with their check digits right, drawn from a seeded
source."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from troth.scrub import checks


def drawn(rng: random.Random, make: Callable[[], str], right: Callable[[str], bool]) -> str:
    """Draw until the check digits are right."""
    while True:
        if right(number := make()):
            return number


def digits(rng: random.Random, count: int) -> str:
    """Return so many random digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def birthday(rng: random.Random) -> date:
    """Return a day between 1930 and 2008."""
    return date(1930, 1, 1) + timedelta(days=rng.randrange(28_000))


def national(rng: random.Random, land: str) -> str:
    """Return a national id of a country as it is written there."""
    born = birthday(rng)
    ddmmyy, yymmdd = f"{born:%d%m%y}", f"{born:%y%m%d}"
    if land == "no":
        number = drawn(rng, lambda: f"{birthday(rng):%d%m%y}" + digits(rng, 5), checks.norwegian)
        return rng.choice([number, f"{number[:6]} {number[6:]}"])
    if land == "sv":
        number = drawn(rng, lambda: f"{birthday(rng):%y%m%d}" + digits(rng, 4), checks.swedish)
        return rng.choice([f"{number[:6]}-{number[6:]}", f"19{number[:6]}-{number[6:]}", "19" + number])
    if land == "da":
        return f"{ddmmyy}-{digits(rng, 4)}"
    if land == "fi":
        return drawn(rng, lambda: ddmmyy + "-" + digits(rng, 3) + rng.choice(checks.HETU), checks.finnish)
    if land == "de":
        number = drawn(rng, lambda: rng.choice("123456789") + digits(rng, 10), checks.steuer_id)
        return rng.choice([number, f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"])
    kind = rng.choice(["ssn", "nino", "nhs"])
    if kind == "ssn":
        number = drawn(rng, lambda: digits(rng, 9), checks.ssn)
        return f"{number[:3]}-{number[3:5]}-{number[5:]}"
    if kind == "nhs":
        number = drawn(rng, lambda: digits(rng, 10), checks.nhs)
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    del yymmdd
    number = rng.choice(["AB", "CE", "JK", "SP"]) + digits(rng, 6) + rng.choice("ABCD")
    return rng.choice([number, f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8]}"])


def card(rng: random.Random) -> str:
    """Return a payment card, grouped or not."""
    number = drawn(
        rng, lambda: rng.choice(["4", "51", "55", "2223"]).ljust(4, "7") + digits(rng, 12), checks.card
    )
    sep = rng.choice([" ", "-", "", " "])
    return sep.join(number[i : i + 4] for i in range(0, 16, 4))


def iban(rng: random.Random, land: str) -> str:
    """Return an IBAN of a country."""
    code = {"no": "NO", "sv": "SE", "da": "DK", "fi": "FI", "de": "DE"}.get(land, "GB")
    size = checks.IBAN_LENGTH[code]
    body = ("NWBK" if code == "GB" else "") + digits(rng, size - (8 if code == "GB" else 4))
    number = next(f"{code}{n:02}{body}" for n in range(2, 99) if checks.iban(f"{code}{n:02}{body}"))
    return " ".join(number[i : i + 4] for i in range(0, size, 4)) if rng.random() < 0.5 else number


def phone(rng: random.Random, land: str) -> str:
    """Return a telephone number as people of a country write it."""
    d = digits(rng, 12)
    shapes = {
        "no": [
            f"+47 9{d[:2]} {d[2:4]} {d[4:7]}",
            f"4{d[:2]} {d[2:4]} {d[4:7]}",
            f"22 {d[:2]} {d[2:4]} {d[4:6]}",
            f"004797{d[:6]}",
        ],
        "sv": [
            f"070-{d[:3]} {d[3:5]} {d[5:7]}",
            f"+46 73 {d[:3]} {d[3:5]} {d[5:7]}",
            f"08-{d[:3]} {d[3:5]} {d[5:7]}",
        ],
        "da": [
            f"+45 {d[:2]} {d[2:4]} {d[4:6]} {d[6:8]}",
            f"2{d[0]} {d[1:3]} {d[3:5]} {d[5:7]}",
            f"+4526{d[:6]}",
        ],
        "fi": [f"040 {d[:7]}", f"+358 50 {d[:3]} {d[3:7]}", f"09-{d[:7]}"],
        "de": [f"0171 {d[:7]}", f"+49 30 {d[:8]}", f"030/{d[:7]}", f"0049 151 {d[:8]}"],
        "en": [
            f"020 7{d[:3]} {d[3:7]}",
            f"07{d[:3]} {d[3:9]}",
            f"(415) {d[:3]}-{d[3:7]}",
            f"+1 212-{d[:3]}-{d[3:7]}",
            f"+44 7700 {d[:6]}",
        ],
    }
    return rng.choice(shapes[land])
