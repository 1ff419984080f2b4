"""Me: signing in, and every right as the person uses it, on the real gate."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ADULT = {"consent": "yes", "years": "18"}
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
CODE = re.compile(r'name="csrf" value="([^"]+)"')


def test_the_right_code_signs_in_under_a_new_name(person: Any) -> None:
    person.walk()
    person.web.cookies.clear()
    csrf = CODE.findall(person.web.post("/smoc/signin", data={"email": "Kari@example.no"}).text)[0]
    before = person.web.cookies["__Host-session-smoc"]
    code = person.house.code("kari@example.no")
    opened = person.web.post("/smoc/signin/code", data={"code": code, "csrf": csrf})
    after = person.web.cookies["__Host-session-smoc"]
    person.carry(before)

    assert opened.url.path == "/smoc/me"
    assert before != after
    assert person.web.get("/smoc/me", follow_redirects=False).status_code == 401


def test_whoever_only_typed_an_address_is_out_once_its_owner_proves_it(person: Any) -> None:
    person.walk()
    typed = person.web.cookies["__Host-session-smoc"]
    person.web.cookies.clear()
    person.sign_in()
    person.carry(typed)

    assert person.web.get("/smoc/me", follow_redirects=False).status_code == 401


def test_ten_wrong_codes_close_the_door_even_to_the_right_one(person: Any) -> None:
    person.walk()
    person.web.cookies.clear()
    csrf = CODE.findall(person.web.post("/smoc/signin", data={"email": "kari@example.no"}).text)[0]
    right = person.house.code("kari@example.no")
    wrong = "000000" if right != "000000" else "111111"
    tries = [
        person.web.post("/smoc/signin/code", data={"code": wrong, "csrf": csrf}).status_code
        for _ in range(10)
    ]

    assert tries == [422] * 5 + [429] * 5
    assert person.web.post("/smoc/signin/code", data={"code": right, "csrf": csrf}).status_code == 429
    assert person.web.post("/smoc/signin", data={"email": "kari@example.no"}).status_code == 429


def test_a_code_is_good_for_ten_minutes_and_once(person: Any, house: Any) -> None:
    person.walk()
    person.web.cookies.clear()
    csrf = CODE.findall(person.web.post("/smoc/signin", data={"email": "kari@example.no"}).text)[0]
    code = house.code("kari@example.no")
    house.later(minutes=11)
    late = person.web.post("/smoc/signin/code", data={"code": code, "csrf": csrf})
    person.sign_in()
    used = house.code("kari@example.no")
    csrf = CODE.findall(person.web.post("/smoc/signin", data={"email": "ola@example.no"}).text)[0]

    assert late.status_code == 422
    assert person.web.post("/smoc/signin/code", data={"code": used, "csrf": csrf}).status_code == 422


def test_signing_in_says_the_same_for_an_address_nobody_has(person: Any, house: Any) -> None:
    answer = person.web.post("/smoc/signin", data={"email": "nobody@example.no"})

    assert "If we know this address" in answer.text
    assert house.company.mails() == ()


@pytest.mark.parametrize("how", ["forged", "ended", "idle"])
def test_a_session_that_is_forged_or_over_answers_401(person: Any, house: Any, how: str) -> None:
    person.walk()
    cookie, csrf = person.web.cookies["__Host-session-smoc"], person.csrf("/me")
    if how == "forged":
        person.carry(cookie[:-1] + ("0" if cookie[-1] != "0" else "1"))
    elif how == "ended":
        person.web.post("/smoc/signout", data={"csrf": csrf})
        person.carry(cookie)
    else:
        house.later(hours=2)

    for path in ("/smoc/me", "/smoc/me/choices", "/smoc/me/download"):
        assert person.web.get(path, follow_redirects=False).status_code == 401
    assert person.web.post("/smoc/me/restrict", data={"csrf": csrf, "on": "yes"}).status_code == 401


def test_the_centre_shows_each_datum_with_purpose_clause_readers_source_and_its_last_day(person: Any) -> None:
    person.walk()
    text = person.web.get("/smoc/me").text

    for told in (
        "Learn what you like",
        "kari@example.no",
        "support (answers your questions)",
        "24 June 2027",
    ):
        assert told in text
    assert 'href="/smoc/privacy#s6"' in text


def test_a_disclosure_is_seen_by_its_person_with_the_members_own_name(person: Any) -> None:
    person.walk()
    text = person.web.get("/smoc/me").text

    assert "Passed on or shown" in text
    assert "<td>Bryggen Kaffe</td>" in text


def test_a_consent_taken_back_is_gone_at_once_with_what_rested_on_it(person: Any, house: Any) -> None:
    person.walk(gender=("woman", ADULT))
    text = person.act("/me/consent", "/me/choices", consent="gender", given="no").text

    assert "gender" not in person.held()
    assert "you said yes" in text
    assert "you said no" in text
    assert "May we use your gender to suit offers?" in text


def test_a_yes_on_the_page_needs_an_age_and_takes_back_all_at_once(person: Any, house: Any) -> None:
    person.walk()
    silent = person.act("/me/consent", "/me/choices", consent="news(lysverk)", given="yes")
    person.act("/me/consent", "/me/choices", consent="news(lysverk)", given="yes", years="18")
    given = dict(house.company.gate.access(person=person.number).consents())
    person.act("/me/withdraw", "/me/choices")

    assert silent.status_code == 422
    assert given["news(lysverk)"] is True
    assert not any(house.company.gate.access(person=person.number).consents().values())


def test_profiling_is_refused_in_a_box_of_its_own_with_what_follows(person: Any, house: Any) -> None:
    person.walk()
    before = person.web.get("/smoc/me/choices").text
    after = person.act("/me/profiling", "/me/choices", given="yes")

    assert "Offers become fewer and suit you less. Nothing you earned is lost." in before
    assert "Profiling is stopped." in after.text
    assert {"learn", "fit"} <= house.company.gate.access(person=person.number).objections
    assert "reward" in person.held()


def test_correct_remove_restrict_and_ask_do_what_they_say(person: Any, house: Any) -> None:
    person.walk()
    held = person.held()
    person.act("/me/correct", record=held["taste"].rid, **{"field-travel": "cities"})
    refused = person.act("/me/correct", record=held["reward"].rid, **{"field-amount": "99"})
    odd = person.act("/me/correct", record=held["taste"].rid, **{"field-height": "2 m"})
    person.act("/me/restrict", "/me/rights", on="yes")
    asked = person.act("/me/ask", "/me/rights", right="access")
    access = house.company.gate.access(person=person.number)
    person.act("/me/remove", record=held["taste"].rid)

    assert [h.body["travel"] for h in access.held if "travel" in h.body] == ["cities"]
    assert refused.status_code in (403, 422)
    assert odd.status_code == 422
    assert "*" in access.restricted
    assert access.requests[0].right == "access"
    assert "answer by 24 December 2026" in asked.text
    assert held["taste"].rid not in {h.rid for h in house.company.gate.access(person=person.number).held}


def test_the_copy_is_a_zip_of_json_csv_a_page_and_receipts(person: Any) -> None:
    person.walk(gender=("woman", ADULT))
    packed = zipfile.ZipFile(io.BytesIO(person.web.get("/smoc/me/download").content))
    rows = list(csv.DictReader(io.StringIO(packed.read("data.csv").decode())))
    receipts = json.loads(packed.read("consent-receipts.json"))

    assert set(packed.namelist()) == {
        "data.json",
        "data.csv",
        "data.html",
        "consents.csv",
        "disclosures.csv",
        "consent-receipts.json",
        "portable.json",
        "portable.csv",
        "portable.schema.json",
    }
    assert "kari@example.no" in {r["value"] for r in rows}
    assert json.loads(packed.read("data.json"))
    assert {"gender", "news(bryggen-kaffe)"} <= {r["consent"] for r in receipts}


def test_a_hostile_answer_stays_text_wherever_it_is_shown(person: Any, house: Any) -> None:
    person.walk()
    gate, number = house.company.gate, person.number
    gate.collect(person=number, data="survey", body={"answer": HOSTILE}, purpose="learn", source="person")
    gate.collect(person=number, data="survey", body={"answer": "=1+1"}, purpose="learn", source="person")
    shown = [person.web.get(p).text for p in ("/smoc/me", "/smoc/me/download?as=html")]
    table = person.web.get("/smoc/me/download?as=csv").text
    person.web.cookies.clear()
    person.staff()
    shown += [person.web.get(f"/smoc/console/{p}").text for p in ("", "people", "evidence", "outbox")]

    assert all("<script>alert" not in text and "<img src=x" not in text for text in shown)
    assert "&lt;script&gt;" in shown[0]
    assert "'=1+1" in table


def test_closing_the_account_stops_use_and_dates_every_item(person: Any, house: Any) -> None:
    person.walk()
    text = person.act("/me/close", "/me/rights").text

    assert "Your account is closed" in text
    assert "25 December 2026" in text or "24 December 2026" in text


def test_deleting_gives_a_receipt_that_a_stranger_can_verify_and_ends_the_session(
    person: Any, house: Any, tmp_path: Path
) -> None:
    person.walk()
    unsure = person.act("/me/delete", "/me/rights")
    receipt = person.act("/me/delete", "/me/rights", sure="yes")
    name = re.findall(r'href="(/smoc/receipt/[^"]+)"', receipt.text)[0]
    file = tmp_path / "receipt.json"
    file.write_bytes(person.web.get(name).content)
    judged = subprocess.run(
        [sys.executable, str(Path(__file__).parents[2] / "verify_evidence.py"), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    on_page = person.web.post("/smoc/verify", data={"receipt": file.read_text()})
    changed = person.web.post("/smoc/verify", data={"receipt": file.read_text().replace("erased", "kissed")})

    assert unsure.status_code == 400
    assert "Your data are deleted" in receipt.text
    assert house.company.gate.find(kind="email", value="kari@example.no") is None
    assert "Bookkeeping Act" in receipt.text
    assert person.web.get("/smoc/me").url.path == "/smoc/signin"
    assert judged.stdout.startswith("verified:")
    assert "about the holder of this receipt" in on_page.text
    assert changed.status_code == 422


@pytest.mark.parametrize(
    "typed", ["", "{}", "[]", "nonsense", '{"index": "x"}', "[" * 9000, '{"leaf": null}']
)
def test_what_is_no_receipt_is_told_so(person: Any, typed: str) -> None:
    answer = person.web.post("/smoc/verify", data={"receipt": typed})

    assert answer.status_code == 422
    assert "not a receipt of ours" in answer.text


def test_the_verifier_that_is_offered_is_the_one_in_the_repository(person: Any) -> None:
    offered = person.web.get("/smoc/verify_evidence.py").content

    assert offered == (Path(__file__).parents[2] / "verify_evidence.py").read_bytes()
