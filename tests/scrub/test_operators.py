"""What stands in the place of a find."""

from __future__ import annotations

from datetime import datetime

import pytest

from troth.scrub import KeyNeeded, UnknownOperator, Vault, restore, scrub
from troth.scrub.checks import card, iban

KEY = b"a key of the tests, 32 bytes long"
TEXT = "Jeg heter Kari Nordmann, kort 4111 1111 1111 1111, IBAN NO93 8601 1117 947, kari@x.no"


@pytest.mark.parametrize("operator", ["label", "pseudonym", "fake"])
def test_what_can_be_restored_is_restored(operator: str) -> None:
    vault = Vault()
    hidden = scrub(TEXT, vault=vault, operator=operator, key=KEY).text

    assert "Nordmann" not in hidden
    assert restore(hidden, vault) == TEXT


@pytest.mark.parametrize("operator", ["mask", "hash", "pseudonym", "fake", "label"])
def test_no_operator_leaves_a_value(operator: str) -> None:
    hidden = scrub(TEXT, operator=operator, key=KEY).text

    assert not any(v in hidden for v in ("Kari", "Nordmann", "4111 1111 1111 1111", "8601", "kari@x.no"))


def test_a_keyed_pseudonym_is_the_same_in_every_text_and_another_under_another_key() -> None:
    one = scrub("kari@x.no", operator="pseudonym", key=KEY).text

    assert one == scrub("Kari@x.no", operator="pseudonym", key=KEY).text
    assert one != scrub("kari@x.no", operator="pseudonym", key=KEY[::-1]).text


def test_a_fake_has_the_same_shape_and_right_check_digits() -> None:
    made = scrub("4111 1111 1111 1111", operator="fake", key=KEY).text
    account = scrub("NO93 8601 1117 947", operator="fake", key=KEY).text

    assert [len(part) for part in made.split()] == [4, 4, 4, 4]
    assert card(made.replace(" ", ""))
    assert iban(account.replace(" ", ""))


def test_a_fake_birthday_is_a_day() -> None:
    made = scrub("born 31.12.1999", operator="fake", key=KEY).text.removeprefix("born ")

    assert datetime.strptime(made, "%d.%m.%Y").year < 2010


@pytest.mark.parametrize("operator", ["pseudonym", "hash", "fake"])
def test_what_is_derived_needs_a_key(operator: str) -> None:
    with pytest.raises(KeyNeeded, match=operator):
        scrub(TEXT, operator=operator)


def test_an_unknown_operator_lets_nothing_pass() -> None:
    with pytest.raises(UnknownOperator):
        scrub(TEXT, operator="blur")


def test_only_the_kinds_asked_for_are_replaced_and_all_are_told() -> None:
    done = scrub("kari@x.no on 2024-05-06", kinds=["DATE"])

    assert done.text == "kari@x.no on [DATE_1]"
    assert [s.label for s in done.spans] == ["EMAIL", "DATE"]
