"""Who sees the technical log and a member's details, where they may lie, and who outside may get them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deployment import Asker, Deployment
from rooms import SMARP, Member, granted, member, networked, opened

JOBS = (
    Asker("log-job", "job", purposes=("upkeep", "service", "better-product")),
    Asker("tailor-job", "job", purposes=("tailor",)),
    Asker("logco-key", "loghost", member="logco"),
)
ABROAD = """
[[farhost]]
name = "usco"
title = "UsCo Inc."
country = "US"
service = "stores and searches the technical log"
contract = "2025-01-15"
safeguard = "clauses"

[[farhost]]
name = "bareco"
title = "BareCo Inc."
country = "US"
service = "stores and searches the technical log"
contract = "2025-01-15"
"""
NOWHERE = """
[[loghost]]
name = "nowhere"
title = "Nowhere Ltd"
service = "stores and searches the technical log"
contract = "2025-01-15"
"""
HOST = 'recipient loghost "Keeps the log"'
FLOW = "share log with loghost for upkeep"


def abroad(folder: Path) -> None:
    """Let the log go to hosts in the United States, one of which has signed the clauses."""
    path, text = folder / "policy.md", (folder / "policy.md").read_text("utf-8")
    assert HOST in text
    assert FLOW in text
    far = (
        'recipient farhost "Keeps the log abroad" processor in US each needs service, contract under clauses'
    )
    text = text.replace(HOST, f"{far}\n{HOST}")
    path.write_text(text.replace(FLOW, f"{FLOW}\nshare log with farhost for upkeep"), "utf-8")
    parties = folder / "parties.toml"
    parties.write_text(parties.read_text("utf-8") + ABROAD, "utf-8")


class House:
    """Acme with its Admin Anna and with Aki, and the log's hosts at home and abroad."""

    def __init__(self, served: Deployment) -> None:
        self.served, self.net = served, networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")

    def logs(self, who: Member | str, action: str = "sign-in") -> int:
        """Have a line of the log entered; return its status."""
        line = {"ip": "203.0.113.24", "action": action, "at": "2025-05-05T09:00:00Z"}
        body = {"data": "log", "purpose": "upkeep", "source": "device", "fields": line}
        tag = who if isinstance(who, str) else who.tag
        return self.served.post("log-job", f"/people/{tag}/records", body).status_code

    def reads(self, who: str, of: Member, data: str, purpose: str, reason: str, grant: str = "") -> Any:
        asked = {"data": data, "purpose": purpose, "reason": reason, "grant": grant}
        return self.served.get(who, f"/people/{of.tag}/records", **asked)

    def share(self, data: str, party: str, host: str, purpose: str = "upkeep") -> Any:
        body = {"data": [data], "party": party, "member": host, "purpose": purpose}
        return self.served.post("log-job", f"/people/{self.anna.tag}/shares", body)

    def entries(self) -> list[dict[str, Any]]:
        """Return the whole evidence, page by page."""
        found: list[dict[str, Any]] = []
        while page := self.served.get("dana-dpo", "/evidence/entries", start=str(len(found))).json()[
            "entries"
        ]:
            found += page
        return found


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    now = datetime(2025, 5, 5, 9, tzinfo=UTC)
    folder = tmp_path_factory.mktemp("acme")
    served = Deployment(folder, "smarp", (*SMARP, *JOBS), now=now, edit=abroad)
    yield House(served)
    served.close()


@pytest.mark.clause("smarp-4.3.5")
def test_operations_read_the_log_for_an_incident_and_each_look_is_noted_and_sales_never_do(
    acme: House,
) -> None:
    anna = acme.anna
    acme.logs(anna)
    early = acme.reads("timo-operations", anna, "log", "upkeep", "incident 5")
    ticket = {"ticket": "incident 5"}
    made = granted(acme.served, "timo-operations", "upkeep-ticket", ticket, data=["log"], people=[anna.tag])
    shown = acme.reads("timo-operations", anna, "log", "upkeep", "incident 5", made.json()["number"])
    noted = [e["detail"] for e in acme.entries() if e["kind"] == "show"][-1]
    told = acme.served.get(anna.token, "/people/me").json()["disclosures"]
    sales = acme.reads("sini-sales", anna, "log", "upkeep", "which companies are active at night")

    assert (
        early.json()["missing"] == ["fact upkeep-ticket"] or "fact upkeep-ticket" in early.json()["missing"]
    )
    assert [r["fields"]["action"] for r in shown.json()["records"]] == ["sign-in"]
    assert (noted["party"], noted["data"], noted["purpose"]) == ("operations", ["log"], "upkeep")
    assert [(d["party"], d["data"]) for d in told if d["kind"] == "show"] == [("operations", ["log"])]
    assert sales.status_code == 403
    assert sales.json()["clause"] == "4.3"


@pytest.mark.clause("smarp-4.3.9", "smarp-11.1")
def test_the_log_is_ours_and_goes_abroad_under_the_clauses_alone_and_a_members_details_never_do(
    acme: House, tmp_path: Path
) -> None:
    acme.logs(acme.anna)
    held = acme.served.get(acme.anna.token, "/people/me").json()["records"]
    whose = {r["data"]: (r["role"], r["responsible"]) for r in held}
    signed, bare = acme.share("log", "farhost", "usco"), acme.share("log", "farhost", "bareco")
    details = acme.share("member.name", "farhost", "usco", "service")
    got = {name: len(acme.served.company.mailbox.of("farhost", name)) for name in ("usco", "bareco")}
    page = " ".join(acme.served.web.get("/smarp/privacy").text.split())
    home = tmp_path / "smarp"
    shutil.copytree(acme.served.home, home)
    fit, listed = acme.served.cli("check", str(home))[0], (home / "parties.toml").read_text("utf-8")
    (home / "parties.toml").write_text(listed + NOWHERE, "utf-8")
    code, out, err = acme.served.cli("check", str(home))

    assert whose["log"] == ("controller", ["Smarp Oy"])
    assert whose["member"][0] == "processor"
    assert [a.status_code for a in (signed, bare, details)] == [200, 403, 403]
    assert got == {"usco": 1, "bareco": 0}
    assert "UsCo Inc. (US)" in page
    assert "may go to US" in page
    assert (fit, code) == (0, 1)
    assert "'nowhere' of 'loghost'" in out + err


@pytest.mark.clause("smarp-4.3.10")
def test_a_host_of_the_log_stands_in_the_public_list_first_and_another_gets_nothing_and_is_noticed(
    acme: House,
) -> None:
    acme.logs(acme.anna)
    page = acme.served.web.get("/smarp/privacy").text
    before = len(acme.entries())
    flowed, unlisted = acme.share("log", "loghost", "logco"), acme.share("log", "loghost", "cheaplogs")
    kinds = [(e["kind"], e["detail"].get("member", "")) for e in acme.entries()[before:]]
    delivered = acme.served.get("logco-key", "/deliveries").json()["deliveries"]

    assert "LogCo Oy (FI)" in page
    assert "cheaplogs" not in page
    assert (flowed.status_code, unlisted.status_code) == (200, 403)
    assert delivered[-1]["fields"]["log.ip"] == "203.0.113.24"
    assert [k for k, _ in kinds if k in ("share", "refused")] == ["share", "refused"]
    assert acme.served.company.mailbox.of("loghost", "cheaplogs") == ()


@pytest.mark.clause("smarp-5.1.6")
def test_support_sees_a_members_details_while_that_members_case_is_open_and_nobody_elses(
    acme: House,
) -> None:
    anna, aki = acme.anna, acme.aki
    case = acme.served.post(anna.token, "/people/me/cases", {"text": "My profile looks odd"})
    reach = {"data": ["member"], "people": [anna.tag]}
    number = granted(acme.served, "saara-support", "troubleshooting", {"case": "40"}, **reach).json()[
        "number"
    ]
    during = acme.reads("saara-support", anna, "member", "help", "case 40", number)
    other = acme.reads("saara-support", aki, "member", "help", "case 40", number)
    acme.served.post("saara-support", f"/grants/{number}/steps", {"step": "end"})
    after = acme.reads("saara-support", anna, "member", "help", "case 40", number)

    assert case.status_code == 201
    assert [r["fields"]["name"] for r in during.json()["records"]] == ["Anna Aalto"]
    assert [a.status_code for a in (other, after)] == [403, 403]
    assert "fact troubleshooting" in other.json()["missing"]
    assert "fact troubleshooting" in after.json()["missing"]


@pytest.mark.clause("smarp-4.3.6")
def test_the_log_tells_the_product_in_numbers_and_the_pages_follow_a_members_own_choices(
    acme: House,
) -> None:
    house, aki = acme.served, acme.aki
    rows = [{"email": f"m{n}@acme.example", "name": f"M{n}"} for n in range(24)]
    house.post(acme.anna.token, "/people/me/room/members", {"people": rows})
    tags = [house.post("service-job", "/people/find", {"kind": "email", "value": r["email"]}) for r in rows]
    for n, found in enumerate(tags):
        acme.logs(found.json()["tag"], "invite" if n < 14 else "setting")
    asked = {"data": "log", "field": "action", "purpose": "better-product"}
    report = house.get("log-job", "/totals", **asked).json()["totals"]
    single = house.get("log-job", f"/people/{aki.tag}/records", data="log", purpose="better-product")
    acme.anna.post("/room", "/room", company="Acme", topics="design, sales")
    first = acme.anna.says("on design", topic="design")
    house.later(minutes=1)
    second = acme.anna.says("on sales", topic="sales")
    house.call(aki.token, "PUT", "/people/me/profile/topics", {"topics": ["design"]})
    acme.logs(aki, "view")
    chosen = aki.numbers()
    by_log = house.get("tailor-job", f"/people/{aki.tag}/records", data="log", purpose="tailor")
    by_count = house.get("tailor-job", f"/people/{aki.tag}/records", data="counting", purpose="tailor")
    by_choice = house.get("tailor-job", f"/people/{aki.tag}/records", data="topic", purpose="tailor")

    assert {"value": "invite", "people": 14} in report
    assert single.status_code == 403
    assert chosen.index(first) < chosen.index(second)
    assert [by_log.status_code, by_count.status_code, by_choice.status_code] == [403, 403, 200]
    assert "consent measurement" in by_count.json()["missing"]
