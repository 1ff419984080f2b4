"""Delicate: what a conversation may not ask for, and the free answers that came out delicate (GDPR Art. 9).

A question may carry the tag of its subject (``about health``); one of a special category is not published
unless the document declares its field special.  A free answer is held against a short list of plain words, so
that its author is told (a count, never the words).  The list is a warning light, no proof of the contrary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from troth.policy.model import Counter, Policy
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
}
SUBJECTS = frozenset(WORDS)
_PATTERNS = {kind: re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE) for kind, said in WORDS.items()}


def delicate(text: str) -> tuple[str, ...]:
    """Name the special categories that a text seems to speak of.

    >>> delicate("I have diabetes"), delicate("I have dial-up")
    (('health',), ())
    """
    return tuple(kind for kind, pattern in _PATTERNS.items() if pattern.search(text))


def check_subjects(flow: Flow, coverage: Coverage) -> tuple[Problem, ...]:
    """Return each question of a special category that the document does not declare as one."""
    problems = []
    for step in flow.steps:
        ask = step.ask
        if ask is None or ask.about not in SUBJECTS:
            continue
        data = coverage.data(ask.data)
        field = next((f for f in data.fields if f.name == ask.field), None) if data else None
        if not (data and data.special) and not (field and field.special):
            message = f"asks about {ask.about}, a special category, for {ask.purpose}"
            hint = "GDPR Art. 9: leave the question out, or declare the field special on explicit consent"
            problems.append(Problem(Place(flow.path, step.act or step.line), message, hint))
    return tuple(problems)


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
