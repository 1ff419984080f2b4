"""Recognisers from outside, and what happens when they break."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from troth.scrub import RecogniserFailed, Span, find, scrub


@dataclass
class Result:
    entity_type: str
    start: int
    end: int
    score: float


class Presidio:
    """Shaped as a Presidio recogniser is."""

    name = "ZebraRecognizer"
    supported_entities = ("ZEBRA", "US_SSN")

    def analyze(self, text: str, entities: list[str], nlp_artifacts: object) -> list[Result]:
        at = text.find("zz")
        return [Result("ZEBRA", at, at + 2, 0.9)] if at >= 0 else []


class Ours:
    """Keeps to our own protocol."""

    def find(self, text: str, lang: str) -> list[Span]:
        return [Span(0, 3, "ORG_ID", 1.0, "ours")]


class Broken:
    """Raises with the text in its message."""

    def find(self, text: str, lang: str) -> list[Span]:
        raise ValueError(text)


def test_a_presidio_recogniser_is_taken_as_it_is() -> None:
    assert scrub("it is zz", recognisers=[Presidio()]).text == "it is [ZEBRA_1]"


def test_our_own_protocol_is_one_function() -> None:
    assert find("abc", recognisers=[Ours()]) == [Span(0, 3, "ORG_ID", 1.0, "ours")]


def test_a_broken_recogniser_stops_the_text_and_does_not_quote_it() -> None:
    with pytest.raises(RecogniserFailed, match="ValueError") as error:
        scrub("my secret story", recognisers=[Broken()])

    assert "secret" not in str(error.value)
