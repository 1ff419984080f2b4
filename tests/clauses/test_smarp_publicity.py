"""Publicity: what people pass on is counted by nobody's name, and told as the document says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
from deployment import Deployment
from outreach import LINK, approve, passed
from rooms import SMARP, Member, Net, member, networked, opened

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
SHARED = re.compile(r'<article class="card" id="([a-z2-7]{10})"')


class House:
    """Acme with its Admin Anna and Aki."""

    def __init__(self, served: Deployment) -> None:
        self.served = served
        self.net: Net = networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")
        approve(self.anna, "x", "linkedin")

    def shares(self, who: Member, text: str) -> str:
        """Let somebody post and pass it on; return the share's code."""
        self.served.later(minutes=2)
        number = who.says(text, link=LINK)
        answer = passed(who, number, "x", terms="yes")
        assert answer.status_code == 200, answer.text[:2000]
        return str(SHARED.findall(answer.text)[0])

    def opens(self, code: str, times: int = 1, headers: Mapping[str, str] = {}) -> int:
        """Let outsiders open a shared link, each from an address of their own; return the last status."""
        status = 0
        for n in range(times):
            outsider = self.served.client(f"198.51.100.{n + 1}")
            answer = outsider.get(
                f"/smarp/via/{code}", headers={**BROWSER, **headers}, follow_redirects=False
            )
            status = answer.status_code
            assert "set-cookie" not in answer.headers
        return status


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    served = Deployment(
        tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=datetime(2025, 2, 1, 9, tzinfo=UTC)
    )
    yield House(served)
    served.close()


@pytest.mark.clause("smarp-4.2.3")
def test_outsiders_who_open_a_shared_link_are_a_number_and_leave_nothing(acme: House) -> None:
    code = acme.shares(acme.aki, "counted")
    before = {"Sec-Purpose": "prefetch"}
    leads = acme.served.client().get(f"/smarp/via/{code}", headers=BROWSER, follow_redirects=False)
    acme.opens(code, 14)
    acme.opens(code, headers=before)
    acme.opens(code, headers={"User-Agent": "LinkedInBot/1.0 (compatible; Mozilla/5.0)"})
    acme.served.client().head(f"/smarp/via/{code}", headers=BROWSER, follow_redirects=False)
    page = acme.aki.get("/shares").text
    asked = [
        acme.served.get(key, "/use", data="publicity", purpose="publicity").status_code
        for key in ("better-job", "service-job")
    ]
    acme.aki.post(f"/shares/{code}/withdraw", "/shares")
    gone = acme.opens(code)

    assert (leads.status_code, leads.headers["location"]) == (302, LINK)
    assert "Opened 15 times" in page
    assert acme.served.on_disk("198.51.100.") == []
    assert acme.served.on_disk("Firefox/140.0") == []
    assert asked == [403, 403]
    assert acme.aki.get("/shares").text.count("withdrawn") == 1
    assert gone == 404
    assert acme.opens("aaaaaaaaaa") == 404


@pytest.mark.clause("smarp-5.1.7")
def test_each_sees_their_own_figures_and_the_admin_single_ones_from_the_declaration_on(
    acme: House,
) -> None:
    early = acme.shares(acme.aki, "before it was declared")
    acme.opens(early, 3)
    before = acme.anna.get("/shares").text
    acme.served.later(minutes=1)
    no_admin = acme.aki.post("/shares/declared", "/profile", on="yes")
    acme.anna.post("/shares/declared", "/shares", on="yes")
    mail = acme.served.mails("aki@acme.example")[-1]
    acme.served.later(minutes=5)
    code = acme.shares(acme.anna, "seven")
    acme.opens(code, 15)
    aki = acme.aki.get("/shares").text
    anna = acme.anna.get("/shares").text
    rows = re.findall(r"<tr><td>([^<]*)</td><td>X</td>.*?>(\d+)</td>.*?>(\d+)</td>", anna)
    rating = acme.served.get("better-job", "/use", data="publicity", purpose="better")
    acme.anna.post("/shares/declared", "/shares", on="no")
    after = acme.anna.get("/shares").text

    assert "Single figures" not in before
    assert "Fewer than ten people" in before
    assert no_admin.status_code == 403
    assert "single figures" in mail.subject
    assert "your Admin sees single figures" in aki
    assert "Single figures" not in aki
    assert rows == [("Anna Aalto", "1", "15")]
    assert "Opened 15 times" in anna
    assert rating.status_code == 403
    assert "<h3>Single figures" not in after


def test_who_objects_is_counted_for_the_room_alone(acme: House) -> None:
    mia = member(acme.served, "mia@acme.example", "Mia")
    objected = acme.served.post(mia.token, "/people/me/objections", {"purpose": "publicity", "given": True})
    code = acme.shares(mia, "do not count me")
    acme.opens(code, 4)
    page = mia.get("/shares").text
    acme.anna.post("/shares/declared", "/shares", on="yes")
    single = acme.anna.get("/shares").text

    assert objected.status_code in (200, 201)
    assert "Opened 0 times" in page
    assert "<td>Mia</td>" not in single


def test_a_room_is_told_a_platform_from_ten_people_on(acme: House) -> None:
    few = acme.anna.get("/shares").text
    for n in range(10):
        colleague = member(acme.served, f"p{n}@acme.example", f"P{n}")
        acme.opens(acme.shares(colleague, f"by {n}"), 2)
    enough = acme.anna.get("/shares").text
    row = re.search(r"<tr><td>X</td><td[^>]*>(\d+)</td><td[^>]*>(\d+)</td></tr>", enough)

    assert "Fewer than ten people" in few
    assert row
    assert int(row[1]) >= 10
    assert int(row[2]) >= 20
    assert 'role="img"' in enough
