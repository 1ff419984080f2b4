"""How the house's own people look at members' messages: by a grant, for its time, and never unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deployment import Asker, Deployment
from httpx2 import Response
from rooms import BOUND, SMARP, Member, granted, member, networked, opened

MORE = (
    Asker("tuomas-product", "staff", roles=("product",), about=BOUND),
    Asker("petri-support", "staff", roles=("support",), about={"reviewed": "2025-03-01"}),
    Asker("laura-support", "staff", roles=("support",), about={"signed": "2025-03-25 to 2025-03-26"}),
)


class House:
    """Acme with Anna, its Admin, and Aki; Beta with Bea."""

    def __init__(self, served: Deployment) -> None:
        self.served, net = served, networked(served)
        self.anna = opened(served, net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")
        self.bea = opened(served, net, "bea@beta.example", "Beta", "Bea")
        self.anna.says("Call Kari Nordmann at +47 912 34 567 about the fair")
        self.aki.says("The stand is ready")
        self.bea.says("Beta has news")

    def looks(self, who: str, of: Member, purpose: str, grant: str = "", **more: str) -> Response:
        asked = {"data": "post", "purpose": purpose, "grant": grant, **more}
        return self.served.get(who, f"/people/{of.tag}/records", **asked)

    def step(self, who: str, number: str, step: str, **said: Any) -> Response:
        return self.served.post(who, f"/grants/{number}/steps", {"step": step, **said})

    def seen_by(self, admin: Member) -> list[dict[str, Any]]:
        return list(self.served.get(admin.token, "/people/me/room/looks").json()["looks"])


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    now = datetime(2025, 3, 5, 8, tzinfo=UTC)
    served = Deployment(tmp_path_factory.mktemp("looks"), "smarp", (*SMARP, *MORE), now=now)
    yield House(served)
    served.close()


def status(*answers: Response) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.clause("smarp-2.4")
def test_support_looks_at_one_rooms_messages_for_one_case_and_an_hour_and_its_admin_sees_it(
    acme: House,
) -> None:
    bare = acme.looks("saara-support", acme.anna, "help")
    caseless = granted(
        acme.served, "saara-support", "troubleshooting", {}, data=["post"], group_of=acme.anna.tag
    )
    made = granted(
        acme.served,
        "saara-support",
        "troubleshooting",
        {"case": "case 31"},
        data=["post"],
        group_of=acme.anna.tag,
    ).json()
    during = [acme.looks("saara-support", one, "help", made["number"]) for one in (acme.anna, acme.aki)]
    other = [
        acme.looks("saara-support", acme.bea, "help", made["number"]),
        acme.looks("petri-support", acme.anna, "help", made["number"]),
        acme.looks("saara-support", acme.anna, "help", made["number"], role="support", data="member"),
    ]
    page = acme.anna.get("/room/looks").text
    told, beta = acme.seen_by(acme.anna), acme.seen_by(acme.bea)
    copied = acme.served.get(acme.aki.token, "/people/me").json()["disclosures"]
    acme.served.later(minutes=61)
    late = acme.looks("saara-support", acme.anna, "help", made["number"])

    assert status(bare, caseless) == [403, 422]
    assert "fact troubleshooting" in bare.json()["missing"]
    assert made["state"] == "open"
    assert status(*during) == [200, 200]
    assert during[1].json()["records"][0]["fields"]["text"] == "The stand is ready"
    assert status(*other) == [403, 403, 403]
    assert sorted((t["whose"], t["reason"], t["records"]) for t in told) == [
        ("Aki", "case 31", 1),
        ("Anna Aalto", "case 31", 1),
    ]
    assert beta == []
    assert "case 31" in page
    assert "saara" not in page
    assert [(d["party"], d["data"]) for d in copied if d["kind"] == "show"] == [("support", ["post"])]
    assert late.status_code == 403
    assert acme.served.get("dana-dpo", f"/grants/{made['number']}").json()["state"] == "ended"
    assert acme.anna.browser.house.person("x@y.example").get("/room/looks").status_code != 200


@pytest.mark.clause("smarp-2.5")
def test_improvement_sees_codes_and_scrubbed_words_and_whole_texts_only_once_a_second_person_agreed(
    acme: House,
) -> None:
    reach = {"data": ["post"], "group_of": acme.anna.tag}
    task = granted(acme.served, "paula-product", "improvement-task", {"task": "task 8"}, **reach).json()
    redacted = acme.looks("paula-product", acme.anna, "better", task["number"], form="pseudonymous")
    plain = acme.looks("paula-product", acme.anna, "better", task["number"])
    names = {"task": "task 8", "why": "the layout breaks on long posts"}
    asked = granted(acme.served, "paula-product", "second-person", names, **reach).json()
    early = acme.looks("paula-product", acme.anna, "better", asked["number"])
    herself = acme.step("paula-product", asked["number"], "approve")
    wrong = acme.step("saara-support", asked["number"], "approve")
    agreed = acme.step("tuomas-product", asked["number"], "approve").json()
    whole = acme.looks("paula-product", acme.anna, "better", asked["number"])
    other = granted(acme.served, "paula-product", "other", {"why": "curious"}, **reach)
    fields = redacted.json()["records"][0]["fields"]

    assert status(redacted, plain) == [200, 403]
    assert fields["person"] != acme.anna.tag
    assert "Nordmann" not in fields["text"]
    assert "912" not in fields["text"]
    assert "about the fair" in fields["text"]
    assert (asked["state"], early.status_code, herself.status_code, wrong.status_code) == (
        "asked",
        403,
        403,
        404,
    )
    assert agreed["state"] == "open"
    assert [(s["what"], s["by"]) for s in agreed["steps"]] == [
        ("asked", "paula-product"),
        ("approved", "tuomas-product"),
    ]
    assert "Kari Nordmann" in whole.json()["records"][0]["fields"]["text"]
    assert other.status_code == 422


@pytest.mark.clause("smarp-2.6")
def test_an_order_of_law_opens_what_it_names_and_is_told_of_once_the_ban_is_over(acme: House) -> None:
    acme.served.at("2025-03-05T12:00+00:00")
    names = {
        "reference": "R-12",
        "statute": "Code of Procedure 4:3",
        "scope": "posts of one day",
        "day": "2025-03-04",
    }
    reach = {
        "data": ["post"],
        "people": [acme.anna.tag],
        "since": "2025-03-05T00:00:00Z",
        "until": "2025-03-06T00:00:00Z",
    }
    nameless = granted(acme.served, "dana-dpo", "legal-order", {**names, "reference": " "}, **reach)
    wrong = granted(acme.served, "saara-support", "legal-order", names, **reach)
    made = granted(acme.served, "dana-dpo", "legal-order", names, **reach).json()
    ban = {
        "fact": "gag",
        "names": {"reference": "R-12", "day": "2025-03-20"},
        "until": "2025-03-20T00:00:00Z",
    }
    silenced = acme.step("dana-dpo", made["number"], "silence", **ban)
    acme.served.at("2025-03-06T09:00+00:00")
    acme.anna.browser.sign_in()
    acme.anna.says("written after the day of the order")
    shown = acme.looks("dana-dpo", acme.anna, "law", made["number"])
    other = acme.looks("dana-dpo", acme.aki, "law", made["number"])
    texts = [r["fields"]["text"] for r in shown.json()["records"]]

    def told() -> tuple[bool, bool]:
        mine = acme.served.get(acme.anna.token, "/people/me").json()["disclosures"]
        return "dpo" in {d["party"] for d in mine}, "dpo" in {t["role"] for t in acme.seen_by(acme.anna)}

    during = told()
    acme.served.at("2025-03-20T00:00+00:00")

    assert status(nameless, wrong, silenced) == [422, 403, 200]
    assert texts == ["Call Kari Nordmann at +47 912 34 567 about the fair"]
    assert other.status_code == 403
    assert during == (False, False)
    assert told() == (True, True)


@pytest.mark.clause("smarp-10.10")
def test_a_contractor_without_a_running_undertaking_sees_nothing(acme: House) -> None:
    def seen(who: str, at: str) -> int:
        acme.served.at(at)
        made = granted(
            acme.served, who, "troubleshooting", {"case": "c 7"}, data=["post"], people=[acme.aki.tag]
        )
        return acme.looks(who, acme.aki, "help", made.json()["number"]).status_code

    unsigned = seen("petri-support", "2025-03-24T09:00+00:00")
    before, on, last, after = (
        seen("laura-support", f"2025-03-{day}T13:00+00:00") for day in ("24", "25", "26", "27")
    )

    assert (unsigned, before, on, last, after) == (403, 403, 200, 200, 403)


@pytest.mark.clause("smarp-10.9")
def test_a_grant_ends_with_its_task_and_the_review_names_those_that_nobody_used(acme: House) -> None:
    acme.served.at("2025-03-28T09:00+00:00")
    reach = {"data": ["post"], "group_of": acme.anna.tag}
    used = granted(acme.served, "saara-support", "troubleshooting", {"case": "c 9"}, **reach).json()
    idle = granted(acme.served, "saara-support", "troubleshooting", {"case": "c 10"}, **reach).json()
    during = acme.looks("saara-support", acme.aki, "help", used["number"])
    elsewhere = acme.looks("saara-support", acme.bea, "help", used["number"])
    acme.step("saara-support", used["number"], "end", reason="solved")
    ended = acme.looks("saara-support", acme.aki, "help", used["number"])
    listed = acme.served.get("dana-dpo", "/grants").json()["grants"]
    unused = {g["number"] for g in acme.served.get("dana-dpo", "/grants", unused="yes").json()["grants"]}
    reads = [(x["by"], x["data"]) for g in listed if g["number"] == used["number"] for x in g["looks"]]

    assert status(during, elsewhere, ended) == [200, 403, 403]
    assert reads == [("saara-support", ["post"])]
    assert idle["number"] in unused
    assert used["number"] not in unused
    assert acme.served.get("sini-sales", "/grants").json()["grants"] == []


@pytest.mark.clause("smarp-3.15")
def test_few_are_privileged_each_is_named_and_a_review_overdue_by_a_day_lets_them_lapse(
    acme: House, tmp_path: Path
) -> None:
    def ticket(at: str) -> int:
        acme.served.at(at)
        reach = {"data": ["post"], "group_of": acme.anna.tag}
        made = granted(acme.served, "timo-operations", "upkeep-ticket", {"ticket": "T-1"}, **reach)
        return acme.looks(
            "timo-operations", acme.anna, "maintain", made.json()["number"], form="pseudonymous"
        ).status_code

    last, over = ticket("2025-06-01T12:00+00:00"), ticket("2025-06-02T12:00+00:00")
    outside = acme.looks("saara-support", acme.anna, "maintain")
    refused = [
        e
        for e in acme.served.get("dana-dpo", "/evidence/entries").json()["entries"]
        if e["kind"] == "refused"
    ]
    home = tmp_path / "smarp"
    home.mkdir()
    for file in acme.served.home.glob("*.*"):
        (home / file.name).write_bytes(file.read_bytes())
    six = "".join(Asker(f"op-{n}", "staff", roles=("operations",)).row() for n in range(5))
    (home / "staff.toml").write_text((home / "staff.toml").read_text("utf-8") + six, "utf-8")
    code, out, err = acme.served.cli("check", str(home))

    assert (last, over) == (200, 403)
    assert outside.status_code == 403
    assert refused
    assert code == 1
    assert "6 people bear the role 'operations'" in out + err
