"""Kinds: the kinds of values that parts of statements hold, each read from words and written back as words.

The one rule: writing what was read, and reading it again, gives the same value.
"""

from __future__ import annotations

from typing import Any

from troth.policy.lines import Cursor
from troth.policy.model import Span
from troth.policy.problems import Fault, near
from troth.policy.shapes import Kind, Part
from troth.terms import Form


def quoted(text: str) -> str:
    """Write a text in quotes.

    >>> print(quoted('the "best" offer'))
    "the \\"best\\" offer"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(names: tuple[str, ...]) -> str:
    """Write names parted by commas."""
    return ", ".join(names)


def one_of(*words: str) -> Kind:
    """Return the kind of one word or phrase out of a few."""
    return Kind(" | ".join(words), lambda c: c.expect(*words), str)


def _span(cursor: Cursor) -> Span:
    """Take a length of time; years and months together make months."""
    span = cursor.span()
    if span.unit == "year" and cursor.token and cursor.token.text.isdecimal():
        place, more = cursor.place(), cursor.span()
        if more.unit != "month":
            raise Fault(
                place, f"a length of years and {more.unit}s is not understood", "years may take months along"
            )
        return Span(span.amount * 12 + more.amount, "month")
    return span


def _said(cursor: Cursor) -> str:
    """Take a text, a word, or ``setting NAME``."""
    if cursor.accept("setting"):
        return "setting " + cursor.word("a setting")
    return cursor.said()


def _write_said(text: str) -> str:
    if text.startswith("setting ") and text.count(" ") == 1:
        return text
    return _write_word(text) if "@" in text or "://" in text else quoted(text)


def _texts(cursor: Cursor) -> tuple[str, ...]:
    found = [cursor.text()]
    while cursor.comma():
        found.append(cursor.text())
    return tuple(found)


def _write_word(text: str) -> str:
    return text if text and not any(c in text for c in ' ,;"\\#\t') else quoted(text)


def _event(cursor: Cursor) -> str:
    """Take an event; ``FACT starts`` and ``FACT ends`` are events too."""
    name = cursor.word("an event")
    edge = cursor.accept("starts", "ends")
    return f"{name} {edge}" if edge else name


def _events(cursor: Cursor) -> tuple[str, ...]:
    found = [_event(cursor)]
    while cursor.accept("or"):
        found.append(_event(cursor))
    return tuple(found)


Moment = tuple[str, Span | None, str]


def _moments(cursor: Cursor) -> tuple[Moment, ...]:
    """Take ``E or E or N without E or N after E``."""
    found = [_moment(cursor)]
    while cursor.accept("or"):
        found.append(_moment(cursor))
    return tuple(found)


def _moment(cursor: Cursor) -> Moment:
    token = cursor.token
    if token is None or not token.text.isdecimal():
        return ("is", None, _event(cursor))
    span = _span(cursor)
    return (cursor.expect("without", "after"), span, _event(cursor))


def _write_moments(moments: tuple[Moment, ...]) -> str:
    return " or ".join(f"{span} {kind} {event}" if span else event for kind, span, event in moments)


def _when(cursor: Cursor) -> tuple[tuple[str, ...], ...]:
    """Take facts: a comma is *and*, ``or`` parts the groups (reading 4)."""
    groups = [cursor.names()]
    while cursor.accept("or"):
        groups.append(cursor.names())
    return tuple(groups)


def _write_when(groups: tuple[tuple[str, ...], ...]) -> str:
    return " or ".join(map(listed, groups))


def _unless(cursor: Cursor) -> tuple[str, ...]:
    """Take exceptions, any of which stops; ``under N`` is a younger age."""
    found: list[str] = []
    while True:
        if cursor.sees("and"):
            raise Fault(
                cursor.place(), "'unless' takes alternatives", "write two rules, or a fact of its own"
            )
        found.append(f"under {cursor.number()}" if cursor.accept("under") else cursor.word("a fact"))
        start = cursor.at
        if not (cursor.comma() or cursor.accept("or")) or cursor.token is None or cursor.sees(*cursor.stops):
            cursor.at = start
            if cursor.sees("and"):
                raise Fault(
                    cursor.place(), "'unless' takes alternatives", "write two rules, or a fact of its own"
                )
            return tuple(found)


def _form(cursor: Cursor) -> Form:
    place, word = cursor.place(), cursor.word("a form")
    if word not in set(Form):
        raise Fault(place, f"'{word}' is no form", near(word, Form) or f"forms: {', '.join(Form)}")
    return Form(word)


def _pair(cursor: Cursor) -> tuple[str, str]:
    first = _event(cursor)
    cursor.expect("to")
    return first, _event(cursor)


def number(text: str) -> float:
    """Return a number as written in a range."""
    return float(text)


def plain(value: float) -> str:
    """Write a number without a needless fraction."""
    return str(int(value)) if value == int(value) else str(value)


NAME = Kind("NAME", lambda c: c.word(), str)
TEXT = Kind('"…"', lambda c: c.text(), quoted)
MAYBE = Kind('["…"]', lambda c: c.maybe_text(), quoted)
SAID = Kind('"…" | WORD | setting NAME', _said, _write_said)
WORDS = Kind('"…" | WORD', lambda c: c.said(), _write_word)
NAMES = Kind("NAME, …", lambda c: c.names(), listed)
TEXTS = Kind('"…", …', lambda c: _texts(c), lambda v: ", ".join(map(quoted, v)))
NUMBER = Kind("N", lambda c: c.number(), str)
SPAN = Kind("LENGTH", _span, str)
DAY = Kind("YYYY-MM-DD", lambda c: c.day(), str)
EVENT = Kind("EVENT", _event, str)
EVENTS = Kind("EVENT or …", _events, " or ".join)
MOMENTS = Kind("EVENT | LENGTH without EVENT | LENGTH after EVENT or …", _moments, _write_moments)
WHEN = Kind("FACT, … or FACT, …", _when, _write_when)
UNLESS = Kind("FACT or FACT or under N", _unless, " or ".join)
FORM = Kind("FORM", _form, str)
PAIR = Kind("EVENT to EVENT", lambda c: (_pair(c),), " to ".join)  # one of several, so a tuple of pairs

_FROM_AGE = Part("guard.from_age", "from age", NUMBER)
CONDITIONS = (Part("guard.when", "when", WHEN), Part("guard.unless", "unless", UNLESS), _FROM_AGE)
ERA = (Part("guard.since", "since", DAY), Part("guard.until", "until", DAY))
GUARD = (*CONDITIONS, Part("guard.place", "in", NAME), *ERA)


def form_value(found: dict[str, Any]) -> dict[str, Any]:
    """Turn what ``as`` said into the fields of a form: ``as totals of N`` is anonymous, N people or more."""
    said = found.pop("as", None)
    if isinstance(said, int):
        return {**found, "form": Form.ANONYMOUS, "at_least": said}
    return found if said is None else {**found, "form": said}


def form_words(view: dict[str, Any]) -> dict[str, Any]:
    """Undo ``form_value`` in a view."""
    form, least = view.get("form"), view.get("at_least")
    said = least if least is not None else None if form is Form.IDENTIFIED else form
    return {**view, "as": said}


def _as(cursor: Cursor) -> Form | int:
    return cursor.number() if cursor.accept("totals of") else _form(cursor)


AS = Part(
    "as", "as", Kind("FORM | totals of N", _as, lambda v: f"totals of {v}" if isinstance(v, int) else str(v))
)
