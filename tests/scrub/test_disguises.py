"""Disguises: what people, and programs, do to an identifier so that a filter passes it by."""

from __future__ import annotations

import pytest

from troth.scrub import Restorer, Vault, find, restore, scrub


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("mail ｏｌａ＠ｆｉｒｍａ．ｎｏ now", "EMAIL"),
        ("mail o\u200bl\u200ba@\u200bfirma.no", "EMAIL"),
        ("mail \u202eola@firma.no\u202c", "EMAIL"),
        ("ola😀@firma.no", "EMAIL"),
        ("оla@firma.no", "EMAIL"),  # a Cyrillic о
        ("ola(a)firma.no", "EMAIL"),
        ("ola *at* firma *dot* no", "EMAIL"),
        ("ola-at-firma-dot-no", "EMAIL"),
        ("o l a @ f i r m a . n o", "EMAIL"),
        ("ola＠firma。no", "EMAIL"),
        ("ola&#x40;firma&#46;no", "EMAIL"),
        ("４１１１ １１１１ １１１１ １１１１", "CARD"),
        ("٤١١١ ١١١١ ١١١١ ١١١١", "CARD"),
        ("𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏", "CARD"),
        ("4111\u200b1111\u200b1111\u200b1111", "CARD"),
        ("4111\n1111\n1111\n1111", "CARD"),
        ("4111_1111_1111_1111", "CARD"),
        ("4111😀1111😀1111😀1111", "CARD"),
        ("+47·912·34·567", "PHONE"),
        ("＋４７ ９１２ ３４ ５６７", "PHONE"),
        ("ring meg: 9-1-2-3-4-5-6-7", "PHONE"),
        ("N O 9 3 8 6 0 1 1 1 1 7 9 4 7", "IBAN"),
        ("NO93.8601.1117.947", "IBAN"),
        ("ΝΟ93 8601 1117 947", "IBAN"),  # Greek letters
        ("131052 – 308T", "NATIONAL_ID"),
        ("192 . 168 . 1 . 12", "IP"),
        ("192。168。1。12", "IP"),
        ("my name is Каri Nordmann", "PERSON"),
        ("my name is Ｋａｒｉ Ｎｏｒｄｍａｎｎ", "PERSON"),
        ("my name is K a r i N o r d m a n n", "PERSON"),
        ("p a s s w o r d : Hunter2!", "SECRET"),
        ("hxxps://example.org/user/8812345", "URL"),
        ("https[:]//example[.]org/user/8812345", "URL"),
    ],
)  # fmt: skip
def test_a_disguise_hides_nothing(text: str, label: str) -> None:
    assert label in [span.label for span in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "1. 2. 3. 4. are the steps",
        "a b c d is how the alphabet begins",
        "plan B or plan C, and a table of 12 13 14 15",
        "4112,1111,1111,1111",
        "state-of-the-art",
    ],
)
def test_what_only_looks_disguised_is_left(text: str) -> None:
    assert find(text) == []


def test_a_disguised_value_comes_back_as_it_was_written() -> None:
    vault, text = Vault(), "K a r i N o r d m a n n, ola＠firma。no, 4111😀1111😀1111😀1111"

    assert restore(scrub(f"my name is {text}", vault=vault).text, vault) == f"my name is {text}"


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_token_split_over_chunks_is_put_back_whole(size: int) -> None:
    vault = Vault()
    hidden = scrub("ola＠firma.no wrote to kari@x.no", vault=vault).text
    stream = Restorer(vault)
    parts = [stream.feed(hidden[at : at + size]) for at in range(0, len(hidden), size)]

    assert "".join(parts) + stream.close() == "ola＠firma.no wrote to kari@x.no"
