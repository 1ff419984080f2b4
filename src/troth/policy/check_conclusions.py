"""Check conclusions: each rule by which something is concluded names answers that exist, of inputs it has.

What is concluded is an answer of the category's own first closed question.  One rule: *nothing is concluded
from what the person did not choose and from what is delicate*.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy.model import Conclusion, Data, Field, Policy
from troth.policy.problems import near
from troth.terms import Problem

CLOSED = frozenset({"choice", "yes-no"})


def check_conclusions(policy: Policy) -> Iterator[Problem]:
    """Yield each rule that concludes what cannot be, or from what cannot be."""
    data = {d.name: d for d in policy.of(Data)}
    for datum in data.values():
        for rule in datum.conclusions:
            yield from _concluded(datum, rule)
            for question, answer in rule.of:
                yield from _source(data, datum, question, answer)


def concluding(datum: Data) -> Field | None:
    """Return the field that holds what is concluded: the first closed question of the category."""
    return next((f for f in datum.fields if f.type in CLOSED), None)


def _concluded(datum: Data, rule: Conclusion) -> Iterator[Problem]:
    field = concluding(datum)
    if field is None:
        yield Problem(datum.place, f"'{datum.name}' concludes, and has no closed question to hold it")
    elif field.choices and rule.answer not in field.choices:
        hint = near(rule.answer, field.choices) or f"the choices are {', '.join(field.choices)}"
        yield Problem(datum.place, f"{datum.name}.{field.name} is never '{rule.answer}'", hint)


def _source(data: dict[str, Data], datum: Data, question: str, answer: str) -> Iterator[Problem]:
    name, _, part = question.partition(".")
    field = next((f for f in data[name].fields if f.name == part), None) if name in data else None
    if name not in datum.inputs or field is None:
        yield Problem(
            datum.place, f"concludes from {question}, which is nothing that '{datum.name}' is made of"
        )
    elif field.type not in CLOSED or (field.choices and answer not in field.choices):
        yield Problem(datum.place, f"concludes from {question} {answer}, which is no closed answer of it")
    elif field.special or data[name].special:
        yield Problem(datum.place, f"concludes from {question}, a special category (GDPR Art. 9)")
