"""What the third company's page covers, in which role, under which version; and how a change takes effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment

OLD, NEW = "2024-01-01", "2024-06-01"
LINE = f"version {OLD} since {OLD}"
PURPOSE = (
    'purpose surveys "Better',
    'purpose walks "Show you around"\n  on contract account\n  reads contact.email\npurpose surveys "Better',
)
PROSE = ("Surveys are voluntary", "We show you around if you like. Surveys are voluntary")
SPELLING = ("If you write to us, your details", "When you write to us, your details")
HOSTS = "scope www.smartcomms.example, service.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    def edit(folder: Path) -> None:
        rewrite(folder / "policy.md", ("language en\nclock", f"language en\n{HOSTS}\nclock"))
        coming(folder, PURPOSE, PROSE)

    with served(tmp_path_factory.mktemp("scope"), edit=edit, base="https://service.example/") as made:
        yield made


def rewrite(file: Path, *changes: tuple[str, str]) -> str:
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    return text


def coming(folder: Path, *changes: tuple[str, str]) -> None:
    """Put the next version beside the one in force, with these words changed."""
    text = (folder / "policy.md").read_text("utf-8")
    (folder / "versions").mkdir()
    ahead = folder / "versions" / f"{NEW}.md"
    ahead.write_text(text, "utf-8")
    rewrite(ahead, (LINE, f"version {NEW} since {NEW}"), *changes)


def turn(house: Deployment) -> None:
    """Put the coming version in force, with the former one beside it."""
    house.close()
    versions, policy = house.home / "versions", house.home / "policy.md"
    (versions / f"{OLD}.md").write_text(policy.read_text("utf-8"), "utf-8")
    policy.write_text((versions / f"{NEW}.md").read_text("utf-8"), "utf-8")
    (versions / f"{NEW}.md").unlink()
    house.open()


def decided(house: Deployment, life: Holder) -> str:
    """Let something be decided, and return the version it was decided under."""
    house.get("run-job", f"/people/{life.tag}/records", data="contact", purpose="provide")
    return str(house.get("otto-officer", "/evidence/entries").json()["entries"][-1]["version"])


@pytest.mark.clause("smartcomms-0.2")
def test_each_category_has_one_role_and_the_command_line_says_which(
    house: Deployment, tmp_path: Path
) -> None:
    ours = house.cli("role", str(house.home), "account")
    theirs = house.cli("role", str(house.home), "end-user")
    unknown = house.cli("role", str(house.home), "shoes")
    without = tmp_path / "smartcomms"
    without.mkdir()
    for file in house.home.rglob("*.*"):
        if "versions" not in file.parts:
            (without / file.relative_to(house.home)).parent.mkdir(parents=True, exist_ok=True)
            (without / file.relative_to(house.home)).write_bytes(file.read_bytes())
    rewrite(without / "policy.md", ("from person in own as pd:Account", "from person as pd:Account"))
    code, out, err = house.cli("check", str(without))

    assert ours[:2] == (0, "account: controller (UK GDPR Art. 4(7), §0)\n")
    assert theirs[:2] == (0, "end-user: processor for customer (UK GDPR Art. 4(8), §0)\n")
    assert unknown[0] == 2
    assert "'account'" in out + err
    assert "area" in out + err
    assert code == 1


@pytest.mark.clause("smartcomms-0.5")
def test_site_and_product_collect_under_one_document_and_no_other_host_does(house: Deployment) -> None:
    vic, ada = house.client(), holder(house, "both@example.com")
    vic.get("/smartcomms/s/")
    vic.post("/smartcomms/s/choice", data={"all": "some", "page": "index", "tool-google": "yes"})
    vic.get("/smartcomms/s/products")
    page = house.client().get("/smartcomms/s/products", headers={"host": "www.smartcomms.example"})
    entries = house.get("otto-officer", "/evidence/entries").json()["entries"]
    data = {(e["detail"].get("data"), e["version"]) for e in entries if e["kind"] == "collected"}
    hits = house.stored("hit")
    other = vic.get("/smartcomms/s/products", headers={"host": "shop.other.example"})
    events = vic.post(
        "/smartcomms/s/event", json={"page": "/a"}, headers={"origin": "https://shop.other.example"}
    )
    notes = {"data": "note", "purpose": "provide", "fields": {"text": "x"}}
    crossed = house.web.post(
        "/smartcomms/api/v1/people/me/records",
        json=notes,
        headers={"host": "shop.other.example", "authorization": f"Bearer {ada.token}"},
    )

    assert page.status_code == 200
    assert {("hit", OLD), ("account", OLD)} <= data
    assert (other.status_code, events.status_code, crossed.status_code) == (421, 403, 421)
    assert "covers" in other.text
    assert house.stored("hit") == hits


@pytest.mark.clause("smartcomms-8.2", "smartcomms-8.1", "smartcomms-8.5")
def test_a_change_is_announced_on_every_page_takes_effect_on_its_day_and_asks_for_no_consent_by_use(
    house: Deployment, tmp_path: Path
) -> None:
    house.at("2024-03-02T12:00+00:00")
    ada = holder(house, "stays@example.com")
    pages = [house.client().get(f"/smartcomms{path}").text for path in ("/", "/contact", "/signin")]
    house.at("2024-05-31T12:00+01:00")
    late = house.post("otto-officer", "/announcements", {"version": NEW})
    ada.token = house.token(ada.mail)
    before, first = decided(house, ada), ada.get("/consents").json()["history"]
    house.at("2024-06-02T12:00+01:00")
    turn(house)
    browser = house.person(ada.mail)
    browser.sign_in()
    browser.get("/me")
    browser.get("/me/rights")
    after = decided(house, ada)
    ada.token = house.token(ada.mail)
    acts = ada.get("/consents").json()["history"]
    spot: dict[str, Any] = {"data": "spot", "purpose": "where", "source": "service", "member": "documents"}
    spot |= {"fields": {"latitude": 51.5, "longitude": -0.1}}
    refused = house.post("spot-job", f"/people/{ada.tag}/records", spot)
    ada.post("/consents", {"name": "position(documents)", "given": True})
    taken = house.post("spot-job", f"/people/{ada.tag}/records", spot)
    notice = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", house.client().get("/smartcomms/privacy").text))
    quiet = house.client().get("/smartcomms/").text

    assert all("counts from 1 June 2024 on" in page for page in pages)
    assert late.status_code == 409
    assert (before, after) == (OLD, NEW)
    assert [a["name"] for a in first if a["kind"] == "notice"] == [OLD]
    assert [a["name"] for a in acts if a["kind"] == "notice"] == [OLD, f"used {NEW}"]
    assert [a for a in acts if a["kind"] == "consent"] == []
    assert (refused.status_code, taken.status_code) == (403, 201)
    assert f"What changed since {OLD}" in notice
    assert "5 Communicating with you" in notice
    assert "counts from" not in quiet


@pytest.mark.clause("smartcomms-8.1", "smartcomms-8.2")
def test_a_rule_does_not_change_without_a_version_and_a_slip_of_the_pen_is_announced_to_nobody(
    tmp_path: Path,
) -> None:
    with served(tmp_path, edit=lambda folder: coming(folder, SPELLING)) as house:
        page = house.client().get("/smartcomms/").text
        sealed = house.cli("seal", str(house.home))[0], house.cli("check", str(house.home))[0]
        rewrite(house.home / "policy.md", ("keep usage, finding 12 months", "keep usage, finding 24 months"))
        code, out, err = house.cli("check", str(house.home))

    assert "counts from" not in page
    assert sealed == (0, 0)
    assert code == 1
    assert "§2" in out + err
