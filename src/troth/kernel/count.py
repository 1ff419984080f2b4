"""Count: what a person likes, by counting their own closed answers (``data … counted``).

A choice and a yes or no are closed; a text is not, and counts only where the author of the conversation tied
its words to a closed answer (``Meaning``).  Nothing is guessed, weighed or learned from others: each result
is a sum that its person can redo from the answers behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from troth.policy.model import Data

CLOSED = frozenset({"choice", "yes-no"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words mean by their author: said in ``data.field``, they answer ``question`` with ``answer``."""

    data: str
    field: str
    words: tuple[str, ...]
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing a person said, as it counts: ``question`` is the closed ``category.field`` it answers."""

    question: str
    answer: str
    at: datetime
    data: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """One result: how often the person gave this answer, and its share among the answers to the question."""

    question: str
    answer: str
    share: float
    behind: tuple[Answer, ...]


def nothing(text: str) -> bool:
    """Say of no text that it is delicate."""
    return False


def answers(
    datum: Data,
    body: Mapping[str, object],
    at: datetime,
    meanings: Iterable[Meaning] = (),
    delicate: Callable[[str], bool] = nothing,
) -> Iterator[Answer]:
    """Yield what counts of one record; a text that is ``delicate`` never does, whatever its words mean.

    >>> from troth.policy.model import Field
    >>> d = Data(name="taste", fields=(Field(name="drink", type="choice"), Field(name="other")))
    >>> tea = Meaning("taste", "other", ("chai",), "taste.drink", "tea")
    >>> body = {"drink": "cocoa", "other": "A chai, please"}
    >>> [(a.question, a.answer) for a in answers(d, body, datetime(2026, 1, 1), [tea])]
    [('taste.drink', 'cocoa'), ('taste.drink', 'tea')]
    """
    for field in datum.fields:
        value = body.get(field.name)
        if value in (None, ""):
            continue
        if field.type in CLOSED:
            yield Answer(f"{datum.name}.{field.name}", str(value), at, datum.name, field.name)
        elif field.type == "text":
            said = str(value)
            for meaning in () if delicate(said) else meanings:
                if (meaning.data, meaning.field) == (datum.name, field.name) and says(meaning, said):
                    yield Answer(meaning.question, meaning.answer, at, datum.name, field.name)


def says(meaning: Meaning, text: str) -> bool:
    """Say whether a text holds one of a meaning's words, whole and in any case.

    >>> tea = Meaning("chat", "text", ("earl grey",), "taste.drink", "tea")
    >>> says(tea, "Earl Grey it is"), says(tea, "pearl greying")
    (True, False)
    """
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in meaning.words)


def counted(found: Iterable[Answer]) -> tuple[Count, ...]:
    """Return the results of counting, the most often given answer to each question first.

    >>> at = datetime(2026, 1, 1)
    >>> said = [Answer("taste.drink", v, at) for v in ("tea", "cocoa", "tea", "tea")]
    >>> [(c.answer, len(c.behind), c.share) for c in counted(said)]
    [('tea', 3, 0.75), ('cocoa', 1, 0.25)]
    """
    by: dict[str, dict[str, list[Answer]]] = {}
    for one in found:
        by.setdefault(one.question, {}).setdefault(one.answer, []).append(one)
    return tuple(
        Count(question, answer, round(len(these) / sum(map(len, given.values())), 3), _in_order(these))
        for question, given in sorted(by.items())
        for answer, these in sorted(given.items(), key=lambda g: (-len(g[1]), g[0]))
    )


def body_of(datum: Data, count: Count) -> dict[str, object]:
    """Write a result into the fields of a counted category.

    Its first two texts are the question and the answer; a number from 0 to 1 is the share, another the times.

    >>> from troth.policy.model import Field
    >>> texts = (Field(name="question"), Field(name="answer"), Field(name="times", type="number"))
    >>> body_of(Data(name="likes", fields=texts), Count("taste.drink", "tea", 1.0, ()))
    {'question': 'taste.drink', 'answer': 'tea', 'times': 0}
    """
    texts = [f.name for f in datum.fields if f.type == "text"]
    body: dict[str, object] = dict(zip(texts, (count.question, count.answer), strict=False))
    for field in (f for f in datum.fields if f.type == "number"):
        share = field.low == 0 and field.high == 1
        body[field.name] = count.share if share else len(count.behind)
    return body


def read_back(datum: Data, body: Mapping[str, object]) -> tuple[str, str]:
    """Return the question and the answer that a counted record is about."""
    texts = [str(body.get(f.name, "")) for f in datum.fields if f.type == "text"]
    return (texts[0], texts[1]) if len(texts) > 1 else ("", "")


def _in_order(these: list[Answer]) -> tuple[Answer, ...]:
    return tuple(sorted(these, key=lambda a: a.at))
