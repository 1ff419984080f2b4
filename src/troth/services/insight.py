"""Insight: which tables make up a market, and whose markets are told to whom.

``site.toml`` names markets and their tables (``[markets.NAME]``), ``parties.toml`` gives each member its own
(``markets = [...]``).  It looks up; that a table gives nobody away is the gate's (``gate/insight.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troth.gate.insight import Table
from troth.policy.model import Door, Policy
from troth.terms import Form


@dataclass(frozen=True, slots=True)
class Market:
    """A market: its name, what it is called, and the ``category.field`` that each of its tables counts."""

    name: str
    title: str
    tables: tuple[tuple[str, str], ...]


def markets(site: Mapping[str, Any]) -> dict[str, Market]:
    """Read the markets of a site.

    >>> markets({"markets": {"drinks": {"title": "Drinks", "tables": ["taste.drink"]}}})["drinks"].tables
    (('taste', 'drink'),)
    """
    found: dict[str, Market] = {}
    for name, about in site.get("markets", {}).items():
        parts = (str(table).partition(".") for table in about.get("tables", ()))
        found[name] = Market(name, str(about.get("title", name)), tuple((d, f) for d, _, f in parts))
    return found


def beside(site: Mapping[str, Any], data: str) -> bool:
    """Say whether several tables count one category: then the sum of one may show what another leaves out.

    >>> beside({"markets": {"drinks": {"tables": ["taste.drink"]}}}, "taste")
    False
    """
    tables = {table for market in markets(site).values() for table in market.tables}
    return sum(1 for name, _ in tables if name == data) > 1


def purpose_of(policy: Policy, party: str, data: str) -> str:
    """Name the purpose for which the document opens numbers of a category to a party, '' for none."""
    doors = (d for d in policy.of(Door) if d.verb == "share" and d.form is Form.ANONYMOUS)
    return next((d.purposes[0] for d in doors if d.party == party and data in d.data), "")


def readers(policy: Policy) -> tuple[str, ...]:
    """Return the parties to which the document opens numbers and nothing else."""
    doors = (d for d in policy.of(Door) if d.verb == "share" and d.form is Form.ANONYMOUS)
    return tuple(dict.fromkeys(d.party for d in doors))


def rows(tables: tuple[Table, ...]) -> list[tuple[str, str, str, str]]:
    """Write tables as lines of a file: what is counted, the value, how many people or ``withheld``, give or
    take how many."""
    return [
        (f"{t.data}.{t.field}", value, "withheld" if people is None else str(people), str(t.within))
        for t in tables
        for value, people in t.cells
    ]
