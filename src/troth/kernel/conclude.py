"""Conclude: what the document's own rules make of a person's closed answers (``data … concludes …``).

Each result is one answer of the category's first closed question, and stands on the answers that a rule
names.  Nothing is weighed and nothing learned from others, so that the list of rules is the whole logic.
"""

from __future__ import annotations

from collections.abc import Iterable

from troth.kernel.count import CLOSED, Answer
from troth.policy.model import Data


def concluded(datum: Data, said: Iterable[Answer]) -> tuple[dict[str, object], ...]:
    """Return the bodies of what follows from answers, in the order of the rules, each once.

    >>> from datetime import datetime
    >>> from troth.policy.model import Conclusion, Field
    >>> rule = Conclusion("security", (("history.product", "lock"),))
    >>> held = Data(name="interest", fields=(Field(name="interest", type="choice"),), conclusions=(rule,))
    >>> concluded(held, [Answer("history.product", "lock", datetime(2026, 1, 1))])
    ({'interest': 'security'},)
    """
    given = {(one.question, one.answer) for one in said}
    name = _field(datum)
    found = dict.fromkeys(rule.answer for rule in datum.conclusions if given.intersection(rule.of))
    return tuple({name: answer} for answer in found) if name else ()


def sources(datum: Data, answer: object) -> frozenset[tuple[str, str]]:
    """Return the answers from which one is concluded."""
    return frozenset(pair for rule in datum.conclusions if rule.answer == answer for pair in rule.of)


def read_conclusion(datum: Data, body: object) -> str:
    """Return what a record of the category concludes."""
    return str(body.get(_field(datum), "")) if isinstance(body, dict) else ""


def _field(datum: Data) -> str:
    return next((f.name for f in datum.fields if f.type in CLOSED), "")
