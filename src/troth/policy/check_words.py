"""Check words: what stands outside the document's rules and still has to fit them.

Settings must have a value, members of open classes what their class needs, sections both prose and
rules. Statements that nothing acts on yet are listed, so that no promise rests on them unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile

from troth.document import Document, Section
from troth.policy.check_terms import advice, error, missing
from troth.policy.model import (
    Area,
    Controller,
    Data,
    Join,
    Policy,
    Recipient,
    Setting,
    Statement,
    Tell,
    Treatment,
)
from troth.policy.problems import near
from troth.terms import Place, Problem

Members = Mapping[str, Mapping[str, Mapping[str, object]]]
_EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO"
EEA = frozenset(_EEA.split())


def _is(kind: type[Statement]) -> Callable[[Statement], bool]:
    return lambda statement: isinstance(statement, kind)


INERT: tuple[tuple[str, str, Callable[[Statement], bool]], ...] = (
    (
        "truncate and pseudonymise",
        "a field says it itself (`truncated`, `pseudonymous`)",
        lambda s: isinstance(s, Treatment) and s.verb != "scrub",
    ),
    ("tell", "messages are sent", _is(Tell)),
    ("join", "records under two keys are linked", _is(Join)),
    ("of two people", "a record belongs to two", lambda s: isinstance(s, Data) and s.of_two),
    (
        "requests to",
        "requests are handed on",
        lambda s: isinstance(s, Area) and bool(s.requests_to) and s.role != "controller",
    ),
)
_PLACEHOLDER = re.compile(
    r"(?i)^[\W_]*$|x{3,}|\*{2,}|\.{3}|…|[<\[{].*[>\]}]|\byour[-_ ]"
    r"|\b(todo|tbd|tba|fixme|change-?me|placeholder)\b"
)
_MAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")


def check_settings(policy: Policy, site: Mapping[str, object]) -> Iterator[Problem]:
    """Yield the settings without a usable value in ``site.toml``'s ``[settings]``."""
    values = site.get("settings", {})
    given = values if isinstance(values, Mapping) else {}
    contacts = {c.contact.removeprefix("setting ") for c in policy.of(Controller)}
    for setting in policy.of(Setting):
        value = given.get(setting.name)
        hint = f"give {setting.name} its value under [settings] in site.toml"
        if value is None:
            yield error(
                setting.place, f"setting '{setting.name}' has no value", near(setting.name, given) or hint
            )
        elif placeholder(str(value)):
            yield error(setting.place, f"setting '{setting.name}' is empty or a placeholder", hint)
        elif setting.name in contacts and not _MAIL.fullmatch(str(value)):
            yield error(setting.place, f"setting '{setting.name}' is no mail address", hint)


def placeholder(value: str) -> bool:
    """Say whether a value is only a stand-in for one.

    >>> [placeholder(v) for v in ("", "xxx@xxx.com", "[mail]", "privacy@fjordcoffee.example")]
    [True, True, True, False]
    """
    return bool(_PLACEHOLDER.search(value))


def check_members(policy: Policy, parties: Members) -> Iterator[Problem]:
    """Yield the members of open classes that lack what their class needs, or are in the wrong place."""
    classes = {r.name: r for r in policy.of(Recipient) if r.each}
    for name in sorted(set(parties) - set(classes)):
        known = near(name, classes) or "declare it with 'each', or take it out of parties.toml"
        yield error(Place("parties.toml", 1), f"the document has no open class '{name}'", known)
    for name, recipient in classes.items():
        members = parties.get(name, {})
        if not members:
            yield missing(recipient.place, f"'{name}' has no member yet", "name them in parties.toml")
        for key, fields in members.items():
            for need in (n for n in recipient.needs if not str(fields.get(n, "")).strip()):
                yield error(
                    recipient.place,
                    f"member '{key}' of '{name}' lacks '{need}'",
                    "say it in parties.toml, or do not name the member yet",
                )
            yield from _task(recipient, key, str(fields.get("task", "")))
            country = str(fields.get("country", ""))
            if not _inside(country, recipient.country):
                yield error(
                    recipient.place,
                    f"member '{key}' of '{name}' is in '{country or 'no country'}', "
                    f"the document says {recipient.country}",
                    "a member outside the named place needs a class of its own",
                )


def _task(recipient: Recipient, key: str, task: str) -> Iterator[Problem]:
    """Yield the problem of a member whose task is none that the document lists."""
    if recipient.tasks and task not in recipient.tasks:
        yield error(
            recipient.place,
            f"member '{key}' of '{recipient.name}' has the task '{task}', which is none of the listed ones",
            f"one of {', '.join(recipient.tasks)}, or list it",
        )


def _inside(country: str, place: str) -> bool:
    if not place:
        return True
    return country in EEA if place in ("EEA", "EU") else country == place


def check_sections(policy: Policy, document: Document) -> Iterator[Problem]:
    """Yield the sections with a number that was taken, with prose without rules, or rules without prose."""
    if not any(section.blocks for section in document.sections):
        yield error(Place(document.path, 1), "holds no rules", "write them in blocks that open with ```troth")
    for at, section in enumerate(document.sections):
        place = Place(document.path, section.line)
        number, again, _ = section.ref.partition(":")
        if again and number[:1].isdigit():
            yield error(place, f"there is a second section {number}", "a clause is cited by its number")
        if section.blocks and not section.prose and section.level:
            yield advice(place, f"§{section.ref} has rules and no prose", "say in words what they promise")
        inner = _inner(document, at)
        if section.prose and section.level > 1 and not any(s.blocks for s in (section, *inner)):
            yield advice(
                place,
                f"§{section.ref} has prose and no rules",
                "nothing holds us to it; add the rule, if it promises",
            )


def _inner(document: Document, at: int) -> tuple[Section, ...]:
    level = document.sections[at].level
    return tuple(takewhile(lambda s: s.level > level, document.sections[at + 1 :]))


def check_inert(policy: Policy) -> Iterator[Problem]:
    """Yield the statements that are read, shown and compared, and that nothing acts on yet."""
    for words, moment, told in INERT:
        found = [s for s in policy.statements if told(s)]
        if found:
            where = ", ".join(str(s.place.line) for s in found)
            lines = "line" if len(found) == 1 else "lines"
            yield advice(found[0].place, f"parsed; acts when {moment}: '{words}' on {lines} {where}")
