"""Examples: people and requests with the decision to expect, read from ``examples.md`` and judged.

A block marked ``example`` is one request.  What ``given`` does not list does not hold; an age that is
not said is unknown.  Acts count in the order they are listed.  The decision itself is the kernel's:
``judge`` is handed a function and compares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from troth.document import Section, read
from troth.policy.problems import Fault, near
from troth.terms import Action, Allowed, Decision, Form, Place, Problem, RefusedBy, Request, State, Unsaid

Decide: TypeAlias = Callable[[Request, State, datetime], Decision]

_FENCE = re.compile(r"```\s*example\s*\n(.*?)\n?```", re.S)
_REQUEST = re.compile(
    r"(?P<action>\w+) (?P<data>[\w-]+)(?:\.(?P<field>[\w-]+))?(?: (?:with|to) (?P<party>[\w-]+))?"
    r"(?: for (?P<purpose>[\w-]+))?(?: from (?P<source>[\w-]+))?(?: as (?P<form>\w+))?"
)
_LISTED = re.compile(r",(?![^()]*\))")  # a comma in brackets parts a member from its purpose
_EXPECT = re.compile(r"(allowed|refused|unsaid)(?:\s+§?([\w.:-]+))?(?:,?\s*missing\s+(.+))?")
_GIVEN = {"consent": "consents", "objection": "objections", "fact": "facts", "restriction": "restricted"}
_WORDS = ("member", "at", "age", "given", "expect", "notice")


@dataclass(frozen=True, slots=True)
class Example:
    """One request about one person at one moment, and the answer it must have.

    ``answer`` is allowed, refused or unsaid; *refused* takes silence too.  ``clause`` must be among the
    sections that decided; ``missing`` are names that must be among what is missing.
    """

    title: str
    place: Place
    request: Request
    state: State
    at: datetime
    answer: str
    clause: str = ""
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class _Said:
    """The lines of a block as they are read."""

    request: Request | None = None
    member: str = ""
    at: datetime | None = None
    age: int | None = None
    notice: bool = True
    order: list[str] = field(default_factory=list)
    given: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in _GIVEN.values()})
    expect: re.Match[str] | None = None


def read_examples(text: str | bytes, path: str) -> tuple[tuple[Example, ...], tuple[Problem, ...]]:
    """Return the examples of a text, and the problems of the blocks that could not be read.

    >>> found, _ = read_examples(\"\"\"## Kari
    ... ```example
    ... use contact for news
    ... at 2026-04-12T12:00+02:00
    ... given consent news(bryggen)
    ... expect allowed §4
    ... ```
    ... \"\"\", "examples.md")
    >>> found[0].title, found[0].request.purpose, sorted(found[0].state.consents), found[0].clause
    ('Kari', 'news', ['news(bryggen)'], '4')
    """
    examples: list[Example] = []
    problems: list[Problem] = []
    for section in read(text, path).sections:
        for rows in _blocks(section):
            try:
                examples.append(_example(section.title, rows, path))
            except Fault as fault:
                problems.append(fault.problem)
    return tuple(examples), tuple(problems)


def judge(example: Example, decide: Decide) -> Problem | None:
    """Return what is wrong with the decision of an example, or None when it is as expected."""
    decision = decide(example.request, example.state, example.at)
    wrong = _wrong(example, decision)
    if not wrong:
        return None
    return Problem(example.place, f"'{example.title}' {wrong}", f"decided: {decision}")


def judge_all(examples: Iterable[Example], decide: Decide) -> tuple[Problem, ...]:
    """Return what is wrong with any of the examples."""
    return tuple(p for e in examples if (p := judge(e, decide)) is not None)


def _wrong(example: Example, decision: Decision) -> str:
    answer = {Allowed: "allowed", RefusedBy: "refused", Unsaid: "unsaid"}[type(decision)]
    expected = example.answer
    if answer != expected and not (expected == "refused" and answer == "unsaid"):
        return f"should be {expected}, and is {answer}"
    clauses = () if isinstance(decision, Unsaid) else decision.clauses
    refs = {c.ref for c in clauses}
    if example.clause and example.clause not in refs:
        named = ", ".join(f"§{r}" for r in sorted(refs)) or "no clause"
        return f"should be {expected} by §{example.clause}, and is by {named}"
    lacks = decision.missing if isinstance(decision, RefusedBy) else ()
    unnamed = [m for m in example.missing if not any(_names(lack, m) for lack in lacks)]
    return (
        f"should be missing {', '.join(unnamed)}, and is missing {', '.join(lacks) or 'nothing'}"
        if unnamed
        else ""
    )


def _names(lack: str, name: str) -> bool:
    """Say whether ``fact credit-due(kraft2)`` is what *credit-due* speaks of."""
    return lack == name or any(word == name or word.partition("(")[0] == name for word in lack.split())


def _blocks(section: Section) -> Iterator[list[tuple[str, int]]]:
    for paragraph in section.prose:
        for hit in _FENCE.finditer(paragraph.text):
            first = paragraph.line + paragraph.text.count("\n", 0, hit.start(1))
            rows = [(row.strip(), n) for n, row in enumerate(hit[1].split("\n"), first)]
            yield [(row, n) for row, n in rows if row and not row.startswith("#")]


def _example(title: str, rows: list[tuple[str, int]], path: str) -> Example:
    if not rows:
        raise Fault(Place(path, 1), f"'{title}' holds an empty example", "write a request in it")
    said = _Said()
    for row, number in rows:
        _take(row, Place(path, number), said)
    place = Place(path, rows[0][1])
    if said.request is None:
        raise Fault(place, "this example has no request", "begin with 'use contact for news', for instance")
    if said.at is None:
        raise Fault(place, "this example has no moment", "write 'at 2026-04-12T12:00:00+02:00'")
    if said.expect is None:
        raise Fault(place, "this example expects nothing", "write 'expect allowed', 'refused' or 'unsaid'")
    given = {name: frozenset(names) for name, names in said.given.items()}
    state = State(age=said.age, notice=said.notice, order=tuple(said.order), **given)
    asked = replace(said.request, member=said.member)
    lacks = tuple(re.split(r"[,\s]+", said.expect[3].strip())) if said.expect[3] else ()
    return Example(title, place, asked, state, said.at, said.expect[1], said.expect[2] or "", lacks)


def _take(row: str, place: Place, said: _Said) -> None:
    word, _, rest = row.partition(" ")
    if word in {a.value for a in Action}:
        said.request = _request(row, place)
    elif word == "member":
        said.member = rest.strip()
    elif word == "at":
        said.at = _moment(rest.strip(), place)
    elif word == "age":
        said.age = _years(rest.strip(), place)
    elif word == "given":
        _give(rest, place, said)
    elif row in ("notice accepted", "notice not accepted"):
        said.notice = row == "notice accepted"
    elif word == "expect":
        said.expect = _EXPECT.fullmatch(rest.strip())
        if said.expect is None:
            raise Fault(
                place, f"'{rest}' is no expectation", "write 'expect allowed §4.1', or 'refused, missing …'"
            )
    else:
        known = [*_WORDS, *(a.value for a in Action)]
        raise Fault(
            place, f"'{word}' is not understood in an example", near(word, known) or f"known are {known}"
        )


def _request(row: str, place: Place) -> Request:
    hit = _REQUEST.fullmatch(row)
    if hit is None:
        raise Fault(
            place,
            f"'{row}' is no request",
            "write ACTION DATA [with PARTY] for PURPOSE [from SOURCE] [as FORM]",
        )
    said = {name: value or "" for name, value in hit.groupdict().items()}
    form = said.pop("form") or Form.IDENTIFIED.value
    if form not in {f.value for f in Form}:
        raise Fault(place, f"'{form}' is no form", near(form, [f.value for f in Form]))
    return Request(Action(said.pop("action")), said.pop("data"), said.pop("purpose"), form=Form(form), **said)


def _moment(text: str, place: Place) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Fault(place, f"'{text}' is no moment", "write 2026-04-12T12:00:00+02:00") from None
    if moment.tzinfo is None:
        raise Fault(place, f"'{text}' has no time zone", "write +01:00, +02:00 or Z after it")
    return moment


def _years(text: str, place: Place) -> int:
    if not text.isdecimal():
        raise Fault(place, f"'{text}' is no age", "write whole years")
    return int(text)


def _give(rest: str, place: Place, said: _Said) -> None:
    for item in filter(None, (part.strip() for part in _LISTED.split(rest))):
        kind, _, name = item.partition(" ")
        if kind not in _GIVEN or not name:
            raise Fault(
                place, f"'{item}' cannot be given", near(kind, _GIVEN) or f"known are {', '.join(_GIVEN)}"
            )
        said.given[_GIVEN[kind]].add(name.strip())
        said.order.append(f"{kind} {name.strip()}")
