"""Asked: the consent that stands at a step: its text, the ages it tells apart, and what is lacking."""

from __future__ import annotations

from dataclasses import dataclass

from troth.runtime import Company
from troth.services import Band, Coverage, Flow, bands, question
from troth.services.booking import moment
from troth.services.flows import Step
from troth.terms import Clause
from troth.web.asking import Form
from troth.web.sessions import Session, Talk


@dataclass(frozen=True, slots=True)
class Question:
    """A consent as it is put: ``bands`` are the ages to choose from, none when the age is known."""

    name: str
    text: str
    clause: Clause
    agreed: bool
    bands: tuple[Band, ...]


def consent_of(step: Step) -> str:
    """Name the consent that stands at a step, '' for none."""
    return step.consent or (step.ask.consent if step.ask else "")


def question_at(company: Company, flow: Flow, session: Session, talk: Talk, step: Step) -> Question | None:
    """Return the consent to put at this step in the talk's language."""
    name = consent_of(step)
    found = Coverage(company.policy).consent(name) if name else None
    if found is None:
        return None
    text = wording(company, flow, talk.language, step)
    ages = () if known_age(company, session, talk) is not None else bands(company.policy, found)
    return Question(name, text, found.clause, talk.consents.get(name, False), ages)


def wording(company: Company, flow: Flow, language: str, step: Step) -> str:
    """Return a consent's text as it is shown: the flow's translation of it, else the document's own."""
    texts = dict(dict(flow.translations).get(language, ()))
    return texts.get(f"{step.name}.consent") or question(company.policy, company.parties, consent_of(step))


def known_age(company: Company, session: Session, talk: Talk) -> int | None:
    """Return the age that is known or was declared, in this talk or before."""
    if talk.age is not None or session.person is None:
        return talk.age
    return company.gate.access(person=session.person).age


def _over(company: Company, answer: str) -> bool:
    at = moment(answer, company.policy.zone)
    return at is not None and at <= company.clock()


def declared(form: Form) -> int | None:
    """Read the age a person declared to be at least."""
    said = form.get("years", "")
    return int(said) if said.isdecimal() and len(said) <= 3 else None


def lacking(company: Company, session: Session, talk: Talk, step: Step, form: Form) -> str:
    """Say why an answer is not taken: what a yes still lacks, or a subject the document takes no word of."""
    if step.ask is not None and company.gate.unwelcome(data=step.ask.data, text=form.get("answer", "")):
        return "please leave out what this is about: we take nothing on it"
    if step.ask is not None and step.ask.kind == "moment" and _over(company, form.get("answer", "")):
        return "this moment is over; name one to come, or none"
    name = consent_of(step)
    found = Coverage(company.policy).consent(name) if name else None
    said_yes = form.get("answer" if step.consent else "consent") == "yes"
    if found is None or not said_yes or known_age(company, session, talk) is not None:
        return ""
    ages = bands(company.policy, found)
    if not ages or (years := declared(form)) in {b.low for b in ages}:
        return ""
    return (
        "say how old you are, since a yes counts only from an age" if years is None else "choose an age shown"
    )
