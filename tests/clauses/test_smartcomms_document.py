"""The third company's page: what it says, that the systems run on it, and what keeps it from being loaded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from comms import PASSWORD, holder, served
from deployment import Deployment

FILES = ("policy.md", "site.toml", "parties.toml")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("document")) as made:
        yield made


@pytest.fixture
def changed(house: Deployment, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Check a copy of the document in which some words stand in the place of others."""

    def check(*pairs: tuple[str, str], file: str = "policy.md") -> tuple[int, str]:
        folder = tmp_path / "smartcomms"
        folder.mkdir(exist_ok=True)
        for name in FILES:
            (folder / name).write_text((house.home / name).read_text("utf-8"), "utf-8")
        text = (folder / file).read_text("utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        (folder / file).write_text(text, "utf-8")
        code, out, err = house.cli("check", str(folder))
        return code, out + err

    return check


@pytest.mark.clause("smartcomms-0.1")
def test_the_page_says_what_the_systems_run_on_and_leads_to_each_choice(
    house: Deployment, changed: Callable[..., tuple[int, str]]
) -> None:
    page = house.client().get("/smartcomms/privacy")
    told = house.client().get("/smartcomms/privacy.json").json()
    out = house.folder / "published"
    code, _, _ = house.cli("publish", str(house.home), "--out", str(out))
    dumped = json.loads((out / "notice.json").read_text("utf-8"))
    drifted, said = changed(("Logs stay [12 months](keep:usage)", "Logs stay [3 months](keep:usage)"))

    assert page.status_code == 200
    assert (code, dumped["data"], dumped["purposes"], dumped["recipients"]) == (
        0,
        told["data"],
        told["purposes"],
        told["recipients"],
    )
    for datum in told["data"]:
        assert datum["text"] in re.sub(r"&#39;", "'", page.text), datum["text"]
    reader = holder(house, "reader@example.com").browser
    for link in ("/mail", "/s/cookies", "/me/choices", "/me/rights"):
        assert f'href="/smartcomms{link}"' in page.text
        assert reader.get(link).status_code == 200
    assert (drifted, "3 months" in said) == (1, True)


@pytest.mark.clause("smartcomms-0.11")
def test_nine_numbered_headings_stand_in_a_list_that_leads_to_them(
    house: Deployment, changed: Callable[..., tuple[int, str]]
) -> None:
    page = house.client().get("/smartcomms/privacy").text
    heads = dict(re.findall(r'<h2[^>]*id="(s\d)"[^>]*>(\d [^<]+)', page))
    listed = dict(re.findall(r'href="#(s\d)"[^>]*>(\d [^<]+)', page))
    ada = holder(house, "anchors@example.com")
    body = {
        "data": "spot",
        "purpose": "where",
        "source": "service",
        "member": "events",
        "fields": {"latitude": 51.5, "longitude": -0.1},
    }
    refused = house.post("spot-job", f"/people/{ada.tag}/records", body).json()

    twice, _ = changed(("## 7 Security", "## 6 Security"))

    assert twice == 1
    assert [heads[f"s{n}"][0] for n in range(1, 10)] == [str(n) for n in range(1, 10)]
    assert all(listed[name] == heads[name] for name in heads)
    assert refused["clauses"][0]["link"] == "/smartcomms/privacy#s3"


@pytest.mark.clause("smartcomms-0.10")
def test_the_page_tells_which_safeguard_has_ended_and_which_carry_now(house: Deployment) -> None:
    page = house.client().get("/smartcomms/privacy").text

    assert "ended on 16 July 2020" in page
    assert 'id="rule-safeguard-privacy-shield"' in page
    assert "Model clauses of 2021 with the UK addendum" in page


@pytest.mark.clause("smartcomms-9.1")
def test_a_question_to_the_address_has_a_number_and_an_address_that_is_none_does_not_load(
    house: Deployment, changed: Callable[..., tuple[int, str]]
) -> None:
    page = house.client().get("/smartcomms/privacy").text
    letter = {"address": "vic@example.com", "text": "What is a usage log?", "right": "question"}
    asked = house.post("cara-support", "/mail", letter).json()
    told = house.mails("vic@example.com")[-1]
    code, said = changed(("privacy@smartcomms.example", "[email protected]"), file="site.toml")

    assert "privacy@smartcomms.example" in page
    assert asked["number"] in told.text
    assert code == 1
    assert "privacy-mail" in said


@pytest.mark.clause("smartcomms-7.3")
def test_the_page_says_that_no_protection_is_perfect_and_that_this_lowers_no_duty(house: Deployment) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", house.client().get("/smartcomms/privacy").text))

    assert "No protection is ever perfect, and that lowers no duty of ours" in page
    assert "72 hours" in page


@pytest.mark.clause("smartcomms-7.1")
def test_nothing_is_taken_over_a_line_that_others_can_read(house: Deployment) -> None:
    browser = house.client()
    plain = browser.post(
        "http://service.example/smartcomms/signup", data={"email": "x@example.com"}, follow_redirects=False
    )
    safe = browser.get("/smartcomms/privacy")

    assert plain.status_code == 308
    assert plain.headers["location"].startswith("https://")
    assert house.mails("x@example.com") == []
    assert "max-age=" in safe.headers["strict-transport-security"]


@pytest.mark.clause("smartcomms-7.2")
def test_what_has_arrived_lies_sealed_and_is_shown_to_who_has_a_task(
    house: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    ada = holder(house, "sealed@example.com")
    looked = house.get(
        "cara-support", f"/people/{ada.tag}/records", data="contact", purpose="support", reason="looking"
    )

    assert looked.status_code == 403
    assert house.on_disk("sealed@example.com") == []
    assert house.on_disk("Byron") == []
    assert "sealed@example.com" not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_machine_that_decides_alone_does_not_load(changed: Callable[..., tuple[int, str]]) -> None:
    code, said = changed(
        (
            'purpose better "Make the services better" as dpv',
            'purpose better "Make the services better" decides automatically as dpv',
        )
    )

    assert code == 1
    assert "never decide automatically" in said
