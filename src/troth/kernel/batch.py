"""Batch: many people and many requests at once, in NumPy.

``gather`` folds people once into one column of truths for each atom; ``batch`` then answers a request about
all of them with a few vector operations a rule.  It gives yes or no; who wants clauses asks
``decide``.  Its one rule: for every pair it says what ``decide`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from troth.kernel.decide import Kernel, each
from troth.terms import Request, State

Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """People folded for a kernel and one member: a row for each atom, a column for each person."""

    truths: Truths
    member: str = ""
    field: str = ""


def gather(kernel: Kernel, states: Sequence[State], member: str = "", field: str = "") -> People:
    """Fold people into columns, for the member and the field that the requests will name."""
    width = (len(kernel.atoms) + 7) // 8
    masks = b"".join(kernel.fold(s, member, field).to_bytes(width, "little") for s in states)
    bits = np.frombuffer(masks, dtype=np.uint8).reshape(len(states), width)
    rows = np.unpackbits(bits, axis=1, count=len(kernel.atoms), bitorder="little")
    return People(np.ascontiguousarray(rows.T).astype(np.bool_), member, field)


def batch(kernel: Kernel, requests: Sequence[Request], people: People, now: datetime) -> Truths:
    """Answer each request (a row) about each person (a column) at one aware moment.

    A request that names another member or field than the people were gathered for raises ``ValueError``.
    """
    answers = np.zeros((len(requests), people.truths.shape[1]), dtype=np.bool_)
    era = kernel.era(now)
    untruths = ~people.truths
    for row, request in enumerate(requests):
        if (request.member, request.field) != (people.member, people.field):
            raise ValueError(
                f"people were gathered for '{people.member}', the request names '{request.member}'"
            )
        case = kernel.case(request, era)
        for needs, stops, _ in case.running if case else ():
            answers[row] |= _meet(people.truths, untruths, needs, stops)
    return answers


def _meet(truths: Truths, untruths: Truths, needs: int, stops: int) -> Truths:
    """Return who has all that is needed and nothing that stops."""
    columns = [truths[i] for i in each(needs)] + [untruths[i] for i in each(stops)]
    if not columns:
        return np.ones(truths.shape[1], dtype=np.bool_)
    found: Truths = columns[0].copy()
    for column in columns[1:]:
        found &= column
    return found
