"""Training: a model is made from rows under codes, and the evidence lists it with its inputs.

Whoever objected, is restricted or is due gives no row (``people_for``).  A model decides about nobody: what
it makes goes to people, and a document that lets one decide does not load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from troth.gate.house import House
from troth.gate.read import people_for
from troth.terms import Form


@dataclass(frozen=True, slots=True)
class Trained:
    """The rows of one training, each under a fresh code."""

    model: str
    rows: tuple[tuple[str, Mapping[str, object]], ...]


def train(
    house: House,
    *,
    model: str,
    data: str,
    purpose: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Trained:
    """Give the rows of a window and write down from what the model was made; raise ``Refused``."""
    found = people_for(house, data=data, purpose=purpose, form=Form.PSEUDONYMOUS)
    rows = tuple(
        (code, held.body)
        for code, held in found
        if not (since and held.collected < since) and not (until and held.collected >= until)
    )
    said = {"model": model, "data": data, "purpose": purpose, "rows": len(rows)}
    window = {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    house.store.log(
        kind="model trained", clause=house.purposes[purpose].clause.ref, detail={**said, **window}
    )
    return Trained(model, rows)
