"""Entitle: that a claim to something was judged, by which version of which rule and on what, is written down.

The rule and what it looked at are the company's own words, days and numbers; whose claim it was, the
evidence tells by a tag alone.  It decides nothing: the services do, and say here how.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.gate.folder import opened
from troth.gate.house import House


def entitled(
    house: House,
    *,
    person: int,
    purpose: str,
    rule: str,
    version: str,
    outcome: str,
    facts: Mapping[str, str],
) -> None:
    """Write one judgement down; ``facts``: what the rule looked at, by its own words."""
    found = house.purposes.get(purpose)
    with opened(house, person) as folder:
        clause = found.clause if found else ""
        folder.note("entitlement", clause, rule=rule, version=version, outcome=outcome, **facts)
