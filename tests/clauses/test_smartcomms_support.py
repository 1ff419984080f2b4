"""A case of the third company's support: what it holds, who sees it, and when it goes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
LOG = b"12:00 started\n" * 2900  # some forty kilobytes


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("support")) as made:
        yield made


def opened(life: Holder, **more: str) -> Any:
    fields = {"name": "Ada Byron", "email": life.mail, "phone": "+442079460018", "text": "It stops.", **more}
    return life.post("/support", {"fields": fields})


def adds(life: Holder, number: str, name: str, content: bytes, by: str = "") -> Any:
    body = {"name": name, "content": base64.b64encode(content).decode()}
    who = by or life.token
    return life.house.post(who, f"/people/{life.tag if by else 'me'}/support/{number}/files", body)


@pytest.mark.clause("smartcomms-1.11")
def test_a_case_holds_a_name_an_address_and_if_one_likes_a_telephone_and_is_its_persons(
    house: Deployment,
) -> None:
    ada, ben = holder(house), holder(house, "ben@example.com", "Ben")
    made = opened(ada)
    born = opened(ada, born="1815-12-10")
    own = ada.get("/support").json()["cases"]
    number = own[0]["number"]
    others = house.get(ben.token, f"/people/me/support/{number}/files/1")
    theirs = ben.get("/support").json()["cases"]
    form = {"field-name": "Ada", "field-email": ada.mail, "field-phone": "", "field-text": "It hangs."}
    page = ada.browser.post("/me/support", form, "/me/support").text

    assert "It hangs." in page
    assert (made.status_code, born.status_code) == (201, 422)
    assert born.json()["fields"] == ["born"]
    assert [own[0]["fields"][n] for n in ("name", "email", "phone")] == [
        "Ada Byron",
        ada.mail,
        "+442079460018",
    ]
    assert (others.status_code, theirs) == (404, [])
    assert number in page


@pytest.mark.clause("smartcomms-1.10")
def test_support_keeps_a_file_with_a_case_and_nobody_uses_it_for_anything_else(house: Deployment) -> None:
    ada = holder(house)
    number = opened(ada).json()["number"]
    added = adds(ada, number, "app.log", LOG, by="cara-support")
    beside = adds(ada, "C-0", "app.log", LOG, by="cara-support")
    sold = house.get("mail-job", "/use", data="attachment", purpose="news")
    listed = house.get("mail-job", "/use", data="case", purpose="news")
    stranger = adds(ada, number, "app.log", LOG, by="olga-operations")
    proved = house.cli("prove", str(house.home), "never use attachment for better, research, news")

    assert (added.status_code, beside.status_code, stranger.status_code) == (201, 404, 403)
    assert [r.status_code for r in (sold, listed)] == [403, 403]
    assert proved[0] == 0


@pytest.mark.clause("smartcomms-1.12")
def test_a_log_file_is_in_the_copy_and_goes_with_its_case(house: Deployment) -> None:
    ada = holder(house)
    number = opened(ada).json()["number"]
    added = adds(ada, number, "C:\\logs\\app.log", LOG)
    rid = added.json()["rid"]
    back = ada.get(f"/support/{number}/files/{rid}").json()
    copy = [r for r in ada.get("/export").json()["export"]["records"] if r["data"] == "attachment"]
    exe = adds(ada, number, "app.log", b"MZ\x90\x00")
    house.later(minutes=5)
    house.post(ada.token, f"/people/me/support/{number}/close", {})
    late = adds(ada, number, "late.log", LOG)
    gone = house.call(ada.token, "DELETE", f"/people/me/records/{rid}")
    after = ada.get(f"/support/{number}/files/{rid}")

    assert added.status_code == 201
    assert (added.json()["fields"]["kind"], added.json()["fields"]["name"]) == ("log-file", "app.log")
    assert base64.b64decode(back["content"]) == LOG
    assert "app.log" in str(copy)
    assert str(len(LOG)) in str(copy)
    assert (exe.status_code, late.status_code) == (422, 422)
    assert (gone.status_code, after.status_code) == (200, 404)


@pytest.mark.clause("smartcomms-1.13")
def test_a_picture_of_a_screen_comes_with_a_warning_and_only_who_works_on_the_case_sees_it(
    house: Deployment,
) -> None:
    ada = holder(house)
    number = opened(ada).json()["number"]
    page = ada.browser.get("/me/support").text
    secret = ada.browser.csrf("/me/support")
    sent = ada.browser.web.post(
        f"/smartcomms/me/support/{number}/files",
        data={"csrf": secret},
        files={"file": ("screen.png", PNG, "image/png")},
    )
    forged = ada.browser.web.post(
        f"/smartcomms/me/support/{number}/files",
        data={"csrf": "guessed"},
        files={"file": ("screen.png", PNG, "image/png")},
    )
    file = ada.get("/support").json()["cases"][0]["files"][0]
    own = ada.browser.get(f"/me/support/files/{file['rid']}")
    vic = house.client().get(f"/smartcomms/me/support/files/{file['rid']}")
    cara = house.get("cara-support", f"/people/{ada.tag}/support/{number}/files/{file['rid']}")
    clerk = house.get("cleo-clerk", f"/people/{ada.tag}/support/{number}/files/{file['rid']}")
    house.later(minutes=5)
    house.post(ada.token, f"/people/me/support/{number}/close", {})
    later = house.get("cara-support", f"/people/{ada.tag}/support/{number}/files/{file['rid']}")

    assert "can show other people" in page
    assert (sent.status_code, forged.status_code) == (200, 403)
    assert file["fields"]["kind"] == "picture"
    assert own.content == PNG
    assert "attachment" in own.headers["content-disposition"]
    assert vic.status_code == 401
    assert (cara.status_code, clerk.status_code, later.status_code) == (200, 403, 403)


def test_what_belongs_to_a_case_goes_a_year_after_it_closed(house: Deployment) -> None:
    ada = holder(house)
    number = opened(ada).json()["number"]
    adds(ada, number, "secret-name.log", LOG)
    house.later(minutes=5)
    house.post(ada.token, f"/people/me/support/{number}/close", {})
    house.at("2025-03-01T12:00+00:00").sweep()
    ada.token = house.token(ada.mail)
    before = len(ada.get("/support").json()["cases"])
    house.at("2025-03-02T12:00+00:00").sweep()
    ada.token = house.token(ada.mail)
    after = len(ada.get("/support").json()["cases"])

    assert (before, after) == (1, 0)
    assert house.on_disk("secret-name.log") == []
