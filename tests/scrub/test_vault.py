"""The way back: exact, for the author only, and over any split of a stream."""

from __future__ import annotations

import json
from itertools import pairwise
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.scrub import NotTheAuthor, Restorer, Vault, restore, scrub

CHAT = "I am Kari Nordmann, kari@x.no, +47 912 34 567. KARI NORDMANN again. My plate is AB 12345."


def test_a_conversation_keeps_its_tokens() -> None:
    vault = Vault()
    first = scrub("write to kari@x.no", vault=vault).text
    later = scrub("did you write to kari@x.no or ola@x.no?", vault=vault).text

    assert first == "write to [EMAIL_1]"
    assert later == "did you write to [EMAIL_1] or [EMAIL_2]?"


def test_a_first_name_is_a_form_of_the_one_person_who_bears_it() -> None:
    vault = Vault()
    names = ["Kari Nordmann", "Kari", "Ola Li", "Anna", "Anna Berg", "Anna Lund", "Anna"]

    assert [vault.token("PERSON", name) for name in names] == [
        "[PERSON_1]",
        "[PERSON_1.2]",
        "[PERSON_2]",
        "[PERSON_3]",
        "[PERSON_3.2]",
        "[PERSON_4]",
        "[PERSON_3]",
    ]


def test_a_value_hidden_once_is_hidden_later_without_its_cue() -> None:
    vault = Vault()
    scrub("my account number is 99887766", vault=vault)

    assert "99887766" not in scrub("as I said, 99887766", vault=vault).text


def test_restoring_gives_the_text_back_exactly() -> None:
    vault = Vault("kari")

    assert restore(scrub(CHAT, vault=vault).text, vault, author="kari") == CHAT


def test_nobody_but_the_author_gets_a_value_back() -> None:
    vault = Vault("kari")
    text = scrub(CHAT, vault=vault).text

    with pytest.raises(NotTheAuthor):
        restore(text, vault, author="ola")
    with pytest.raises(NotTheAuthor):
        Restorer(vault)


def test_a_token_that_a_text_holds_as_its_own_words_is_never_given_out() -> None:
    vault = Vault()
    text = "what does [EMAIL_1] mean? write to kari@x.no"
    hidden = scrub(text, vault=vault).text

    assert hidden == "what does [EMAIL_1] mean? write to [EMAIL_2]"
    assert restore(hidden, vault) == text


@given(st.lists(st.integers(min_value=0, max_value=200), max_size=12))
def test_a_stream_is_restored_however_it_is_split(cuts: list[int]) -> None:
    vault = Vault()
    hidden = scrub(CHAT, vault=vault).text
    marks = sorted({min(c, len(hidden)) for c in cuts} | {0, len(hidden)})
    chunks = [hidden[a:b] for a, b in pairwise(marks)]

    assert "".join(Restorer(vault).through(iter(chunks))) == CHAT


def test_a_stream_shows_at_once_what_is_no_token() -> None:
    restorer = Restorer(Vault())

    assert restorer.feed("a [plain") == "a [plain"


def test_a_vault_shows_nothing_and_survives_being_stored() -> None:
    vault = Vault("kari")
    hidden = scrub(CHAT, vault=vault).text
    again = Vault.of(json.loads(json.dumps(vault.state())))

    assert "kari" not in repr(vault).lower()
    assert restore(hidden, again, author="kari") == CHAT
    assert again.token("EMAIL", "new@x.no") == "[EMAIL_2]"


def test_threads_never_get_one_token_for_two_values() -> None:
    vault = Vault()
    threads = [
        Thread(target=lambda n=n: [vault.token("EMAIL", f"a{n}-{i}@x.no") for i in range(200)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(vault) == 800
