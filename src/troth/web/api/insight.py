"""Insight: numbers about a market for who may have them; there is no way from here to a person."""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.insight import Table
from troth.policy.model import Recipient
from troth.services.insight import markets, readers
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.surveys import survey_clauses
from troth.web.api.wire.base import clause_out
from troth.web.api.wire.insight import InsightOut, MarketOut, MarketsOut, NumberOut, TableOut
from troth.web.insight import NoMarket, report


def own_markets(call: Call) -> MarketsOut:
    """List the markets that are the asker's own."""
    mine = call.company.gate.markets(party=_reader(call), member=call.asker.member)
    known = markets(call.company.site)
    return MarketsOut(markets=tuple(MarketOut(name=m, title=known[m].title) for m in mine if m in known))


def market(call: Call) -> InsightOut:
    """Return the tables of one market; 403 where it is another's, whether it is there or not."""
    name, party, member = call.path["market"], _reader(call), call.asker.member
    if name not in call.company.gate.markets(party=party, member=member):
        clauses = clauses_of(call.company.policy, Recipient, party)
        raise Fault(403, "refused", "this market is not yours", clauses=(*survey_clauses(call), *clauses))
    try:
        told = report(call.company, party=party, member=member, market=name)
    except NoMarket as none:
        raise Fault(404, "not-here", str(none)) from None
    title = markets(call.company.site)[name].title
    return InsightOut(market=name, title=title, tables=tuple(_table(call, t) for t in told))


def _reader(call: Call) -> str:
    party = call.asker.party
    if party not in readers(call.company.policy):
        said = f"the document opens no numbers to {call.asker}"
        raise Fault(403, "wrong-asker", said, clauses=insight_clauses(call))
    return party


def _table(call: Call, table: Table) -> TableOut:
    return TableOut(
        data=table.data,
        field=table.field,
        since=table.since,
        cells=tuple(NumberOut(value=v, people=n, withheld=n is None) for v, n in table.cells),
        clauses=tuple(clause_out(c, call.company.name) for c in table.clauses),
        within=table.within,
    )


def insight_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which numbers, and nothing else, go to others."""
    return survey_clauses(call)
