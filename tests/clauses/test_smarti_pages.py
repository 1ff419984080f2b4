"""The shop by its pages: ordering, following an order, writing about it, and what a reader must not see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from deployment import Deployment, Person
from lamp import asks, buys, customer, replies, shop

ORDER = {
    "count": "2",
    "buyer": "Kari Nordmann",
    "address-street": "Storgata 1",
    "address-postcode": "0150",
    "address-town": "Oslo",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    served: list[Deployment] = []

    def deploy(name: str, **more: Any) -> Deployment:
        served.append(Deployment(tmp_path_factory.mktemp("shop"), name, more.pop("askers"), **more))
        return served[-1]

    yield shop(deploy)
    served[0].close()


def inside(house: Deployment, mail: str) -> Person:
    page = house.person(mail)
    page.sign_in()
    return page


@pytest.mark.clause("smarti-2.4")
def test_an_account_begins_when_the_link_in_the_mail_is_opened_and_an_address_has_one(
    house: Deployment,
) -> None:
    mail = "kari24@example.com"
    page = house.person(mail)
    answers = {"adult": "18", "name": "Kari Nordmann", "mail": mail, "newsletter": "no"}
    ended = page.talk("register", answers)
    early = [
        page.post("/signin", {"email": mail}).status_code,
        house.post("", "/session", {"email": mail}).status_code,
    ]
    link = re.findall(r"https://\S+/confirm/\S+", house.mails(mail)[-1].text)[0]
    looked = page.web.get(link).status_code
    still = house.post("", "/session", {"email": mail}).status_code
    page.web.post(link)
    inside(house, mail)
    held = house.get(house.token(mail), "/people/me").json()["records"]
    twice = house.person(mail).talk("register", answers)
    wrong = house.person(mail).talk("register", {"adult": "18", "name": "Kari", "mail": "kari@"})

    assert ended.status_code == 200
    assert early == [403, 403]
    assert (looked, still) == (200, 403)
    assert {r["data"] for r in held} >= {"name", "email"}
    assert twice.status_code == 409
    assert wrong.status_code == 422


def test_an_order_by_the_page_is_confirmed_stands_there_and_can_be_cancelled(house: Deployment) -> None:
    her = customer(house, "kari1@example.com")
    page = inside(house, her.mail)
    stood = page.post("/shop/hub", ORDER, "/shop/hub").text
    number = re.findall(r"O-\w{8}", stood)[0]
    told = house.mails(her.mail)[-1].text
    cancelled = page.post("/me/orders/cancel", {"number": number}, "/me/orders").text
    again = page.post("/me/orders/cancel", {"number": number}, "/me/choices")
    other = page.post("/me/orders/cancel", {"number": "O-NONE"}, "/me/choices")

    assert "2 × SMARTi Hub" in stood
    assert "3980 NOK" in stood
    assert number in told
    assert "Nothing is delivered" in cancelled
    assert (again.status_code, other.status_code) == (409, 404)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"count": "0"}, "count"),
        ({"count": "many"}, "count"),
        ({"address-street": " "}, "street"),
        ({"buyer": ""}, "buyer"),
    ],
)
def test_an_order_that_cannot_be_comes_back_with_its_reason_and_what_was_typed(
    house: Deployment, wrong: dict[str, str], said: str
) -> None:
    her = customer(house, f"kari-{said}{len(str(wrong))}@example.com")
    answer = inside(house, her.mail).post("/shop/hub", {**ORDER, **wrong}, "/shop/hub")

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="0150"' in answer.text
    assert {r["data"] for r in her.sees()["records"]} & {"history", "sale", "address"} == set()


def test_who_is_not_in_is_led_to_the_way_in_and_no_order_comes_without_its_page(house: Deployment) -> None:
    out = house.client()
    shown = out.get("/smarti/shop/hub").text
    forged = out.post("/smarti/shop/hub", data=ORDER)

    assert "/smarti/signin" in shown
    assert "/smarti/f/register" in shown
    assert forged.status_code in (401, 403, 409)
    assert out.get("/smarti/shop/boat").status_code == 404


def test_the_books_former_and_corrected_entry_stand_side_by_side(house: Deployment) -> None:
    her = customer(house, "kari2@example.com")
    number = buys(her, count=2).json()["number"]
    asks(her, "One, not two")
    fixed = {"lines": [{"product": "hub", "count": 1}], "reason": "wrong count"}
    house.post("cara-agent", f"/people/{her.tag}/orders/{number}/corrections", fixed)
    page = inside(house, her.mail).get("/me/orders").text

    assert "2 × SMARTi Hub, 3980 NOK" in page
    assert "1 × SMARTi Hub, 1990 NOK" in page
    assert f"corrects {number}: wrong count" in page


def test_a_matter_is_written_answered_and_supplemented_on_one_page_that_escapes_what_was_typed(
    house: Deployment,
) -> None:
    her = customer(house, "kari3@example.com")
    page = inside(house, her.mail)
    words = {"door": "complaint", "about": "O-7K2M9XD4", "text": "<script>alert(1)</script> broken"}
    page.post("/me/matters", words, "/me/matters")
    number = house.get(her.sign_in().token, "/people/me/cases").json()["cases"][0]["asked"]["number"]
    replies(her, number, "A new one is on its way.", "upheld")
    page = inside(house, her.mail)
    added = page.post("/me/matters/statement", {"number": number, "text": "It was raining"}, "/me/matters")
    odd = [
        page.post("/me/matters", {**words, "door": "burglary"}, "/me/matters").status_code,
        page.post("/me/matters", {**words, "text": " "}, "/me/matters").status_code,
        page.post("/me/matters", {**words, "about": "<b>"}, "/me/matters").status_code,
        page.post("/me/matters/statement", {"number": "none", "text": "x"}, "/me/matters").status_code,
    ]

    assert "<script>alert(1)" not in added.text
    assert "&lt;script&gt;alert(1)" in added.text
    assert "A new one is on its way." in added.text
    assert "It was raining" in added.text
    assert "About O-7K2M9XD4" in added.text
    assert odd == [400, 422, 400, 404]


def test_a_norwegian_reader_finds_the_shop_in_norwegian(house: Deployment) -> None:
    norsk = {"accept-language": "nb"}
    shelf = house.web.get("/smarti/shop", headers=norsk).text
    notice = house.web.get("/smarti/privacy", headers=norsk).text

    assert "Dørlås" in shelf
    assert "Butikk" in shelf
    assert '<html lang="nb">' in notice
    assert "Vi selger varer og tjenester til hjemmet" in notice
