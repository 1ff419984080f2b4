"""Conversations with the second company's help desk: what is kept of them, for how long, and for whom."""

from __future__ import annotations

from typing import Any

import pytest
from acme import user
from deployment import Deployment
from living import Life

LOST = "Mail jo.bloggs@example.com or ring 020 7946 0958, card 4111 1111 1111 1111: how do I delete it?"


def says(life: Life, text: str, agent: str = "helpdesk") -> Any:
    """Send one message to an agent as its person, over the API that any chat client speaks."""
    return life.house.web.post(
        "/engagesmarter/v1/chat/completions",
        json={"model": agent, "messages": [{"role": "user", "content": text}]},
        headers={"Authorization": f"Bearer {life.token}"},
    )


@pytest.mark.clause("engagesmarter-8.1")
def test_what_is_asked_is_kept_once_with_its_conversation_and_an_agent_that_is_not_there_keeps_nothing(
    engage: Deployment,
) -> None:
    ada = user(engage)
    lost = says(ada, "How do I sign in?", agent="ghost")
    before = ada.holds("conversation")
    told = says(ada, "How do I sign in?")
    held = ada.holds("conversation")

    assert lost.status_code == 404
    assert before == []
    assert told.status_code == 200
    assert [r["fields"]["input"] for r in held] == ["How do I sign in?"]
    assert held[0]["fields"]["conversation"] == told.json()["troth"]["conversation"]
    assert held[0]["collected"] == "2024-03-10T10:00:00Z"


@pytest.mark.clause("engagesmarter-8.7")
def test_what_identifies_is_gone_before_a_message_is_kept_and_stands_nowhere_on_the_disk(
    engage: Deployment,
) -> None:
    ada = user(engage)
    told = says(ada, LOST)
    kept = ada.holds("conversation")[0]["fields"]["input"]
    gone = ("jo.bloggs@example.com", "020 7946 0958", "4111 1111 1111 1111")

    assert told.status_code == 200
    assert "[EMAIL_1]" in kept
    assert "[PHONE_1]" in kept
    assert "[CARD_1]" in kept
    assert [engage.on_disk(text) for text in gone] == [[], [], []]
    assert [
        text for text in gone if text in str(engage.get("otto-officer", "/evidence/entries").json())
    ] == []


@pytest.mark.clause("engagesmarter-8.9")
def test_the_writer_is_told_which_kinds_were_found_and_advised_before_typing(engage: Deployment) -> None:
    ada = user(engage)
    page = engage.person(ada.mail)
    page.sign_in()
    before = page.get("/a/helpdesk").text
    found = says(ada, LOST).json()["troth"]["masked"]
    clean = says(ada, "How do I sign in?").json()["troth"]["masked"]

    assert "Please leave such details out" in before
    assert found == {"CARD": 1, "EMAIL": 1, "PHONE": 1}
    assert clean == {}


def test_a_conversation_goes_thirty_days_after_the_account_and_says_so(engage: Deployment) -> None:
    ada = user(engage)
    says(ada, "How do I sign in?")
    engage.at("2024-06-30T12:00:00+01:00")
    ada.sign_in()
    answer = engage.post(ada.token, "/people/me/account/close", {"sure": True})
    dates = {r["due"] for r in answer.json()["records"] if r["data"] == "conversation"}
    after = says(ada, "And now?")

    assert dates == {"2024-07-31T00:00:00+01:00"}
    assert after.status_code in (401, 403)


def test_who_has_not_accepted_the_version_in_force_is_not_answered_and_nothing_is_kept(
    engage: Deployment,
) -> None:
    eve = user(engage, "eve@acme.example", accepts=False)
    told = says(eve, "How do I sign in?")

    assert told.status_code == 403
    assert eve.holds("conversation") == []


def test_nobody_reads_a_conversation_as_support_or_moderator_and_no_job_for_another_purpose(
    engage: Deployment,
) -> None:
    ada = user(engage)
    says(ada, "How do I sign in?")

    tried = [
        ada.used(who, "conversation", purpose, reason="a look").status_code
        for who, purpose in (("mia-moderator", "moderation"), ("cara-support", "care"))
    ]
    job = ada.used("front-job", "conversation", "care")

    assert tried == [403, 403]
    assert job.status_code == 403
    assert job.json()["clause"]
