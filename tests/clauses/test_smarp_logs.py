"""The log of the fourth company: cut down before it is written, and nobody's until one reason ties it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deployment import Asker, Deployment
from rooms import SMARP, Member, granted, member, networked, opened

KEYS = (
    *SMARP,
    Asker("ops-job", "job", purposes=("upkeep", "better-product", "incident")),
)
START = datetime(2025, 2, 10, 10, tzinfo=UTC)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/134.0.6998.88 Safari/537.36"
NETWORKS = "203.0.113.0/24, FI, Elisa\n198.51.100.0/24, SE, Telia\n192.0.2.0/24, EE, Elion\n"


def mapped(folder: Path) -> None:
    """Give the company a table of networks."""
    (folder / "networks.csv").write_text(NETWORKS, "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The fourth company with a room of Acme's, on 10 February 2025."""
    served = Deployment(tmp_path_factory.mktemp("logs"), "smarp", KEYS, START, mapped)
    yield served
    served.close()


@pytest.fixture(scope="module")
def anna(house: Deployment) -> Member:
    """Anna, Admin of Acme's room."""
    return opened(house, networked(house), "anna@acme.example", "Acme", "Anna")


def rows(house: Deployment) -> list[dict[str, Any]]:
    """Return the log as the job that keeps the service running reads it."""
    answer = house.get("ops-job", "/use", data="log", purpose="upkeep")
    assert answer.status_code == 200, answer.text
    return [{"tag": r["tag"], **r["fields"]} for r in answer.json()["rows"]]


def asks(house: Deployment, path: str, **headers: str) -> dict[str, Any]:
    """Open a page as a stranger with this browser, and return the line that it left."""
    before = {r["tag"] for r in rows(house)}
    house.client().get(f"/smarp{path}", headers={n.replace("_", "-"): v for n, v in headers.items()})
    return next(r for r in rows(house) if r["tag"] not in before)


@pytest.mark.clause("smarp-4.3.1")
def test_an_address_is_logged_for_twelve_months_and_no_admin_reads_it(
    house: Deployment, anna: Member
) -> None:
    held = asks(house, "/privacy")
    entry = house.get(anna.token, f"/people/{held['tag']}/records", data="log")
    decided = house.post(
        "", "/decide", {"action": "show", "data": "log", "purpose": "upkeep", "party": "admin"}
    )
    before = house.now
    house.at("2026-02-10T23:59:00+02:00")
    last = any(r["ip"] == "203.0.113.24" and r["at"].startswith("2025-02-10") for r in rows(house))
    house.at("2026-02-11T00:00:00+02:00")
    gone = any(r["at"].startswith("2025-02-10") for r in rows(house))
    house.now = before

    assert held["ip"] == "203.0.113.24"
    assert entry.status_code == 403
    assert decided.json()["answer"] != "allowed"
    assert (last, gone) == (True, False)


@pytest.mark.clause("smarp-4.3.2", "smarp-4.3.3")
def test_a_browser_is_its_family_and_version_and_the_page_before_its_site_alone(house: Deployment) -> None:
    mail = "https://mail.example/inbox?id=anna"
    outside = asks(house, "/privacy", user_agent=CHROME, referer=mail)
    own = asks(house, "/contact", user_agent=CHROME, referer=f"{house.base}/smarp/privacy?q=anna")
    page = house.client().get("/smarp/").text

    assert outside["browser"] == "Chrome 134"
    assert outside["referrer"] == "https://mail.example"
    assert own["referrer"] == "/smarp/privacy"
    assert house.on_disk("134.0.6998.88") == []
    assert house.on_disk("id=anna") == []
    assert "getImageData" not in page
    assert "measureText" not in page


@pytest.mark.clause("smarp-4.3.4")
def test_an_action_is_one_of_a_list_and_no_word_that_was_posted_is_logged(
    house: Deployment, anna: Member
) -> None:
    anna.says("hello team")
    posted = [r for r in rows(house) if r["action"] == "post"]
    invented = {"data": "log", "purpose": "upkeep", "source": "device"}
    fields = {"ip": "203.0.113.9", "browser": "Chrome 134", "action": "dances", "at": "2025-02-10T10:00:00Z"}
    tag = house.post("service-job", "/people", {}).json()["tag"]
    refused = house.post("ops-job", f"/people/{tag}/records", {**invented, "fields": fields})

    assert len(posted) == 1
    assert posted[0]["at"].startswith("2025-02-10T10:00")
    assert "hello team" not in str(rows(house))
    assert refused.status_code == 422


@pytest.mark.clause("smarp-4.3.7")
def test_countries_of_connections_are_counts_of_ten_and_no_field_of_a_member(
    house: Deployment, anna: Member
) -> None:
    groups = (("203.0.113.7", 11), ("198.51.100.7", 10), ("192.0.2.7", 3))
    mails = {f"m{n}-{a.partition('.')[0]}@acme.example": a for a, people in groups for n in range(people)}
    loaded = house.post(anna.token, "/people/me/room/members", {"people": [{"email": m} for m in mails]})
    for mail, address in mails.items():
        connects(house, mail, address)
    told = house.get("ops-job", "/counters/connections").json()["counts"]
    origin = {"data": "member", "purpose": "service", "fields": {"country_of_origin": "FI"}}
    refused = house.post(anna.token, "/people/me/records", origin)

    assert loaded.status_code in (200, 201), loaded.text
    assert {c["dims"]["country"] for c in told} == {"FI", "SE"}
    assert {c["dims"]["country"]: c["count"] for c in told}["SE"] == 10
    assert house.get("ops-job", "/counters/providers").status_code == 200
    assert refused.status_code == 422


def connects(house: Deployment, mail: str, address: str) -> None:
    """Let a colleague sign in from an address, and look at their room."""
    usual, house.web = house.web, house.client(address)
    house.get(house.token(mail), "/people/me/room")
    house.web = usual


@pytest.mark.clause("smarp-4.3.8")
def test_a_line_is_tied_to_a_member_one_by_one_for_a_reason_and_is_the_companys_from_then_on(
    house: Deployment, anna: Member
) -> None:
    line = asks(house, "/contact")["tag"]
    one = {"lines": [line], "purpose": "incident"}
    path = f"/people/{anna.tag}/log"
    without = house.post("timo-operations", path, one)
    reach = {"data": ["linked-log"], "people": [anna.tag]}
    raised = granted(house, "timo-operations", "link-reason", {"why": "incident 5"}, **reach)
    one["grant"] = raised.json()["number"]
    bulk = house.post("timo-operations", path, {**one, "lines": [r["tag"] for r in rows(house)]})
    by_sales = house.post("sini-sales", path, one)
    tied = house.post("timo-operations", path, one)
    copy = house.get(anna.token, "/people/me/export").json()["export"]
    linked = [r for r in copy["records"] if r["data"] == "linked-log"]

    assert without.status_code == 403
    assert raised.status_code == 201, raised.text
    assert bulk.status_code == 422
    assert by_sales.status_code == 403
    assert tied.status_code == 201, tied.text
    assert set(tied.json()["place"]) == {"IE", "BE"}
    assert len(linked) == 1
    assert line not in [r["tag"] for r in rows(house)]


@pytest.mark.clause("smarp-4.3.11")
def test_lines_made_anonymous_are_a_count_that_nobody_can_undo_and_firms_confirm(
    house: Deployment, anna: Member
) -> None:
    aki = member(house, "aki@acme.example", "Aki")
    house.at("2025-03-03T10:00:00+02:00")
    aki.browser.sign_in()
    for _ in range(5):
        assert aki.get("/feed").status_code == 200
    mine = [r for r in rows(house) if r["at"].startswith("2025-03-03")]
    hers, his = anna.token, aki.token
    before = len(rows(house))
    by_anna = house.post(hers, f"/people/{aki.tag}/log/anonymisation", {})
    made = house.post(his, "/people/me/log/anonymisation", {})
    again = house.post(his, "/people/me/log/anonymisation", {})
    left = rows(house)
    counted = house.get("ops-job", "/counters/actions").json()["counts"]
    asked = house.get(his, "/requests").json()["requests"]
    told = [d for d in house.company.mailbox.of("loghost", "logco") if d.kind == "erasure"]
    later = len(rows(house))
    aki.get("/feed")
    house.at("2025-02-10T12:00:00+02:00")

    assert len(mine) >= 5
    assert by_anna.status_code == 403
    assert made.json()["lines"] >= 5
    assert again.json()["lines"] == 0
    assert len(left) == before - made.json()["lines"]
    assert sum(c["count"] for c in counted) >= made.json()["lines"]
    assert "anonymise-log" in [r["right"] for r in asked if r["answered"]]
    assert len(told) == 1
    assert len(rows(house)) == later
