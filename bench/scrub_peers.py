"""Other scrubbers, asked as a program would ask them; each is ``None`` where it is not installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable

Found = list[tuple[int, int, str]]
Engine = Callable[[str, str], Found]

PRESIDIO = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "MAC_ADDRESS": "DEVICE_ID",
    "PERSON": "PERSON",
    "US_SSN": "NATIONAL_ID",
    "UK_NHS": "NATIONAL_ID",
    "URL": "URL",
    "US_PASSPORT": "PASSPORT",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE",
    "US_BANK_NUMBER": "BANK_ACCOUNT",
}
SCRUBADUB = {
    "email": "EMAIL",
    "phone": "PHONE",
    "credit_card": "CARD",
    "url": "URL",
    "twitter": "USERNAME",
    "name": "PERSON",
    "social_security_number": "NATIONAL_ID",
    "national_insurance_number": "NATIONAL_ID",
    "postalcode": "ADDRESS",
}
DATAFOG = {
    "EMAIL": "EMAIL",
    "PHONE": "PHONE",
    "SSN": "NATIONAL_ID",
    "CREDIT_CARD": "CARD",
    "IP_ADDRESS": "IP",
    "DOB": "DOB",
}


def presidio() -> Engine | None:
    """Presidio's default recognisers over a blank tokenizer: its models are not in a package registry."""
    try:
        analyzer = importlib.import_module("presidio_analyzer")
        nlp = importlib.import_module("presidio_analyzer.nlp_engine")
        spacy = importlib.import_module("spacy")
    except ImportError:
        return None
    engine = nlp.SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": spacy.blank("en")}
    registry = analyzer.RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    asked = analyzer.AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])

    def ask(text: str, lang: str) -> Found:
        found = asked.analyze(text, language="en", score_threshold=0.3)
        return [(r.start, r.end, PRESIDIO[r.entity_type]) for r in found if r.entity_type in PRESIDIO]

    return ask


def scrubadub() -> Engine | None:
    """scrubadub's default detectors."""
    try:
        module = importlib.import_module("scrubadub")
    except ImportError:
        return None
    scrubber = module.Scrubber()

    def ask(text: str, lang: str) -> Found:
        found = scrubber.iter_filth(text)
        return [(f.beg, f.end, SCRUBADUB.get(f.type, "")) for f in found if f.type in SCRUBADUB]

    return ask


def datafog() -> Engine | None:
    """DataFog's regular expressions."""
    try:
        module = importlib.import_module("datafog.processing.text_processing.regex_annotator")
    except ImportError:
        return None
    annotator = module.RegexAnnotator()

    def ask(text: str, lang: str) -> Found:
        _, result = annotator.annotate_with_spans(text)
        return [(s.start, s.end, DATAFOG[s.label]) for s in result.spans if s.label in DATAFOG]

    return ask


PEERS: dict[str, Callable[[], Engine | None]] = {
    "presidio": presidio,
    "scrubadub": scrubadub,
    "datafog": datafog,
}
