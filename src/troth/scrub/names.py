"""Names: people, places and organisations named in running text.

``judge`` says what each word is; here words are joined to names, and titles and company forms speak for
themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from troth.scrub.judge import LEAN, TAGS, Sentence, prepare, tag
from troth.scrub.lists import BITS, EVERYDAY, PLACE
from troth.scrub.model import weights
from troth.scrub.reading import Reading
from troth.scrub.recall import PARTICLES
from troth.scrub.span import Span

SOLE = 80  # by how much a lone word must win that no list holds, at the head of a sentence
COMPANY = re.compile(
    r"(?<![\w&.'’-])(?:[A-ZÆØÅÄÖÜ][\w&.'’-]{0,40}[ ]){1,4}(?:AS|ASA|ANS|DA|AB|HB|Oy|Oyj|Ky|ApS|A/S|I/S|"
    r"GmbH|AG|KG|UG|SE|e\.V\.|Ltd|Limited|LLC|LLP|Inc|PLC|plc|Corp|BV|B\.V\.|SA|SARL|SpA|"
    r"S\.A\.)(?!\w)\.?"
)
TITLED = re.compile(
    r"(?<!\w)(?:Herrn?|Frau|Mr|Mrs|Ms|Miss|Dr|Prof|Fru|Hr|Herra|Rouva|Frøken|Fröken|"
    r"Tohtori)\.? (?:Dr\.? |Prof\.? )?"
    r"((?:(?:von|van|de|der|den|zu|af|la|al) ){0,3}[A-ZÆØÅÄÖÜÉ][^\W\d_]+(?:[-'’][A-ZÆØÅÄÖÜÉ][^\W\d_]+)?)"
)
FORMS = frozenset(
    "as asa ans da ab hb oy oyj ky aps a i gmbh ag kg ug se e ltd limited llc llp inc plc corp bv b "
    "sa sarl spa s".split()
)
TITLES = frozenset("herr herrn frau mr mrs ms miss dr prof fru hr herra rouva frøken fröken tohtori".split())
OFFICES = frozenset(
    "president chairman speaker minister professor doktor direktor präsident kollege kollegin dr prof".split()
)
SENTENCE = frozenset('.!?:\n•*-–"“»>#')


def names(reading: Reading, found: Sequence[Span] = (), lean: int = LEAN) -> Iterator[Span]:
    """Yield the people, places and organisations named in a text; ``found`` are spans already sure of."""
    if not reading.words:
        return
    for match in COMPANY.finditer(reading.text) if reading.says(FORMS) else ():
        yield Span(match.start(), match.end(), "ORG", 0.87, "company form")
    sentence = prepare(reading)
    for match in TITLED.finditer(reading.text) if reading.says(TITLES) else ():
        if match[1].lower() not in OFFICES:
            yield Span(match.start(1), match.end(1), "PERSON", 0.8, "title")
    yield from _addressed(reading, found)
    skip: set[int] = set()
    for span in found:
        skip.update(range(bisect_left(reading.starts, span.start), bisect_left(reading.starts, span.end)))
    tags, margins = tag(sentence, weights(), lean, skip)
    yield from _joined(sentence, tags, margins)


def _addressed(reading: Reading, found: Sequence[Span]) -> Iterator[Span]:
    """Yield words that an e-mail address in the same text is made of: it says whose name they are."""
    parts = [s.of(reading.lower).split("@")[0] for s in found if s.label == "EMAIL"]
    for (a, b), form in zip(reading.words, reading.forms, strict=True) if parts else ():
        listed = BITS.get(form, 0)
        if len(form) < 3 or listed & EVERYDAY or not (listed & 3 or reading.text[a].isupper()):
            continue
        plain = "".join(c for c in form if c.isascii() and c.isalpha())
        if any(len(name) > len(plain) > 2 and name.startswith(plain) for name in parts):
            yield Span(a, b, "PERSON", 0.78, "as in the address")


def _joined(s: Sentence, tags: list[int], margins: list[int]) -> Iterator[Span]:
    """Yield runs of words with one tag as spans; a particle between two names belongs to them."""
    text, words, i, n = s.reading.text, s.reading.words, 0, len(tags)
    while i < n:
        if not tags[i]:
            i += 1
            continue
        j, best = i, margins[i]
        while j + 1 < n:
            step = 1
            while (
                j + step < n
                and step < 4
                and not tags[j + step]
                and s.forms[j + step] in PARTICLES
                and tags[i] == 1
            ):
                step += 1
            if (
                j + step >= n
                or tags[j + step] != tags[i]
                or not _close(text[words[j][1] : words[j + step][0]], s, j, step)
            ):
                break
            j += step
            best = max(best, margins[j])
        if i == j and best < SOLE and tags[i] == 1 and not s.bits[i] & 3 and _first(s, i):
            i += 1  # a lone word no list holds, at the head of a sentence
            continue
        label = TAGS[tags[i]]
        if i == j and len(s.forms[i]) == 1 and label != "PERSON":
            i += 1  # a letter alone is an initial or nothing
            continue
        if label == "PERSON":
            i, j = _widened(s, tags, i, j)
        start, end = words[i][0], words[j][1]
        if text[end - 2 : end] in ("'s", "’s"):
            end -= 2
        yield Span(start, end, label, min(0.88, 0.6 + best / 400), "context")
        i = j + 1


def _widened(s: Sentence, tags: list[int], i: int, j: int) -> tuple[int, int]:
    """Take in the capitals on both sides of a person that nothing speaks against: people have names no
    list holds."""
    text, words = s.reading.text, s.reading.words
    while i and _initial(s, i - 1):
        i -= 1
    if s.ground[1] != "m":
        return i, j
    while i and tags[i - 1] != 1 and text[words[i - 1][1] : words[i][0]] in (" ", "-") and _unknown(s, i - 1):
        if _first(s, i - 1):
            break
        i -= 1
    while (
        j + 1 < len(tags)
        and tags[j + 1] != 1
        and text[words[j][1] : words[j + 1][0]] in (" ", "-")
        and _unknown(s, j + 1)
    ):
        j += 1
    return i, j


def _initial(s: Sentence, i: int) -> bool:
    """Say whether a word is the initial of the name that follows it."""
    if s.shapes[i] != "X":
        return False
    return s.reading.text[s.reading.words[i][1] : s.reading.words[i + 1][0]] in (". ", ".")


def _unknown(s: Sentence, i: int) -> bool:
    """Say whether a word with a capital may be a name: in German, where nouns have one, a list must say
    so."""
    if (
        s.bits[i] & PLACE
        or not s.reading.text[s.reading.words[i][0]].isupper()
        or s.shapes[i][-1] == "X" == s.shapes[i][0]
    ):
        return False
    return s.bits[i] & 51 > 0 or (s.bits[i] == 0 and s.ground[0] != "d")


def _first(s: Sentence, i: int) -> bool:
    """Say whether a word stands at the head of a sentence, where a capital says nothing."""
    if s.bits[i] & 3:
        return False
    if not i:
        return True
    return not SENTENCE.isdisjoint(s.reading.text[s.reading.words[i - 1][1] : s.reading.words[i][0]])


def _close(between: str, s: Sentence, j: int, step: int) -> bool:
    """Say whether what stands between two words of a name may stand within it."""
    if step > 1:
        return not any(c in between for c in ",;:.!?\n")
    return between in (" ", "-", "  ") or (
        between in (". ", ".")
        and (len(s.forms[j]) == 1 or s.forms[j] in ("st", "chr", "fr", "th", "joh", "wm"))
    )
