"""What is found, in the words people use, and what is left alone."""

from __future__ import annotations

import pytest

from troth.scrub import DIRECT, LIMIT, Span, TooLong, UnknownLabel, find, scrub


def found(text: str, lang: str = "") -> list[tuple[str, str]]:
    return [(s.label, s.of(text)) for s in find(text, lang=lang) if s.label in DIRECT]


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("ring meg på +47 912 34 567", "PHONE", "+47 912 34 567"),
        ("puh 040 1234567", "PHONE", "040 1234567"),
        ("call (555) 123-4567 now", "PHONE", "(555) 123-4567"),
        ("tel. 0171/1234567", "PHONE", "0171/1234567"),
        ("sms me (+44 7700 900123)", "PHONE", "+44 7700 900123"),
        ("ring four one five five five five one two", "PHONE", "four one five five five five one two"),
        ("write to ola.nordmann@firma.no.", "EMAIL", "ola.nordmann@firma.no"),
        ("kari (at) firma (dot) no", "EMAIL", "kari (at) firma (dot) no"),
        ("mail ola＠firma.no", "EMAIL", "ola＠firma.no"),
        ("o\u200bla@firma.no", "EMAIL", "o\u200bla@firma.no"),
        ("konto 1234.56.78903", "BANK_ACCOUNT", "1234.56.78903"),
        ("kort 4111 1111 1111 1111", "CARD", "4111 1111 1111 1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "CARD", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ("IBAN NO93 8601 1117 947", "IBAN", "NO93 8601 1117 947"),
        ("iban: gb82west12345698765432", "IBAN", "gb82west12345698765432"),
        ("hetu 131052-308T", "NATIONAL_ID", "131052-308T"),
        ("my SSN is 123-45-6789", "NATIONAL_ID", "123-45-6789"),
        ("NHS number 943 476 5919", "NATIONAL_ID", "943 476 5919"),
        ("Ich wohne in der Hauptstraße 12, 10115 Berlin", "ADDRESS", "Hauptstraße 12, 10115 Berlin"),
        ("Jeg bor i Storgata 5B, 0155 Oslo", "ADDRESS", "Storgata 5B, 0155 Oslo"),
        ("asun: Mannerheimintie 12 A 5, 00100 Helsinki", "ADDRESS", "Mannerheimintie 12 A 5, 00100 Helsinki"),
        ("I live at 221B Baker Street, London NW1 6XE", "ADDRESS", "221B Baker Street, London NW1 6XE"),
        ("Postboks 123, 0150 Oslo", "ADDRESS", "Postboks 123, 0150 Oslo"),
        ("born 12 March 1985", "DOB", "12 March 1985"),
        ("født 01.02.1980", "DOB", "01.02.1980"),
        ("from 192.168.1.12", "IP", "192.168.1.12"),
        ("on fe80::1ff:fe23:4567:890a", "IP", "fe80::1ff:fe23:4567:890a"),
        ("mac 00:1A:2B:3C:4D:5E", "DEVICE_ID", "00:1A:2B:3C:4D:5E"),
        ("password: Hunter2!", "SECRET", "Hunter2!"),
        ("use sk-abcdefghijklmnop1234567890", "SECRET", "sk-abcdefghijklmnop1234567890"),
        ("plate ABC-123", "PLATE", "ABC-123"),
        ("passport number N1234567", "PASSPORT", "N1234567"),
        ("Führerschein B072RRE2I55", "DRIVER_LICENSE", "B072RRE2I55"),
        ("username: darth_42", "USERNAME", "darth_42"),
        ("see https://example.org/user/8812345", "URL", "https://example.org/user/8812345"),
    ],
)  # fmt: skip
def test_a_disguise_or_a_national_habit_hides_nothing(text: str, label: str, value: str) -> None:
    assert (label, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "order 12345678 and invoice 20240117",
        "version 1.2.3.4 of the driver",
        "it costs 1 234 567,50 kr",
        "read https://docs.python.org/3/library/re.html",
        "page 340-372 of chapter 12",
        "tracking 00340434161094042557",
        "the years 2010-2019",
        "wrong password, try again",
    ],
)
def test_what_counts_things_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_date_is_found_but_is_no_direct_identifier() -> None:
    (span,) = find("on 2024-05-06")

    assert span.label == "DATE"


def test_a_point_on_the_map_is_replaced_as_an_address_is_and_a_town_is_not() -> None:
    assert scrub("we are at 59.91273, 10.74609 in Oslo").text == "we are at [LOCATION_1] in Oslo"
    assert scrub("we are at 59.91273, 10.74609", kinds=["PHONE"]).text == "we are at 59.91273, 10.74609"


def test_spans_count_code_points_of_the_text_as_it_was() -> None:
    text = "😀 ｏｌａ＠firma.no 😀"
    (span,) = [s for s in find(text) if s.label == "EMAIL"]

    assert span.of(text) == "ｏｌａ＠firma.no"


def test_a_text_over_the_limit_is_not_cut_but_refused() -> None:
    with pytest.raises(TooLong, match="limit is 10"):
        find("x" * 11, limit=10)
    with pytest.raises(TooLong):
        find("x" * (LIMIT + 1))


def test_an_unknown_kind_is_an_error_and_never_nothing() -> None:
    with pytest.raises(UnknownLabel, match="TELEPHONE"):
        find("x", kinds=["TELEPHONE"])


def test_an_allowed_value_stays() -> None:
    assert find("write to help@troth.example", allow=["help@troth.example"]) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hi, my name is Kari Nordmann.", "Kari Nordmann"),
        ("jeg heter kari nordmann", "kari nordmann"),
        ("Mit freundlichen Grüßen\nAnnegret Schneider", "Annegret Schneider"),
        ("Hilsen Torgeir", "Torgeir"),
    ],
)
def test_people_are_found_in_any_case(text: str, name: str) -> None:
    assert ("PERSON", name) in found(text)


def test_who_is_named_once_is_found_wherever_named_again() -> None:
    text = "Kari Nordmann ringte. Etterpå gikk kari hjem, og Nordmanns bil sto igjen."
    people = [v for label, v in found(text) if label == "PERSON"]

    assert people == ["Kari Nordmann", "kari", "Nordmanns"]


def test_a_find_says_by_which_rule() -> None:
    (span,) = find("4111 1111 1111 1111")

    assert span == Span(0, 19, "CARD", 0.99, "check digit")
