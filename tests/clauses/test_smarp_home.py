"""Who looks after it all: the officer's own answers, a firm without its undertaking, a breach in one room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deployment import Asker, Deployment
from httpx2 import Response
from rooms import SMARP, granted, member, networked, opened

FIRMS = (
    Asker("dbcare-key", "operator", member="dbcare"),
    Asker("statco-key", "analyst", member="statco"),
)
HIGH = {
    "risk": "high",
    "reason": "posts",
    "effects": "others may write",
    "measures": "a new key",
    "advice": "beware",
}


def unsigned(folder: Path) -> None:
    """Let DbCare's undertaking end in March."""
    parties = folder / "parties.toml"
    text = parties.read_text("utf-8")
    bound = 'undertaking = "2024-07-01"'
    assert bound in text
    parties.write_text(text.replace(bound, 'undertaking = "2024-07-01 to 2025-03-31"'), "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    served = Deployment(
        tmp_path_factory.mktemp("home"),
        "smarp",
        (*SMARP, *FIRMS),
        now=datetime(2025, 3, 7, 6, tzinfo=UTC),
        edit=unsigned,
    )
    net = networked(served)
    opened(served, net, "anna@acme.example", "Acme", "Anna A.")
    member(served, "aki@acme.example", "Aki").says("The stand is ready")
    opened(served, net, "bea@beta.example", "Beta", "Bea").says("Beta has news")
    yield served
    served.close()


def status(*answers: Response) -> list[int]:
    return [answer.status_code for answer in answers]


def fits(house: Deployment, into: Path, was: str, becomes: str) -> tuple[int, str]:
    """Check a copy of the company's folder in which one text stands for another."""
    home = into / "smarp"
    home.mkdir()
    for file in house.home.glob("*.*"):
        (home / file.name).write_bytes(file.read_bytes())
    site = (home / "site.toml").read_text("utf-8")
    assert was in site
    (home / "site.toml").write_text(site.replace(was, becomes), "utf-8")
    code, out, err = house.cli("check", str(home))
    return code, out + err


@pytest.mark.clause("smarp-10.2")
def test_a_right_is_answered_by_the_officer_alone_whose_address_stands_on_the_page(
    house: Deployment, tmp_path: Path
) -> None:
    aki = house.token("aki@acme.example")
    asked = house.post(aki, "/people/me/requests", {"right": "access"}).json()
    waiting = house.get("dana-dpo", "/requests").json()["requests"]
    path = f"/people/{asked['tag']}/requests/{asked['number']}/answer"
    said = {"outcome": "granted", "text": "here it is"}
    product, officer = house.post("paula-product", path, said), house.post("dana-dpo", path, said)
    page = house.client().get("/smarp/privacy").text
    code, told = fits(house, tmp_path, 'officer-mail = "dpo@smarp.example"', "")

    assert asked["number"] in {r["number"] for r in waiting}
    assert status(product, officer) == [403, 200]
    assert "dpo@smarp.example" in page
    assert code == 1
    assert "setting 'officer-mail' has no value" in told


@pytest.mark.clause("smarp-10.5")
def test_a_breach_in_one_room_is_told_to_its_people_and_its_admin_and_to_nobody_elses(
    house: Deployment,
) -> None:
    house.at("2025-03-07T07:30:00+00:00")
    anna, aki, bea = (house.person(f"{n}.example") for n in ("anna@acme", "aki@acme", "bea@beta"))
    tags = {
        who.mail: house.company.gate.tag(person=house.company.gate.find(kind="email", value=who.mail))
        for who in (anna, aki, bea)
    }
    grant = granted(
        house, "saara-support", "troubleshooting", {"case": "31"}, data=["post"], group_of=tags[aki.mail]
    ).json()["number"]
    asked = {"data": "post", "purpose": "help", "grant": grant}
    looks = [house.get("saara-support", f"/people/{tags[who.mail]}/records", **asked) for who in (aki, bea)]
    house.at("2025-03-07T08:30:00+00:00")
    what: dict[str, Any] = {"what": "Saara's laptop was stolen", "staff": "saara-support", "data": ["post"]}
    when = {"since": "2025-03-07T07:00:00Z", "aware": "2025-03-07T08:00:00Z"}
    case = house.post("dana-dpo", "/breaches", {**what, **when}).json()
    house.post("dana-dpo", f"/breaches/{case['number']}/assessment", HIGH)
    house.post("dana-dpo", f"/breaches/{case['number']}/notices", {"to": "people"})

    def mailed(mail: str, subject: str) -> int:
        return len([m for m in house.mails(mail) if m.subject == subject])

    mine, company = "A breach that touches your data", "A breach that touches people of your company"
    banners = []
    for who in (aki, bea):
        who.sign_in()
        banners.append(mine in who.get("/feed").text)
    text = next(m.text for m in house.mails(aki.mail) if m.subject == mine)

    assert status(*looks) == [200, 403]
    assert [a["tag"] for a in case["affected"]] == [tags[aki.mail]]
    assert [mailed(who.mail, mine) for who in (aki, anna, bea)] == [1, 0, 0]
    assert all(HIGH[part] in text for part in ("effects", "measures", "advice"))
    assert "dpo@smarp.example" in text
    assert [mailed(who.mail, company) for who in (anna, aki, bea)] == [1, 0, 0]
    assert banners == [True, False]


@pytest.mark.clause("smarp-6.4")
def test_a_firm_without_a_running_undertaking_does_not_come_in_and_no_list_goes_to_any(
    house: Deployment,
) -> None:
    house.at("2025-03-31T12:00:00+03:00")
    during = house.get("dbcare-key", "/deliveries")
    bulk = house.get("dbcare-key", "/use", data="member", purpose="maintain")
    stranger = granted(
        house, "timo-operations", "on-task", {"firm": "subco", "task": "database"},
        data=["member.name"], people=[house.company.gate.tag(person=1)], party="operator", member="subco",
    )  # fmt: skip
    house.at("2025-04-01T00:00:00+03:00")
    after = house.get("dbcare-key", "/deliveries")
    other = house.get("statco-key", "/deliveries")
    page = house.client().post("/smarp/partner/signin", data={"code": "dbcare-key"})

    assert status(during, bulk, stranger) == [200, 403, 422]
    assert status(after, other) == [403, 200]
    assert page.status_code == 403
