"""Insight: markets and their tables on the wire; a cell of a group too small is there without a number."""

from __future__ import annotations

from datetime import datetime

from troth.web.api.wire.base import ClauseOut, Out


class MarketOut(Out, frozen=True):
    name: str
    title: str


class MarketsOut(Out, frozen=True):
    markets: tuple[MarketOut, ...]


class NumberOut(Out, frozen=True):
    """One value and the people behind it; ``withheld`` ones have no number and say nothing of one."""

    value: str
    people: int | None
    withheld: bool


class TableOut(Out, frozen=True):
    """One table; ``since``: when a number in it was last told anew.  No total stands beside it.

    ``within``: how far a number may lie from the one counted, 19 times of 20.
    """

    data: str
    field: str
    since: datetime | None
    cells: tuple[NumberOut, ...]
    clauses: tuple[ClauseOut, ...]
    within: int = 0


class InsightOut(Out, frozen=True):
    market: str
    title: str
    tables: tuple[TableOut, ...]
