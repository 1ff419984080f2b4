"""Purposes: why data are used and on which ground, and the consents that people are asked for.

An ``on`` owns the ``uses`` and ``reads`` lines up to the next ``on``; several ``on`` above one block are
alternatives (reading 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from troth.policy.kinds import (
    AS,
    DAY,
    ERA,
    GUARD,
    MAYBE,
    NAME,
    NAMES,
    NUMBER,
    SPAN,
    TEXT,
    form_value,
    form_words,
    one_of,
    quoted,
)
from troth.policy.lines import Cursor
from troth.policy.model import Basis, Consent, Ground, Guard, Purpose, Use
from troth.policy.problems import Fault
from troth.policy.shapes import Kind, Part, Shape, view_of

MARKS = ("profiling", "direct marketing", "decides automatically")
_NAMED = ("consent", "contract")
_SPOKEN = ("legal obligation", "legitimate interest", "vital interest", "public task", "instruction")


def _ground(cursor: Cursor) -> Ground:
    """Take a ground: a consent and a contract by name, the others in words."""
    kind = cursor.expect(*_NAMED, *_SPOKEN)
    if kind == "consent":
        return Ground(kind, cursor.word("the consent's name"))
    if kind in _SPOKEN:
        return Ground(kind, cursor.maybe_text())
    token = cursor.token
    named = token and token.kind == "word" and not cursor.sees(*cursor.stops)
    return Ground(kind, cursor.word() if named else "")


def _write_ground(ground: Ground) -> str:
    if not ground.name:
        return ground.kind
    return f"{ground.kind} {ground.name if ground.kind in _NAMED else quoted(ground.name)}"


_GROUND = Kind('consent NAME | contract [FACT] | legal obligation "…" | …', _ground, _write_ground)


def _row(row: str) -> Any:
    return lambda **found: {**found, "row": row}


_OUTWEIGHED = Part("outweighed", "outweighed")
ON = Shape(
    words="on",
    make=_row("on"),
    says="names the ground of the lines up to the next; several in a row are alternatives",
    example='on legitimate interest "a safe site" assessed 2025-01-15, again by 2028-01-15',
    head=(Part("ground", "", _GROUND, needed=True),),
    parts=(
        Part("assessed", "assessed", DAY),
        Part("again_by", "again by", DAY, comma=True),
        _OUTWEIGHED,
        *GUARD,
    ),
)


def _uses(words: str, says: str, example: str) -> Shape:
    return Shape(
        words=words,
        make=_row(words),
        says=says,
        example=example,
        head=(Part("data", "", NAMES, needed=True),),
        parts=(AS, *GUARD),
    )


USES = _uses("uses", "names what may be collected and used", "uses contact, order.item")
READS = _uses(
    "reads", "names what may be used where it is held, never collected", "reads taste as pseudonymous"
)


def _purpose(found: dict[str, Any]) -> list[Any]:
    rows = found.pop("rows", ())
    found["marks"] = frozenset(found.pop("marks", ()))
    found["bases"] = tuple(_bases(rows))
    return [Purpose(**found)]


def _bases(rows: tuple[dict[str, Any], ...]) -> Iterable[Basis]:
    if rows and rows[0]["row"] != "on":
        raise Fault(rows[0]["place"], f"'{rows[0]['row']}' has no ground", "begin with: on GROUND")
    blocks = [list(block) for _, block in groupby(rows, key=lambda r: r["row"] == "on")]
    for grounds, uses in zip(blocks[::2], [*blocks[1::2], []], strict=False):
        if not uses:
            hint = "say what: uses DATA, or reads DATA"
            raise Fault(grounds[-1]["place"], "this ground carries no data", hint)
        yield _basis(grounds, uses)


def _basis(grounds: list[dict[str, Any]], uses: list[dict[str, Any]]) -> Basis:
    guard = grounds[0].get("guard", Guard())
    for other in grounds[1:]:
        if other.get("guard", Guard()) != guard:
            hint = "give each ground uses and reads lines of its own"
            raise Fault(other["place"], "grounds that stand for one another have one condition", hint)
    return Basis(
        tuple(g["ground"] for g in grounds),
        tuple(use for row in uses for use in _row_uses(row)),
        guard,
        next((g["assessed"] for g in grounds if "assessed" in g), None),
        next((g["again_by"] for g in grounds if "again_by" in g), None),
        any(g.get("outweighed") for g in grounds),
    )


def _row_uses(row: dict[str, Any]) -> Iterable[Use]:
    said = form_value({k: v for k, v in row.items() if k in ("as", "guard", "clause")})
    for name in row["data"]:
        data, _, field = name.partition(".")
        yield Use(data, field, reads=row["row"] == "reads", **said)


def _purpose_view(value: Purpose) -> dict[str, Any]:
    rows = [row for basis in value.bases for row in (*_ground_rows(basis), *_use_rows(basis))]
    return {**view_of(value), "rows": rows, "marks": tuple(sorted(value.marks))}


def _ground_rows(basis: Basis) -> Iterable[dict[str, Any]]:
    for ground in basis.grounds:
        row: dict[str, Any] = {"row": "on", "ground": ground}
        if ground.kind == "legitimate interest":
            row |= {"assessed": basis.assessed, "again_by": basis.again_by}
            row |= {"outweighed": True} if basis.outweighed else {}
        yield row | _guard_view(basis.guard)


def _use_rows(basis: Basis) -> Iterable[dict[str, Any]]:
    for _, block in groupby(basis.uses, key=lambda u: (u.reads, u.form, u.at_least, u.guard, u.clause.line)):
        uses = list(block)
        names = tuple(f"{u.data}.{u.field}" if u.field else u.data for u in uses)
        view = form_words(view_of(uses[0]))
        yield {"row": "reads" if uses[0].reads else "uses", **view, "data": names}


def _guard_view(guard: Guard) -> dict[str, Any]:
    view = view_of({"guard": guard}) if guard == Guard() else view_of(Use("", guard=guard))
    return {name: value for name, value in view.items() if name.startswith("guard.")}


PURPOSE = Shape(
    words="purpose",
    make=Purpose,
    says="says why: on which ground, for which data; whether it profiles, markets or decides by itself",
    example='purpose news "Send you our newsletter" direct marketing\n'
    "  on consent newsletter\n  uses contact",
    head=(Part("name", "", NAME, needed=True), Part("text", "", MAYBE)),
    parts=(
        *(Part("marks", m, value=m, many=True, comma=True) for m in MARKS),
        Part("dpv", "as", NAME),
        *GUARD,
        Part("objection", "objection", one_of("honoured", "weighed"), below=True),
        Part("objection_within", "within", SPAN, beside=True),
        Part("silence_upholds", "silence upholds", beside=True),
        Part("without_pause", "without pause", beside=True),
        Part("objection_per", "per", NAMES, beside=True),
        Part("logic", "logic", TEXT, below=True),
        Part("effects", "effects", TEXT, below=True),
        Part("review_by", "review by", NAME, below=True),
    ),
    inner=(("rows", ON), ("rows", USES), ("rows", READS)),
    finish=_purpose,
    start=_purpose_view,
)

CONSENT = Shape(
    words="consent",
    make=Consent,
    says="puts a question to the person; off until given, and as easy to take back as to give",
    example='consent newsletter "May we send you our newsletter?" age 16 lasts 2 years',
    head=(Part("name", "", NAME, needed=True), Part("question", "", TEXT, needed=True)),
    parts=(
        Part("confirmed", "confirmed"),
        Part("of_both", "of both"),
        Part("per", "per", NAMES),
        Part("age", "age", NUMBER),
        Part("lasts", "lasts", SPAN),
        Part("without", "without", TEXT, below=True),
        *ERA,
    ),
)

SHAPES = (PURPOSE, CONSENT)
