"""What happens at the second company when its notice changes: page, mail, visit, acceptance."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, VERSION, user
from deployment import CSRF, Deployment, Person
from living import Life

NEW = "2024-06-01"
SPELLING = ("You hear offers from us if you said yes", "You hear of offers from us if you said yes")
RECIPIENT = (
    'recipient helper "Advisers',
    'recipient courier "The firm that carries our parcels" processor in GB\nrecipient helper "Advisers',
)
SHARE = (
    "share devices with hosting for protect",
    "share contact.delivery with courier for buy\nshare devices with hosting for protect",
)
PROSE = (
    "Sharing serves what is written above",
    "A courier carries our parcels. Sharing serves what is written above",
)


def renewed(text: str, *changes: tuple[str, str]) -> str:
    """Return the text as its next version, with these changes."""
    line = f"version {VERSION} since {VERSION}"
    for old, new in ((line, f"version {NEW} since {NEW}"), *changes):
        assert old in text, old
        text = text.replace(old, new)
    return text


def coming(*changes: tuple[str, str]) -> Callable[[Path], None]:
    """Return a change of the folder: the next version lies beside the one in force."""

    def edit(folder: Path) -> None:
        (folder / "versions").mkdir()
        text = (folder / "policy.md").read_text("utf-8")
        (folder / "versions" / f"{NEW}.md").write_text(renewed(text, *changes), "utf-8")

    return edit


def turn(house: Deployment) -> None:
    """Put the coming version in force, with the former one beside it, and open the house again."""
    house.close()
    text = (house.home / "versions" / f"{NEW}.md").read_text("utf-8")
    former = (house.home / "policy.md").read_text("utf-8")
    (house.home / "versions" / f"{VERSION}.md").write_text(former, "utf-8")
    (house.home / "versions" / f"{NEW}.md").unlink()
    (house.home / "policy.md").write_text(text, "utf-8")
    house.open()


def opened(deploy: Any, *changes: tuple[str, str]) -> Deployment:
    now = datetime(2024, 3, 10, 10, tzinfo=UTC)
    house: Deployment = deploy("engagesmarter", askers=ENGAGE, edit=coming(*changes), now=now)
    return house


def announced(house: Deployment) -> Any:
    return house.post("otto-officer", "/announcements", {"version": NEW})


def signed_in(house: Deployment, life: Life) -> Person:
    person = house.person(life.mail)
    person.sign_in()
    return person


def says(life: Life) -> Any:
    return life.house.web.post(
        "/engagesmarter/v1/chat/completions",
        json={"model": "helpdesk", "messages": [{"role": "user", "content": "How do I sign in?"}]},
        headers={"Authorization": f"Bearer {life.token}"},
    )


@pytest.mark.clause("engagesmarter-3.3")
def test_a_new_version_stands_at_the_same_address_with_what_changed_and_the_former_text(
    deploy: Any,
) -> None:
    house = opened(deploy, RECIPIENT, SHARE, PROSE)
    before = house.web.get("/engagesmarter/privacy").text
    house.at("2024-06-01T09:00:00+01:00")
    turn(house)
    page = house.web.get("/engagesmarter/privacy").text
    former = house.web.get(f"/engagesmarter/privacy/{VERSION}")
    nothing = house.web.get("/engagesmarter/privacy/2023-01-01")
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    assert f"/engagesmarter/privacy/{NEW}" in before
    assert f"Version {NEW}" in plain
    assert f"What changed since {VERSION} §11 Who else gets it" in plain
    assert f'href="/engagesmarter/privacy/{VERSION}"' in page
    assert former.status_code == 200
    assert "courier" not in former.text
    assert nothing.status_code == 404


@pytest.mark.clause("engagesmarter-3.4")
def test_a_change_that_means_something_is_mailed_a_month_ahead_to_everybody_once(deploy: Any) -> None:
    house = opened(deploy, RECIPIENT, SHARE, PROSE)
    ada, ben, zoe = user(house), user(house, "ben@acme.example"), user(house, "zoe@borel.example")
    ben.agrees("news-mail")
    house.post(zoe.token, "/people/me/account/close", {"sure": True})
    house.at("2024-05-01T10:00:00+01:00")
    sent, again = announced(house), announced(house)
    told = [m for m in house.mails() if "new version" in m.subject]
    late = house.at("2024-05-20T10:00:00+01:00")
    user(late, "eve@acme.example")
    too_late = announced(late)

    assert sent.json()["people"] == 2
    assert again.json()["people"] == 0
    assert sorted(m.to for m in told) == [ada.mail, ben.mail]
    assert all("§11 Who else gets it" in m.text for m in told)
    assert too_late.status_code == 409


def test_a_change_of_words_alone_is_mailed_to_nobody_and_asks_nobody_to_accept(deploy: Any) -> None:
    house = opened(deploy, SPELLING)
    ada = user(house)
    sent = announced(house)
    house.at("2024-06-01T12:00:00+01:00")
    turn(house)
    ada.sign_in()
    goes_on = ada.tells("profile", "care", setting="dark")

    assert sent.json()["people"] == 0
    assert [c["meaning"] for c in sent.json()["changes"]] == [False]
    assert goes_on.status_code == 201


@pytest.mark.clause("engagesmarter-3.5")
def test_who_comes_back_after_a_change_is_shown_it_once_each(deploy: Any) -> None:
    house = opened(deploy, SPELLING)
    ada, ben = user(house), user(house, "ben@acme.example")
    house.at("2024-06-01T12:00:00+01:00")
    turn(house)
    at_ada = signed_in(house, ada)
    first = at_ada.get("/me").text
    at_ada.post("/me/notice/seen", {}, "/me")
    again = at_ada.get("/me").text
    bens = signed_in(house, ben).get("/me").text
    newcomer = user(house, "eve@acme.example", accepts=False)
    house.post(newcomer.token, "/people/me/notice", {"version": NEW})

    assert "Our notice has a new version" in first
    assert "§10" in first
    assert "Our notice has a new version" not in again
    assert "Our notice has a new version" in bens
    assert "Our notice has a new version" not in signed_in(house, newcomer).get("/me").text


@pytest.mark.clause("engagesmarter-3.6")
def test_a_version_that_means_something_is_read_and_accepted_before_use_goes_on_and_stops_no_right(
    deploy: Any,
) -> None:
    house = opened(deploy, RECIPIENT, SHARE, PROSE)
    ada = user(house)
    house.at("2024-06-01T12:00:00+01:00")
    turn(house)
    ada.sign_in()
    stopped, refused = says(ada), ada.tells("profile", "care", setting="dark")
    rights = [
        house.get(ada.token, "/people/me/export"),
        house.get(ada.token, "/people/me"),
        house.web.get("/engagesmarter/privacy"),
    ]
    unknown = house.post(ada.token, "/people/me/notice", {"version": "2031-01-01"})
    page = signed_in(house, ada)
    unread = page.post("/me/notice", {"read": "made-up"}, "/me/rights")
    text = page.get("/me/notice").text
    read = re.findall(r'name="read" value="([^"]+)"', text)[0]
    done = page.web.post(page.base + "/me/notice", data={"csrf": CSRF.findall(text)[0], "read": read})
    went = says(ada)
    acts = house.get(ada.token, "/people/me/consents").json()
    last = [a for a in acts["history"] if a["kind"] == "notice"][-1]
    gone = house.post(ada.token, "/people/me/erasure", {"sure": True})

    assert stopped.status_code == 403
    assert refused.json()["accept"] == "/engagesmarter/me/notice"
    assert ada.house.on_disk("How do I sign in?") == []
    assert [r.status_code for r in rights] == [200, 200, 200]
    assert unknown.status_code == 422
    assert unread.status_code == 409
    assert text.index("A courier carries our parcels") < text.index('name="read"')
    assert done.status_code == 200
    assert went.status_code == 200
    assert (last["name"], last["at"]) == (NEW, "2024-06-01T11:00:00Z")
    assert [c["name"] for c in acts["consents"] if c["given"]] == []
    assert gone.status_code == 200


@pytest.mark.clause("engagesmarter-10.15")
def test_changed_terms_are_told_to_everybody_and_nobody_can_opt_out_of_that(deploy: Any) -> None:
    house = opened(deploy, SPELLING)
    ada, ben = user(house), user(house, "ben@acme.example")
    for purpose in ("news-mail", "news-text", "others", "tips"):
        house.post(ben.token, "/people/me/objections", {"purpose": purpose})
    opt_out = house.post(ben.token, "/people/me/objections", {"purpose": "terms-notice"})
    said = {"subject": "New terms from 1 July 2024", "text": "They are on our terms page."}
    sent = house.post("otto-officer", "/announcements/messages", {"purpose": "terms-notice", **said})
    offers = house.post("otto-officer", "/announcements/messages", {"purpose": "news-mail", **said})
    told = [m.to for m in house.mails() if m.subject == said["subject"]]

    assert sent.json()["people"] == 2
    assert sorted(told) == [ada.mail, ben.mail]
    assert opt_out.status_code == 409
    assert "legal obligation" in opt_out.json()["detail"]
    assert offers.status_code == 422


@pytest.mark.clause("engagesmarter-3.2")
def test_page_ledger_and_decision_name_the_version_and_a_sealed_text_does_not_change_without_one(
    deploy: Any, tmp_path: Path
) -> None:
    house = opened(deploy, RECIPIENT, SHARE, PROSE)
    user(house)
    page = house.web.get("/engagesmarter/privacy").text
    log = house.get("otto-officer", "/evidence/entries").json()["entries"]
    asked = {"action": "use", "data": "contact", "purpose": "care", "given": {"facts": ["customer"]}}
    before = house.post("", "/decide", asked).json()
    house.at("2024-06-01T12:00:00+01:00")
    turn(house)
    user(house, "eve@acme.example", accepts=False)
    later = house.get("otto-officer", "/evidence/entries").json()["entries"]
    home = tmp_path / "engagesmarter"
    shutil.copytree(house.home, home)
    sealed = house.cli("seal", str(home))[0], house.cli("check", str(home))[0]
    text = (home / "policy.md").read_text("utf-8")
    (home / "policy.md").write_text(text.replace("keep devices 90 days", "keep devices 900 days"), "utf-8")
    code, out, err = house.cli("check", str(home))

    assert f"Version {VERSION}" in page
    assert {e["version"] for e in log} == {VERSION}
    assert before["version"] == VERSION
    assert {e["version"] for e in later[: len(log)]} == {VERSION}
    assert {e["version"] for e in later[len(log) :]} == {NEW}
    assert sealed == (0, 0)
    assert code != 0
    assert "§14" in out + err


@pytest.mark.clause("engagesmarter-11.5")
def test_a_new_owner_is_named_from_a_day_on_and_may_use_what_could_be_used_before_and_no_more(
    deploy: Any,
) -> None:
    house = opened(deploy, ("Engage Smarter Ltd", "NewCo Ltd"))
    ada = user(house)
    ada.agrees("tips")

    def used() -> list[tuple[int, str]]:
        asked = (
            ("contact", "care", "email"),
            ("contact", "tips", "email"),
            ("conversation", "care", "input"),
        )
        found = [ada.used("front-job", d, p, field=f) for d, p, f in asked]
        return [(a.status_code, str(a.json().get("clause", ""))) for a in found]

    before = used()
    house.at("2024-06-02T12:00:00+01:00")
    turn(house)
    ada.sign_in()
    house.post(ada.token, "/people/me/notice", {"version": NEW})
    after = used()
    page = re.sub(r"<[^>]+>", " ", house.web.get("/engagesmarter/privacy").text)

    assert [status for status, _ in before] == [200, 200, 403]
    assert after == before
    assert "NewCo Ltd" in page
    assert "Engage Smarter Ltd" not in page
    assert house.get(ada.token, "/people/me/consents").json()["history"][-1]["name"] == NEW
