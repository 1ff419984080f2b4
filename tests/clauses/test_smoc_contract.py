"""The first company's promises on contract and law: account, credit, books, security log, references."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deployment import Deployment, Person

from troth.policy import DocumentBroken

TALK = {
    "hello": "tea",
    "travel": "sea",
    "gender": ("woman", {"consent": "yes", "years": "18"}),
    "mail": "kari@example.no",
    "coffee": "",
    "news": "yes",
}
Deploy = Callable[..., Deployment]


def talked(house: Deployment, **answers: object) -> Person:
    """Kari, who went through the summer conversation, said yes to all and signed in."""
    who = house.person()
    last = who.talk("summer", {**TALK, **answers})
    assert last.status_code == 200, last.text
    who.sign_in()
    return who


def tag(house: Deployment, mail: str = "kari@example.no") -> str:
    found = house.post("rewards-job", "/people/find", {"kind": "email", "value": mail})
    return str(found.json()["tag"])


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    """An edit of one file of the folder."""

    def edit(folder: Path) -> None:
        text = (folder / path).read_text("utf-8")
        assert old in text
        (folder / path).write_text(text.replace(old, new, 1), "utf-8")

    return edit


@pytest.mark.clause("smoc-4.39")
def test_every_reference_in_the_notice_lands_and_both_pointers_reach_the_rights(smoc: Deployment) -> None:
    for language in ("en", "nb"):
        page = smoc.client().get(f"/smoc/privacy?lang={language}").text
        anchors = set(re.findall(r'id="([^"]+)"', page))
        pointed = re.findall(r'href="(?:/smoc/privacy)?#([^"]+)"', page)

        assert pointed
        assert [p for p in pointed if p not in anchors] == []
        profiling = page[page.index('id="s4-3"') : page.index('id="s4-4"')]
        assert profiling.count('href="#s8"') >= 2


@pytest.mark.clause("smoc-4.40")
def test_an_account_is_opened_by_its_person_and_works_without_any_consent(deploy: Deploy) -> None:
    house = deploy("smoc", edit=changed("policy.md", "version 1 since", "version 3 since"))
    house.at("2025-01-10T12:00+01:00")
    house.at("2025-01-16T12:00+01:00")
    kari = talked(house)
    token = kari.token
    acts = house.get(token, "/people/me").json()["acts"]
    before = house.get(token, "/people/me/rewards").json()
    kari.post("/me/withdraw", {}, page="/me/choices")
    consents = house.get(token, "/people/me/consents").json()["consents"]
    after = house.get(token, "/people/me/rewards").json()
    used = house.post("kaffe-operator-key", "/redemptions", {"code": after["open"][0]["coupon"]})

    assert [(a["name"], a["version"]) for a in acts if a["kind"] == "notice"] == [("3", "3")]
    assert not any(c["given"] for c in consents)
    assert kari.get("/me").status_code == 200
    assert after["balance"] == before["balance"] == 1
    assert used.status_code == 200
    assert used.json()["state"] == "redeemed"

    by_operator = house.post("lysverk-key", "/people", {"who": {"kind": "email", "value": "per@example.no"}})

    assert by_operator.status_code == 403
    assert by_operator.json()["clause"]


@pytest.mark.clause("smoc-4.41")
def test_a_credit_is_six_things_and_a_call_with_more_is_refused_by_their_names(smoc: Deployment) -> None:
    talked(smoc)
    who = tag(smoc)
    credit = {"amount": 50, "operator": "lysverk", "rule": "points"}
    given = smoc.post("rewards-job", f"/people/{who}/credits", credit)
    read = smoc.get("rewards-job", f"/people/{who}/credits").json()["credits"]

    assert given.status_code == 201
    assert given.json() in read
    assert given.json() == {
        "person": who,
        "contact": "contact.email",
        "amount": 50,
        "operator": "lysverk",
        "rule": "points",
        "time": "2025-03-01T09:00:00Z",
    }

    more = smoc.post("rewards-job", f"/people/{who}/credits", {**credit, "preferences": {"drink": "tea"}})

    assert more.status_code == 422
    assert more.json()["fields"] == ["preferences"]
    assert len(smoc.get("rewards-job", f"/people/{who}/credits").json()["credits"]) == len(read)


@pytest.mark.clause("smoc-4.43")
def test_without_consents_and_after_an_objection_only_the_contract_s_fields_are_left(
    smoc: Deployment,
) -> None:
    kari = talked(smoc)
    who = tag(smoc)

    def readable(data: str, purpose: str, job: str = "rewards-job") -> bool:
        found = smoc.get(job, f"/people/{who}/records", data=data, purpose=purpose)
        return found.status_code == 200 and bool(found.json()["records"])

    before = [readable("gender", "suit", "ranking-job"), readable("taste", "fit", "ranking-job")]
    kari.post("/me/withdraw", {}, page="/me/choices")
    kari.post("/me/profiling", {"given": "yes"}, page="/me/choices")

    assert before == [True, True]
    assert readable("contact", "account")
    assert readable("language", "account")
    assert smoc.get("rewards-job", f"/people/{who}/credits").json()["credits"][0]["amount"] == 1
    for data in ("gender", "age", "location", "taste", "likes"):
        for purpose in ("account", "credit", "entitlement"):
            found = smoc.get("rewards-job", f"/people/{who}/records", data=data, purpose=purpose)
            assert found.status_code == 403, (data, purpose)
    assert not readable("gender", "suit", "ranking-job")
    assert not readable("taste", "fit", "ranking-job")


@pytest.mark.clause("smoc-4.44")
def test_a_payout_outlasts_an_erasure_for_the_books_alone(smoc: Deployment) -> None:
    smoc.at("2024-03-10T12:00+01:00")
    known = {"who": {"kind": "email", "value": "kari@example.no"}}
    who = smoc.post("rewards-job", "/people", known).json()["tag"]
    address = {"data": "contact", "purpose": "account", "source": "person"}
    smoc.post("rewards-job", f"/people/{who}/records", {**address, "fields": {"email": "kari@example.no"}})
    posted = {"posted": "2024-03-10", "amount": "100 NOK", "operator": "lysverk", "rule": "points"}
    body = {"data": "ledger", "purpose": "books", "fields": posted}
    assert smoc.post("rewards-job", f"/people/{who}/records", body).status_code == 201
    smoc.at("2025-02-01T12:00+01:00")
    kari = smoc.person()
    marketing = smoc.get("ranking-job", f"/people/{who}/records", data="ledger", purpose="fit")
    gone = smoc.post(kari.token, "/people/me/erasure", {"sure": True}).json()

    assert marketing.status_code == 403
    [stay] = [s for s in gone["stays"] if s["data"] == "ledger" and s["because"]][:1]
    assert "17(3)(b)" in stay["article"]
    assert stay["until"] == "2030-01-01T00:00:00+01:00", "the first instant after five years beyond 2024"

    books = smoc.get("rewards-job", "/use", data="ledger", purpose="books").json()["rows"]
    other = smoc.get("ranking-job", "/use", data="ledger", purpose="fit")

    assert "100 NOK" in [r["fields"]["amount"] for r in books]
    assert other.status_code == 403


@pytest.mark.clause("smoc-4.45")
def test_a_granted_role_stands_in_a_log_that_shows_any_change_on_disk(deploy: Deploy) -> None:
    smoc = deploy("smoc", root_key=None)
    smoc.close()
    more = (str(smoc.home), "--store", str(smoc.store))
    code, said, err = smoc.cli(
        "staff", "grant", more[0], "siri-support", "security", "--by", "stine-steward", *more[1:]
    )
    assert code == 0, said + err
    fine, _, _ = smoc.cli("evidence", "verify", *more)
    smoc.now = datetime.now(UTC)  # the command line knows no other clock
    smoc.open()
    log = smoc.get("stine-steward", "/permissions", role="steward").json()["records"]
    others = smoc.get("rewards-job", "/permissions")
    sees = smoc.get("siri-support", "/evidence/entries").json()["entries"]

    assert fine == 0
    [entry] = [r["fields"] for r in log]
    assert (entry["act"], entry["by"], entry["about"], entry["role"]) == (
        "permission given",
        "stine-steward",
        "siri-support",
        "security",
    )
    assert entry["at"]
    assert others.status_code == 403
    assert any(e["kind"] == "permission given" and e["detail"]["role"] == "security" for e in sees)
    assert not any("siri" in str(e) for e in sees), "the evidence names nobody"

    smoc.close()
    touched = altered(smoc.folder / "people.db.keys")
    wrong, said, _ = smoc.cli("evidence", "verify", *more)
    smoc.open()

    assert touched
    assert wrong != 0
    assert said.strip()


def altered(file: Path) -> int:
    """Change one entry of the evidence as somebody with the disk would; say how many bytes are others."""
    raw = file.read_bytes()
    changed = raw.replace(b"permission given", b"permission taken", 1)
    file.write_bytes(changed)
    return sum(a != b for a, b in zip(raw, changed, strict=True))


@pytest.mark.clause("smoc-4.46")
def test_a_further_legal_duty_loads_only_with_its_statute_and_its_data(deploy: Deploy) -> None:
    duty = 'purpose register "Report what a law asks us to report"\n  on legal obligation{}\n  uses ledger\n'

    with pytest.raises(DocumentBroken, match="register"):
        deploy("smoc", edit=changed("policy.md", "purpose guard ", duty.format("") + "purpose guard "))


@pytest.mark.clause("smoc-4.46")
def test_a_legal_duty_with_statute_and_data_is_in_the_notice(deploy: Deploy) -> None:
    duty = (
        'purpose register "Report what a law asks us to report"\n'
        '  on legal obligation "Tax Administration Act (NO), section 7-10"\n  uses ledger\n'
    )

    def edit(folder: Path) -> None:
        changed("policy.md", "purpose guard ", duty + "purpose guard ")(folder)
        changed("policy.md", "covers books, credit", "covers books, register, credit")(folder)

    house = deploy("smoc", edit=edit)
    notice = house.client().get("/smoc/privacy").text

    assert "Report what a law asks us to report" in notice
    assert "Tax Administration Act (NO), section 7-10" in notice
