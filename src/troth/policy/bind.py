"""Bind: the prose held to the rules, so that the document cannot say one thing and do another.

A bound phrase, ``[30 days](keep:visit)``, must say what its rule says, in every language.  What
promises and stands unbound is advice.  The one rule: a phrase is compared by value, never by spelling
(*thirty days* is 30 days).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from troth.document import Document, Paragraph, Phrase, Section, phrases
from troth.policy.bind_values import KINDS, POINTING, Value, bound, countries, value
from troth.policy.bind_words import lengths, numbers, places, say_span, strong
from troth.policy.check_terms import advice, canonical, error, missing
from troth.policy.model import Policy, Recipient, Statement
from troth.policy.problems import near
from troth.terms import Place, Problem

_BOUND = re.compile(r"\[[^\]\[]+\]\([a-z][a-z-]*:[^()\s]+\)")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\S)[^.!?]*)*[.!?]*")
_AGE = re.compile(
    r"(?i)\b(?:under|below|aged?|over|from age|fylt)\s+(\d{1,2})\b(?!\s*\w*\s*(?:days|hours|%))"
)
_SAYS = {"keep": "is kept", "breach": "is told within", "change": "is told", "right": "is answered within"}


def check_prose(policy: Policy, document: Document) -> Iterator[Problem]:
    """Yield the bound phrases that say something else than their rule, and what promises unbound."""
    for section in document.sections:
        for paragraph in section.prose:
            for phrase in phrases(paragraph):
                yield from _compare(policy, document.path, section, phrase, policy.language)
            if section.blocks:
                yield from _unbound(policy, document.path, paragraph)


def check_translation(policy: Policy, document: Document, translation: Document) -> Iterator[Problem]:
    """Yield where another language says something else, holds rules, or leaves a section out."""
    tag = language_of(translation.path, policy.language)
    here = {s.ref: s for s in translation.sections}
    for section in document.sections:
        if section.prose and section.level > 1 and section.ref not in here:
            yield missing(
                Place(translation.path, 1),
                f"§{section.ref} '{section.title}' is not translated",
                "add the section",
            )
    known = {s.ref for s in document.sections}
    for section in translation.sections:
        yield from _alone(section, known, translation.path)
        said = [p for paragraph in section.prose for p in phrases(paragraph)]
        for phrase in said:
            yield from _compare(policy, translation.path, section, phrase, tag)
        yield from _lost(document.section(section.ref), said, translation.path, section)


def language_of(path: str, other: str = "en") -> str:
    """Return the language that a translation's file name says.

    >>> language_of("companies/fjord/policy.nb.md")
    'nb'
    """
    parts = PurePosixPath(path).name.split(".")
    return parts[-2] if len(parts) > 2 else other


def says(phrase: str, said: Value, tag: str) -> bool:
    """Say whether a phrase repeats a rule's value.

    >>> from troth.policy.model import Span
    >>> says("thirty days", Value((Span(30, "day"),)), "en"), says("60 days", Value((Span(30, "day"),)), "en")
    (True, False)
    """
    spans = [canonical(found.span) for found in lengths(phrase, tag)]
    if spans:
        return set(spans) <= {canonical(s) for s in said.spans}
    figures = numbers(phrase, tag)
    if figures and said.numbers:
        return set(figures) <= set(said.numbers)
    plain = _plain(phrase)
    return any(plain in (_plain(name), _plain(name).removeprefix("the ")) for name in said.names)


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").casefold().strip(" .,;:°*_").split())


def _compare(policy: Policy, path: str, section: Section, phrase: Phrase, tag: str) -> Iterator[Problem]:
    place = Place(path, phrase.line, phrase.column)
    if phrase.kind not in KINDS:
        known = near(phrase.kind, KINDS) or f"known are {', '.join(KINDS)}"
        yield error(place, f"'{phrase.text}' is bound to no kind of rule: '{phrase.kind}'", known)
        return
    rules = bound(policy, phrase.kind, phrase.name, section.ref)
    if not rules:
        yield error(
            place,
            f"'{phrase.text}' is bound to '{phrase.kind}:{phrase.name}', and there is no such rule",
            "bind it to a rule that stands beside it, or take the brackets away",
        )
        return
    figured = numbers(phrase.text, tag) or any(lengths(phrase.text, tag))
    if phrase.kind in POINTING and not figured:
        return
    values = [value(rule, tag) for rule in rules]
    if not any(says(phrase.text, v, tag) for v in values):
        yield _differs(rules, values, phrase, path, tag)


def _differs(
    rules: tuple[Statement, ...], values: list[Value], phrase: Phrase, path: str, tag: str
) -> Problem:
    """Return the error that shows both lines, at the rule's own place."""
    said = " or ".join(dict.fromkeys(filter(None, (v.say(tag) for v in values)))) or "without a value"
    where = f"line {phrase.line}" if rules[0].place.path == path else f"{path}:{phrase.line}"
    verb = _SAYS.get(phrase.kind, "is")
    return error(
        rules[0].place,
        f"{phrase.kind}: '{phrase.name}' {verb} {said}, the sentence beside it says {phrase.text} ({where})",
        "make both say the same",
    )


def _unbound(policy: Policy, path: str, paragraph: Paragraph) -> Iterator[Problem]:
    """Yield advice on what a paragraph beside rules promises without being bound (reading 21)."""
    tag, text = policy.language, paragraph.text
    free = _BOUND.sub(lambda hit: " " * len(hit[0]), text)
    for found in lengths(free, tag):
        yield advice(
            _at(path, paragraph, found.start),
            f"'{say_span(found.span, tag)}' is bound to no rule",
            "bind it, as in [30 days](keep:visit)",
        )
    for hit in _AGE.finditer(free):
        yield advice(_at(path, paragraph, hit.start(1)), f"the age '{hit[1]}' is bound to no rule", "bind it")
    for name in _names(policy):
        for hit in re.finditer(rf"\b{_loose(name)}\b", free):
            yield advice(_at(path, paragraph, hit.start()), f"'{name}' is bound to no rule", "bind it")
    yield from _strong(policy, path, paragraph, free)


def _strong(policy: Policy, path: str, paragraph: Paragraph, free: str) -> Iterator[Problem]:
    labels = {s.label for s in policy.statements if s.label}
    words = re.compile(rf"(?i)\b({'|'.join(strong(policy.language))})\b")
    for sentence in _SENTENCE.finditer(paragraph.text):
        whole = sentence[0]
        if not _BOUND.search(whole) and not any(label in whole for label in labels):
            continue
        for hit in words.finditer(free, sentence.start(), sentence.end()):
            yield advice(
                _at(path, paragraph, hit.start()),
                f"'{hit[0]}' promises, and is bound to no rule",
                "a 'never' would hold it",
            )


def _names(policy: Policy) -> Iterator[str]:
    yield from sorted({r.text for r in policy.of(Recipient) if r.text})
    yield from sorted({name for code in countries(policy) for name in places(code, policy.language)})


def _loose(name: str) -> str:
    """Return a pattern for a name that may be broken over two lines."""
    return r"\s+".join(map(re.escape, name.split()))


def _at(path: str, paragraph: Paragraph, offset: int) -> Place:
    before = paragraph.text[:offset]
    return Place(path, paragraph.line + before.count("\n"), offset - (before.rfind("\n") + 1) + 1)


def _alone(section: Section, known: set[str], path: str) -> Iterator[Problem]:
    place = Place(path, section.line)
    if section.blocks:
        yield error(
            place, f"§{section.ref}: a translation holds prose only", "rules stand in the policy itself"
        )
    if section.level > 1 and section.ref not in known:
        yield error(
            place,
            f"§{section.ref} stands in no other language",
            near(section.ref, known) or "number it as the policy does",
        )


def _lost(section: Section | None, said: list[Phrase], path: str, here: Section) -> Iterator[Problem]:
    spoken = {(p.kind, p.name) for p in said}
    for phrase in (p for paragraph in section.prose for p in phrases(paragraph)) if section else ():
        if (phrase.kind, phrase.name) not in spoken:
            yield advice(
                Place(path, here.line),
                f"§{here.ref} does not say '{phrase.text}', bound to {phrase.kind}:{phrase.name}",
                "bind its translation",
            )
