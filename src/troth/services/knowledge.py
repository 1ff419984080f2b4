"""Knowledge: full-text search over an agent's pages, and an answer made of what they say, with its places.

Pages are cut at their headings and ranked by BM25 (Robertson and Zaragoza 2009).  Its one rule: *it says what
the pages say, or that it does not know*; it makes no sentence of its own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

K1, B = 1.2, 0.75
ENOUGH = 0.5  # of a question's weight that the best passage must speak of
SECOND = 0.6  # of the best score, for a second passage to be told
ROOM = 700  # characters told of one passage
LEANING = re.compile(
    r"\s*(?:and|but|so|then|what about|how about|og|men|enn|hva med|och|und|aber|ja)\b", re.I
)
TOKEN = re.compile(r"\[[A-Z][A-Z_]+_[\d.]+\]")  # what stands for something masked; it asks nothing
LINK = re.compile(r"\[([^\]\n]+)\]\([^)\s]+\)")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
ASKED = re.compile(r"[.?!\n]+")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-zæøåäö])")
COMMON = frozenset(
    """a about after all also am an and any are as at be because been before but by can cannot could did do
    does doing find for from get give go had has have hello help hey hi how i if in into is it its
    just know let like look made make makes many may me more most much my need no not now of off on
    one or other our out please say see seen sees she should show so some tell than thank thanks
    that the their them then there these they thing things this to up us use want was we were what
    when where which who why will with would you your alle alt at av bare ble bli da de deg dem den
    denne der dere det dette di din disse du eller en er et etter fra få før gi gjør gjøre ha hadde
    han har hei her hjelp hun hva hvem hver hvilken hvis hvor hvordan hvorfor i ikke inn jeg kan
    kunne litt man med meg men mer min mine mitt mye må ned noe noen når nå og også om opp oss på
    seg si sin skal skulle slik som så takk til ut var ved vet vi vil være vær vært å att av för hur
    inte jag kan mig och som till vad var är auf das der die ein eine es für ich ist kann mich mit
    nicht und was wer wie wo zu ei ja mikä miten missä minä on ovat kuinka voinko""".split()
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One part of a page, from a heading to the next."""

    page: str
    title: str
    heading: str
    text: str
    line: int

    def __str__(self) -> str:
        return self.title if self.heading in ("", self.title) else f"{self.title}: {self.heading}"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All passages of an agent, with what ranking them needs."""

    passages: tuple[Passage, ...] = ()
    counts: tuple[Counter[str], ...] = field(default=(), repr=False)
    weight: Mapping[str, float] = field(default_factory=dict, repr=False)
    rarest: float = 1.0  # the weight of a word that no passage has
    mean: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; ``known`` False when the pages do not speak of it, and then it has no text."""

    text: str = ""
    places: tuple[Passage, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.places)


def read_knowledge(pages: Mapping[str, str]) -> Knowledge:
    """Cut pages (by name) into passages and weigh their words.

    >>> k = read_knowledge({"keys": "# Keys\\n## Lost keys\\nPress R twice.\\n## New keys\\nAsk us."})
    >>> answer(k, "I lost my key").text, str(answer(k, "I lost my key").places[0])
    ('Press R twice.', 'Keys: Lost keys')
    >>> answer(k, "Who won the match?").known
    False
    """
    passages = tuple(p for name, text in sorted(pages.items()) for p in _cut(name, text))
    counts = tuple(_counted(p) for p in passages)
    many = len(passages)
    seen = Counter(word for count in counts for word in count)
    weight = {word: _idf(many, n) for word, n in seen.items()}
    mean = sum(c.total() for c in counts) / many if many else 1.0
    return Knowledge(passages, counts, weight, _idf(many, 0), mean or 1.0)


def search(knowledge: Knowledge, question: str) -> list[tuple[float, float, Passage]]:
    """Return passages that speak of a question, the best first: score, share of the question, passage.

    The share is that of the sentence a passage meets best: what else is told does not hide what is asked.
    """
    parts = [part for sentence in ASKED.split(question) if (part := set(words(sentence)))]
    asked, found = set[str]().union(*parts), []
    for passage, count in zip(knowledge.passages, knowledge.counts, strict=True):
        met = asked & count.keys()
        if met:
            score = sum(_score(knowledge, count, word) for word in met)
            found.append((score, max(_share(knowledge, part, met) for part in parts), passage))
    return sorted(found, key=lambda f: (-f[0], f[2].page, f[2].line))


def answer(knowledge: Knowledge, question: str, before: str = "") -> Answer:
    """Answer a question out of the pages; ``before`` is the last one, on which a short one may lean."""
    found = [f for f in search(knowledge, question) if f[1] >= ENOUGH]
    if not found and before and LEANING.match(question):
        found = [f for f in search(knowledge, f"{before}. {question}") if f[1] >= ENOUGH]
    if not found:
        return Answer()
    best, rest = found[0], found[1:2]
    lacking = set(words(question)) - set(_searched(best[2]))
    told = [best[2], *(f[2] for f in rest if f[0] >= SECOND * best[0] and lacking & set(_searched(f[2])))]
    return Answer("\n\n".join(_told(p, question) for p in told), tuple(told))


def words(text: str) -> list[str]:
    """Return the words that a text is searched by: without common ones, cut to their first five letters.

    Cutting finds the forms of a word in all our languages alike (McNamee and Mayfield 2004).

    >>> words("How do I delete my chats, [PERSON_1]?"), words("Sletting av samtaler")
    (['delet', 'chat'], ['slett', 'samta'])
    """
    plain = (w.casefold() for w in WORD.findall(TOKEN.sub(" ", text)))
    return [_stem(w) for w in plain if w not in COMMON and (len(w) > 1 or w.isdigit())]


def plain(text: str) -> str:
    """Return Markdown as the text of an answer: marks gone, wrapped lines joined, lists as they were.

    >>> plain("Press *Delete* on\\n[your page](me).\\n\\n- once\\n- `twice`")
    'Press Delete on your page.\\n\\n- once\\n- twice'
    """
    bare = LINK.sub(r"\1", text).replace("`", "").replace("**", "")
    bare = re.sub(r"(?<!\w)([*_])(\S(?:[^*_\n]*\S)?)\1(?!\w)", r"\2", bare)
    return re.sub(r"(?<!\n)\n(?![\n*+-]|\d+\.)", " ", bare.strip())


def _stem(word: str) -> str:
    short = word[:-1] if len(word) in (4, 5) and word.endswith("s") and not word.endswith("ss") else word
    return short[:5]


def _idf(many: int, seen: int) -> float:
    return math.log(1 + (many - seen + 0.5) / (seen + 0.5))


def _score(knowledge: Knowledge, count: Counter[str], word: str) -> float:
    times, length = count[word], count.total() / knowledge.mean
    return knowledge.weight[word] * times * (K1 + 1) / (times + K1 * (1 - B + B * length))


def _share(knowledge: Knowledge, part: set[str], met: set[str]) -> float:
    """Return how much of a sentence's weight a passage meets; a word that no page has weighs most.

    One word of several is no meeting: pages share words with questions that they do not answer.
    """
    if len(part) > 1 and len(part & met) < 2:
        return 0.0
    whole = sum(knowledge.weight.get(w, knowledge.rarest) for w in part)
    return sum(knowledge.weight[w] for w in part & met) / whole


def _counted(passage: Passage) -> Counter[str]:
    """Count a passage's words; those of its headings count twice, since they say what it is about."""
    return Counter([*_searched(passage), *words(f"{passage.title} {passage.heading}")])


def _searched(passage: Passage) -> list[str]:
    return words(f"{passage.title} {passage.heading} {passage.text}")


def _cut(name: str, text: str) -> Iterable[Passage]:
    title, heading, start, lines = name.replace("-", " ").capitalize(), "", 1, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        found = HEADING.fullmatch(line.strip())
        if found is None:
            lines.append(line)
            continue
        yield from _passage(name, title, heading, lines, start)
        title = found[2] if len(found[1]) == 1 else title
        heading, start, lines = found[2], number, []
    yield from _passage(name, title, heading, lines, start)


def _passage(name: str, title: str, heading: str, lines: list[str], start: int) -> Iterable[Passage]:
    text = plain("\n".join(lines))
    if text:
        yield Passage(name, title, heading, text, start)


def _told(passage: Passage, question: str) -> str:
    """Return a passage, or the run of its sentences that speaks most of the question when it is long."""
    if len(passage.text) <= ROOM:
        return passage.text
    asked, parts = set(words(question)), SENTENCE.split(passage.text)
    hits = [len(asked & set(words(part))) for part in parts]
    start = max(range(len(parts)), key=lambda i: (sum(hits[i : i + 3]), -i))
    told = parts[start]
    for part in parts[start + 1 :]:
        if len(told) + len(part) > ROOM:
            break
        told = f"{told} {part}"
    return told
