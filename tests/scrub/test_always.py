"""What holds for every text, also for those nobody would write."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.scrub import DIRECT, Vault, find, restore, scrub

PIECES = st.sampled_from(
    [
        "Kari Nordmann",
        "kari",
        "ola@x.no",
        "ola (at) x (dot) no",
        "+47 912 34 567",
        "4111 1111 1111 1111",
        "12.03.1980",
        "født",
        "password:",
        "Storgata 5",
        "0155 Oslo",
        "10.0.0.1",
        "::1",
        "@kari",
        "[PERSON_1]",
        "[",
        "]",
        "\n",
        "…",
        "İ",
        "é",
        "é",
        "＠",
        "&#64;",
        "%40",
        "https://x.no/u/7",
        "NO93 8601 1117 947",
        "seven eight nine",
        "Frau Müller",
        "\u200b",
        "😀",
        "1",
        "'s",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).map(" ".join)
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spans = find(text)

    assert all(0 <= s.start < s.end <= len(text) and 0 < s.score <= 1 and s.label for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_what_was_scrubbed_is_restored_exactly(text: str) -> None:
    vault = Vault()

    assert restore(scrub(text, vault=vault).text, vault) == text


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_nothing_found_and_replaced_is_left_where_it_stood(text: str) -> None:
    done = scrub(text, operator="mask")
    left = [s.of(text) for s in done.spans if s.label in DIRECT and s.of(done.text) == s.of(text)]

    assert [value for value in left if any(c.isalnum() for c in value)] == []


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "1 ",
        "1@",
        "1é",
        "a.",
        "born 01.02.1980 ",
        "http://",
        "-----BEGIN PRIVATE KEY-----",
        "Storgata 1 ",
        "AB-12-",
        "www.",
        "12 ",
        "12.3.",
        "Ab ",
        "'",
        "(",
    ],
)
def test_ten_times_the_text_takes_about_ten_times_as_long(piece: str) -> None:
    def spent(size: int) -> float:
        start = time.process_time()
        find((piece * size)[:size])
        return time.process_time() - start

    small = max(min(spent(4_000) for _ in range(2)), 0.002)

    assert spent(40_000) < 40 * small
