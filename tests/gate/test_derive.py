"""What a person chose is counted at the door, from what may be read, with what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.small import Clock

from troth.gate import BadBody, Gate, Meaning
from troth.kernel import compile
from troth.policy import parse
from troth.store import open as open_store
from troth.terms import Refused

POLICY = parse(
    """# Club

```troth
data taste "Taste" from person as pd:Preference
  drink choice tea, cocoa
  other text
data chat "Chat" from person
  text text
data likes "Likes" from taste, chat counted
  question text
  answer text
  times number
  share number 0..1
purpose learn "Learn what you like" profiling
  on legitimate interest "offers" assessed 2025-01-01, again by 2030-01-01
  uses taste, likes
  reads chat when mapped
  objection honoured
purpose help "Help you"
  on contract
  uses chat
purpose fit "Choose offers" profiling
  on legitimate interest "offers" assessed 2025-01-01, again by 2030-01-01
  reads likes
  objection honoured
fact mapped "Your words have a meaning"
keep taste, chat, likes 30 days after collected
```
""",
    "policy.md",
)
CHAI = Meaning("chat", "text", ("chai",), "taste.drink", "tea")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(tmp_path: Path, clock: Clock) -> Iterator[Gate]:
    store = open_store(tmp_path / "s.db", root_key=b"r" * 32, now=clock)
    yield Gate(
        policy=POLICY,
        kernel=compile(POLICY),
        store=store,
        clock=clock,
        meanings=(CHAI,),
        delicate=lambda text: "diabetes" in text,
    )
    store.close()


def drink(gate: Gate, who: int, what: str) -> int:
    return gate.collect(person=who, data="taste", body={"drink": what}, purpose="learn", source="person")


def said(gate: Gate, who: int, text: str) -> None:
    gate.collect(person=who, data="chat", body={"text": text}, purpose="help", source="person")


def counted(gate: Gate, who: int) -> dict[str, int]:
    held = gate.access(person=who).held
    return {str(h.body["answer"]): int(str(h.body["times"])) for h in held if h.data == "likes"}


def test_choices_are_counted_and_each_result_stands_on_its_answers(gate: Gate, clock: Clock) -> None:
    who = gate.new_person()
    for what in ("tea", "cocoa", "tea"):
        drink(gate, who, what)
        clock.now += timedelta(days=1)
    gate.derive(person=who, data="likes", purpose="learn")
    [tea] = [h for h in gate.access(person=who).held if h.body.get("answer") == "tea"]

    assert counted(gate, who) == {"tea": 2, "cocoa": 1}
    assert [(b.data, b.field, b.answer) for b in tea.behind] == [("taste", "drink", "tea")] * 2
    assert tea.body["share"] == pytest.approx(0.667)


def test_counting_again_leaves_one_result_each(gate: Gate) -> None:
    who = gate.new_person()
    drink(gate, who, "tea")
    gate.derive(person=who, data="likes", purpose="learn")
    drink(gate, who, "tea")
    gate.derive(person=who, data="likes", purpose="learn")

    assert counted(gate, who) == {"tea": 2}


def test_words_count_only_where_their_author_tied_them_and_the_document_lets_them_be_read(gate: Gate) -> None:
    who = gate.new_person()
    drink(gate, who, "cocoa")
    said(gate, who, "Chai, please")
    gate.derive(person=who, data="likes", purpose="learn")
    before = counted(gate, who)
    gate.raise_fact(person=who, name="mapped")
    gate.derive(person=who, data="likes", purpose="learn")

    assert before == {"cocoa": 1}
    assert counted(gate, who) == {"cocoa": 1, "tea": 1}


def test_words_that_are_delicate_never_count(gate: Gate) -> None:
    who = gate.new_person()
    said(gate, who, "Only chai, for my diabetes")
    gate.raise_fact(person=who, name="mapped")
    gate.derive(person=who, data="likes", purpose="learn")

    assert counted(gate, who) == {}


def test_an_objection_to_what_made_it_takes_it_though_another_purpose_reads_it(gate: Gate) -> None:
    who = gate.new_person()
    drink(gate, who, "tea")
    gate.derive(person=who, data="likes", purpose="learn")
    gate.object(person=who, purpose="learn")

    assert counted(gate, who) == {}
    with pytest.raises(Refused):
        gate.derive(person=who, data="likes", purpose="learn")


def test_a_removed_answer_takes_what_was_counted_from_it(gate: Gate) -> None:
    who = gate.new_person()
    rid = drink(gate, who, "tea")
    gate.derive(person=who, data="likes", purpose="learn")
    gate.remove(person=who, rid=rid)

    assert counted(gate, who) == {}


def test_what_the_document_does_not_count_is_not_counted(gate: Gate) -> None:
    with pytest.raises(BadBody, match="does not say that this is counted"):
        gate.derive(person=gate.new_person(), data="taste", purpose="learn")
