"""The chat page without script: what stands before the first word, one chat, its end, and a human instead."""

from __future__ import annotations

import re

from tests.agents.served import Chatter, House, North
from tests.agents.test_turns import RAW, TYPED


def test_before_the_first_word_stands_that_an_ai_answers_and_who_may_read(kari: Chatter) -> None:
    told = kari.web.get(kari.path).text
    form = told.index('<form class="reply"')

    assert "You are talking to an AI, not to a human." in told[:form]
    assert "support (those who help you)" in told[:form]
    assert "Nordmodell" not in told[:form]
    assert "a name" in told[:form]
    assert kari.web.cookies == {}


def test_the_reader_of_an_agent_outside_is_told_who_runs_its_model(house: House) -> None:
    told = house.browser().get("/club/a/sage").text

    assert "An AI model run by Nordmodell AS (NO)" in told


def test_the_author_reads_their_own_words_and_the_store_holds_them_masked(
    house: House, kari: Chatter
) -> None:
    told = kari.say(TYPED).text

    assert "I am Kari Nordmann" in told
    assert "Press R twice" in told
    assert "Masked before anything was stored or sent:" in told
    assert "a card number" in told
    assert [name for raw in RAW for name in house.on_disk(raw)] == []


def test_the_writer_is_told_of_kinds_and_never_of_values(kari: Chatter) -> None:
    told = kari.say("I have diabetes, how do I descale the machine?").text
    warned = re.search(r'id="warned"(.*?)</p>', told, re.DOTALL)

    assert warned is not None
    assert "hidden" not in warned[1]
    assert "health" in warned[1]
    assert "diabetes" not in warned[1]


def test_an_agent_that_does_not_know_offers_a_human(kari: Chatter) -> None:
    told = kari.say("Who won the world cup in 1998?").text

    assert "I do not know." in told
    assert re.search(r'<details class="card" id="hand"\s+open', told)


def test_a_chat_is_handed_over_with_its_masked_words_when_that_is_ticked(house: House, kari: Chatter) -> None:
    kari.say(TYPED)
    told = kari.post("person", email="kari@example.no", text="Please help", along="yes").text
    person = house.company.gate.find(kind="email", value="kari@example.no")
    (case,) = [h for h in house.company.gate.access(person=person).held if "question" in h.body]

    assert "Your question is case" in told
    assert case.body["question"].startswith("Please help\n\nYou: I am [PERSON_1]")


def test_a_handover_without_a_tick_takes_nothing_of_the_chat_along(house: House, kari: Chatter) -> None:
    kari.say(TYPED)
    kari.post("person", email="kari@example.no", text="Please help")
    person = house.company.gate.find(kind="email", value="kari@example.no")
    (case,) = [h for h in house.company.gate.access(person=person).held if "question" in h.body]

    assert case.body["question"] == "Please help"


def test_a_deleted_chat_is_gone_from_page_and_store(house: House, kari: Chatter) -> None:
    kari.say(TYPED)
    told = kari.post("delete", sure="yes").text
    store = house.company.gate._house.store
    turns = [r for p in store.persons() for r in store.records(person=p) if r.data == "chat" and r.body]

    assert "The chat is deleted." in told
    assert "Kari" not in told
    assert turns == []


def test_a_temporary_chat_is_stored_nowhere_and_gone_when_deleted(house: House, kari: Chatter) -> None:
    told = kari.say("How do I descale it?", temporary="yes").text
    kari.say("And the warranty of the machine?")
    store = house.company.gate._house.store

    assert "This is a temporary chat." in told
    assert list(store.persons()) == []
    assert "descale" not in kari.post("delete", sure="yes").text


def test_an_earlier_chat_is_listed_with_its_day_and_can_be_deleted(house: House) -> None:
    person = house.member()
    first, second = Chatter(house.browser()), Chatter(house.browser())
    for one in (first, second):
        session = house.app.state.sessions.new("club", house.now)
        session.person = person
        one.web.cookies.set("__Host-session-club", session.token)
    first.say("How do I descale the machine?")
    told = second.web.get(second.path).text
    number = re.findall(r'name="number" value="([^"]+)"', told)[0]
    after = second.post("delete", number=number, sure="yes").text

    assert "Your earlier chats" in told
    assert "goes on 2 April 2026" in told
    assert "Your earlier chats" not in after
    assert house.stored(person) == []


def test_a_browser_that_comes_anew_each_time_is_held_to_the_pace_of_its_address(house: House) -> None:
    house.app.state.meter.seconds = lambda: 0.0  # however slow the machine is, no time passes
    got = [Chatter(house.browser()).say("How do I descale the machine?").status_code for _ in range(21)]
    elsewhere = Chatter(house.browser("198.51.100.7")).say("How do I descale the machine?")

    assert got == [200] * 20 + [429]
    assert elsewhere.status_code == 200


def test_a_chat_whose_only_turn_failed_can_be_deleted(house: House, model: tuple[North, str]) -> None:
    model[0].fails = "status"
    sage = Chatter(house.browser(), "sage")
    failed = sage.say("How do I descale the machine?")

    assert failed.status_code == 502
    assert "did not answer" in failed.text
    assert "The chat is deleted." in sage.post("delete", sure="yes").text


def test_a_forged_form_is_refused(house: House, kari: Chatter) -> None:
    kari.say("How do I descale the machine?")
    forged = kari.web.post(kari.path, data={"text": "warranty", "csrf": "wrong"})
    foreign = kari.web.post(kari.path, data={"text": "x"}, headers={"origin": "https://evil.example"})

    assert forged.status_code == 403
    assert foreign.status_code == 403


def test_an_agent_that_is_not_served_is_not_here(house: House) -> None:
    assert house.browser().get("/club/a/nobody").status_code == 404


def test_an_empty_message_is_answered_with_what_is_wrong(kari: Chatter) -> None:
    told = kari.say("  ")

    assert told.status_code == 422
    assert "Please write between 1 and" in told.text


def test_a_chat_is_not_deleted_before_its_person_was_told_that_there_is_no_way_back(
    house: House, kari: Chatter
) -> None:
    told = kari.say("How do I descale the machine?").text
    refused = kari.post("delete")
    store = house.company.gate._house.store
    turns = [r for p in store.persons() for r in store.records(person=p) if r.data == "chat" and r.body]

    assert "There is no way back" in told
    assert refused.status_code == 422
    assert len(turns) == 1


def test_a_detail_that_was_missed_is_taken_out_of_page_and_store(house: House, kari: Chatter) -> None:
    told = kari.say("The zeppelin on Elm Row wants to descale the machine").text
    wrong = kari.post("missed", detail="submarine")
    done = kari.post("missed", detail="Zeppelin").text
    store = house.company.gate._house.store
    turns = [r for p in store.persons() for r in store.records(person=p) if r.data == "chat" and r.body]

    assert "Something personal was not masked" in told
    assert wrong.status_code == 422
    assert "It is taken out." in done
    assert "zeppelin" not in done.casefold()
    assert "zeppelin" not in str(turns).casefold()
