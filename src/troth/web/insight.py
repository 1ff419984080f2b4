"""Insight: a market's tables as one member of a party is told them, for API and pages alike."""

from __future__ import annotations

import csv
import io

from starlette.responses import Response

from troth.gate.insight import Table
from troth.runtime import Company
from troth.services.insight import beside, markets, purpose_of, rows
from troth.terms import TrothError


class NoMarket(TrothError):
    """There is no such market, or it counts something that is told to nobody of this kind."""

    def __init__(self) -> None:
        super().__init__("there is no such market; [markets] in site.toml names them")


def report(company: Company, *, party: str, member: str, market: str) -> tuple[Table, ...]:
    """Return the tables of a market; raise ``Refused`` for another's market, ``NoMarket`` for none."""
    found = markets(company.site).get(market)
    if found is None:
        raise NoMarket
    return tuple(_table(company, party, member, market, data, field) for data, field in found.tables)


def as_csv(name: str, tables: tuple[Table, ...]) -> Response:
    """Write tables as a file: what is counted, the value, its people, and how far the number may be off."""
    out = io.StringIO()
    csv.writer(out).writerows([("counted", "value", "people", "give or take"), *rows(tables)])
    told = {"Content-Disposition": f'attachment; filename="{name}-insight.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=told)


def _table(company: Company, party: str, member: str, market: str, data: str, field: str) -> Table:
    purpose = purpose_of(company.policy, party, data)
    if not purpose:
        raise NoMarket
    return company.gate.insight(
        data=data,
        field=field,
        purpose=purpose,
        party=party,
        member=member,
        market=market,
        whole=beside(company.site, data),
    )
