"""Judge: what each word of a text is, by its shape, its ending, the lists and two words on each side.

The weights come from ``model``.  Only words that could be a name are judged: those with a capital, those
in the
lists, those after "my name is".  Joining words to names is ``names``' work.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zlib import crc32

from troth.scrub.lists import BITS, EVERYDAY, bits
from troth.scrub.model import MASK
from troth.scrub.reading import Reading

LEAN = 12  # what tips the scales towards a person: to miss one is worse than to hide a word too many
LISTED = 80  # and more so for a first name that is neither a place nor an everyday word
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


@dataclass(slots=True)
class Sentence:
    """What the features of a text's words share, made once a text."""

    reading: Reading
    bits: list[int]
    shapes: list[str]
    forms: list[str]
    ground: str  # the language it looks like and how it uses capitals


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
    return Sentence(reading, lists, shapes, forms, lang + case)


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
        return lists != EVERYDAY and len(sentence.forms[i]) > 1
    if (
        lists == 0 and before == 1 and sentence.ground[1] == "l"
    ):  # a last name no list holds, in a text without capitals
        return sentence.bits[i - 1] & 3 > 0 and len(sentence.forms[i]) > 3
    return (
        lists & 8 == 0
        and (before == 1 or len(sentence.forms[i]) > 3)
        and lists & (35 if before == 1 else 3) > 0
    )


def features(s: Sentence, i: int, before: int, earlier: int) -> list[str]:
    """Return what is to be seen of a word; ``before`` and ``earlier`` are the tags of the two words
    ahead of it."""
    w, shape, b, g = s.forms[i], s.shapes[i], s.bits[i], s.ground
    n = len(s.forms)
    w1 = s.forms[i - 1] if i else "<"
    w2 = s.forms[i - 2] if i > 1 else "<"
    v1 = s.forms[i + 1] if i + 1 < n else ">"
    v2 = s.forms[i + 2] if i + 2 < n else ">"
    b1 = s.bits[i - 1] if i else 64
    c1 = s.bits[i + 1] if i + 1 < n else 64
    s1 = s.shapes[i - 1] if i else "<"
    t1 = s.shapes[i + 1] if i + 1 < n else ">"
    left, right = _gaps(s.reading, i, n)
    return [
        *_own(w, shape, b, g),
        f"B{b}|{b1}|{before}|{left}",
        f"c{b}|{c1}|{t1}|{right}",
        f"l{w1}",
        f"L{w1}|{left}|{shape}",
        f"k{w2}|{w1}",
        f"r{v1}",
        f"R{v1}|{right}|{shape}",
        f"q{v1}|{v2}",
        f"2l{w2}",
        f"2r{v2}",
        f"g{left}|{right}|{shape}|{g}",
        f"h{left}|{b}|{shape}",
        f"t{before}{earlier}|{shape}",
        f"T{before}|{b}|{left}",
        f"u{before}|{w1}",
        f"S{s1}|{shape}|{t1}|{g[0]}",
    ]


def _own(w: str, shape: str, b: int, g: str) -> tuple[str, ...]:
    """Return what is to be seen of a word alone."""
    return (
        f"s{shape}{g}",
        f"w{w}",
        f"W{shape}{w}",
        f"p{w[:3]}{shape}",
        f"e{w[-3:]}{shape}",
        f"E{w[-4:]}{g[0]}",
        f"2{w[-2:]}{g}",
        f"b{b}{shape}{g}",
        f"m{min(len(w), 9)}{shape}{b}",
    )


def _gaps(reading: Reading, i: int, n: int) -> tuple[str, str]:
    """Return what stands before and after a word, made plain."""
    text, words = reading.text, reading.words
    a, b = words[i]
    return _gap(text[words[i - 1][1] if i else 0 : a], not i), _gap(
        text[b : words[i + 1][0]] if i + 1 < n else text[b:], i + 1 == n
    )


def _gap(between: str, edge: bool) -> str:
    if between == " ":
        return " "
    if len(between) > 8:
        between = between[:4] + between[-4:]
    marks = "".join(
        "9" if c.isdigit() else "n" if c == "\n" else c for c in between if not c.isspace() or c == "\n"
    )
    return marks[:3] + ("$" if edge else "")


def tag(
    sentence: Sentence, table: Sequence[int], lean: int = 0, skip: Collection[int] = ()
) -> tuple[list[int], list[int]]:
    """Return a tag for every word and by how much it won; ``lean`` favours people."""
    tags: list[int] = []
    margins: list[int] = []
    before = earlier = 0
    shapes, lists = sentence.shapes, sentence.bits
    opened = not OPENERS.isdisjoint(sentence.reading.known)
    for i in range(len(shapes)):
        now = margin = 0
        if shapes[i] == "x" and not before and not lists[i] & 3 and not opened:
            tags.append(0)
            margins.append(0)
            earlier = 0
            continue
        if i not in skip and candidate(sentence, i, before):
            total = 0
            for feature in features(sentence, i, before, earlier):
                total += table[crc32(feature.encode()) & MASK]
            none, person, place, org = (
                total & 65535,
                (total >> 16 & 65535) + (LISTED if lists[i] & 13 == 1 else lean),
                total >> 32 & 65535,
                total >> 48,
            )
            best = max(none, person, place, org)
            if best > none:
                now = 1 if best == person else 2 if best == place else 3
                margin = best - none
        tags.append(now)
        margins.append(margin)
        before, earlier = now, before
    return tags, margins
