"""Recall: a value once known is found again, however it is bent.

Somebody named in full is met later by the first name, in the genitive, in a Finnish case or in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from troth.scrub.lists import BITS, CASES, EVERYDAY, FIRST_PART, LAST_PART, USUAL
from troth.scrub.reading import WORD, Reading
from troth.scrub.span import Span

PARTICLES = frozenset(
    "van von der den de di da du la le al el bin ibn bint binti af av zu dos das del della ter ten mc st y "
    "e".split()
)


def repeated(reading: Reading, people: Iterable[Span]) -> Iterator[Span]:
    """Yield the other mentions of the people found in a text."""
    spans = [s for s in people if s.label == "PERSON" and s.score >= 0.6]
    if spans:
        yield from _mentions(reading, [s.of(reading.text) for s in spans], spans)


def joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, two people parted by one space or hyphen as one: half a name is half a leak."""
    out: list[Span] = []
    for span in spans:
        last = out[-1] if out else None
        if last and span.label == last.label == "PERSON" and text[last.end : span.start] in (" ", "-"):
            out[-1] = Span(last.start, span.end, "PERSON", max(last.score, span.score), last.reason)
        else:
            out.append(span)
    return out


def recall(reading: Reading, known: Iterable[tuple[str, str]]) -> Iterator[Span]:
    """Yield where values that a conversation has hidden before occur again."""
    people, others = [], []
    for label, value in known:
        if label == "PERSON":
            people.append(value)
        elif len(value) >= 4:
            others.append((value, label))
    if people:
        yield from _mentions(reading, people, ())
    for value, label in others:
        for match in re.finditer(rf"(?<!\w){re.escape(value.lower())}(?!\w)", reading.lower):
            yield Span(match.start(), match.end(), label, 0.9, "known")


def _mentions(reading: Reading, names: Iterable[str], found: Iterable[Span]) -> Iterator[Span]:
    parts = _parts(names)
    heads = {part[:3] for part in parts}
    taken = {at for s in found for at in range(s.start, s.end)} if found else set()
    text = reading.text
    start = end = -1
    for (a, _), form in zip(reading.words, reading.forms, strict=True):
        if form[:3] not in heads or a in taken or not (size := _bent(form, parts, text[a].isupper())):
            continue
        if start >= 0 and a - end == 1 and text[end] in " -":
            end = a + size
            continue
        if start >= 0:
            yield Span(start, end, "PERSON", 0.84, "named before")
        start, end = a, a + size
    if start >= 0:
        yield Span(start, end, "PERSON", 0.84, "named before")


def _parts(names: Iterable[str]) -> dict[str, bool]:
    """Return the words of names in lower case, and whether each may be met in lower case too."""
    parts: dict[str, bool] = {}
    for name in names:
        for match in WORD.finditer(name.lower()):
            word = match[0].removesuffix("'s").removesuffix("’s")
            if len(word) > 2 and word not in PARTICLES:
                parts[word] = len(word) > 3 and _seldom(word)
    return parts


def _seldom(word: str) -> bool:
    """Say whether a word in lower case is more likely the name it was before than the thing."""
    listed = BITS.get(word, 0)
    return not listed & EVERYDAY and (listed & (FIRST_PART | LAST_PART) > 0 or USUAL.get(word, 0) < 2)


def _bent(form: str, parts: dict[str, bool], upper: bool) -> int:
    """Return the length of the name within a word, 0 when the word is no form of a name that is known."""
    bare = form.removesuffix("'s").removesuffix("’s")
    if bare in parts:
        return len(bare) if upper or parts[bare] else 0
    for ending in CASES:
        stem = bare[: -len(ending)]
        if bare.endswith(ending) and len(stem) > 3 and stem in parts and (upper or parts[stem]):
            return len(bare)
    return 0
