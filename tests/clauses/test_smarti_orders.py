"""What the shop takes in when somebody orders or writes, who sees it while it is needed, and the books."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from lamp import WHERE, asks, becomes, buys, customer, replies, shop, shown, visitor
from living import Life


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The shop, shared by scenarios that do not disturb each other."""
    served: list[Deployment] = []

    def deploy(name: str, **more: Any) -> Deployment:
        served.append(Deployment(tmp_path_factory.mktemp("shop"), name, more.pop("askers"), **more))
        return served[-1]

    yield shop(deploy)
    served[0].close()


def refused(answer: Any, *missing: str) -> bool:
    said = answer.json()
    return answer.status_code == 403 and bool(said["clause"]) and set(missing) <= set(said.get("missing", ()))


def on_disk_nowhere(house: Deployment, text: str) -> bool:
    return house.on_disk(text) == []


@pytest.mark.clause("smarti-2.1")
def test_a_name_is_taken_and_stands_in_the_copy_and_a_national_number_is_nowhere(house: Deployment) -> None:
    her = customer(house, "kari21@example.com")
    export = house.get(her.token, "/people/me/export").json()["export"]
    told = {c["name"]: c["text"] for c in export["processing"]["categories"]}
    odd = her.tells("name", "serve", name="Kari Nordmann", national_identity_number="01019912345")

    assert [r["values"]["name"] for r in export["records"] if r["data"] == "name"] == ["Kari Nordmann"]
    assert told["name"] == "Name"
    assert odd.status_code == 422
    assert "national-identity-number" in odd.json()["detail"]
    assert on_disk_nowhere(house, "01019912345")


@pytest.mark.clause("smarti-2.2")
def test_an_address_comes_with_an_order_and_not_with_a_question(house: Deployment) -> None:
    her = customer(house, "kari22@example.com")
    early = her.tells("address", "serve", **WHERE)
    body = {"text": "When do you open?", "address": "Storgata 1"}
    asked = house.post(her.token, "/people/me/cases", body)
    ordered = buys(her)
    records = her.holds("address")
    export = house.get(her.token, "/people/me/export").json()["export"]

    assert refused(early, "fact ordering")
    assert asked.status_code == 422
    assert ordered.status_code == 201
    assert [r["fields"] for r in records] == [WHERE]
    assert {c["name"]: c["text"] for c in export["processing"]["categories"]}["address"] == "Address"


@pytest.mark.clause("smarti-2.3")
def test_a_phone_number_is_left_out_at_sign_up_and_taken_for_a_call_back(house: Deployment) -> None:
    her = customer(house, "kari23@example.com")
    before = her.holds("phone")
    asks(her, "Please call me back about the hub")
    number = her.tells("phone", "care", phone="+47 22 00 00 00")
    wrong = her.tells("phone", "care", phone="abc")

    assert before == []
    assert number.status_code == 201
    assert her.holds("phone")[0]["purposes"][0] == "care"
    assert wrong.status_code == 422


@pytest.mark.clause("smarti-2.6")
def test_orders_and_pages_that_were_looked_at_arise_by_use_and_each_has_its_purpose(
    house: Deployment,
) -> None:
    her = customer(house, "kari26@example.com")
    buys(her)
    page = house.person(her.mail)
    page.sign_in()
    page.get("/shop/hub")
    page.get("/shop/lock")
    her.sign_in()
    records = her.sees()["records"]
    purposeless = house.post(
        "front-job",
        f"/people/{her.tag}/records",
        {"data": "activity", "fields": {"page": "hub"}, "source": "use"},
    )

    assert [r["source"] for r in records if r["data"] == "history"] == ["use"]
    assert [r["fields"]["page"] for r in records if r["data"] == "activity"] == ["hub", "lock"]
    assert {r["source"] for r in records if r["data"] == "activity"} == {"use"}
    assert purposeless.status_code == 422


@pytest.mark.clause("smarti-3.1")
def test_whoever_packs_sees_the_order_and_its_four_fields_and_nobody_elses(house: Deployment) -> None:
    her, ola = customer(house, "kari31@example.com"), customer(house, "ola31@example.com", "Ola")
    asks(her, "Please call me back")
    her.tells("phone", "care", phone="+47 22 00 00 00")
    buys(her)
    seen = {
        d: shown(her, "paul-packer", d, "serve") for d in ("name", "address", "phone", "email", "history")
    }
    others = shown(ola, "paul-packer", "address", "serve")
    newsletter = house.get("sales-job", f"/people/{her.tag}/records", data="history", purpose="sell-mail")

    assert {a.status_code for a in seen.values()} == {200}
    assert seen["address"].json()["records"][0]["fields"] == WHERE
    assert seen["phone"].json()["records"][0]["fields"] == {"phone": "+47 22 00 00 00"}
    assert refused(others, "fact ordering")
    assert refused(newsletter)


@pytest.mark.clause("smarti-3.2")
def test_an_open_order_is_carried_out_whatever_was_taken_back_and_ends_with_its_delivery(
    house: Deployment,
) -> None:
    her, ola = customer(house, "kari32@example.com"), visitor(house, "ola32@example.com")
    her.agrees("newsletter", "profiling")
    number = buys(her).json()["number"]
    her.agrees("newsletter", "profiling", given=False)
    while_open = her.used("front-job", "address", "serve")
    nobody = ola.used("front-job", "address", "serve")
    log = house.get("otto-officer", "/evidence/entries").json()["entries"]
    uses = [e["clause"] for e in log if e["kind"] == "used" and e["detail"].get("data") == "address"]
    ground = house.web.get("/smarti/privacy.json").json()["purposes"]
    becomes(her, number, "shipped", "delivered")
    after = her.used("front-job", "address", "serve")

    assert while_open.status_code == 200
    assert while_open.json()["records"][0]["fields"] == WHERE
    assert refused(nobody, "fact ordering")
    assert uses[-1] == "3.1"
    assert "6(1)(b)" in str(next(p for p in ground if p["name"] == "serve"))
    assert refused(after, "fact ordering")


@pytest.mark.clause("smarti-3.3")
def test_who_answers_a_question_sees_its_customer_until_it_is_answered_and_nobody_else(
    house: Deployment,
) -> None:
    her, ola = customer(house, "kari33@example.com"), customer(house, "ola33@example.com", "Ola")
    buys(her)
    number = asks(her, "The hub blinks red")
    open_ = [shown(her, "cara-agent", d, "care").status_code for d in ("name", "email", "history", "letters")]
    text = shown(her, "cara-agent", "letters", "care").text
    other = shown(ola, "cara-agent", "email", "care")
    replies(her, number, "Hold the button for ten seconds.")
    closed = shown(her, "cara-agent", "email", "care")

    assert open_ == [200] * 4
    assert "blinks red" in text
    assert refused(other, "fact case-open")
    assert refused(closed, "fact case-open")
    assert "Hold the button" in house.mails(her.mail)[-1].text


@pytest.mark.clause("smarti-3.4")
def test_a_complaint_has_a_number_a_state_and_an_outcome_and_is_nobody_elses_to_read(
    house: Deployment,
) -> None:
    her, ola = customer(house, "kari34@example.com"), customer(house, "ola34@example.com", "Ola")
    order = buys(her).json()["number"]
    number = asks(her, "The box was open", "complaint", about=order)
    before = house.get(her.token, f"/people/me/cases/{number}").json()
    by_ola = house.get(ola.token, f"/people/me/cases/{number}")
    replies(her, number, "You get a new one, and keep this.", "upheld")
    after = house.get(her.token, f"/people/me/cases/{number}").json()

    assert (before["state"], before["asked"]["about"]) == ("open", order)
    assert before["asked"]["made"] == "2024-03-01T10:00:00Z"
    assert by_ola.status_code == 404
    assert after["state"] == "upheld"
    assert "You get a new one" in house.mails(her.mail)[-1].text


@pytest.mark.clause("smarti-3.5", "smarti-4.3")
def test_a_wrong_invoice_gets_a_correcting_entry_with_its_reason_and_both_can_be_read(
    house: Deployment,
) -> None:
    her = customer(house, "kari35@example.com")
    number = buys(her, count=2).json()["number"]
    case = asks(her, "I ordered one hub, not two")
    path = f"/people/{her.tag}/orders/{number}/corrections"
    fixed = {"lines": [{"product": "hub", "count": 1}], "reason": "wrong count"}
    without = house.post("cara-agent", path, {**fixed, "reason": " "})
    done = house.post("cara-agent", path, fixed)
    sales = [r["fields"] for r in her.holds("sale")]
    told = house.mails(her.mail)[-1].text
    rid = her.holds("address")[0]["rid"]
    moved = house.call(her.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"street": "Nygata 2"}})
    now = her.used("front-job", "address", "serve").json()["records"][0]["fields"]
    beside = house.post(her.token, f"/people/me/cases/{case}/statements", {"text": "I said one on the phone"})
    book = her.holds("sale")[0]["rid"]
    written = house.call(her.token, "PATCH", f"/people/me/records/{book}", {"fields": {"amount": "1 NOK"}})

    assert without.status_code == 422
    assert done.status_code == 200
    assert [s["amount"] for s in sales] == ["3980 NOK", "1990 NOK"]
    assert (sales[1]["corrects"], sales[1]["reason"]) == (number, "wrong count")
    assert "corrected" in told
    assert moved.status_code == 200
    assert now["street"] == "Nygata 2"
    assert beside.status_code == 201
    assert beside.json()["text"] == "I ordered one hub, not two"
    assert beside.json()["statements"] == ["I said one on the phone"]
    assert written.status_code == 403


@pytest.mark.clause("smarti-3.6")
def test_an_objection_does_not_reach_the_contract_and_who_never_was_a_customer_has_no_file(
    house: Deployment,
) -> None:
    her, vic = customer(house, "kari36@example.com"), visitor(house, "vic36@example.com")
    objected = house.post(her.token, "/people/me/objections", {"purpose": "care"})
    file = shown(vic, "cara-agent", "history", "care")

    assert objected.status_code == 409
    assert "contract" in objected.json()["detail"]
    assert "erase your data" in objected.json()["detail"]
    assert refused(file)


@pytest.mark.clause("smarti-3.24", "smarti-3.26")
def test_a_duty_of_law_reaches_what_it_names_and_no_objection_reaches_it(house: Deployment) -> None:
    her = customer(house, "kari324@example.com")
    buys(her)
    invoice = her.used("book-job", "sale", "books")
    activity = her.used("book-job", "activity", "books")
    other_duty = her.used("book-job", "sale", "legal-duty")
    calling = house.get("sales-job", f"/people/{her.tag}/records", data="sale", purpose="sell-phone")
    objected = house.post(her.token, "/people/me/objections", {"purpose": "books"})
    told = house.web.get("/smarti/privacy.json").json()["purposes"]

    assert [r["fields"]["amount"] for r in invoice.json()["records"]] == ["1990 NOK"]
    assert refused(activity)
    assert refused(other_duty)
    assert refused(calling)
    assert objected.status_code == 409
    assert "Bookkeeping Act (NO), section 13" in objected.json()["detail"]
    assert "2029-12-31" in objected.json()["detail"]
    assert "6(1)(c)" in str(next(p for p in told if p["name"] == "books"))


@pytest.mark.clause("smarti-3.25", "smarti-4.5")
def test_an_erasure_leaves_a_sale_to_its_law_until_the_last_day_and_to_no_other_use(deploy: Any) -> None:
    house = shop(deploy)
    her = customer(house)
    number = buys(her).json()["number"]
    becomes(her, number, "delivered")
    house.at("2024-06-01T12:00:00+02:00")
    her.sign_in()
    receipt = house.post(her.token, "/people/me/erasure", {"sure": True}).json()
    books = {"data": "sale", "purpose": "books"}
    kept = house.get("book-job", "/use", **books).json()["rows"][0]["fields"]
    service = house.post("cara-agent", "/people/find", {"kind": "email", "value": her.mail})
    calling = house.get("sales-job", "/use", data="sale", purpose="sell-phone")
    tagged = house.post(
        "book-job",
        f"/people/{customer(house, 'ola@example.com').tag}/records",
        {"data": "activity", "purpose": "books", "fields": {"page": "hub"}, "source": "use"},
    )
    house.at("2029-12-31T12:00:00+01:00").sweep()
    last = house.get("book-job", "/use", **books)
    house.at("2030-01-01T12:00:00+01:00").sweep()
    gone = house.get("book-job", "/use", **books)

    assert [(s["data"], s["because"]) for s in receipt["stays"] if s["data"] == "sale"] == [
        ("sale", "Bookkeeping Act (NO), section 13")
    ]
    assert next(s["until"] for s in receipt["stays"] if s["data"] == "sale") == "2030-01-01T00:00:00+01:00"
    assert (kept["buyer"], kept["amount"]) == ("Kari Nordmann", "1990 NOK")
    assert "Storgata 1" in kept["address"]
    assert service.status_code == 404
    assert refused(calling)
    assert refused(tagged)
    assert len(last.json()["rows"]) == 1
    assert gone.json()["rows"] == []


@pytest.mark.clause("smarti-3.25")
def test_nobody_deletes_a_sale_by_hand_while_its_law_keeps_it(deploy: Any) -> None:
    house = shop(deploy)
    her: Life = customer(house)
    buys(her)
    house.at("2026-02-01T12:00:00+01:00")
    her.sign_in()
    rid = her.holds("sale")[0]["rid"]
    gone = house.call(her.token, "DELETE", f"/people/me/records/{rid}")

    assert gone.status_code in (403, 409)
    assert "2029-12-31" in gone.json()["detail"]
    assert len(her.used("book-job", "sale", "books").json()["records"]) == 1


def test_an_order_of_nothing_of_what_is_not_sold_or_of_too_many_is_refused_and_writes_nothing(
    house: Deployment,
) -> None:
    her = customer(house, "kari99@example.com")
    said: list[dict[str, Any]] = [
        {"lines": []},
        {"lines": [{"product": "boat"}]},
        {"lines": [{"product": "hub", "count": 0}]},
        {"lines": [{"product": "hub"}, {"product": "hub"}]},
        {"address": {"street": "S", "postcode": "0150", "door-code": "1234"}},
    ]
    answers = [buys(her, **one) for one in said]

    assert [a.status_code for a in answers] == [422] * 5
    assert {r["data"] for r in her.sees()["records"]} & {"history", "address", "sale"} == set()


def test_a_person_cancels_what_is_not_sent_and_nothing_else(house: Deployment) -> None:
    her = customer(house, "kari98@example.com")
    first, second = buys(her).json()["number"], buys(her, "lock").json()["number"]
    path = "/people/me/orders/{}/state"
    shipped = house.post(her.token, path.format(first), {"state": "shipped"})
    cancelled = house.post(her.token, path.format(first), {"state": "cancelled"})
    still = her.used("front-job", "address", "serve").status_code
    becomes(her, second, "shipped")
    late = house.post(her.token, path.format(second), {"state": "cancelled"})
    unknown = house.post(her.token, path.format("O-NONE"), {"state": "cancelled"})

    assert shipped.status_code == 403
    assert cancelled.json()["state"] == "cancelled"
    assert still == 200
    assert late.status_code == 409
    assert unknown.status_code == 404


def test_a_folder_whose_document_does_not_cover_an_order_is_not_served(
    house: Deployment, tmp_path: Path
) -> None:
    home = tmp_path / "smarti"
    home.mkdir()
    for name in ("policy.md", "site.toml"):
        (home / name).write_bytes((house.home / name).read_bytes())
    orders = (house.home / "orders.toml").read_text("utf-8")
    (home / "orders.toml").write_text(orders.replace('purpose = "serve"', 'purpose = "tailor"'), "utf-8")
    code, out, _ = house.cli("check", str(home))

    assert code == 1
    assert "no clause lets it" in out
