"""Firms that work for the fourth company: each gets what its task needs, of one room, while its terms run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deployment import Asker, Deployment
from httpx2 import Response
from rooms import SMARP, Member, granted, member, networked, opened

JOBS = (
    Asker("study-job", "job", purposes=("upkeep",)),
    Asker("dbcare-key", "operator", member="dbcare"),
)
OTHER = """
[[analyst]]
name = "sumco"
title = "SumCo Oy"
country = "FI"
task = "analysis"
contract = "2024-09-01"
undertaking = "2024-09-01"
"""
TASK = {"firm": "dbcare", "task": "database"}


class House:
    def __init__(self, served: Deployment) -> None:
        self.served, net = served, networked(served)
        self.anna = opened(served, net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")
        self.bea = opened(served, net, "bea@beta.example", "Beta", "Bea")

    def task(self, of: Member, *data: str, party: str = "operator", firm: str = "dbcare", **more: str) -> str:
        names = {**TASK, "firm": firm}
        made = granted(
            self.served, "timo-operations", "on-task", names,
            data=list(data), group_of=of.tag, party=party, member=firm, **more,
        )  # fmt: skip
        return str(made.json()["number"])

    def sends(
        self, of: Member, grant: str, *data: str, party: str = "operator", firm: str = "dbcare", **more: str
    ) -> Response:
        purpose = "maintain" if party == "operator" else "upkeep"
        body = {
            "data": list(data),
            "party": party,
            "member": firm,
            "purpose": purpose,
            "grant": grant,
            **more,
        }
        return self.served.post(
            "service-job" if party == "operator" else "study-job", f"/people/{of.tag}/shares", body
        )


def more(folder: Path) -> None:
    parties = folder / "parties.toml"
    parties.write_text(parties.read_text("utf-8") + OTHER, "utf-8")


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    now = datetime(2025, 3, 5, 8, tzinfo=UTC)
    served = Deployment(tmp_path_factory.mktemp("firms"), "smarp", (*SMARP, *JOBS), now=now, edit=more)
    yield House(served)
    served.close()


def status(*answers: Response) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.clause("smarp-6.2")
def test_firms_that_study_use_get_codes_that_no_other_firm_has_and_no_name(acme: House) -> None:
    line = {"ip": "203.0.113.24", "action": "post", "at": "2025-03-05T08:00:00Z"}
    body = {"data": "log", "purpose": "upkeep", "source": "device", "fields": line}
    acme.served.post("study-job", f"/people/{acme.aki.tag}/records", body)
    codes = []
    for firm in ("statco", "sumco"):
        grant = acme.task(acme.aki, "log", party="analyst", firm=firm)
        sent = acme.sends(acme.aki, grant, "log", party="analyst", firm=firm, form="pseudonymous")
        plain = acme.sends(acme.aki, grant, "log", party="analyst", firm=firm)
        named = acme.sends(acme.aki, grant, "member.name", party="analyst", firm=firm, form="pseudonymous")
        rows = acme.served.company.mailbox.of("analyst", firm)[-1].body["log"]
        codes.append(rows[0]["person"])

        assert status(sent, plain, named) == [200, 403, 403]
        assert "203.0.113.24" not in str(rows)

    assert len({*codes, acme.aki.tag}) == 3


@pytest.mark.clause("smarp-6.3")
def test_a_firm_gets_one_rooms_data_for_its_task_and_nothing_from_the_minute_its_contract_is_over(
    acme: House,
) -> None:
    bare = acme.sends(acme.anna, "", "member.name")
    grant = acme.task(acme.anna, "member.name", "member.email")
    during = acme.sends(acme.anna, grant, "member.name")
    other = [
        acme.sends(acme.bea, grant, "member.name"),
        acme.sends(acme.anna, grant, "post"),
        acme.sends(acme.anna, grant, "member.name", firm="statco"),
    ]
    log = acme.served.get("dana-dpo", f"/grants/{grant}").json()
    acme.served.at("2025-06-30T23:59+03:00")
    last = acme.sends(acme.aki, grant, "member.name")
    acme.served.at("2025-07-01T00:00+03:00")
    over = acme.sends(acme.anna, grant, "member.name")

    assert status(bare, during, *other) == [403, 200, 403, 403, 403]
    assert log["names"] == TASK
    assert [(x["by"], x["tag"], x["data"]) for x in log["looks"]] == [
        ("service-job", acme.anna.tag, ["member.name"])
    ]
    assert status(last, over) == [200, 403]
    assert "a contract of dbcare that runs today" in over.json()["missing"]
