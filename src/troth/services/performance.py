"""Performance: how a conversation does by month: begun, finished, rewards given and what they cost.

It stands on counts that belong to nobody, under the document's counter of a flow, a month and a result; there
is no row of a person behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from troth.policy.model import Counter, Policy
from troth.services.flows import Flow

BEGUN, FINISHED, GIVEN = "begun", "finished", "given:"
DIMS = frozenset({"flow", "month", "result"})


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one conversation; ``costs`` are in the words of ``rewards.toml``, added up by currency."""

    flow: str
    month: str
    begun: int
    finished: int
    rewards: int
    costs: tuple[str, ...]


def counter(policy: Policy) -> str:
    """Name the counter of results, '' when the document has none."""
    return next((c.name for c in policy.of(Counter) if set(c.of) == DIMS), "")


def results(flow: Flow, step: str) -> tuple[str, ...]:
    """Return what coming to a step means: that the conversation was begun, or finished."""
    names = [s.name for s in flow.steps]
    found = ((BEGUN, names[:1]), (FINISHED, names[-1:]))
    return tuple(word for word, at in found if step in at)


def dims(flow: str, result: str, at: datetime) -> dict[str, str]:
    """Return the dimensions of one count; ``at`` is local."""
    return {"flow": flow, "month": f"{at:%Y-%m}", "result": result}


def months(
    counts: Iterable[tuple[Mapping[str, str], int]],
    rewards: Mapping[str, Mapping[str, Any]],
    operator: str = "",
) -> tuple[Month, ...]:
    """Add counts up by conversation and month; with an operator, only its own rewards are counted.

    >>> said = [(dims("summer", word, datetime(2025, 3, 1)), n) for word, n in ((BEGUN, 3), ("given:cup", 2))]
    >>> months(said, {"cup": {"worth": "45 NOK"}})[0].costs
    ('90 NOK',)
    """
    found: dict[tuple[str, str], dict[str, int]] = {}
    for said, n in counts:
        here = found.setdefault((said["flow"], said["month"]), {})
        here[said["result"]] = here.get(said["result"], 0) + n
    return tuple(_month(*key, here, rewards, operator) for key, here in sorted(found.items()))


def _month(
    flow: str, month: str, here: Mapping[str, int], rewards: Mapping[str, Mapping[str, Any]], operator: str
) -> Month:
    given = {r.removeprefix(GIVEN): n for r, n in here.items() if r.startswith(GIVEN)}
    mine = {r: n for r, n in given.items() if operator in ("", str(rewards.get(r, {}).get("operator", "")))}
    costs: dict[str, float] = {}
    for reward, n in mine.items():
        amount, _, currency = str(rewards.get(reward, {}).get("worth", "")).partition(" ")
        if currency:
            costs[currency] = costs.get(currency, 0) + float(amount) * n
    told = tuple(f"{amount:g} {currency}" for currency, amount in sorted(costs.items()))
    return Month(flow, month, here.get(BEGUN, 0), here.get(FINISHED, 0), sum(mine.values()), told)
