"""Adopt: recognisers from outside, ours by protocol and Presidio's as they are.

A recogniser that raises stops the text: what it would have found cannot be let through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, runtime_checkable

from troth.scrub.span import RecogniserFailed, Span


@runtime_checkable
class Recogniser(Protocol):
    """Whatever finds spans in a text, in code points of that text."""

    def find(self, text: str, lang: str) -> Iterable[Span]:
        """Return what the recogniser finds."""
        ...


# What Presidio's entities are called here; an entity not listed keeps its own name.
PRESIDIO = {
    entity: label
    for label, entities in {
        "EMAIL": "EMAIL_ADDRESS",
        "PHONE": "PHONE_NUMBER",
        "CARD": "CREDIT_CARD",
        "IBAN": "IBAN_CODE",
        "IP": "IP_ADDRESS",
        "DEVICE_ID": "MAC_ADDRESS",
        "BANK_ACCOUNT": "US_BANK_NUMBER",
        "DRIVER_LICENSE": "US_DRIVER_LICENSE IT_DRIVER_LICENSE",
        "PASSPORT": "US_PASSPORT UK_PASSPORT IT_PASSPORT IN_PASSPORT",
        "NATIONAL_ID": "US_SSN US_ITIN UK_NHS UK_NINO ES_NIF ES_NIE IT_FISCAL_CODE IT_IDENTITY_CARD PL_PESEL "
        "FI_PERSONAL_IDENTITY_CODE DE_TAX_ID SE_PERSONNUMMER AU_TFN AU_MEDICARE IN_AADHAAR "
        "IN_PAN SG_NRIC_FIN",
        "ORG_ID": "AU_ABN AU_ACN IT_VAT_CODE SE_ORGANISATIONSNUMMER",
        "ORG": "ORGANIZATION",
        "DATE": "DATE_TIME",
        "PLATE": "IN_VEHICLE_REGISTRATION",
        "ADDRESS": "STREET_ADDRESS",
    }.items()
    for entity in entities.split()
}


def adopted(recogniser: Any, text: str, lang: str) -> list[Span]:
    """Return what an added recogniser finds; raise ``RecogniserFailed`` when it breaks or answers
    nonsense."""
    ask: Callable[[], list[Span]]
    name = str(getattr(recogniser, "name", type(recogniser).__name__))
    if hasattr(recogniser, "analyze"):

        def ask() -> list[Span]:
            return _presidio(recogniser, name, text)
    else:

        def ask() -> list[Span]:
            return list(recogniser.find(text, lang))

    try:
        spans = ask()
    except Exception as error:  # whatever it was, the text must not pass, and the message may quote it
        raise RecogniserFailed(name, type(error).__name__) from None
    if any(not 0 <= s.start < s.end <= len(text) for s in spans):
        raise RecogniserFailed(name, "a span outside the text")
    return spans


def _presidio(recogniser: Any, name: str, text: str) -> list[Span]:
    results = recogniser.analyze(text, list(recogniser.supported_entities), None) or []
    return [
        Span(r.start, r.end, PRESIDIO.get(r.entity_type, r.entity_type), float(r.score), name)
        for r in results
    ]
