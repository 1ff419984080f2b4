"""Passing a post on: to a place the Admin approved, after its author saw what leaves, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Deployment
from httpx2 import Response
from outreach import CODE, LINK, approve, passed
from rooms import SMARP, Member, Net, member, networked, opened

WORDS = "Our new shop opens on Friday"


class House:
    """Acme with its Admin Anna and Aki, and Olli of Beta."""

    def __init__(self, served: Deployment) -> None:
        self.served = served
        self.net: Net = networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")
        self.olli = opened(served, self.net, "olli@beta.example", "Beta", "Olli")

    def approve(self, *names: str) -> Response:
        return approve(self.anna, *names)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    served = Deployment(
        tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=datetime(2025, 5, 5, 9, tzinfo=UTC)
    )
    yield House(served)
    served.close()


def disclosed(acme: House, who: Member) -> list[Any]:
    log = acme.served.get(who.token, "/people/me").json()["disclosures"]
    return [d for d in log if d["party"] == "platform"]


@pytest.mark.clause("smarp-5.2.1")
def test_what_leaves_is_what_the_page_showed_and_the_log_says_so(acme: House) -> None:
    acme.approve("x")
    seven, eight = acme.aki.says(WORDS, link=LINK), acme.aki.says("for us alone", link=LINK)
    page = acme.aki.get(f"/feed/{seven}/share/x").text
    done = passed(acme.aki, seven, "x", terms="yes")
    sent = acme.served.company.mailbox.of("platform", "x")[-1].body
    log = disclosed(acme, acme.aki)[-1]
    unasked = acme.aki.post(f"/feed/{eight}/share/linkedin", "/profile", code="aaaaaaaaaa", terms="yes")
    theirs = acme.olli.get(f"/feed/{seven}/share/x")
    colleague = acme.anna.get(f"/feed/{seven}/share/x")
    going = re.search(r'href="(https://x\.com/intent[^"]+)"', done.text)

    assert WORDS in page
    assert "And nothing else." in page
    assert "aki@acme.example" not in page
    assert set(sent) == {"post.text", "post.link", "share"}
    assert str(sent["share"]).startswith(f"{acme.served.base}/smarp/via/")
    assert going
    assert "Our%20new%20shop" in going[1]
    assert not any(w in going[1] for w in ("aki", "Aki", "acme"))
    assert (log["member"], set(log["data"])) == ("x", {"post.text", "post.link"})
    assert unasked.status_code == 403
    assert len(disclosed(acme, acme.aki)) == 1
    assert (theirs.status_code, colleague.status_code) == (404, 404)


@pytest.mark.clause("smarp-5.2.2")
def test_a_platform_is_offered_while_the_admin_approves_it_and_refused_from_the_moment_they_do_not(
    acme: House,
) -> None:
    acme.served.at("2025-05-05T12:30:00+03:00")
    acme.approve("x", "linkedin")
    number = acme.aki.says("approved or not", link=LINK)
    offered = acme.aki.get(f"/feed/{number}/share").text
    refused = passed(acme.aki, number, "facebook", terms="yes")
    page = f"/feed/{number}/share/linkedin"
    first = passed(acme.aki, number, "linkedin", terms="yes")
    before = len(disclosed(acme, acme.aki))
    acme.served.later(minutes=1)
    code = CODE.findall(acme.aki.get(page).text)[0]
    no_admin = acme.aki.post("/shares/platforms", "/profile", platform_facebook="yes")
    acme.approve("x")
    late = acme.aki.post(page, "/profile", code=code, terms="yes")
    unknown = acme.aki.get(f"/feed/{number}/share/nowhere")
    beta = acme.olli.get("/shares").text

    assert "LinkedIn" in offered
    assert "Facebook" not in offered
    assert [refused.status_code, late.status_code, no_admin.status_code] == [403, 403, 403]
    assert unknown.status_code == 404
    assert first.status_code == 200
    assert len(disclosed(acme, acme.aki)) == before
    assert 'value="yes" checked' not in beta


@pytest.mark.clause("smarp-5.2.4")
def test_the_terms_of_a_platform_are_shown_once_and_their_acknowledgement_is_kept(acme: House) -> None:
    acme.served.later(minutes=5)
    acme.approve("linkedin")
    number = acme.anna.says("to the terms", link=LINK)
    first = acme.anna.get(f"/feed/{number}/share/linkedin").text
    unread = passed(acme.anna, number, "linkedin")
    read = passed(acme.anna, number, "linkedin", terms="yes")
    second = acme.anna.get(f"/feed/{number}/share/linkedin").text
    mine = acme.served.get(acme.anna.token, "/people/me").json()["records"]
    kept = next(r["fields"] for r in mine if r["data"] == "platform-terms")

    assert "https://www.linkedin.com/legal/user-agreement" in first
    assert unread.status_code == 422
    assert read.status_code == 200
    assert "user-agreement" not in second
    assert kept == {
        "platform": "linkedin",
        "link": "https://www.linkedin.com/legal/user-agreement",
        "on": "2025-05-05",
    }


@pytest.mark.clause("smarp-5.2.5")
def test_the_page_leads_to_what_each_platform_says_and_the_copy_lists_what_went_there(acme: House) -> None:
    acme.served.later(minutes=5)
    acme.approve("x", "linkedin")
    number = acme.aki.says("for the copy", link=LINK)
    passed(acme.aki, number, "x", terms="yes")
    page = acme.aki.get("/shares").text
    copy = acme.served.get(acme.aki.token, "/people/me/export").json()
    told = copy["export"]["disclosures"]

    assert "https://x.com/en/privacy" in page
    assert "https://www.linkedin.com/legal/privacy-policy" in page
    assert "facebook.com/privacy" not in page
    assert "on its own account" in page
    assert [d["to"] for d in told] == ["x", "linkedin", "x"]
    assert all(d["data"] == ["post.link", "post.text"] for d in told)
    assert told[-1]["at"] == acme.served.now.isoformat()
    assert any(r["data"] == "shared" and "for the copy" in str(r) for r in copy["export"]["records"])


def test_a_platform_without_its_terms_is_approved_by_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    def without(folder: Any) -> None:
        path = folder / "parties.toml"
        text = path.read_text("utf-8")
        path.write_text(text.replace('terms = "https://x.com/en/tos"', 'terms = "on request"'), "utf-8")

    house = Deployment(tmp_path_factory.mktemp("bare"), "smarp", SMARP, edit=without)
    anna = opened(house, networked(house), "anna@acme.example", "Acme", "Anna")
    answer = approve(anna, "x")

    assert answer.status_code == 422
    assert "has no terms" in answer.text
    house.close()
