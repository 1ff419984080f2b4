"""Periods: how long data are kept, and what stops the clock."""

from __future__ import annotations

from typing import Any

from troth.policy.kinds import CONDITIONS, ERA, EVENT, NAME, NAMES, SPAN
from troth.policy.lines import Cursor
from troth.policy.model import Hold, Keep, Span
from troth.policy.shapes import Kind, Part, Shape, view_of


def _length(cursor: Cursor) -> Span | None:
    token = cursor.token
    return SPAN.read(cursor) if token and token.kind == "word" and token.text.isdecimal() else None


Latest = tuple[Span, str]


def _latest(cursor: Cursor) -> Latest:
    span = SPAN.read(cursor)
    return span, EVENT.read(cursor) if cursor.accept("after") else ""


def _write_latest(latest: Latest) -> str:
    span, event = latest
    return f"{span} after {event}" if event else str(span)


def _kept(found: dict[str, Any]) -> list[Any]:
    if "latest" in found:
        found["at_latest"], found["at_latest_after"] = found.pop("latest")
    if "of" in found:
        found["after"] = found.pop("of")
    return [Keep(**found)]


def _keep(value: Keep) -> dict[str, Any]:
    view = view_of(value)
    if value.end_of and value.after:
        view["of"] = view.pop("after")
    return {**view, "latest": (value.at_latest, value.at_latest_after) if value.at_latest else None}


SHAPES = (
    Shape(
        words="keep",
        make=Keep,
        says="says from which moment, or while which fact, data are kept, how long, and what then",
        example="keep taste, contact while active, then 30 days",
        head=(Part("data", "", NAMES, needed=True), Part("span", "", Kind("[LENGTH]", _length, str))),
        parts=(
            Part("end_of", "after end of", NAME),
            Part("of", "of", EVENT),
            Part("after", "after", EVENT),
            Part("while_fact", "while", NAME),
            Part("then_span", "then", SPAN, comma=True),
            Part("outcome", "then erase", value="erase", comma=True),
            Part("outcome", "then anonymise", value="anonymise", comma=True),
            Part("latest", "at latest", Kind("LENGTH [after EVENT]", _latest, _write_latest), comma=True),
            Part("without_end", "without end"),
            Part("because", "because", NAME),
            *CONDITIONS,
            *ERA,
        ),
        finish=_kept,
        start=_keep,
    ),
    Shape(
        words="hold",
        make=Hold,
        says="stops the clock while a fact holds, and every use but keeping and the fact's own purpose",
        example="hold order while dispute for claims",
        head=(Part("data", "", NAMES, needed=True),),
        parts=(Part("while_fact", "while", NAME, needed=True), Part("purpose", "for", NAME)),
    ),
)
