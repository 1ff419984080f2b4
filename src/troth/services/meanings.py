"""Meanings: the words that authors of conversations tie to closed answers, for those who count choices.

A free text says nothing to us until its author says what its words mean (``means taste.drink tea: chai``);
then they count as that answer.  A text that sounds delicate never counts, whatever its words mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from troth.gate import Meaning, says
from troth.policy.model import Policy, Purpose
from troth.services.choosing import CLOSED
from troth.services.coverage import Coverage
from troth.services.delicate import delicate
from troth.services.flows import Ask, Flow
from troth.terms import Place, Problem


def meanings(flows: Iterable[Flow]) -> tuple[Meaning, ...]:
    """Return what all authors say that words mean, each once."""
    found = (
        Meaning(step.ask.data, step.ask.field, one.words, one.question, one.answer)
        for flow in flows
        for step in flow.steps
        if step.ask
        for one in step.ask.means
    )
    return tuple(dict.fromkeys(found))


def check_meanings(flow: Flow, coverage: Coverage) -> tuple[Problem, ...]:
    """Return each meaning that is no closed answer of the document."""
    return tuple(_faults(flow, coverage))


def opened_by(policy: Policy, ask: Ask, answer: str) -> Mapping[str, str]:
    """Return the facts, with their purpose, that let counting read an answer whose words have a meaning.

    These are the conditions under which a purpose that makes something counted reads this category.
    """
    if (
        ask.kind != "text"
        or delicate(answer)
        or not any(
            says(Meaning(ask.data, ask.field, m.words, m.question, m.answer), answer) for m in ask.means
        )
    ):
        return {}
    return {
        fact: purpose.name
        for purpose in policy.of(Purpose)
        if makes_counted(policy, purpose, ask.data)
        for basis in purpose.bases
        for use in basis.uses
        if use.data == ask.data
        for group in use.guard.when
        for fact in group
    }


def makes_counted(policy: Policy, purpose: Purpose, data: str = "") -> tuple[str, ...]:
    """Return the counted categories that a purpose makes, out of ``data`` where one is named."""
    made = {u.data for b in purpose.bases for u in b.uses if not u.reads}
    counted = (d for d in Coverage(policy).counted() if d.name in made)
    return tuple(d.name for d in counted if not data or data in d.inputs)


def _faults(flow: Flow, coverage: Coverage) -> Iterator[Problem]:
    for step in flow.steps:
        for one in step.ask.means if step.ask else ():
            data, _, name = one.question.partition(".")
            datum = coverage.data(data)
            field = next((f for f in datum.fields if f.name == name), None) if datum else None
            here = Place(flow.path, one.line)
            if field is None or field.type not in CLOSED:
                yield Problem(
                    here, f"ties words to {one.question}, which is no closed question of the policy"
                )
            elif field.choices and one.answer not in field.choices:
                hint = f"the choices are {', '.join(field.choices)}"
                yield Problem(here, f"ties words to '{one.answer}', which {one.question} never is", hint)
