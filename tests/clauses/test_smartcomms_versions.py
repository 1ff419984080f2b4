"""What happens at the third company when its page changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment

OLD, NEW = "2024-01-01", "2024-06-01"
LINE = f"version {OLD} since {OLD}"
SPELLING = ("If you write to us, your details", "When you write to us, your details")
PURPOSE = (
    'purpose surveys "Better',
    'purpose walks "Show you around"\n  on contract account\n  reads contact.email\npurpose surveys "Better',
)
PROSE = ("Surveys are voluntary", "We show you around if you like. Surveys are voluntary")
Serve = Callable[..., Deployment]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve the company with its next version beside the one in force, in which these words are changed."""
    opened = []

    def make(*changes: tuple[str, str]) -> Deployment:
        def edit(folder: Path) -> None:
            text = (folder / "policy.md").read_text("utf-8")
            for old, new in ((LINE, f"version {NEW} since {NEW}"), *changes):
                assert old in text, old
                text = text.replace(old, new)
            (folder / "versions").mkdir()
            (folder / "versions" / f"{NEW}.md").write_text(text, "utf-8")

        house = served(tmp_path, edit=edit)
        opened.append(house)
        return house.__enter__()

    yield make
    for house in opened:
        house.__exit__(None, None, None)


def turn(house: Deployment) -> None:
    """Put the coming version in force, with the former one beside it."""
    house.close()
    versions, policy = house.home / "versions", house.home / "policy.md"
    (versions / f"{OLD}.md").write_text(policy.read_text("utf-8"), "utf-8")
    policy.write_text((versions / f"{NEW}.md").read_text("utf-8"), "utf-8")
    (versions / f"{NEW}.md").unlink()
    house.open()


def announced(house: Deployment) -> Any:
    return house.post("otto-officer", "/announcements", {"version": NEW})


def last_version(house: Deployment, life: Holder) -> str:
    """Let something be decided, and return the version it was decided under."""
    house.get("run-job", f"/people/{life.tag}/records", data="contact", purpose="nothing")
    house.get("run-job", f"/people/{life.tag}/records", data="contact", purpose="provide")
    entries = house.get("otto-officer", "/evidence/entries").json()["entries"]
    return str(entries[-1]["version"])


def test_a_version_has_its_date_and_its_differences_and_each_entry_names_its_own(serve: Serve) -> None:
    house = serve(PURPOSE, PROSE)
    ada = holder(house)
    house.at("2024-05-31T12:00+01:00")
    before = last_version(house, ada)
    house.at("2024-06-01T12:00+01:00")
    turn(house)
    after = last_version(house, ada)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", house.client().get("/smartcomms/privacy").text))

    assert (before, after) == (OLD, NEW)
    assert f"Version {NEW}" in page
    assert f"What changed since {OLD}" in page
    assert "5 Communicating with you" in page


@pytest.mark.clause("smartcomms-8.3")
def test_what_means_something_is_announced_a_month_ahead_and_a_slip_of_the_pen_is_not(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> None:
    house = serve(PURPOSE, PROSE)
    ada = holder(house)
    seen = house.client().get("/smartcomms/privacy").text
    quiet = [m.subject for m in ada.mails()]
    house.at("2024-05-01T12:00+01:00")
    told = announced(house).json()
    mail = ada.mails()[-1]
    house.at("2024-05-20T12:00+01:00")
    late = announced(house)

    assert f"/smartcomms/privacy/{NEW}" in seen
    assert not any("new version" in subject for subject in quiet)
    assert told["people"] == 1
    assert "5 Communicating with you" in mail.text
    assert mail.at < house.now
    assert late.status_code == 409


def test_a_change_of_words_alone_is_announced_to_nobody(serve: Serve) -> None:
    house = serve(SPELLING)
    holder(house)
    house.at("2024-05-31T12:00+01:00")
    told = announced(house).json()

    assert told["people"] == 0
    assert [c["meaning"] for c in told["changes"]] == [False]


def test_going_on_is_no_consent_and_what_needs_one_waits_for_it(serve: Serve) -> None:
    house = serve(PURPOSE, PROSE)
    parties = house.home / "parties.toml"
    parties.write_text(parties.read_text("utf-8") + '\n[[service]]\nname = "forms"\n', "utf-8")
    ada = holder(house)
    house.at("2024-06-02T12:00+01:00")
    turn(house)
    browser = house.person(ada.mail)
    browser.sign_in()
    browser.get("/me")
    ada.token = house.token(ada.mail)
    stands = ada.get("/consents").json()["history"]
    spot = {
        "data": "spot",
        "purpose": "where",
        "source": "service",
        "member": "forms",
        "fields": {"latitude": 51.5, "longitude": -0.1},
    }
    before = house.post("spot-job", f"/people/{ada.tag}/records", spot)
    ada.post("/consents", {"name": "position(forms)", "given": True})
    after = house.post("spot-job", f"/people/{ada.tag}/records", spot)

    assert [a for a in stands if a["kind"] == "consent"] == []
    assert [a["name"] for a in stands if a["kind"] == "notice"] == [OLD, f"used {NEW}"]
    assert (before.status_code, after.status_code) == (403, 201)


@pytest.mark.clause("smartcomms-8.4")
def test_the_newest_text_stands_at_one_address_and_leads_to_the_older_ones(serve: Serve) -> None:
    house = serve(SPELLING)
    house.at("2024-06-01T12:00+01:00")
    turn(house)
    page = house.client().get("/smartcomms/privacy").text
    former = house.client().get(f"/smartcomms/privacy/{OLD}")

    assert "When you write to us, your details" in page
    assert f'href="/smartcomms/privacy/{OLD}"' in page
    assert former.status_code == 200
    assert "If you write to us, your details" in former.text
