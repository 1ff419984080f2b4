"""What staff confirm: that an account is a child's, after which nothing of it is anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from deployment import Asker, Deployment
from rooms import SMARP, Member, granted, member, networked, opened

JOBS = (
    Asker("log-job", "job", purposes=("upkeep",)),
    Asker("dbcare-key", "operator", member="dbcare"),
    Asker("logco-key", "loghost", member="logco"),
)
KID = "kid@acme.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    served = Deployment(
        tmp_path_factory.mktemp("child"), "smarp", (*SMARP, *JOBS), now=datetime(2025, 3, 4, 9, tzinfo=UTC)
    )
    yield served
    served.close()


def passed_on(house: Deployment, kid: Member) -> None:
    """Have the child's name at one firm and a line of the log at another."""
    task = {"firm": "dbcare", "task": "database"}
    reach = {"data": ["member.name"], "people": [kid.tag], "party": "operator", "member": "dbcare"}
    made = granted(house, "timo-operations", "on-task", task, **reach).json()["number"]
    line = {"ip": "203.0.113.24", "action": "post", "at": "2025-03-04T09:00:00Z"}
    log = {"data": "log", "purpose": "upkeep", "source": "device", "fields": line}
    house.post("log-job", f"/people/{kid.tag}/records", log)
    name = {"data": ["member.name"], "party": "operator", "member": "dbcare", "purpose": "maintain"}
    name["grant"] = made
    line_ = {"data": ["log"], "party": "loghost", "member": "logco", "purpose": "upkeep"}
    answers = [
        house.post(who, f"/people/{kid.tag}/shares", body)
        for who, body in (("service-job", name), ("log-job", line_))
    ]
    assert [a.status_code for a in answers] == [200, 200]


def kinds(house: Deployment, firm: str) -> list[str]:
    return [d["kind"] for d in house.get(firm, "/deliveries").json()["deliveries"]]


@pytest.mark.clause("smarp-12.3")
def test_a_child_confirmed_is_erased_with_posts_log_and_copies_and_nothing_brings_the_account_back(
    house: Deployment,
) -> None:
    anna = opened(house, networked(house), "anna@acme.example", "Acme", "Anna Aalto")
    kid = member(house, KID, "Kid Kidson")
    number, tag, token = kid.says("homework is boring"), kid.tag, kid.token
    passed_on(house, kid)
    before = (anna.get(f"/feed/{number}").status_code, "Kid Kidson" in anna.get("/people").text)
    codes = len(house.mails(KID))
    confirmed = house.post("service-job", f"/people/{tag}/age", {"years": 11})
    house.later(minutes=1).sweep()
    mine = house.get(token, "/people/me"), kid.get("/feed")
    house.post("", "/session", {"email": KID})
    firms = kinds(house, "dbcare-key"), kinds(house, "logco-key")
    evidence = house.get("dana-dpo", "/evidence/entries").text

    assert before == (200, True)
    assert confirmed.status_code == 200
    assert [a.status_code for a in mine] == [401, 401]
    assert len(house.mails(KID)) == codes
    assert house.post("service-job", "/people/find", {"kind": "email", "value": KID}).status_code == 404
    assert (
        house.get("service-job", f"/people/{tag}/records", data="member", purpose="service").status_code
        == 404
    )
    assert anna.get(f"/feed/{number}").status_code == 404
    assert "Kid Kidson" not in anna.get("/people").text
    assert [house.on_disk(w) for w in (KID, "Kid Kidson", "homework is boring")] == [[], [], []]
    assert firms == (["share", "erasure"], ["share", "erasure"])
    assert KID not in evidence
    assert "Kid Kidson" not in evidence
