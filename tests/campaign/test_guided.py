"""The search finds what breaks a reader, and finds nothing in ours."""

from __future__ import annotations

import random
import time

import pytest
from depth import examples
from tests.campaign.guided import Reader, hunt, swollen
from tests.campaign.readers import READERS

from troth.services.messages import read_message


def fragile(raw: bytes) -> None:
    if raw.startswith(b"ab") and len(raw) > 6:
        raise KeyError(raw)


def slow(raw: bytes) -> None:
    time.sleep((len(raw) / 1000) ** 2 / 100)


def test_a_reader_that_breaks_is_found_with_the_text_that_broke_it() -> None:
    found = hunt(Reader("fragile", fragile, [b"abc"], ()), random.Random(1), rounds=500, seconds=20)

    assert [name.partition(" ")[0] for name in found.wrong] == ["KeyError"]
    assert all(text.startswith(b"ab") for text in found.wrong.values())


def test_a_reader_whose_time_grows_faster_than_its_text_is_found() -> None:
    assert swollen(Reader("slow", slow, [], ()), [b"a"], size=4_000)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_text_breaks_a_reader(reader: Reader) -> None:
    found = hunt(reader, random.Random(7), rounds=examples(60), seconds=4)

    assert found.wrong == {}
    assert found.reached > 20


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_repeated_text_takes_more_than_its_length(reader: Reader) -> None:
    assert swollen(reader, size=8_000) == []


@pytest.mark.parametrize("text", ["", "---\n---\n", "---\ntitle: T\npurpose: news\n---\nHi.\n"])
def test_a_message_without_a_heading_is_a_problem_and_breaks_nothing(text: str) -> None:
    message, problems = read_message(text, "m.md")

    assert message.variants == ()
    assert "the message has no wording" in {p.message for p in problems}
