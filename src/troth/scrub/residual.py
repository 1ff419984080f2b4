"""Residual: what of a scrubbed text might still point to somebody; nothing found is what makes it nobody's.

Read at its most sensitive: every kind, those that identify only together with something else as well; each
value that is known of those concerned; and each rare word, since a word that few people use tells who did.
Its one rule: *a doubt is a find*; what then happens is the gate's affair (``anonymity``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from troth.scrub.find import find
from troth.scrub.lists import BITS, COMMON, EVERYDAY, FIRST_PART, LAST_PART
from troth.scrub.span import LABELS
from troth.scrub.vault import TOKEN

KNOWN, RARE = "KNOWN", "RARE"  # beside the scrubber's labels: a value of theirs, a word that few use
INSIDE = re.compile(r"(?<![.!?:\n] )(?<!^)\b([^\W\d_a-z]\w+)")
WORD = re.compile(r"[^\W_]+")
SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")
ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "n't")
SHORT = 3  # a known value of fewer letters says nothing: "Jo" stands in many words


@dataclass(frozen=True, slots=True)
class Published:
    """What anybody may read anyway: its words and its sentences, in lower case and without punctuation."""

    words: frozenset[str] = frozenset()
    sentences: frozenset[str] = frozenset()


NOTHING = Published()


def published(texts: Iterable[str]) -> Published:
    """Return what these public texts say.

    >>> sorted(published(["Press *R*. Wait!"]).sentences)
    ['press r', 'wait']
    """
    whole = tuple(texts)
    sentences = (plain(s) for text in whole for s in SENTENCE.split(text))
    return Published(frozenset().union(*map(words_of, whole)), frozenset(sentences) - {""})


def nameable(word: str) -> bool:
    """Say whether a word in lower case stands in a list of names or places: many people say it of one.

    >>> nameable("kari"), nameable("spreadsheet")
    (True, False)
    """
    return bool(BITS.get(word, 0) & ~EVERYDAY)


def unpublished(text: str, known: Published) -> str:
    """Return a text without the sentences that stand in public word for word.

    >>> unpublished("Press R. I am Kari.", published(["Press R."]))
    'I am Kari.'
    """
    return "\n".join(s for s in SENTENCE.split(text) if plain(s) not in known.sentences)


def plain(text: str) -> str:
    """Return a text's words in lower case, one space between."""
    return " ".join(word.casefold() for word in WORD.findall(text))


def residual(
    text: str, *, known: Iterable[str] = (), shared: Collection[str] = (), lang: str = ""
) -> tuple[str, ...]:
    """Name what is left in a text that might identify, in order; empty when nothing is.

    ``known``: values of the people concerned, in any writing.  ``shared``: words in lower case that are
    public or that a crowd uses.  Placeholders are no find.

    >>> residual("How do I sign in? Ask [PERSON_1].", shared={"sign"})
    ()
    >>> residual("my neighbour Tim Hall at 4 Elm Row is well")
    ('ADDRESS', 'PERSON', 'RARE')
    >>> residual("the green parrot", known=["Green  Parrot"], shared={"green", "parrot"})
    ('KNOWN',)
    >>> residual("I asked Rose about the rose", shared={"asked"})
    ('RARE',)
    """
    found = {span.label for span in find(text, lang=lang, kinds=LABELS)}
    bare = TOKEN.sub(" ", text)
    words = [word.casefold() for word in WORD.findall(bare)]
    if _stands(words, known):
        found.add(KNOWN)
    if any(not _common(word, shared) for word in words) or _named(bare, shared):
        found.add(RARE)
    return tuple(sorted(found))


def words_of(text: str) -> frozenset[str]:
    """Return a text's words in lower case, placeholders left out.

    >>> sorted(words_of("Ask [PERSON_1] twice."))
    ['ask', 'twice']
    """
    return frozenset(word.casefold() for word in WORD.findall(TOKEN.sub(" ", text)))


def _stands(words: list[str], known: Iterable[str]) -> bool:
    """Say whether a known value stands in a text, word for word; punctuation between does not hide it."""
    line = f" {' '.join(words)} "
    values = map(plain, known)
    return any(len(value) >= SHORT and f" {value} " in line for value in values)


def _named(text: str, shared: Collection[str]) -> bool:
    """Say whether an everyday word that is a name too stands with a capital inside a sentence."""
    inside = (match[1].casefold() for match in INSIDE.finditer(text))
    return any(word not in shared and BITS.get(word, 0) & (FIRST_PART | LAST_PART) for word in inside)


def _common(word: str, shared: Collection[str]) -> bool:
    return len(word) == 1 or any(form in COMMON or form in shared for form in _forms(word))


def _forms(word: str) -> Iterator[str]:
    yield word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            yield word.removesuffix(ending)
