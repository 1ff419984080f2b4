"""Delicate: what a conversation may not ask for, and the free answers that came out delicate (GDPR Art. 9).

A question may carry the tag of its subject (``about health``); one of a special category is not published
unless the document declares its field special.  A free answer is held against a short list of plain words, so
that its author is told (a count, never the words).  The list is a warning light, no proof of the contrary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from troth.policy.model import Claim, Counter, Data, Policy
from troth.services.coverage import Coverage
from troth.services.flows import Flow
from troth.terms import Place, Problem

WORDS: Mapping[str, str] = {
    "health": "diabet[a-z]*|cancer|kreft|depress[a-zø]+|depresjon|pregnan[a-z]+|gravid|hiv|aids|asthma|astma"
    "|epilep[a-z]+|migrain[a-z]*|migrene|allerg[a-z]+|diagnos[a-z]+|disab[a-z]+|sykmeldt|dialysis|angst"
    "|coeliac|cøliaki|anorexi[a-z]*|chemotherapy|cellegift|medication|medisin[a-z]*",
    "religion": "muslim[a-z]*|islam|christian[a-z]*|kristen[a-z]*|catholic|katolsk|katolikk|jewish|jødisk"
    "|hindu|hinduism[a-z]*|buddhis[a-z]+|atheist|ateist|halal|kosher|ramadan|sikh",
    "politics": "socialist|sosialist|conservative party|labour party|arbeiderpartiet|fremskrittspartiet"
    "|communist|kommunist|liberal party|senterpartiet",
    "union": "trade union|union member|fagforening[a-z]*|fagorganisert",
    "sex-life": "gay|lesbian|lesbisk|homosexual|homofil|bisexual|bifil|transgender|transperson",
    "ethnicity": "ethnic|etnisk|romani|samisk|sámi",
    "genetics": "dna test|gene test|gentest",
    "biometrics": "fingerprint|fingeravtrykk|iris scan",
    "offences": "convicted|criminal record|criminal conviction|in prison|straffedømt|domfelt|i fengsel",
}
ASKED: Mapping[str, str] = {  # how a question speaks of it, or a field is called
    "health": "your health|illness(?:es)?|diseases?|disabilit(?:y|ies)|medical|helsen? din|sykdom(?:mer)?",
    "religion": "religions?|religious|your faith|your beliefs?|religiøs[a-z]*",
    "politics": "political (?:views?|opinions?|party)|politisk[a-z]*",
    "union": "trade union[a-z]*|union membership|fagforening[a-z]*",
    "sex-life": "sexual orientation|sex life|seksuell[a-z]*",
    "ethnicity": "ethnic(?:ity)?|racial|etnisk[a-z]*",
    "genetics": "genetic[a-z]*|your dna|genetisk[a-z]*",
    "biometrics": "biometric[a-z]*|fingerprints?|biometrisk[a-z]*",
    "offences": "convicted|convictions?|criminal|offen[cs]es?|straffedømt|straffbar[a-z]*|lovbrudd",
}
SUBJECTS = frozenset(WORDS)
_PATTERNS = {kind: re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE) for kind, said in WORDS.items()}


_QUESTIONS = {kind: re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE) for kind, said in ASKED.items()}


def delicate(text: str) -> tuple[str, ...]:
    """Name the special categories that a text seems to speak of.

    >>> delicate("I have diabetes"), delicate("I have dial-up")
    (('health',), ())
    """
    return tuple(kind for kind, pattern in _PATTERNS.items() if pattern.search(text))


def asked_about(text: str) -> str:
    """Name the special category that a question, or a field by its name, asks for; '' for none.

    >>> asked_about("Have you ever been convicted?"), asked_about("religion"), asked_about("How are you?")
    ('offences', 'religion', '')
    """
    return next((kind for kind, pattern in _QUESTIONS.items() if pattern.search(text)), "")


def check_subjects(flow: Flow, coverage: Coverage) -> tuple[Problem, ...]:
    """Return each question of a special category that the document does not declare as one.

    It shows by its tag, or, where the document promises never to collect such data, by its words.
    """
    promise = _promise(coverage.policy)
    problems = []
    for step in flow.steps:
        ask = step.ask
        if ask is None:
            continue
        about = ask.about if ask.about in SUBJECTS else asked_about(step.say) if promise else ""
        data = coverage.data(ask.data)
        field = next((f for f in data.fields if f.name == ask.field), None) if data else None
        if about and not (data and data.special) and not (field and field.special):
            by = f", which §{promise.clause.ref} promises never to collect" if promise else ""
            message = f"asks about {about}, a special category, for {ask.purpose}{by}"
            hint = "GDPR Art. 9: leave the question out, or declare the field special on explicit consent"
            problems.append(Problem(Place(flow.path, step.act or step.line), message, hint))
    return tuple(problems)


def check_fields(policy: Policy) -> tuple[Problem, ...]:
    """Return each field that is called like a special category in a document that promises to hold none."""
    promise = _promise(policy)
    return tuple(
        Problem(
            data.place,
            f"'{data.name}.{field.name}' is called like {about}, which §{promise.clause.ref} never collects",
            "leave the field out, or mark it special, and the promise will say what it breaks",
        )
        for data in policy.of(Data)
        for field in data.fields
        if promise and not (data.special or field.special)
        if (about := asked_about(f"{data.name} {field.name}".replace("-", " ")))
    )


def _promise(policy: Policy) -> Claim | None:
    """Return the document's own promise never to collect special categories."""
    claims = (c for c in policy.of(Claim) if c.kind == "never" and c.verb == "collect")
    return next((c for c in claims if "special" in c.data), None)


def alerts(policy: Policy, flow: str, step: str, text: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return the document's counters that a delicate answer moves, with their dimensions.

    >>> p = Policy((Counter(name="delicate", of=("flow", "step", "kind")),))
    >>> alerts(p, "summer", "brand", "I have diabetes")
    (('delicate', {'flow': 'summer', 'step': 'brand', 'kind': 'health'}),)
    """
    return tuple(
        (c.name, {"flow": flow, "step": step, "kind": kind})
        for kind in delicate(text)
        for c in policy.of(Counter)
        if set(c.of) == {"flow", "step", "kind"}
    )
