"""Quote: the prose that a rule stands beside, so that a decision can cite the sentence that made it.

A sentence with a phrase bound to the rule is its sentence; else the one that shares most of the rule's own
words; else the paragraph above, where there is but one.  The one rule: what is quoted stands in the rule's
own section, above the rule, and where it is not clear what to quote nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from troth.document import Paragraph, Section, phrases

_SENTENCE = re.compile(r"(?<=[.!?:;°])\s+(?=[A-ZÀ-Þ*_\[])")
_WORD = re.compile(r"[^\W\d_]{4,}")
_ENOUGH = 2
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
    for one in sentences:
        if any(p.kind == kind and p.name in names for p in phrases(Paragraph(one, 1))):
            return plain(one)
    stems = _stems(" ".join(said)) - _stems(" ".join(_GRAMMAR))
    best = max(sentences, key=lambda s: len(stems & _stems(plain(s))))
    if len(stems & _stems(plain(best))) >= _ENOUGH:
        return plain(best)
    return (
        plain(above[0].text) if len(above) == 1 else ""
    )  # of several none is quoted rather than a wrong one


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
