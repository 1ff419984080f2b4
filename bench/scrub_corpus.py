"""The scrubber's bench corpus: chats in six languages with gold spans, disguises and hard negatives.

One seed gives one corpus.

Its sentences are in ``scrub_texts.txt`` and its names below; neither is used in training.
``scrub_blind.txt`` holds a second set, with people of its own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import scrub_numbers as make

LANGS = ("en", "no", "sv", "da", "fi", "de")
PEOPLE = {
    "en": "Olivia Hartwell|Jamal Whitcombe|Priya Raman|Declan O'Shea|Keziah Boateng|Tobias "
    "Lockhart|Mei-Ling Fong|Rosalind Achebe|Gareth Pugh|Wyatt Sorenson|Imani Okoro|Saoirse "
    "Kinsella",
    "no": "Torgeir Hovdenak|Ingvild Rønneberg|Mahmoud Al-Sayed|Sunniva Kvalheim|Asbjørn Tveiterås|"
    "Thi Lan Pham|Eirin Skjeggestad|Vetle Bjørkhaug|Jorunn Ytterøy|Amina Warsame|Sivert "
    "Nesheim|Ragnhild Østvold",
    "sv": "Malin Hägerstrand|Gustaf Ljungdahl|Zlatan Begović|Ebba Stålhammar|Fatima Al-Rashid|"
    "Torbjörn Rydqvist|Linnéa Åkerblom|Saga Vretman|Anders Falkenberg|Hodan Farah|Tuva "
    "Ekedahl|Viggo Cederlund",
    "da": "Mette Skovbjerg|Rasmus Højlund|Ayse Yildirim|Signe Thorndahl|Frederik Bjerre|Jeppe "
    "Vestergaard|Line Aagaard|Karoline Mejlby|Mikkel Brøndum|Nanna Kirkeby",
    "fi": "Aino Pihlajamäki|Väinö Kuusinen|Jenni Lehtovaara|Tuomas Rautakorpi|Mohamed Abdi|Kaisa "
    "Hirvelä|Eetu Savonheimo|Sanna Kortesmaa|Ilmari Tuomikoski|Veera Nuutila",
    "de": "Annegret Brockhaus|Tim Schuberth|Mehmet Karahan|Friederike Wendlandt|Jonas Hufnagel|"
    "Liesel Oberhuber|Kemal Demirtaş|Swantje Petersdorf|Ulrich Zwingenberger|Nele "
    "Achternbusch",
}
STREETS = {
    "en": (
        "17 Larkspur Lane, Bristol BS6 7QT",
        "2204 W Monroe Avenue, Apt 3C, Tucson, AZ 85705",
        "Flat 2, 9 Hawthorn Road, Leeds LS7 4PL",
        "88 Old Mill Drive",
        "5 Queen's Gardens, Hull",
    ),
    "no": (
        "Bjørnefaret 14, 3470 Slemmestad",
        "Kirkegata 7B, 7011 Trondheim",
        "Nedre Bakklandet vei 22",
        "Strandveien 101 A, 9006 Tromsø",
        "Postboks 44, 5803 Bergen",
    ),
    "sv": (
        "Kastanjegatan 18, 224 56 Lund",
        "Norra Vallvägen 3 B",
        "Hornsgatan 55, lgh 1203, 118 49 Stockholm",
        "Björkstigen 9, 903 42 Umeå",
    ),
    "da": (
        "Ahornvej 12, 8210 Aarhus V",
        "Vestergade 33, 2. th., 5000 Odense",
        "Egelykkevej 5",
        "Nørre Allé 19, 2200 København",
    ),
    "fi": (
        "Koivukatu 4 B 12, 33500 Tampere",
        "Puistokuja 7, 90100 Oulu",
        "Pohjoinen Rantatie 21",
        "Satamatie 3 A, 20100 Turku",
    ),
    "de": (
        "Lindenallee 27, 50968 Köln",
        "Am Alten Markt 3, 18055 Rostock",
        "Goethestr. 11a, 80336 München",
        "Kurze Straße 8",
        "Wilhelm-Busch-Weg 14, 30457 Hannover",
    ),
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta "
    "syyskuuta lokakuuta marraskuuta joulukuuta",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
SLOT = re.compile(r"\{([A-Z]+)\}")
LABEL = {"GIVEN": "PERSON", "HIDDEN": "EMAIL", "ID": "NATIONAL_ID", "MAC": "DEVICE_ID"}


@dataclass(frozen=True, slots=True)
class Case:
    """A text with what is personal in it."""

    text: str
    lang: str
    spans: tuple[tuple[int, int, str], ...]


def cases(seed: int, count: int, blind: bool = False) -> Iterator[Case]:
    """Yield ``count`` texts; one in six is lower-cased, one in three hundred full-width."""
    rng = random.Random(seed)
    sentences = _sentences("scrub_blind.txt" if blind else "scrub_texts.txt")
    for _ in range(count):
        lang = rng.choice(LANGS)
        text, spans = "", []
        lines = [s for s in sentences[lang] if s[0] != "="]
        people = "|".join(s[2:] for s in sentences[lang] if s[0] == "=") or PEOPLE[lang]
        who = rng.choice(people.split("|"))
        for template in rng.sample(lines, rng.choice([1, 1, 2, 3])):
            text += "" if not text else "\n" if text[-1].isalnum() or rng.random() < 0.5 else " "
            at = 0
            for match in SLOT.finditer(template):
                text += template[at : match.start()]
                value = _value(match[1], lang, who, rng)
                spans.append((len(text), len(text) + len(value), LABEL.get(match[1], match[1])))
                text, at = text + value, match.end()
            text += template[at:]
        low = text.lower()
        keep = any(s[2] in ("SECRET", "PLATE", "PASSPORT", "IBAN", "URL") for s in spans)
        yield Case(
            low if rng.random() < 0.17 and len(low) == len(text) and not keep else text, lang, tuple(spans)
        )


def _sentences(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    now = ""
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if re.fullmatch(r"\[\w\w\]", line):
            now = line[1:3]
        elif line and line[0] != "#":
            found.setdefault(now, []).append(line)
    return found


def _value(slot: str, lang: str, who: str, rng: random.Random) -> str:
    born = make.birthday(rng)
    month = MONTHS[lang].split()[born.month - 1]
    plain = re.sub(r"[^a-z]", "", who.lower().split()[0]) + re.sub(r"[^a-z]", "", who.lower().split()[-1])
    host = rng.choice(["gmail.com", "firmapost.no", "web.de", "saunalahti.fi", "telia.se", "mail.dk"])
    makers: dict[str, Callable[[], str]] = {
        "PERSON": lambda: who,
        "GIVEN": lambda: who.split()[0],
        "EMAIL": lambda: f"{plain}{rng.randrange(99)}@{host}",
        "HIDDEN": lambda: rng.choice(
            [
                f"{plain} (at) {host}",
                f"{plain}[at]{host.replace('.', '[dot]')}",
                f"{plain} at {host.replace('.', ' dot ')}",
                f"{plain}＠{host}",
            ]
        ),
        "PHONE": lambda: make.phone(rng, lang),
        "ADDRESS": lambda: rng.choice(STREETS[lang]),
        "DOB": lambda: rng.choice(
            [
                f"{born:%d.%m.%Y}",
                f"{born:%Y-%m-%d}",
                f"{born:%d/%m/%Y}",
                f"{born.day}{'' if lang in ('en', 'sv') else '.'} {month} {born.year}",
            ]
        ),
        "ID": lambda: make.national(rng, lang),
        "IBAN": lambda: make.iban(rng, lang),
        "CARD": lambda: make.card(rng),
        "IP": lambda: rng.choice(
            [
                ".".join(str(rng.randrange(1, 255)) for _ in range(4)),
                f"2001:db8:{rng.randrange(4096):x}::{rng.randrange(65535):x}",
            ]
        ),
        "MAC": lambda: ":".join(f"{rng.randrange(256):02X}" for _ in range(6)),
        "USERNAME": lambda: rng.choice(
            [f"{plain[:6]}_{rng.randrange(100)}", f"x{plain[:5]}x", f"@{plain[:9]}"]
        ),
        "SECRET": lambda: rng.choice(
            [
                f"Sommer{rng.randrange(2000, 2030)}!",
                "tr0ub4dor&3",
                f"kX9{make.digits(rng, 4)}qw",
                "sk-" + "aB3dE5fG7h" * 3,
            ]
        ),
        "PLATE": lambda: {
            "no": f"EK {make.digits(rng, 5)}",
            "sv": f"MLB {make.digits(rng, 3)}",
            "da": f"BX {make.digits(rng, 2)} {make.digits(rng, 3)}",
            "fi": f"KRT-{make.digits(rng, 3)}",
            "de": f"M-KL {make.digits(rng, 4)}",
            "en": f"BD{rng.choice('5167')}{rng.choice('123')} SMR",
        }[lang],
        "PASSPORT": lambda: rng.choice("CNP") + make.digits(rng, 8),
        "URL": lambda: rng.choice(
            [
                f"https://www.linkedin.com/in/{plain}",
                f"https://example.org/user/{make.digits(rng, 7)}",
                f"https://shop.example/?email={plain}%40{host}",
            ]
        ),
    }
    return makers[slot]()
