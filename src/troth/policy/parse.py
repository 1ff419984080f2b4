"""Parse: a document's text to its policy, or to everything that is wrong with it at once.

The rule: no statement is skipped.  What cannot be read is a problem with its line and column, and a document
with one problem does not load.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from troth.document import Block, Section, WrongEncoding, read
from troth.policy import claims, doors, facts, house, periods, purposes, rights
from troth.policy.lines import Cursor, Lines, statements
from troth.policy.model import Data, Event, FormMeaning, Law, OptOut, Policy, Statement
from troth.policy.problems import DocumentBroken, Fault, near
from troth.policy.quote import sentence
from troth.policy.shapes import Shape, read_shape
from troth.terms import Clause, Place, Problem

HEADERS = house.HEADERS
SHAPES: tuple[Shape, ...] = (
    *house.SHAPES,
    *facts.SHAPES,
    *purposes.SHAPES,
    *doors.SHAPES,
    *periods.SHAPES,
    *claims.SHAPES,
    *rights.SHAPES,
)
_BY_WORDS = {shape.words: shape for shape in (*HEADERS, *SHAPES)}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one statement of the text made: its shape, and its statements or, for a header, its fields."""

    shape: Shape
    lines: Lines
    made: tuple[Any, ...]


def parse(text: str | bytes, path: str, *, packs: Mapping[str, str] | None = None) -> Policy:
    """Return the policy of a document, or raise ``DocumentBroken`` with every problem in it.

    ``packs`` gives the texts of law packs by name; ``under gdpr`` takes in ``packs["gdpr"]``.

    >>> policy = parse("## 1 News\\n```troth\\nconsent news \\"May we?\\"\\n```\\n", "policy.md")
    >>> str(policy.statements[0].clause)
    '§1 (line 3)'
    """
    try:
        document = read(text, path)
    except WrongEncoding as wrong:
        raise DocumentBroken(
            [Problem(Place(path, 1), "the file is not UTF-8", "save it as UTF-8")]
        ) from wrong
    found: list[Entry] = []
    problems: list[Problem] = []
    for section in document.sections:
        for block in section.blocks:
            for entry in entries(block, path, section):
                if isinstance(entry, Fault):
                    problems.append(entry.problem)
                else:
                    found.append(entry)
    policy = _policy(found, path, document.title)
    problems += _twice(policy)
    taken = tuple(_packs(policy, dict(packs or {}), problems))
    if problems:
        raise DocumentBroken(problems)
    return replace(policy, packs=taken)


def entries(block: Block, path: str, section: Section) -> Iterator[Entry | Fault]:
    """Yield what each statement of a block makes; one that cannot be read comes as its fault."""
    opened = _opened(block, path)
    if opened:
        yield opened
        return
    for lines in statements(block, path):
        if isinstance(lines, Fault):
            yield lines
            continue
        try:
            yield _entry(lines, path, section)
        except Fault as fault:
            yield fault


def _opened(block: Block, path: str) -> Fault | None:
    """Return the fault of a block that was never closed, so that what stands after it is taken for rules."""
    for number, row in enumerate(block.text.splitlines()):
        if row.lstrip().startswith("```"):
            return Fault(
                Place(path, block.line + number),
                f"a block begins here inside the rules of line {block.line}, which were never closed",
                "write ``` on a line of its own where those rules end",
            )
    return None


def _entry(lines: Lines, path: str, section: Section) -> Entry:
    cursor = Cursor(lines.rows[0], path)
    label = ""
    if lines.first.kind == "word" and lines.first.text.endswith(":"):
        label = cursor.word().removesuffix(":")
    token = cursor.token
    words = cursor.accept(*_BY_WORDS)
    if token is None or not words:
        raise _unknown(cursor)
    shape = _BY_WORDS[words]
    place = Place(path, token.line, token.column)

    said = sentence(section, token.line, _bound_as(shape), (t.text for t in lines.words))

    def at(line: int) -> Clause:
        return Clause(section.ref, line, section.title, said, path)

    known: dict[str, Any] = {}
    if shape not in HEADERS:
        known = {"clause": at(token.line), "place": place, **({"label": label} if label else {})}
    return Entry(shape, lines, tuple(read_shape(shape, lines, cursor, at, known)))


def _bound_as(shape: Shape) -> str:
    """Return how a phrase of the prose calls a statement of this shape when it is bound to it."""
    if shape.make is FormMeaning:
        return "form"
    return "opt-out" if shape.make is OptOut else shape.words.split()[0]


def _unknown(cursor: Cursor) -> Fault:
    token = cursor.token
    if token is None:
        return Fault(cursor.place(), "a label stands here without a rule")
    firsts = {words.split()[0] for words in _BY_WORDS}
    longer = [words for words in _BY_WORDS if words.split()[0] == token.text]
    owners = [s.words for s in _BY_WORDS.values() if token.text in {p.split()[0] for p in s.phrases()}]
    hint = f"did you mean '{longer[0]}'?" if longer else near(token.text, firsts)
    if owners and not longer:
        whose = f"to '{owners[0]}'" if len(owners) == 1 else "within a statement"
        hint = f"it belongs {whose}: write it below that, two spaces in"
    return Fault(
        cursor.place(), f"'{token.text}' begins no statement", hint or "see the grammar page for all"
    )


def _policy(found: list[Entry], path: str, title: str) -> Policy:
    headers: dict[str, Any] = {}
    made: list[Statement] = []
    for entry in found:
        if entry.shape in HEADERS:
            headers.update({k: v for k, v in entry.made[0].items() if k != "added"})
        else:
            made += entry.made
    names = frozenset(s.name for s in made if isinstance(s, Data))
    settled = tuple(facts.derived(s, names) if isinstance(s, Data) else s for s in made)
    return Policy(settled, path, title, **headers)


def _twice(policy: Policy) -> Iterator[Problem]:
    """Yield a problem for each name declared twice in its kind; two eras of one name are no such thing."""
    seen: dict[tuple[type, str, object], Statement] = {}
    for statement in policy.statements:
        name = getattr(statement, "name", "")
        if not name or (isinstance(statement, Event) and not statement.alternatives):
            continue
        guard = getattr(statement, "guard", None)
        key = (type(statement), name, guard and (guard.since, guard.until))
        first = seen.setdefault(key, statement)
        if first is not statement:
            word = type(statement).__name__.lower()
            message = f"{word} '{name}' is declared twice, first on line {first.place.line}"
            yield Problem(statement.place, message, "give one of them another name")


def _packs(policy: Policy, packs: dict[str, str], problems: list[Problem]) -> Iterator[Policy]:
    for law in policy.of(Law):
        text = packs.get(law.name)
        if text is None:
            hint = near(law.name, packs) or (f"known laws: {', '.join(sorted(packs))}" if packs else "")
            problems.append(Problem(law.place, f"no law pack '{law.name}'", hint))
            continue
        rest = {name: other for name, other in packs.items() if name != law.name}
        try:
            yield parse(text, f"{law.name}.md", packs=rest)
        except DocumentBroken as broken:
            problems.extend(broken.problems)
