"""Texts that users of the second company put on its platform: masked, shared, gone with the rest."""

from __future__ import annotations

from typing import Any

import pytest
from fellows import colleagues, opened, says
from living import Life

from troth.gate import converse_mask

FAQ = "Ask Ben at ben@example.com, or call +44 20 7946 0018. Opening hours are nine to five."


def puts(life: Life, text: str = FAQ, name: str = "faq.txt") -> Any:
    return life.house.post(life.token, "/people/me/files", {"name": name, "text": text})


@pytest.mark.clause("engagesmarter-6.4")
def test_a_text_is_stored_masked_with_a_warning_and_opens_to_colleagues_alone(engage: Any) -> None:
    ada, ben, zoe = colleagues(engage)
    stored = puts(ada)
    number = stored.json()["number"]
    shown = opened(ben, number)
    words = shown.text

    assert stored.status_code == 201, stored.text
    assert stored.json()["replaced"]["EMAIL"] == 1
    assert shown.status_code == 200
    assert "Opening hours are nine to five" in words
    assert "ben@example.com" not in words
    assert opened(zoe, number).status_code in (403, 404)
    assert engage.on_disk("ben@example.com") == engage.on_disk("Opening hours") == []


@pytest.mark.clause("engagesmarter-19.7")
def test_a_text_and_a_talk_are_one_kind_of_data_exported_and_erased_together(
    engage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, _ = colleagues(engage)
    number = puts(ada).json()["number"]
    talk = says(ada, "What are agents?")
    copy = engage.get(ada.token, "/people/me/export").json()["export"]["records"]
    words = [r["values"] for r in copy if r["data"] == "conversation"]

    def broken(*args: Any, **more: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(converse_mask, "scrub", broken)
        unmasked = puts(ada, "A text of which nobody knows what is in it")
    listed = engage.get(ada.token, "/people/me/conversations").json()["conversations"]
    gone = engage.post(ada.token, "/people/me/conversations/erasure", {"sure": True})

    assert {w["conversation"] for w in words} == {number, talk}
    assert sorted(n for w in words for n in w if n in ("upload", "input", "output")) == [
        "input",
        "output",
        "upload",
    ]
    assert unmasked.status_code == 409
    assert {t["number"] for t in listed} == {number, talk}
    assert gone.status_code == 200, gone.text
    assert ada.holds("conversation") == []
    assert opened(ben, number).status_code in (403, 404)


def test_the_page_takes_a_file_shows_it_as_it_is_stored_and_erases_it(engage: Any) -> None:
    ada, _, _ = colleagues(engage)
    browser = engage.person(ada.mail)
    browser.sign_in()
    secret = browser.csrf("/me/files")
    sent = browser.web.post(
        "/engagesmarter/me/files",
        data={"csrf": secret},
        files={"file": ("faq.txt", FAQ.encode(), "text/plain")},
    )
    forged = browser.web.post("/engagesmarter/me/files", files={"file": ("x.txt", b"x", "text/plain")})
    binary = browser.web.post(
        "/engagesmarter/me/files",
        data={"csrf": secret},
        files={"file": ("x.txt", b"\xff\xfe\x00", "text/plain")},
    )
    chat = browser.get("/a/helpdesk")
    held = browser.get("/me")
    number = engage.get(ada.token, "/people/me/conversations").json()["conversations"][0]["number"]
    gone = browser.post("/me/files/erase", {"number": number}, page="/me/files")

    assert "faq.txt" in sent.text
    assert "nine to five" in sent.text
    assert "ben@example.com" not in sent.text
    assert (forged.status_code, binary.status_code) == (403, 400)
    assert (chat.status_code, held.status_code) == (200, 200)
    assert "It is gone for good." in gone.text
    assert "faq.txt" not in gone.text
