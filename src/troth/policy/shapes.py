"""Shapes: the tables from which statements are read, written and taught.

A ``Shape`` says which words begin a statement and which parts follow; a ``Part`` says by which phrase it is
known, which field it fills and what ``Kind`` of value it holds.  Reading, writing and the grammar page use
these tables and nothing else: what can be read can be written, and both stand in the grammar.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from itertools import groupby
from typing import Any

from troth.policy.lines import Cursor, Lines, Token
from troth.policy.model import Guard
from troth.policy.problems import Fault
from troth.terms import Clause, Place

At = Callable[[int], Clause]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how the grammar shows it, how it is read and how it is written."""

    shown: str
    read: Callable[[Cursor], Any]
    write: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a statement: the phrase it is known by, the field it fills, the kind of its value.

    Without a kind the phrase is a flag that says ``value``.  ``also``: other fields that the phrase settles.
    ``many``: may be said again and is gathered.  ``below``: is written on a line of its own, ``beside`` on
    that of the part before it.  ``comma``: one stands before it, or between flags that are gathered.  Of two
    parts that fill one field the first is the one that is written.
    """

    field: str
    phrase: str = ""
    kind: Kind | None = None
    value: Any = True
    needed: bool = False
    many: bool = False
    below: bool = False
    beside: bool = False
    comma: bool = False
    also: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One form of a statement.

    ``head`` stands in order, ``parts`` in any order.  ``fixed``: fields that the words themselves settle.
    ``inner``: shapes of lines within the statement, by the field that gathers them.
    ``spread``: each member of this list makes a statement of its own.  ``finish`` makes the statements where
    a call of ``make`` does not do, and ``start`` is its inverse.
    """

    words: str
    make: Callable[..., Any]
    says: str = ""
    example: str = ""
    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    head: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    inner: tuple[tuple[str, Shape], ...] = ()
    spread: str = ""
    finish: Callable[[dict[str, Any]], list[Any]] | None = None
    start: Callable[[Any], Mapping[str, Any]] | None = None

    def phrases(self) -> tuple[str, ...]:
        """Return the phrases by which parts and inner lines are known."""
        parts = tuple(p.phrase for p in (*self.head, *self.parts) if p.phrase)
        return parts + tuple(s.words for _, s in self.inner if s.words)


ADDED = Part("added", "added")


def read_shape(shape: Shape, lines: Lines, cursor: Cursor, at: At, known: Mapping[str, Any]) -> list[Any]:
    """Return the statements that one statement's lines make; ``at`` gives the clause of a line.

    ``cursor`` stands behind the words that begin the statement.  Anything not understood raises ``Fault``.
    """
    found = dict(known)
    cursor.stops = shape.phrases()
    _head(cursor, shape, found)
    _run(cursor, shape, at, found)
    for row in _rows(shape, lines):
        below = Cursor(row, cursor.path)
        below.stops = cursor.stops
        bare = next(((name, s) for name, s in shape.inner if not s.words), None)
        if bare and not below.sees(*(p.phrase for p in shape.parts if p.below)):
            _inner(below, *bare, at, found)
        _run(below, shape, at, found)
    _complete(shape, found, cursor)
    return _made(shape, found)


def _rows(shape: Shape, lines: Lines) -> Iterator[tuple[Token, ...]]:
    """Yield the lines below; where inner lines have no leading words, a semicolon parts them too."""
    for row in lines.rows[1:]:
        if all(s.words for _, s in shape.inner):
            yield row
            continue
        for mark, part in groupby(row, key=lambda t: t.kind == "mark" and t.text == ";"):
            if not mark:
                yield tuple(part)


def _run(cursor: Cursor, shape: Shape, at: At, found: dict[str, Any]) -> None:
    """Take parts and inner lines in any order until the words end."""
    while cursor.token:
        _parts(cursor, shape, found)
        if cursor.token is None:
            return
        for name, inner in shape.inner:
            if inner.words and cursor.accept(inner.words):
                _inner(cursor, name, inner, at, found)
                break
        else:
            cursor.fail(shape.phrases() or (shape.words,))


def _inner(cursor: Cursor, name: str, shape: Shape, at: At, found: dict[str, Any]) -> None:
    token = cursor.tokens[max(cursor.at - 1, 0)]
    place = Place(cursor.path, token.line, token.column)
    outer, cursor.stops = cursor.stops, cursor.stops + shape.phrases()
    made: dict[str, Any] = {"clause": at(token.line), "place": place}
    _head(cursor, shape, made)
    _parts(cursor, shape, made)
    _complete(shape, made, cursor)
    cursor.stops = outer
    found[name] = (*found.get(name, ()), *_made(shape, made))


def _head(cursor: Cursor, shape: Shape, found: dict[str, Any]) -> None:
    """Take the parts that stand in order."""
    for part in shape.head:
        if part.comma:
            cursor.comma()
        if part.phrase and not cursor.accept(part.phrase):
            if part.needed:
                cursor.fail((part.phrase,))
            continue
        value = part.kind.read(cursor) if part.kind else part.value
        if value not in ("", None):
            found[part.field] = value


def _parts(cursor: Cursor, shape: Shape, found: dict[str, Any]) -> None:
    """Take the parts that stand in any order, up to a word that is none of them."""
    parts = {p.phrase: p for p in (*shape.parts, ADDED)}
    while cursor.token:
        if cursor.comma():
            continue
        place = cursor.place()
        phrase = cursor.accept(*(p for p in parts if p))
        if not phrase and not ("" in parts and cursor.token.text.isdecimal()):
            return
        part = parts[phrase]
        value = part.kind.read(cursor) if part.kind else part.value
        if part.many:
            more = value if isinstance(value, tuple) else (value,)
            found[part.field] = (*found.get(part.field, ()), *more)
        elif part.field in found:
            raise Fault(place, f"'{phrase}' settles what this statement has settled", "say it once")
        else:
            found.update({part.field: value, **part.also})


def _complete(shape: Shape, found: Mapping[str, Any], cursor: Cursor) -> None:
    for part in (*shape.head, *shape.parts):
        if part.needed and part.field not in found:
            what = f"'{part.phrase} {part.kind.shown if part.kind else ''}".rstrip() + "'"
            raise Fault(cursor.place(), f"{what if part.phrase else part.field} is missing in this statement")


def _made(shape: Shape, found: dict[str, Any]) -> list[Any]:
    guard = {name[6:]: found.pop(name) for name in list(found) if name.startswith("guard.")}
    if guard:
        found["guard"] = guard_of(guard)
    found.update(shape.fixed)
    if shape.finish:
        return shape.finish(found)
    if shape.spread and isinstance(found.get(shape.spread), tuple):
        return [shape.make(**{**found, shape.spread: one}) for one in found[shape.spread]]
    return [shape.make(**found)]


def guard_of(found: dict[str, Any]) -> Guard:
    """Return the guard of what was read; ``under 18`` among the exceptions is a younger age."""
    unless = found.pop("unless", ())
    under = [u for u in unless if u.startswith("under ")]
    if under:
        found["under_age"] = int(under[0].removeprefix("under "))
    return Guard(unless=tuple(u for u in unless if u not in under), **found)


def write_shape(shape: Shape, value: Any) -> list[str]:
    """Return the lines of a statement in the canonical layout."""
    view = shape.start(value) if shape.start else view_of(value)
    first = shape.words
    within: list[str] = []
    below: list[str] = []
    said: set[str] = set()
    for part in (*shape.head, *shape.parts, ADDED):
        comma = part.comma and bool(said) and (part.field in said or not part.many)
        for words in _said(shape, part, view, said):
            if part.beside and below:
                below[-1] += " " + words
            elif part.below or part.beside:
                below.append(words)
            else:
                first += ("," if comma else "") + " " + words
    for name in dict.fromkeys(name for name, _ in shape.inner):
        for one in view.get(name, ()):
            inner = next(s for n, s in shape.inner if n == name and _fits(s, one))
            within += write_shape(inner, one)
    return [first.strip(), *("  " + line for line in (*within, *below))]


def _fits(shape: Shape, value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value["row"] == shape.words)
    return all(getattr(value, name) == fixed for name, fixed in shape.fixed.items())


def view_of(value: Any) -> dict[str, Any]:
    """Return the fields of a value by name, those of its guard as ``guard.…``."""
    if isinstance(value, Mapping):
        return dict(value)
    view = {f.name: getattr(value, f.name) for f in fields(value)}
    guard = view.pop("guard", Guard())
    for f in fields(Guard):
        view["guard." + f.name] = getattr(guard, f.name)
    if guard.under_age is not None:
        view["guard.unless"] = (*guard.unless, f"under {guard.under_age}")
    return view


def _said(shape: Shape, part: Part, view: Mapping[str, Any], said: set[str]) -> Iterator[str]:
    """Yield what a part says of the view: nothing, one phrase, or several where it may be said again."""
    value, default = view.get(part.field), _default(shape, part.field)
    if value is None or (part.field in said and (part.kind or not part.many)):
        return
    if value == default and default is not True and not part.needed:
        return
    if any(view.get(name) != settled for name, settled in part.also.items()):
        return
    if part.kind is None and value != part.value and not (part.many and part.value in value):
        return
    said.update((part.field, *part.also))
    if part.kind is None:
        yield part.phrase
        return
    if part.field == shape.spread and not isinstance(value, tuple):
        value = (value,)
    for one in value if part.many and part.below else (value,):
        yield f"{part.phrase} {part.kind.write(one)}".strip()


def _default(shape: Shape, name: str) -> Any:
    if name.startswith("guard."):
        return getattr(Guard(), name.removeprefix("guard."))
    if is_dataclass(shape.make):
        for f in fields(shape.make):
            if f.name == name:
                return None if f.default is MISSING else f.default
    return ()
