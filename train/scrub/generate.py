"""Generate: sentences with names in them, to train the tagger on.

Names come from the room's own lists, and a third of them are bent into names that no list holds, so that the
tagger learns contexts and endings and not the lists.  The seed is an argument; the same seed gives the
same corpus.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from troth.scrub.lists import BITS, EVERYDAY, PLACES, WIDE

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "src" / "troth" / "scrub" / "data"
SLOT = re.compile(r"\{([PFLCO])\}")
HOME = {
    "no": "Norwegian, Danish",
    "da": "Norwegian, Danish",
    "sv": "Swedish",
    "fi": "Finnish",
    "de": "German",
    "en": "English",
}
Pools = tuple[list[str], list[str], list[str]]  # of home, of the other languages, of the world
VOWELS = "aeiouyåäöæø"
COMPANIES = (
    "Nordlys Fjordkraft Telia Elisa Vy Rema Kiwi Coop Posten DNB Equinor Yara Orkla Volvo "
    "Ericsson Ikea Spotify Klarna Nokia Kone Neste Siemens Bosch "
    "Allianz Lidl Aldi Edeka Bayer Adidas Puma Lufthansa Tesco Barclays Vodafone Sainsbury "
    "Walmart Target Nike Pfizer Oracle Intel Netflix Uber Airbnb "
    "Maersk Novo Lego Carlsberg Danfoss Vestas Finnair Fortum Wärtsilä Telenor Storebrand "
    "Gjensidige Skanska Vattenfall Scania Handelsbanken Swedbank"
).split()
FORMS = ("AS", "AB", "Oy", "GmbH", "Ltd", "Inc", "ApS", "Group", "Bank", "")


def sections(path: Path) -> dict[str, list[str]]:
    """Return the lines of a file under their headings: ``[xx]`` or a comment."""
    found: dict[str, list[str]] = {}
    now = ""
    for line in path.read_text("utf-8").splitlines():
        if match := re.fullmatch(r"\[(\w\w)\]|# (.*)", line):
            now = match[1] or match[2]
        elif line.strip():
            found.setdefault(now, []).append(line.replace("\\n", "\n"))
    return found


class Names:
    """Draws names: from home mostly, from anywhere else at times, and bent into new ones."""

    def __init__(self, rng: random.Random, lang: str) -> None:
        self.rng = rng
        self.first = (*self._pools("first.txt", lang), self._abroad("first"))
        self.last = (*self._pools("last.txt", lang), self._abroad("last"))
        self.places = sorted(PLACES)
        self.towns = self._abroad("place")

    @staticmethod
    def _pools(name: str, lang: str) -> tuple[list[str], list[str]]:
        found = {k: " ".join(v).split() for k, v in sections(DATA / name).items()}
        return found.get(HOME[lang], []), [w for words in found.values() for w in words]

    @staticmethod
    def _abroad(kind: str) -> list[str]:
        return sorted(word for word, bits in BITS.items() if bits & WIDE[kind])

    def word(self, pools: Pools) -> str:
        home, other, abroad = pools
        draw = self.rng.random()
        word = self.rng.choice(home if draw < 0.55 else other if draw < 0.9 else abroad)
        if self.rng.random() < 0.33:
            word = self.bent(word, self.rng.choice(pools[1]))
        return "-".join(w[:1].upper() + w[1:] for w in word.split("-"))

    def bent(self, word: str, other: str) -> str:
        """Return the beginning of one name with the end of another."""
        cuts = [i for i in range(2, len(word)) if word[i] in VOWELS] or [len(word)]
        ends = [i for i in range(1, len(other)) if other[i] in VOWELS] or [1]
        made = word[: self.rng.choice(cuts)] + other[self.rng.choice(ends) :]
        return made if made not in BITS and 3 <= len(made) <= 13 else word

    def given(self) -> str:
        return self.word(self.first)

    def family(self) -> str:
        last = self.word(self.last)
        return f"{last}-{self.word(self.last)}" if self.rng.random() < 0.04 else last

    def full(self) -> str:
        shape = self.rng.random()
        if shape < 0.08:
            return f"{self.given()} {self.rng.choice('ABCDEFGHJKLMNOPRSTVW')}. {self.family()}"
        if shape < 0.2:
            return f"{self.given()} {self.given()} {self.family()}"
        if shape < 0.24:
            particle = self.rng.choice(["van", "von", "de", "af", "van der", "al", "bin"])
            return f"{self.given()} {particle} {self.family()}"
        if shape < 0.32:
            return f"{self.given()} {self.family()} {self.family()}"
        return f"{self.given()} {self.family()}" if shape < 0.95 else self.given()

    def town(self) -> str:
        return self.rng.choice(self.places if self.rng.random() < 0.8 else self.towns).title()

    def firm(self) -> str:
        if self.rng.random() < 0.3:
            return f"{self.family()} {self.rng.choice(FORMS)}".strip()
        return f"{self.rng.choice(COMPANIES)} {self.rng.choice(FORMS)}".strip()


LABEL = {"P": "PERSON", "F": "PERSON", "L": "PERSON", "C": "LOCATION", "O": "ORG"}


def filled(template: str, names: Names) -> tuple[str, list[list[Any]]]:
    """Return a sentence and where its names are; a first and a last name side by side are one."""
    draw = {"P": names.full, "F": names.given, "L": names.family, "C": names.town, "O": names.firm}
    text, spans, at = "", [], 0
    for match in SLOT.finditer(template):
        text += template[at : match.start()]
        value = draw[match[1]]()
        if (
            spans
            and match[1] == "L"
            and text.endswith(" ")
            and spans[-1][1] == len(text) - 1
            and template[at : match.start()] == " "
        ):
            spans[-1][1] = len(text) + len(value)
        else:
            spans.append([len(text), len(text) + len(value), LABEL[match[1]]])
        text += value
        at = match.end()
    return text + template[at:], spans


def cased(text: str, rng: random.Random, lower: float = 0.2, upper: float = 0.03) -> str:
    """Return a text as people type it: at times all in lower or in upper case, if that keeps its length."""
    draw = rng.random()
    other = text.lower() if draw < lower else text.upper() if draw < lower + upper else text
    return other if len(other) == len(text) else text


def corpus(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield ``count`` made-up records: one to three sentences of one language each, or a piece of prose."""
    rng = random.Random(seed)
    templates = {k: v for k, v in sections(HERE / "templates.txt").items() if k in HOME}
    prose = {k: v for k, v in sections(HERE / "prose.txt").items() if k in HOME}
    names = {lang: Names(rng, lang) for lang in HOME}
    everyday = sorted(w for w, b in BITS.items() if b & EVERYDAY)
    for _ in range(count):
        lang = rng.choice(["en", "no", "no", "sv", "da", "fi", "de", "de", "de"])
        text, spans = "", []
        if rng.random() < 0.15:
            parts = [(" ".join(rng.sample(re.split(r"(?<=[.!?]) ", rng.choice(prose[lang])), k=1)), [])]
            parts += [(rng.choice(everyday).title(), [])] if rng.random() < 0.1 else []
        else:
            parts = [
                filled(rng.choice(templates[lang]), names[lang]) for _ in range(rng.choice([1, 1, 2, 3]))
            ]
        for part, marks in parts:
            text += rng.choice([" ", "\n", " "]) if text else ""
            spans += [[a + len(text), b + len(text), label] for a, b, label in marks]
            text += part
        yield {"text": cased(text, rng), "lang": lang, "spans": spans, "source": "made"}
