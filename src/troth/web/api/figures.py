"""Figures: numbers about groups in people and percent; a few are told as a few, and no two can be set off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from troth.gate.figures import Cell, Question
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.wire.base import Out

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class FigureOut(Out, frozen=True):
    """One value; without numbers where they may not be told, and ``says`` says so."""

    value: str
    people: int | None
    percent: int | None
    says: str


class FiguresOut(Out, frozen=True):
    """``people`` is everybody who is counted, and none where that is no crowd."""

    data: str
    field: str
    people: int | None
    figures: tuple[FigureOut, ...]


def figures(call: Call) -> FiguresOut:
    """Count people by a field, in people and in percent of all who are counted."""
    month = call.ask("month")
    if month and not MONTH.fullmatch(month):
        raise Fault(422, "invalid", "month: a month is written as 2025-03", fields=("month",))
    question = Question(
        call.ask("data"),
        call.ask("field"),
        call.purpose(call.ask("purpose")),
        where=dict(_where(call)),
        month=month,
        ever=call.ask("ever") == "yes",
    )
    found, only = call.company.gate.figures(question=question), call.ask("value")
    cells = [c for c in found.cells if only in ("", c.value)]
    if only and not cells:
        cells = [Cell(only, None, None)]
    told = tuple(_told(c, found.least) for c in cells)
    return FiguresOut(data=found.data, field=found.field, people=found.people, figures=told)


def _told(cell: Cell, least: int) -> FigureOut:
    says = f"{cell.percent} percent" if cell.people is not None else f"fewer than {least}, or withheld"
    return FigureOut(value=cell.value, people=cell.people, percent=cell.percent, says=says)


def _where(call: Call) -> Iterator[tuple[str, str]]:
    for part in filter(None, call.ask("where").split(",")):
        name, sign, value = part.partition("=")
        if not sign or not name.strip():
            raise Fault(422, "invalid", "where: is written as field=value", fields=("where",))
        yield name.strip(), value.strip()
