"""Deriving: has what is counted about a person made anew when something they said changed.

A document that counts nothing, and a person who said no to it, simply go without.
"""

from __future__ import annotations

from troth.policy.model import Purpose
from troth.runtime import Company
from troth.services import alerts, makes_counted, opened_by
from troth.services.flows import Ask
from troth.terms import TrothError


def refresh(company: Company, person: int) -> None:
    """Count a person's answers anew, for every purpose that makes something of them."""
    for purpose in company.policy.of(Purpose):
        for data in makes_counted(company.policy, purpose):
            try:
                company.gate.derive(person=person, data=data, purpose=purpose.name)
            except TrothError:
                continue


def heard(company: Company, person: int, flow: str, step: str, ask: Ask, answer: str) -> None:
    """Take note of a free answer: tell the author when it sounds delicate, and let its words count if they
    have a meaning."""
    if ask.kind != "text":
        return
    for counter, dims in alerts(company.policy, flow, step, answer):
        company.gate.count(counter=counter, dims=dims)
    for fact in opened_by(company.policy, ask, answer):
        company.gate.raise_fact(person=person, name=fact)
