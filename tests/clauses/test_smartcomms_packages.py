"""What people bring to a case for the organisation they act for: its own, and never put into the product."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment

ROWS = b"name,email\n" + b"".join(b"E%d,e%d@example.org\n" % (n, n) for n in range(12))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("packages")) as made:
        yield made


def packed(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def acts(house: Deployment, life: Holder, customer: str = "acme") -> Any:
    body = {"name": "acts-for", "member": customer}
    return house.post("cleo-clerk", f"/people/{life.tag}/facts", body)


def cased(house: Deployment, mail: str) -> tuple[Holder, str]:
    """Open an account that acts for Acme, and a case of its own."""
    life = holder(house, mail)
    assert acts(house, life).status_code == 200
    fields = {"name": "Ada Byron", "email": mail, "text": "It prints twice."}
    return life, str(life.post("/support", {"fields": fields}).json()["number"])


def adds(life: Holder, number: str, name: str, content: bytes) -> Any:
    body = {"name": name, "content": base64.b64encode(content).decode()}
    return life.post(f"/support/{number}/files", body)


@pytest.mark.clause("smartcomms-1.14")
def test_sample_data_are_the_customers_whom_their_bringer_acts_for_and_go_when_it_says(
    house: Deployment,
) -> None:
    ada, number = cased(house, "sampler@acme.example")
    file = adds(ada, number, "sample.csv", ROWS).json()
    roles = house.cli("role", str(house.home))[1]
    imported = {
        "data": "imported",
        "purpose": "prospects",
        "fields": {"email": "e1@example.org"},
        "source": "customer",
        "said": "sample.csv",
    }
    into = house.post("cara-support", f"/people/{ada.tag}/imports", imported)
    used = house.get("list-job", f"/people/{ada.tag}/records", data="sample", purpose="prospects")
    own = house.get("acme-key", "/entrusted/brought").json()["records"]
    others = house.get("borel-key", "/entrusted/brought").json()["records"]
    stolen = house.call("borel-key", "DELETE", f"/entrusted/{ada.tag}/records/{file['rid']}")
    gone = house.call("acme-key", "DELETE", f"/entrusted/{ada.tag}/records/{file['rid']}")
    case = ada.get("/support").json()["cases"][0]

    assert (file["fields"]["kind"], file["role"], file["controller"]) == ("sample", "processor", "Acme Ltd")
    assert "sample: processor for customer" in roles
    assert (into.status_code, used.status_code) == (403, 403)
    assert [(r["tag"], r["rid"], r["fields"]["name"]) for r in own] == [(ada.tag, file["rid"], "sample.csv")]
    assert others == []
    assert (stolen.status_code, gone.status_code) == (404, 200)
    assert (case["number"], case["files"]) == (number, [])
    assert house.on_disk("e1@example.org") == []


def test_who_acts_for_nobody_brings_no_data_of_a_customers(house: Deployment) -> None:
    ben = holder(house, "alone@example.com", "Ben")
    fields = {"name": "Ben", "email": ben.mail, "text": "It stops."}
    number = ben.post("/support", {"fields": fields}).json()["number"]
    refused = adds(ben, number, "sample.csv", ROWS)
    log = adds(ben, number, "app.log", b"12:00 started")
    acts(house, ben)
    acts(house, ben, "borel")
    two = adds(ben, number, "sample.csv", ROWS)

    assert (refused.status_code, two.status_code) == (422, 422)
    assert "none" in refused.json()["detail"]
    assert (log.status_code, log.json()["role"]) == (201, "controller")


@pytest.mark.clause("smartcomms-1.15")
def test_a_package_is_listed_and_never_unpacked_and_goes_with_its_case(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with served(tmp_path_factory.mktemp("swept")) as house:
        ada, number = cased(house, "packer@acme.example")
        content = packed({"templates/letter.xml": b"<letter/>", "run.sh": b"#!/bin/sh\nrm -rf /"})
        added = adds(ada, number, "templates.zip", content)
        rid = added.json()["rid"]
        live = house.get("run-job", f"/people/{ada.tag}/records", data="sample", purpose="provide")
        staff = house.get("cara-support", f"/people/{ada.tag}/records", data="sample", purpose="provide")
        loaded = house.post("cara-support", "/entrusted", {"reference": "t", "data": "sample", "fields": {}})
        house.later(minutes=5)
        ada.post(f"/support/{number}/close", {})
        house.at("2025-03-01T12:00+00:00").sweep()
        before = house.get("acme-key", "/entrusted/brought").json()["records"]
        house.at("2025-03-02T12:00+00:00").sweep()
        after = house.get("acme-key", "/entrusted/brought").json()["records"]
        entries = house.get("otto-officer", "/evidence/entries").json()["entries"]

    assert (added.status_code, added.json()["fields"]["kind"]) == (201, "package")
    assert (added.json()["role"], added.json()["controller"]) == ("processor", "Acme Ltd")
    assert added.json()["entries"] == ["templates/letter.xml", "run.sh"]
    assert [r.status_code for r in (live, staff, loaded)] == [403, 403, 403]
    assert ([r["rid"] for r in before], after) == ([rid], [])
    assert hashlib.sha256(content).hexdigest() in str([e for e in entries if e["kind"] == "file gone"])


def test_an_archive_that_swells_leads_outside_or_cannot_be_read_is_not_taken(house: Deployment) -> None:
    ada, number = cased(house, "bomber@acme.example")
    bomb = packed({f"zeros-{n}": bytes(16 * 1024 * 1024) for n in range(5)})
    sent = {
        "bomb": bomb,
        "outside": packed({"../../etc/passwd": b"x"}),
        "crowd": packed({f"{n}": b"" for n in range(2001)}, zipfile.ZIP_STORED),
        "torn": packed({"a": b"a" * 100})[:60],
    }
    answers = {name: adds(ada, number, f"{name}.zip", content) for name, content in sent.items()}

    assert {name: r.status_code for name, r in answers.items()} == dict.fromkeys(sent, 422)
    assert "64 MiB" in answers["bomb"].json()["detail"]
    assert "outside" in answers["outside"].json()["detail"]
    assert ada.get("/support").json()["cases"][0]["files"] == []


@pytest.mark.clause("smartcomms-0.8")
def test_an_organisation_has_people_who_act_for_it_and_a_right_is_each_ones_own(house: Deployment) -> None:
    ada, ben = holder(house, "ada@borel.example"), holder(house, "ben@borel.example", "Ben")
    for life in (ada, ben):
        acts(house, life, "borel")
    filed = house.post("borel-key", "/requests", {"right": "access"})
    named = house.get("borel-key", f"/people/{ada.tag}/export")
    copy = ada.get("/export").text
    acting = house.get("borel-key", "/acting").json()["people"]
    strange = house.get("acme-key", "/acting").json()["people"]
    raised = house.post("borel-key", f"/people/{ben.tag}/facts", {"name": "acts-for", "member": "borel"})
    ended = house.post("borel-key", "/acting/end", {})
    after = house.get("borel-key", "/acting").json()["people"]
    late = ada.post("/support", {"fields": {"name": "Ada", "email": ada.mail, "text": "x"}}).json()["number"]
    sample = adds(ada, late, "sample.csv", ROWS)

    assert filed.status_code == 422
    assert ada.tag in filed.json()["detail"]
    assert ben.tag in filed.json()["detail"]
    assert named.status_code == 403
    assert ada.mail in copy
    assert ben.mail not in copy
    assert set(acting) >= {ada.tag, ben.tag}
    assert not {ada.tag, ben.tag} & set(strange)
    assert raised.status_code == 403
    assert set(ended.json()["people"]) == set(acting)
    assert (after, sample.status_code) == ([], 422)
