"""Performance: how conversations do, for the business whose they are or whose rewards they give."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import to_builtins

from troth.policy.model import Area, Counter
from troth.services.performance import Month, counter, months
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.house import clauses_of
from troth.web.api.talks import flows_of
from troth.web.api.wire.base import Out
from troth.web.crediting import shop_of


class MonthOut(Out, frozen=True):
    """One conversation in one month, in numbers alone."""

    flow: str
    month: str
    begun: int
    finished: int
    rewards: int
    costs: tuple[str, ...]


class PerformanceOut(Out, frozen=True):
    months: tuple[MonthOut, ...]


def performance(call: Call) -> PerformanceOut:
    """Return what was counted, of the asker's own conversations and of those that give its rewards."""
    name = counter(call.company.policy)
    told = (
        months(call.company.gate.counts(counter=name), call.company.rewards, _operator(call)) if name else ()
    )
    month = call.ask("month")
    mine = (m for m in told if month in ("", m.month) and _own(call, m))
    return PerformanceOut(months=tuple(MonthOut(**to_builtins(m)) for m in mine))


def _own(call: Call, month: Month) -> bool:
    if call.asker.kind != "party":
        return True
    if _operator(call):
        return month.rewards > 0
    return month.flow in {f.name for f in flows_of(call)}


def _operator(call: Call) -> str:
    """Return the asker's member where it grants rewards."""
    asker, shop = call.asker, shop_of(call.company)
    return asker.member if asker.kind == "party" and shop.member(asker.member) == asker.party else ""


def performance_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which how the platform does is reported without anybody in it."""
    areas = [d.clause for a in call.company.policy.of(Area) for d in a.duties]
    return areas[:1] or clauses_of(call.company.policy, Counter)
