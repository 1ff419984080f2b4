"""What the house itself may do with the data of a room: for which purpose, in which form, after which no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from deployment import Deployment
from rooms import SMARP, granted, member, networked, opened


class House:
    """Acme with its Admin Anna, and Aki."""

    def __init__(self, served: Deployment) -> None:
        self.served, self.net = served, networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")

    def rows(self, data: str, form: str = "pseudonymous") -> list[dict[str, object]]:
        answer = self.served.get("better-job", "/use", data=data, purpose="better", form=form)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["rows"])


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    served = Deployment(
        tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=datetime(2025, 5, 5, 9, tzinfo=UTC)
    )
    yield House(served)
    served.close()


def refusals(house: Deployment) -> int:
    entries = house.get("dana-dpo", "/evidence/entries").json()["entries"]
    return sum(e["kind"] == "refused" for e in entries)


@pytest.mark.clause("smarp-5.1.3")
def test_bettering_the_service_reads_coded_rows_without_names_and_leaves_out_who_objected(
    acme: House,
) -> None:
    house = acme.served
    rows = [{"email": f"p{n}@acme.example", "name": f"Person {n}"} for n in range(40)]
    house.post(acme.anna.token, "/people/me/room/members", {"people": rows})
    acme.anna.says("what a day")
    before = acme.rows("seat")
    house.post(acme.anna.token, "/people/me/objections", {"purpose": "better"})
    after, posts = acme.rows("seat"), acme.rows("post")
    plain = house.get("better-job", "/use", data="seat", purpose="better", form="identified")
    names = house.get("better-job", "/use", data="member", purpose="better", form="pseudonymous")
    told = str(before) + str(after)

    assert (len(before), len(after)) == (42, 41)
    assert posts == []
    assert "@" not in told
    assert "Person" not in told
    assert not any(r["tag"] == acme.aki.tag for r in after)
    assert names.status_code == 403
    assert plain.status_code == 403


@pytest.mark.clause("smarp-5.1.9")
def test_members_leave_to_a_registered_firm_for_its_task_and_to_nobody_else(acme: House) -> None:
    house, tag = acme.served, acme.aki.tag
    before = refusals(house)
    exported = house.get("sini-sales", "/use", data="member", purpose="service")
    partner = {"data": ["member.email"], "party": "partner", "member": "partner-z", "purpose": "talk"}
    refused = house.post("service-job", f"/people/{tag}/shares", partner)
    firm = {"data": ["member.email"], "party": "operator", "member": "dbcare", "purpose": "talk"}
    early = house.post("service-job", f"/people/{tag}/shares", firm)
    names = {"firm": "dbcare", "task": "database"}
    reach = {"data": ["member.email"], "people": [tag], "party": "operator", "member": "dbcare"}
    grant = granted(house, "timo-operations", "on-task", names, **reach).json()["number"]
    shared = house.post("service-job", f"/people/{tag}/shares", {**firm, "grant": grant})
    unknown = house.post("service-job", f"/people/{tag}/shares", {**firm, "member": "lists-r-us"})
    told = house.get(acme.aki.token, "/people/me").json()["disclosures"]

    assert [a.status_code for a in (exported, refused, early)] == [403, 403, 403]
    assert early.json()["missing"] == ["fact on-task"]
    assert shared.status_code in (200, 201)
    assert unknown.status_code in (403, 422)
    assert [(d["party"], d["member"], d["data"]) for d in told if d["party"] == "operator"] == [
        ("operator", "dbcare", ["member.email"])
    ]
    assert refusals(house) > before


def test_nobody_of_sales_or_marketing_reads_a_members_words(acme: House) -> None:
    house = acme.served
    for purpose in ("service", "help", "better", "news"):
        query = {"data": "post", "purpose": purpose, "role": "sales", "reason": "a lead"}
        answer = house.get("sini-sales", f"/people/{acme.aki.tag}/records", **query)

        assert answer.status_code == 403, purpose


def test_who_is_counted_for_publicity_may_object_to_it(acme: House) -> None:
    page = acme.aki.get("/me/choices").text
    objected = acme.served.post(acme.aki.token, "/people/me/objections", {"purpose": "publicity"})

    assert "Measure the publicity you create" in page
    assert objected.status_code == 200
    assert "publicity" in str(objected.json())
