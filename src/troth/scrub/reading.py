"""Reading: a text made plain once, with the way back to where each character came from.

Full-width letters, zero-width spaces, HTML entities, percent signs and look-alike letters are folded, so
that the
rules see ``a@b.no`` however it was disguised.  Rules work on the folded text; ``spans`` takes their
finds back to
the original.  The one rule: every folded character knows the original characters it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape

from troth.scrub.span import Span

DIGIT = re.compile(r"\d")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Letters as they are written in the languages we read, and common marks: no folding needed.
STRANGE = re.compile(r"[^\t\n\r -~¡-¬®-ɏ–—‘’“”„•…€]|&#|&[a-z]{2,6};|%(?:40|2[EeBb]|20)|\xa0")
GROUP = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-z]{2,6});|%[0-9A-Fa-f]{2}"
    r"|.[\u0300-\u036f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\u00ad]*",
    re.DOTALL,
)
INVISIBLE = dict.fromkeys(
    [
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0xFE00, 0xFE10),
        0xFEFF,
        0xAD,
    ]
)
DASHES = {ord(c): "-" for c in "‐‑‒−﹣－"} | {ord(c): " " for c in "\xa0\u2002\u2003\u2007\u2009\u202f\u3000"}
DASHES |= dict.fromkeys(map(ord, "。｡․"), ".")
ALIKE = str.maketrans(
    "аеорсухікАВЕКМНОРСТХІѕјԁοαερΑΒΕΗΙΚΜΝΟΡΤΧΖѡʏɡ", "aeopcyxikABEKMHOPCTXIsjdoaepABEHIKMNOPTXZwyg"
)
MIXED = re.compile(r"[a-zA-Z0-9]")
GREEK = re.compile(r"[\u0370-\u052f]")  # and Cyrillic
RUN = re.compile(r"\w+")
# A word spelt out letter by letter; an address spelt out is the mail rules' own affair.
SPELT = re.compile(r"(?<!\w)(?<![@.] )(?:[^\W\d_] ){3,40}[^\W\d_](?!\w)(?! [@.])")
SPELLING = re.compile(r" [^\W\d_] [^\W\d_] ")
Back = tuple[list[int], list[int]]


@dataclass(slots=True)
class Reading:
    """A folded text with its words; ``lang`` is a hint and may be empty."""

    text: str
    lower: str
    lang: str
    back: Back | None  # start and end in the original of each folded character
    words: list[tuple[int, int]]
    forms: list[str] = field(default_factory=list)  # the words in lower case
    known: frozenset[str] = frozenset()
    starts: list[int] = field(default_factory=list)
    digits: int = 0  # how many there are
    heads: frozenset[str] = frozenset()  # the first four letters of each word
    cued: dict[int, str] | None = None  # the places of the words that say what a number is; ``cues`` fills it
    cue_places: list[int] = field(default_factory=list)

    def says(self, words: frozenset[str], heads: frozenset[str] = frozenset()) -> bool:
        """Say whether a text has one of some words, or a word with one of some first four letters.

        This is how a rule is skipped in a text that gives it nothing to do.
        """
        return not words.isdisjoint(self.known) or not heads.isdisjoint(self.heads)

    def before(self, at: int, count: int, reach: int) -> list[int]:
        """Return the places in ``words`` of up to ``count`` words that end before ``at``, the nearest
        first."""
        i = bisect_left(self.starts, at) - 1
        out: list[int] = []
        while i >= 0 and len(out) < count and at - self.words[i][1] <= reach:
            out.append(i)
            i -= 1
        return out

    def after(self, at: int, count: int, reach: int) -> list[int]:
        """Return the places in ``words`` of up to ``count`` words that start at ``at`` or after it."""
        i = bisect_left(self.starts, at)
        out: list[int] = []
        while i < len(self.words) and len(out) < count and self.words[i][0] - at <= reach:
            out.append(i)
            i += 1
        return out

    def spans(self, found: Iterable[Span]) -> list[Span]:
        """Take finds in the folded text back to the original."""
        if self.back is None:
            return list(found)
        starts, ends = self.back
        return [Span(starts[s.start], ends[s.end - 1], s.label, s.score, s.reason) for s in found]


def read(text: str, lang: str = "") -> Reading:
    """Fold a text and note its words.

    >>> read("ola＠firma.no").text
    'ola@firma.no'
    >>> read("a&#64;b.no").spans([Span(0, 6, "EMAIL", 1.0, "")])[0].end
    10
    """
    folded, back = _fold(text) if STRANGE.search(text) else (text, None)
    if SPELLING.search(folded) and SPELT.search(folded):
        folded, back = _unspelt(folded, back)
    lower = folded.lower()
    if len(lower) != len(folded):  # İ is two characters in lower case
        lower = "".join(c if len(c.lower()) != 1 else c.lower() for c in folded)
    words = [m.span() for m in WORD.finditer(folded)]
    forms = [lower[a:b] for a, b in words]
    count = len(DIGIT.findall(folded))
    known = frozenset(forms)
    heads = frozenset([form[:4] for form in known])
    starts = [a for a, _ in words]
    return Reading(folded, lower, lang[:2].lower(), back, words, forms, known, starts, count, heads)


def _fold(text: str) -> tuple[str, Back]:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in GROUP.finditer(text):
        plain = _plain(match[0])
        out.append(plain)
        starts += [match.start()] * len(plain)
        ends += [match.end()] * len(plain)
    folded = "".join(out)
    return RUN.sub(_latin, folded) if GREEK.search(folded) else folded, (starts, ends)


def _unspelt(text: str, back: Back | None) -> tuple[str, Back]:
    """Return a text with the spaces taken out of words that are spelt out."""
    gone = {at for match in SPELT.finditer(text) for at in range(match.start() + 1, match.end(), 2)}
    kept = [at for at in range(len(text)) if at not in gone]
    starts, ends = back or (list(range(len(text))), list(range(1, len(text) + 1)))
    return "".join([text[at] for at in kept]), ([starts[at] for at in kept], [ends[at] for at in kept])


def _latin(word: re.Match[str]) -> str:
    """Return a word that mixes scripts, or letters and digits, in Latin letters; others as they are."""
    foreign = GREEK.search(word[0]) and MIXED.search(word[0])
    return word[0].translate(ALIKE) if foreign else word[0]


def _plain(group: str) -> str:
    if len(group) > 2 and group[0] in "&%":
        if group[0] == "&":
            return unescape(group).replace("\xa0", " ") if unescape(group) else group
        code = int(group[1:], 16)
        return chr(code) if 32 <= code < 127 else group
    if group.isascii():
        return group
    plain = group.translate(INVISIBLE).translate(DASHES)
    if len(plain) == 1 and plain < "\u2000" and not plain.isdecimal():
        return plain
    plain = unicodedata.normalize("NFKC", plain)
    if plain.isdecimal():  # digits of other scripts
        return "".join([str(unicodedata.decimal(c)) for c in plain])
    return plain
