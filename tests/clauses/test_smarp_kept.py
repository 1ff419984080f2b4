"""The register of firms that work for the fourth company: each with a listed task, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deployment import Asker, Deployment
from rooms import SMARP, granted, networked, opened

KEYS = (
    Asker("dbcare-key", "operator", member="dbcare"),
    Asker("ghost-key", "operator", member="ghostco"),
)
FIRM = """
[[{party}]]
name = "newco-firm"
title = "NewCo Firm Oy"
country = "FI"
task = "{task}"
contract = "2024-09-01"
undertaking = "2024-09-01"
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    now = datetime(2025, 3, 5, 8, tzinfo=UTC)
    served = Deployment(tmp_path_factory.mktemp("kept"), "smarp", (*SMARP, *KEYS), now=now)
    yield served
    served.close()


def registered(house: Deployment, folder: Path, party: str, task: str) -> tuple[int, str]:
    """Add a firm to a copy of the company's register, and check that as whoever wants it served must."""
    folder.mkdir()
    for file in house.home.rglob("*"):
        if file.is_file():
            to = folder / file.relative_to(house.home)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    with (folder / "parties.toml").open("a", encoding="utf-8") as register:
        register.write(FIRM.format(party=party, task=task))
    code, out, err = house.cli("check", str(folder), "--no-advice")
    return code, out + err


@pytest.mark.clause("smarp-6.1")
def test_a_firm_stands_in_the_register_with_a_listed_task_and_one_outside_it_gets_nothing(
    house: Deployment, tmp_path: Path
) -> None:
    anna = opened(house, networked(house), "anna@acme.example", "Acme", "Anna Aalto")
    notice = re.sub(r"<[^>]+>", "", house.client().get("/smarp/privacy").text)
    account, ghost = house.get("dbcare-key", "/deliveries"), house.get("ghost-key", "/deliveries")
    door = [
        house.client().post("/smarp/partner/signin", data={"code": k}) for k in ("ghost-key", "dbcare-key")
    ]
    task = {"firm": "dbcare", "task": "database"}
    reach = {"data": ["member.name"], "group_of": anna.tag, "party": "operator"}
    grant = granted(house, "timo-operations", "on-task", task, member="dbcare", **reach).json()["number"]
    body = {"data": ["member.name"], "party": "operator", "purpose": "maintain", "grant": grant}
    sent, outside = (
        house.post("service-job", f"/people/{anna.tag}/shares", {**body, "member": member})
        for member in ("dbcare", "ghostco")
    )
    listed = registered(house, tmp_path / "one", "operator", "features")
    unlisted = registered(house, tmp_path / "two", "operator", "advertising")
    studies = registered(house, tmp_path / "three", "analyst", "database")

    assert "DbCare Ltd (IE, database)" in notice
    assert "StatCo NV (BE, analysis)" in notice
    assert (account.status_code, ghost.status_code) == (200, 403)
    assert [answer.status_code for answer in door] == [403, 200]
    assert (sent.status_code, outside.status_code) == (200, 403)
    assert listed[0] == 0, listed[1]
    assert (unlisted[0], studies[0]) == (1, 1)
    assert "'newco-firm' of 'operator' has the task 'advertising'" in unlisted[1]
