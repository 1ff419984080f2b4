"""Telephone numbers, compared with phonenumbers' own examples."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest

from troth.scrub import find

LANDS = ("NO", "SE", "FI", "DK", "DE", "GB", "US", "FR", "NL", "PL", "ES", "IT", "IN", "SO", "TR", "UA")


@pytest.mark.parametrize("land", LANDS)
@pytest.mark.parametrize("kind", [0, 1])  # a fixed line, a mobile
def test_an_example_number_is_found_abroad_and_at_home(land: str, kind: int) -> None:
    theirs: Any = phonenumbers
    number = theirs.example_number_for_type(land, kind)
    for style in (theirs.PhoneNumberFormat.INTERNATIONAL, theirs.PhoneNumberFormat.E164):
        written = theirs.format_number(number, style)
        (span,) = [s for s in find(f"please call {written} today") if s.label == "PHONE"]

        assert span.of(f"please call {written} today") == written
    home = theirs.format_number(number, theirs.PhoneNumberFormat.NATIONAL)

    assert ("PHONE", home) in [(s.label, s.of(f"phone: {home}.")) for s in find(f"phone: {home}.")]
