"""Mask: a category's free text as it may be stored, sent or shown: ``scrub D replace KINDS, warn KINDS``.

What is replaced is found by ``troth.scrub``; the document says which kinds.  INVARIANT (masked or nothing): a
text that could not be read to its end passes nowhere, and the error does not quote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from troth.gate.errors import BadBody, GateError
from troth.gate.house import House
from troth.policy.model import Data, Policy, Treatment
from troth.scrub import DIRECT, LABELS, Vault, scrub

KINDS: Mapping[str, tuple[str, ...]] = {
    "name": ("PERSON",),
    "postcode": ("ADDRESS",),
    "birthdate": ("DOB",),
    "nino": ("NATIONAL_ID",),
    "licence": ("DRIVER_LICENSE",),
    "account": ("BANK_ACCOUNT",),
    "handle": ("USERNAME",),
    "link": ("URL",),
    "device": ("DEVICE_ID",),
    "password": ("SECRET",),
    "place": ("LOCATION",),
    "organisation": ("ORG",),
} | {label.lower().replace("_", "-"): (label,) for label in sorted(LABELS)}
SUBJECTS: Mapping[str, str] = {
    "health": "health",
    "belief": "religion",
    "religion": "religion",
    "politics": "politics",
    "union": "union",
    "orientation": "sex-life",
    "sex-life": "sex-life",
    "origin": "ethnicity",
    "ethnicity": "ethnicity",
    "genetics": "genetics",
    "biometrics": "biometrics",
    "offences": "offences",
}
FREE = frozenset({"text"})  # the types of field whose words are a person's own


class NotMasked(GateError):
    """The scrubber failed; ``cause`` names the kind of failure and never the text."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"the text could not be masked ({cause}); nothing of it was stored or sent")


@dataclass(frozen=True, slots=True)
class Treated:
    """What the document does with a category's texts: labels that are replaced, words that are warned of."""

    replace: frozenset[str]
    warn: tuple[str, ...] = ()
    refuse: tuple[str, ...] = ()  # subjects of which no text is taken


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as it may go on; ``kinds`` counts what was replaced, ``warned`` names what was left standing."""

    text: str = field(repr=False)
    kinds: tuple[tuple[str, int], ...] = ()
    warned: tuple[str, ...] = ()


def treatment(policy: Policy, data: str) -> Treated | None:
    """Return what the document's ``scrub`` lines do with a category; None when it has none.

    >>> said = Treatment(verb="scrub", data=("talk",), detail=("replace email", "warn health"))
    >>> found = treatment(Policy((said,)), "talk")
    >>> sorted(found.replace), found.warn
    (['EMAIL'], ('health',))
    """
    lines = [t for t in policy.of(Treatment) if t.verb == "scrub" and data in t.data]
    if not lines:
        return None
    words = [d for line in lines for d in line.detail]
    named = [w.removeprefix("replace ") for w in words if w.startswith("replace ")]
    warned = tuple(w.removeprefix("warn ") for w in words if w.startswith("warn "))
    refused = tuple(w.removeprefix("refuse ") for w in words if w.startswith("refuse "))
    labels = frozenset(label for word in named for label in KINDS.get(word, ()))
    return Treated(labels if named or warned or refused else DIRECT, warned, refused)


def unknown_kinds(policy: Policy, data: str) -> Iterator[str]:
    """Yield the kinds that the document wants treated in a category and that nobody here can find."""
    for line in policy.of(Treatment):
        if line.verb == "scrub" and data in line.data:
            for detail in line.detail:
                verb, _, word = detail.partition(" ")
                if word not in KINDS and not (verb in ("warn", "refuse") and word in SUBJECTS):
                    yield word


def mask(house: House, data: str, text: str, vault: Vault, language: str = "") -> Masked:
    """Return a text of a category as the document lets it go on; raise ``NotMasked``, never the text itself.

    A category without a ``scrub`` line passes as it is: the document says, and nobody else.
    """
    said = treatment(house.policy, data)
    if said is None:
        return Masked(text)
    looked_for = {label for word in said.warn for label in KINDS.get(word, ())} - said.replace
    try:
        done = scrub(text, lang=language, vault=vault, kinds=said.replace)
        subjects = frozenset(house.subjects(text))
    except Exception as error:  # whatever it was, the text must not pass, and the message may quote it
        raise NotMasked(type(error).__name__) from None
    labels = [span.label for span in done.spans]
    kinds = tuple((k, labels.count(k)) for k in sorted(set(labels) & said.replace))
    seen = {
        w for w in said.warn if SUBJECTS.get(w) in subjects or looked_for & set(KINDS.get(w, ())) & {*labels}
    }
    return Masked(done.text, kinds, tuple(w for w in said.warn if w in seen))


def unwelcome(house: House, *, data: str, text: str) -> str:
    """Name the subject for which the document lets no text of a category be taken; '' for a text that may.

    A search that fails is no leave to take it: raises ``NotMasked``.
    """
    said = treatment(house.policy, data)
    if said is None or not said.refuse:
        return ""
    try:
        subjects = frozenset(house.subjects(text))
    except Exception as error:  # its message may quote the text
        raise NotMasked(type(error).__name__) from None
    return next((word for word in said.refuse if SUBJECTS.get(word) in subjects), "")


def cleaned(house: House, datum: Data, body: Mapping[str, object]) -> dict[str, object]:
    """Return a checked body with its free texts masked as the document promises before anything is stored."""
    if treatment(house.policy, datum.name) is None:
        return dict(body)
    free, vault = {f.name for f in datum.fields if f.type in FREE}, Vault()
    for name in free & body.keys():
        if subject := unwelcome(house, data=datum.name, text=str(body[name])):
            raise BadBody(datum.name, name, f"seems to speak of {subject}, which is not taken here")
    return {
        name: mask(house, datum.name, value, vault).text if name in free and isinstance(value, str) else value
        for name, value in body.items()
    }
