"""Messages: what is written to many, in wordings that rules pick by a person's own choices.

A message is a file, ``messages/NAME.md``:

    ---
    title: Something warm from Bryggen
    purpose: news
    client: bryggen-kaffe
    words: fit
    ---
    ## tea when taste.drink tea
    A pot of Darjeeling waits for you.

    ## default
    Come by for something warm.

``purpose`` is what the message is for, ``words`` the purpose for which a variant is chosen.  Variants are
tried from the top; the one without a rule is everybody's, and a message without such a one goes only to those
whom a rule names.  A paragraph that begins ``offer:`` offers something: only a message that people can refuse
may have one (``classes.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from troth.services.choosing import Liked, Rule, best, fault, rule_of
from troth.services.classes import REFUSABLE, class_of, offers
from troth.services.coverage import Coverage
from troth.terms import Place, Problem

HEADING = re.compile(r"## (?P<name>[a-z][a-z0-9-]{0,40})(?: when (?P<rule>.+))?")
KEYS = frozenset({"title", "purpose", "client", "words"})


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording; ``rule`` None means that everybody may get it."""

    name: str
    text: str
    line: int
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message to many."""

    name: str
    title: str
    purpose: str
    variants: tuple[Variant, ...]
    client: str = ""
    words: str = ""
    path: str = ""


def read_message(text: str, path: str) -> tuple[Message, tuple[Problem, ...]]:
    """Read a message from its file; the problems are empty when it may be checked and sent.

    >>> text = "---\\ntitle: T\\npurpose: news\\n---\\n## default\\nHi.\\n"
    >>> message, problems = read_message(text, "messages/k.md")
    >>> message.name, message.variants[0].text, problems
    ('k', 'Hi.', ())
    """
    problems: list[Problem] = []
    lines = text.splitlines()
    head, first = _head(lines, path, problems)
    name = path.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md")
    variants = tuple(_variants(lines[first:], first, path, problems))
    for key in ("title", "purpose"):
        if not head.get(key):
            problems.append(Problem(Place(path, 1), f"the message has no {key}", f"add {key}: …"))
    if not variants:
        problems.append(Problem(Place(path, 1), "the message has no wording", "begin one with ## default"))
    said = {k: head.get(k, "") for k in ("title", "purpose", "client", "words")}
    return Message(
        name, said["title"], said["purpose"], variants, said["client"], said["words"], path
    ), tuple(problems)


def check_message(message: Message, coverage: Coverage) -> tuple[Problem, ...]:
    """Return what the policy does not let this message do; empty when it may be sent."""
    return tuple(_faults(message, coverage))


def variant_for(message: Message, likes: Iterable[Liked]) -> Variant | None:
    """Return the wording for somebody of these likes; None when no wording is theirs."""
    told = tuple(likes)
    for variant in message.variants:
        if variant.rule is None or best([variant.rule], told):
            return variant
    return None


def _faults(message: Message, coverage: Coverage) -> Iterator[Problem]:
    for name in (message.purpose, *filter(None, [message.words])):
        if coverage.purpose(name) is None:
            yield Problem(
                Place(message.path, 1), f"is written for '{name}', a purpose the policy does not have"
            )
            return
    sender = coverage.purpose(message.purpose)
    if sender is not None and (kind := class_of(sender)) not in REFUSABLE:
        for variant in (v for v in message.variants if offers(v.text)):
            said = f"the wording '{variant.name}' offers something, and a {kind} message cannot be refused"
            yield Problem(Place(message.path, variant.line), said, "take it out, or write marketing")
    for variant in (v for v in message.variants if v.rule):
        assert variant.rule is not None
        here = Place(message.path, variant.line)
        if not message.words:
            yield Problem(
                here, "picks its words and names no purpose for it", "add to the head: words: PURPOSE"
            )
            continue
        said, hint = fault(variant.rule, coverage, message.words)
        if said:
            yield Problem(here, f"the wording '{variant.name}' {said}", hint)


def _head(lines: list[str], path: str, problems: list[Problem]) -> tuple[dict[str, str], int]:
    if not lines or lines[0].strip() != "---":
        problems.append(Problem(Place(path, 1), "a message begins with front matter"))
        return {}, 0
    head: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            return head, number
        key, _, value = line.partition(":")
        if key.strip() not in KEYS:
            problems.append(Problem(Place(path, number), f"unknown setting '{key.strip()}'"))
        head[key.strip()] = value.strip()
    problems.append(Problem(Place(path, 1), "the front matter does not end", "close it with ---"))
    return head, len(lines)


def _variants(lines: list[str], offset: int, path: str, problems: list[Problem]) -> Iterator[Variant]:
    starts = [i for i, line in enumerate(lines) if line.startswith("## ")]
    for at, after in pairwise([*starts, len(lines)]):
        number = offset + at + 1
        found = HEADING.fullmatch(lines[at].strip())
        rule = rule_of(found["rule"]) if found and found["rule"] else None
        if found is None or (found["rule"] and rule is None):
            hint = "write: ## NAME when taste.drink tea"
            problems.append(Problem(Place(path, number), "this heading cannot be read", hint))
            continue
        yield Variant(found["name"], "\n".join(lines[at + 1 : after]).strip(), number, rule)
