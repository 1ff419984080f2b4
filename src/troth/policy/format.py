"""Format: a policy written as words, and the rule blocks of a document laid out in one way.

Prose is handed back byte for byte and comments stay at their lines.  The one rule: formatting changes no
meaning, and formatting twice changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from troth.document import Block, Section, read
from troth.policy.lines import comment
from troth.policy.model import Policy, Statement, Tell
from troth.policy.parse import HEADERS, SHAPES, Entry, entries
from troth.policy.problems import DocumentBroken, Fault
from troth.policy.rights import TOLD
from troth.policy.shapes import Shape, write_shape
from troth.terms import Problem

_COLUMNS = (52, 79)  # of comments: beside lines below a statement, and beside all others
_ENDS = re.compile(r"(\r\n|\r|\n)")


def format_policy(policy: Policy) -> str:
    """Return a document of one rule block that says what the policy says, its packs by name only.

    >>> from troth.policy.model import Children
    >>> print(format_policy(Policy((Children(under=13),), title="Club")))
    # Club
    <BLANKLINE>
    ```troth
    children under 13 refuse
    ```
    <BLANKLINE>
    """
    lines = [line for shape in HEADERS for line in _header(shape, policy)]
    for statement in policy.statements:
        lines += write_statement(statement)
    return "\n".join([f"# {policy.title}", "", "```troth", *lines, "```", ""])


def write_statement(statement: Statement) -> list[str]:
    """Return the lines of one statement, with its label."""
    first, *rest = write_shape(shape_of(statement), statement)
    return [f"{statement.label}: {first}" if statement.label else first, *rest]


def shape_of(statement: Statement) -> Shape:
    """Return the shape by which a statement is written."""
    return next(
        s
        for s in SHAPES
        if s.make is type(statement) and all(getattr(statement, n) == v for n, v in s.fixed.items())
    )


def format_document(text: str, path: str) -> str:
    """Return the document with its rule blocks laid out; raise ``DocumentBroken`` for its faults."""
    parts = _ENDS.split(text)
    lines, ends = parts[::2], [*parts[1::2], ""]
    new_line = next((e for e in ends if e), "\n")
    document = read(text, path)
    problems: list[Problem] = []
    for section in reversed(document.sections):
        for block in reversed(section.blocks):
            laid = _block(block, path, section, problems)
            start, end = block.line - 1, block.line - 1 + block.text.count("\n")
            margin = re.match(r"\s*", lines[start - 1])
            indent = margin[0].lstrip("\ufeff") if margin else ""
            lines[start:end] = [(indent + line) if line else "" for line in laid]
            ends[start:end] = [new_line] * len(laid)
    if problems:
        raise DocumentBroken(problems)
    return "".join(line + end for line, end in zip(lines, ends, strict=True))


def _block(block: Block, path: str, section: Section, problems: list[Problem]) -> list[str]:
    """Return the lines of a block laid out anew; faults are added to the problems."""
    raw = dict(enumerate(block.text.split("\n")[:-1], block.line))
    laid: list[str] = []
    at = block.line
    for entry in entries(block, path, section):
        if isinstance(entry, Fault):
            problems.append(entry.problem)
            continue
        laid += _between(raw, at, entry.lines.first.line)
        laid += _woven(entry, raw)
        at = entry.lines.rows[-1][-1].line + 1
    laid += _between(raw, at, block.line + len(raw))
    return laid


def _between(raw: dict[int, str], start: int, end: int) -> Iterator[str]:
    """Yield the blank lines, one for many, and the comments that stand between two statements."""
    blank = False
    for number in range(start, end):
        said = raw[number].strip()
        if said or not blank:
            yield said
        blank = not said


def _woven(entry: Entry, raw: dict[int, str]) -> Iterator[str]:
    """Yield an entry's lines with the comments of the lines they come from."""
    lines = _written(entry)
    numbers = [row[0].line for row in entry.lines.rows]
    homes = _homes([row[0].text for row in entry.lines.rows], lines, len(entry.made) == 1)
    above: dict[int, list[str]] = {}
    beside: dict[int, list[str]] = {}
    for number in range(numbers[0], numbers[-1] + 1):
        note = comment(raw[number])
        if not note:
            continue
        row = max(i for i, n in enumerate(numbers) if n <= number)
        if number in numbers:
            beside.setdefault(homes[row], []).append(note)
        else:
            above.setdefault(homes[row + 1], []).append("  " + note)
    for i, line in enumerate(lines):
        yield from above.get(i, ())
        yield _beside(line, " ".join(beside.get(i, ())))


def _homes(rows: Sequence[str], lines: Sequence[str], one: bool) -> list[int]:
    """Return for each row the line that says it now: by count where that is kept, else by first word."""
    if one and len(rows) == len(lines):
        return list(range(len(rows)))
    homes = [0]
    for word in rows[1:]:
        later = (i for i in range(homes[-1] + 1, len(lines)) if lines[i].split()[0] == word)
        homes.append(next(later, homes[-1]))
    return homes


def _beside(line: str, note: str) -> str:
    if not note:
        return line
    columns = _COLUMNS if line.startswith(" ") else _COLUMNS[1:]
    column = next((c for c in columns if len(line) + 1 < c), len(line) + 2)
    return line.ljust(column) + note


def _written(entry: Entry) -> list[str]:
    """Return the lines of what an entry made: one statement where one stood, its duties to tell below."""
    if entry.shape in HEADERS:
        return write_shape(entry.shape, entry.made[0])
    spread = entry.shape.spread
    told = [s for s in entry.made if isinstance(s, Tell) and entry.shape.words != "tell"]
    main = [s for s in entry.made if s not in told]
    if (
        spread
        and all(_but(s, spread) == _but(main[0], spread) for s in main)
        and not (told and len(main) > 1)
    ):
        main = [replace(main[0], **{spread: tuple(getattr(s, spread) for s in main)})]
    lines: list[str] = []
    for statement in main:
        first, *rest = write_shape(entry.shape, statement)
        lines += [f"{statement.label}: {first}" if statement.label else first, *rest]
        about = _about(statement, told, len(main))
        lines += ["  " + line for t in about for line in write_shape(TOLD, t)]
    return lines


def _but(statement: Any, name: str) -> tuple[object, ...]:
    """Return what a statement says, but for one field."""
    return tuple(getattr(statement, f.name) for f in fields(statement) if f.name != name)


def _about(statement: Any, told: Sequence[Tell], count: int) -> list[Tell]:
    """Return the duties to tell that belong to one of an entry's statements."""
    if count == 1:
        return list(told)
    return [t for t in told if t.about.endswith(f" {statement.party}") or t.about == statement.label]


def _header(shape: Shape, policy: Policy) -> Iterator[str]:
    name = shape.head[0].field
    default = {f.name: f.default for f in fields(Policy)}[name]
    since = policy.since if name == "version" else None
    if getattr(policy, name) != default or since:
        yield from write_shape(shape, {name: getattr(policy, name), "since": since})
