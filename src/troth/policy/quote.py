"""Quote: the prose that a rule stands beside, so that a decision can cite the sentence that made it.

A sentence with a phrase bound to the rule, or to its label, is its sentence; else the one that shares by far
the most of the rule's own words; else the one sentence above it.  The one rule: what is quoted stands in the
rule's own section, above the rule, and where it is not clear what to quote nothing is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from troth.document import Paragraph, Section, phrases

_SENTENCE = re.compile(r"(?<=[.!?:;°])\s+(?=[A-ZÀ-Þ*_\[])")
_WORD = re.compile(r"[^\W\d_]{4,}")
_ENOUGH = 2
_CLEARLY = 1.3  # by how much the best must lead: a wrong sentence is worse than none
_COMMON = {"your", "with", "from", "when", "that", "what", "this", "they", "them", "have", "after"}
_GRAMMAR = (
    "consent",
    "contract",
    "legitimate interest",
    "data",
    "purpose",
    "minutes",
    "month",
    "within",
    "assessed",
    "again",
)


def sentence(section: Section, line: int, kind: str = "", words: Iterable[str] = ()) -> str:
    """Return the prose beside a rule on this line, as plain text; '' without any.

    ``kind`` is how a phrase bound to the rule calls it (``keep``), ``words`` are what the rule says.
    """
    above = [p for p in section.prose if p.line < line]
    if not above:
        return ""
    said = tuple(words)
    names = {name for word in said for name in (word, word.partition(".")[0])}
    sentences = [s for paragraph in above for s in _SENTENCE.split(paragraph.text)]
    known = {(kind, name) for name in names} | {("rule", word.removesuffix(":")) for word in said[:1]}
    for one in sentences:
        if any((p.kind, p.name) in known for p in phrases(Paragraph(one, 1))):
            return plain(one)
    own = _stems(" ".join(said[2:3] if said and said[0].endswith(":") else said[1:2]))
    return _nearest(
        [plain(one) for one in sentences], own, _stems(" ".join(said)) - _stems(" ".join(_GRAMMAR))
    )


def _nearest(sentences: list[str], own: set[str], stems: set[str]) -> str:
    """Return the sentence that shares most with a rule; '' where another comes near it, or none does.

    A word that stands in many of the sentences tells them apart less, so that it counts less.  One shared
    word is chance, unless it is the rule's ``own`` name.
    """
    if len(sentences) == 1:
        return sentences[0]
    shared = [stems & _stems(one) for one in sentences]
    often = Counter(stem for found in shared for stem in found)
    weights = [sum(1 / often[stem] for stem in found) for found in shared]
    (best, at), (next_best, _) = sorted(((w, i) for i, w in enumerate(weights)), reverse=True)[:2]
    told = len(shared[at]) >= _ENOUGH or shared[at] & own
    clear = told and best >= _CLEARLY * next_best
    return sentences[at] if clear else ""


def plain(text: str) -> str:
    """Return a text without markup, on one line.

    >>> plain("> We keep it\\n> **only** [30 days](keep:visit).")
    'We keep it only 30 days.'
    """
    text = re.sub(r"(?m)^[>\s]*(?:[*-]\s+)?", " ", text)
    text = re.sub(r"\[([^\]\[]+)\]\([^()\s]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_`]{1,3}([^*_`]+)[*_`]{1,3}", r"\1", text).split())


def _stems(text: str) -> set[str]:
    """Return the beginnings of the longer words: ``questions`` and ``question`` are the same here."""
    return {word.lower()[:5] for word in _WORD.findall(text)} - _COMMON
