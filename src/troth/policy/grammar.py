"""Grammar: the page that teaches the statements, written from the tables by which they are read.

``python -m troth.policy.grammar`` prints it; ``docs/grammar.md`` is what it prints.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy import claims, doors, facts, house, kinds, lines, periods, purposes, rights
from troth.policy.shapes import Part, Shape

FAMILIES = (
    ("The document", house.HEADERS),
    ("The house", house.SHAPES),
    ("Data, moments and facts", facts.SHAPES),
    ("Purposes and consents", purposes.SHAPES),
    ("Doors", doors.SHAPES),
    ("Periods", periods.SHAPES),
    ("Claims", claims.SHAPES),
    ("Rights, and when things change", rights.SHAPES),
)
_START = """\
# The grammar

Written by `python -m troth.policy.grammar` from the tables by which documents are read; do not edit.

Rules stand in blocks marked `troth`.  A statement is a line at the margin with the indented lines below it.
Words are parted by blanks, lists by commas (a comma is *and*); `"…"` holds text, `\\"` a quotation mark in
it; `#` after a blank begins a comment.  Parts in brackets may be left out; they stand in any order.  Any
statement may begin with a label (`told: tell person …`) and may say `added`: the company's first text lacked
it.  What no rule allows is refused.
"""
_WORDS = """\
### `as FORM`

`identified`, `truncated`, `pseudonymous`, `anonymous`, or `totals of N` (anonymous, at least N people).

### `types`

What a field holds: {types}.

### `LENGTH`

A whole number and a unit: {units}, or their plurals.  Years may take months along: `3 years 6 months`.
"""


_SELECTORS = """\
Selectors stand in claims and never in grants.

- `VERB`: {verbs}; `touch` is collect, use, show and share
- `DATA`: names, `special`, `any`, `any in AREA`, `any from SOURCE`, `any but NAME, …`
- `PARTIES`: names, `any`, `any but NAME, …`
- `PURPOSES`: names, `any`, `any but NAME, …`, `profiling`, `direct marketing`
- `GROUND`: {grounds}

`any but a, b` leaves out both.  `unless` holds what excuses, any one of them.
"""


def grammar() -> str:
    """Return the page: every statement with its forms, what it says and an example."""
    parts = [_START, *_conditions(), _WORDS.format(types=_ticked(facts.TYPES), units=_ticked(lines.UNITS))]
    for title, shapes in FAMILIES:
        parts.append(f"## {title}\n")
        if shapes is claims.SHAPES:
            parts.append(_SELECTORS.format(verbs=_ticked(claims.VERBS), grounds=_ticked(claims.GROUNDS)))
        parts += [_statement(shape) for shape in shapes]
    return "\n".join(parts)


def forms(shape: Shape) -> str:
    """Return the line forms of a statement.

    >>> print(forms(periods.SHAPES[1]))
    hold NAME, … while NAME [for NAME]
    """
    lines = [" ".join([shape.words, *(_shown(p) for p in shape.head)]).strip()]
    shared = all(p in shape.parts for p in kinds.CONDITIONS)
    here = (p for p in shape.parts if not (shared and p in kinds.GUARD))
    said = [_shown(p) for p in here if not p.below and not p.beside]
    said += ["[CONDITIONS]"] if shared else []
    lines += ["  " + line for line in _wrapped(said)] if len(said) > 4 else []
    if len(said) <= 4:
        lines[0] = " ".join([lines[0], *said])
    for _, inner in shape.inner:
        lines += ["  " + line for line in forms(inner).split("\n")]
    for part in shape.parts:
        if part.below:
            lines.append("  " + _shown(part))
        elif part.beside:
            lines[-1] += " " + _shown(part)
    return "\n".join(lines)


def _wrapped(words: list[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) > 90:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


def _shown(part: Part) -> str:
    kind = part.kind.shown if part.kind else ""
    if " | " in kind and (part.phrase or not part.needed) and not kind.startswith("["):
        kind = f"({kind})"
    words = f"{part.phrase} {kind}".strip()
    if not part.phrase and not part.kind:
        words = str(part.value)
    return words if part.needed or words.startswith("[") else f"[{words}]"


def _statement(shape: Shape) -> str:
    return (
        f"### `{shape.words}`\n\n{shape.says[0].upper()}{shape.says[1:]}.\n\n"
        f"```text\n{forms(shape)}\n```\n\n```troth\n{shape.example}\n```\n"
    )


def _conditions() -> Iterator[str]:
    yield "## Words that many statements take\n\n### `CONDITIONS`\n"
    for part in kinds.GUARD:
        kind = part.kind.shown if part.kind else ""
        yield f"- `{part.phrase} {kind}`: {_MEANS[part.phrase]}"
    yield ""


_MEANS = {
    "when": "the facts must hold; a comma is *and*, `or` parts alternatives",
    "unless": "any one of them stops it; `under N` is a known or declared younger age",
    "from age": "a known or declared age of at least N years is asked for",
    "in": "only in this country, or in the EEA (on grounds, uses and doors)",
    "since": "from this day on",
    "until": "before this day",
}


def _ticked(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{w}`" for w in words)


if __name__ == "__main__":
    print(grammar(), end="")
