"""Say: values of Troth as JSON or as lines for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from troth.terms import Allowed, Decision, Problem, RefusedBy


def as_json(value: Any, *, lines: bool = False) -> None:
    """Print a value as JSON, indented, or on one line."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=None if lines else 2))


def plain(value: Any) -> Any:
    """Return a value as JSON knows it.

    >>> plain({"at": date(2026, 1, 2), "who": frozenset({"b", "a"})})
    {'at': '2026-01-02', 'who': ['a', 'b']}
    """
    match value:
        case Enum():
            return value.value
        case date() | datetime():
            return value.isoformat()
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case set() | frozenset():
            return sorted(plain(v) for v in value)
        case str() | int() | float() | bool() | None:
            return value
        case bytes():
            return value.hex()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    return [plain(v) for v in value] if isinstance(value, Iterable) else str(value)


def problem(said: Problem) -> dict[str, Any]:
    """Return a problem with its place as file, line and column."""
    where = {"path": said.place.path, "line": said.place.line, "column": said.place.column}
    return {**where, "level": said.level, "message": said.message, "hint": said.hint}


def decision(said: Decision) -> dict[str, Any]:
    """Return a decision as an answer, with its clauses, its duties and what is missing."""
    answer = (
        "allowed" if isinstance(said, Allowed) else "refused" if isinstance(said, RefusedBy) else "unsaid"
    )
    clauses = said.clauses if isinstance(said, Allowed | RefusedBy) else said.nearest
    return {
        "allowed": bool(said),
        "answer": answer,
        "clauses": [
            {
                "section": c.ref,
                "line": c.line,
                "title": c.title,
                "sentence": c.sentence,
                "link": f"#{c.anchor}",
            }
            for c in clauses
        ],
        "duties": [d.name for d in said.duties] if isinstance(said, Allowed) else [],
        "missing": list(said.missing) if isinstance(said, RefusedBy) else [],
        "said": str(said),
    }
