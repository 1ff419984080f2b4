"""Judge: what each word of a text is, by its looks, the lists, how usual it is and two words on each side.

The weights come from ``model``.  Only words that could be a name are judged: those with a capital, those
in the
lists, those after "my name is".  Joining words to names is ``names``' work.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import mul
from zlib import crc32

from troth.scrub.lists import BITS, EVERYDAY, USUAL, bits
from troth.scrub.model import MASK
from troth.scrub.reading import Reading

LEAN = 8  # what tips the scales towards a person: to miss one is worse than to hide a word too many
LISTED = 80  # and more so for a first name that is neither a place nor an everyday word
SEEN_OFTEN = 2  # how usual a word in lower case may not be to be taken for a name without a list's word
TAGS = ("", "PERSON", "LOCATION", "ORG")
OPENERS = frozenset(
    "name navn heter heiße heisse nimi nimeni hedder namn mvh hilsen regards herr frau mr "
    "mrs ms dr fru rouva herra kalles kaldt called named "
    "dear hi hei hey hej moi hallo liebe lieber cheers thanks kjære kära kære terveisin "
    "hälsningar hälsar grüße gruß vh sir madam prof professor "
    "onkel tante uncle aunt frøken tohtori doktor mt signed underskrevet".split()
)
LANGS = {
    "n": frozenset("ikke jeg det og er på som til har med den av å fra kan du vi for et en at".split()),
    "s": frozenset("inte jag det och är på som till har med den av att från kan du vi för ett en sa".split()),
    "d": frozenset("nicht ich das und ist der die mit zu ein den von auf für es wir sie hat im dem".split()),
    "f": frozenset(
        "ja on ei että hän minä se oli olen mutta kun ovat jos tai niin kuin myös voi mitä".split()
    ),
    "e": frozenset("the and is to of you it that for my with on this was are have not be can".split()),
}
TONGUES = "".join(LANGS) + "-"
CASES = "ultm"  # all upper, all lower, titled or mixed
SHAPES = {shape: at for at, shape in enumerate(("x", "X", "XX", "Xx", "xX"))}
SALTS = tuple(crc32(b"sight %d" % kind) | 1 for kind in range(26))


@dataclass(slots=True)
class Sentence:
    """What the features of a text's words share, made once a text."""

    reading: Reading
    bits: list[int]
    shapes: list[str]
    forms: list[str]
    ground: str  # the language it looks like and how it uses capitals
    ground_of: int  # the same as a number


def prepare(reading: Reading) -> Sentence:
    """Return what judging the words of a text needs."""
    text = reading.text
    forms = [f[:-2] if f[-2:-1] in ("'", "’") and f[-1] == "s" and len(f) > 2 else f for f in reading.forms]
    shapes = [_shape(text[a:b]) for a, b in reading.words]
    lists = [BITS[f] if f in BITS else bits(f, s != "x") for f, s in zip(forms, shapes, strict=True)]
    caps = sum(s in ("X", "XX") for s in shapes)
    titled = sum(s == "Xx" for s in shapes)
    case = (
        "u" if caps * 2 > len(shapes) else "l" if not titled else "t" if titled * 4 > len(shapes) * 3 else "m"
    )
    lang = max(LANGS, key=lambda k: len(LANGS[k] & reading.known))
    if not LANGS[lang] & reading.known:
        lang = "-"
    return Sentence(reading, lists, shapes, forms, lang + case, TONGUES.index(lang) * 4 + CASES.index(case))


def _shape(word: str) -> str:
    if word.islower():
        return "x"
    if word.isupper():
        return "XX" if len(word) > 1 else "X"
    return "Xx" if word[0].isupper() and word[1:].islower() else "xX"


def candidate(sentence: Sentence, i: int, before: int) -> bool:
    """Say whether a word could be part of a name, given the tag of the word before it."""
    lists = sentence.bits[i]
    if sentence.shapes[i] != "x":
        following = sentence.bits[i + 1] if i + 1 < len(sentence.bits) else 0
        return lists != EVERYDAY or before == 1 or following & 3 > 0
    opened = (i > 0 and sentence.forms[i - 1] in OPENERS) or (i > 1 and sentence.forms[i - 2] in OPENERS)
    if opened or (i > 2 and before == 1 and sentence.forms[i - 3] in OPENERS):
        often = USUAL.get(sentence.forms[i], 0) > SEEN_OFTEN and not lists & 3
        return lists != EVERYDAY and not often and len(sentence.forms[i]) > 1
    if sentence.ground[1] == "l":  # a text without capitals, where any word that is not usual may be a name
        form = sentence.forms[i]
        return not lists & EVERYDAY and len(form) > 2 and (lists > 0 or USUAL.get(form, 0) < SEEN_OFTEN)
    return (
        lists & 8 == 0
        and (before == 1 or len(sentence.forms[i]) > 3)
        and lists & (35 if before == 1 else 3) > 0
    )


def rows(s: Sentence, i: int, before: int, earlier: int) -> list[int]:
    """Return the rows of the table that speak of a word: one for each thing that is to be seen of it.

    ``before`` and ``earlier`` are the tags of the two words ahead of it.  Every kind of sight multiplies by a
    number of its own, so that the same word seen in two ways lies in two rows.
    """
    w, shape, b = s.forms[i], SHAPES[s.shapes[i]], s.bits[i]
    h, u = crc32(w.encode()), USUAL.get(w, 0)
    h2, h1, _, s1, u1 = _beside(s, i - 1, i - 2)
    k2, k1, c1, t1, v1 = _beside(s, i + 1, i + 2)
    left, right = _gaps(s.reading, i, len(s.forms))
    look = shape << 3 | u
    state = before << 2 | earlier
    seen = (
        shape << 5 | s.ground_of,
        h,
        h + shape,
        crc32(w[:3].encode()) + shape,
        crc32(w[-3:].encode()) + shape,
        crc32(w[-4:].encode()) + s.ground_of // 4,
        crc32(w[-2:].encode()) + s.ground_of,
        (b << 3 | shape) << 5 | s.ground_of,
        (b << 3 | shape) << 4 | min(len(w), 9),
        c1 + (b << 10) + (t1 << 20) + (right << 23),
        h1 + left + shape,
        h2 + h1 * 3,
        k1,
        k1 + right + shape,
        k1 + k2 * 3,
        h2,
        k2,
        left + right * 3 + shape + (s.ground_of << 3),
        left + (b << 3) + shape,
        state << 3 | shape,
        (b << 2 | before) + left,
        h1 + before,
        ((s1 << 3 | shape) << 3 | t1) << 3 | s.ground_of // 4,
        b << 6 | look,
        (s1 << 3 | u1) << 6 | look,
        (t1 << 3 | v1) << 6 | look,
    )
    return [key >> 12 & MASK for key in map(mul, seen, SALTS)]


def _beside(s: Sentence, i: int, far: int) -> tuple[int, int, int, int, int]:
    """Return what is to be seen of a word beside another, and of the one behind it."""
    n = len(s.forms)
    beyond = crc32(s.forms[far].encode()) if 0 <= far < n else 1
    if not 0 <= i < n:
        return beyond, 1, 64, 5, 5
    w = s.forms[i]
    return beyond, crc32(w.encode()), s.bits[i], SHAPES[s.shapes[i]], USUAL.get(w, 0)


def _gaps(reading: Reading, i: int, n: int) -> tuple[int, int]:
    """Return what stands before and after a word, made plain."""
    text, words = reading.text, reading.words
    a, b = words[i]
    before = text[words[i - 1][1] : a] if i else None
    after = text[b : words[i + 1][0]] if i + 1 < n else None
    return (
        _gap(text[:a], "$") if before is None else GAPS[before] if before in GAPS else _gap(before),
        _gap(text[b:], "$") if after is None else GAPS[after] if after in GAPS else _gap(after),
    )


def _gap(between: str, edge: str = "") -> int:
    if between == " ":
        return 0
    if len(between) > 8:
        between = between[:4] + between[-4:]
    marks = "".join(
        ["9" if c.isdigit() else "n" if c == "\n" else c for c in between if not c.isspace() or c == "\n"]
    )
    return crc32((marks[:3] + edge).encode("utf-8", "replace"))


GAPS = {gap: _gap(gap) for gap in (" ", "-", ", ", ". ", ": ", "\n", ".", "/", " - ", "! ", "? ", " (", ") ")}


def tag(
    sentence: Sentence, table: Sequence[int], lean: int = 0, skip: Collection[int] = ()
) -> tuple[list[int], list[int]]:
    """Return a tag for every word and by how much it won; ``lean`` favours people."""
    count = len(sentence.shapes)
    tags, margins = [0] * count, [0] * count
    before = earlier = 0
    shapes, lists = sentence.shapes, sentence.bits
    opened = sentence.ground[1] == "l" or not OPENERS.isdisjoint(sentence.reading.known)
    for i, shape in enumerate(shapes):
        now = 0
        if (shape != "x" or before or opened or lists[i] & 3) and (
            i not in skip and candidate(sentence, i, before)
        ):
            total = sum([table[row] for row in rows(sentence, i, before, earlier)])
            none, person, place, org = (
                total & 65535,
                (total >> 16 & 65535) + (LISTED if lists[i] & 13 == 1 else lean),
                total >> 32 & 65535,
                total >> 48,
            )
            best = max(none, person, place, org)
            if best > none:
                now = tags[i] = 1 if best == person else 2 if best == place else 3
                margins[i] = best - none
        before, earlier = now, before
    return tags, margins
