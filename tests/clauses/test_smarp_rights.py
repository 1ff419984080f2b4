"""A request that comes by letter or by mail: its number, its day, and nothing told before it is proven."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import CSRF, Deployment
from rooms import SMARP, Member, member, networked, opened

LINK = re.compile(r"https://\S+/case/\S+")
DUE = datetime.fromisoformat("2025-04-04T00:00:00+03:00")  # 24:00 of 3 April in Helsinki


class House:
    """Acme with its Admin Anna and with Aki, on Monday 3 March 2025."""

    def __init__(self, served: Deployment) -> None:
        self.served, self.net = served, networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki Korhonen")

    def entered(self, address: str, **more: str) -> Any:
        """Have staff enter what came from an address."""
        said = {"address": address, "text": "what do you hold about me", **more}
        return self.served.post("dana-dpo", "/mail", said).json()

    def cases(self, of: Member) -> list[Any]:
        every = self.served.get("dana-dpo", "/requests").json()["requests"]
        return [c for c in every if c["tag"] == of.tag]


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    now = datetime(2025, 3, 3, 10, tzinfo=UTC)
    served = Deployment(tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=now)
    yield House(served)
    served.close()


@pytest.mark.clause("smarp-13.2")
def test_a_mail_from_a_members_address_is_a_case_with_a_receipt_and_is_answered_once_it_is_proven(
    acme: House,
) -> None:
    house, start = acme.served, len(acme.served.mails())
    opened_ = acme.entered("anna@acme.example")
    stranger = acme.entered("anna.aalto@home.example")
    receipt, question = house.mails()[start:]
    link = LINK.findall(receipt.text)[0].replace(house.base, "")
    browser = house.client()
    page = browser.get(link)
    before = acme.cases(acme.anna)[0]["confirmed"]
    confirmed = browser.post(link, data={"csrf": (CSRF.findall(page.text) or [""])[0]})
    case = acme.cases(acme.anna)[0]

    assert receipt.to == "anna@acme.example"
    assert opened_["number"] in receipt.text
    assert "by 3 April 2025" in receipt.text
    assert (case["right"], datetime.fromisoformat(case["due"])) == ("access", DUE)
    assert all("Anna Aalto" not in text for text in (receipt.text, question.text, page.text))
    assert before is None
    assert confirmed.status_code == 200
    assert case["confirmed"] is not None
    assert (stranger["number"], stranger["due"]) == ("", None)
    assert question.to == "anna.aalto@home.example"
    assert LINK.findall(question.text) == []
    assert len(acme.cases(acme.anna)) == 1


@pytest.mark.clause("smarp-13.1")
def test_a_letters_time_runs_from_the_day_it_came_and_our_address_is_the_one_of_the_text(acme: House) -> None:
    house = acme.served
    house.at("2025-03-06T10:00:00+02:00")
    came = {"channel": "letter", "received": "2025-03-03T10:00:00+02:00"}
    acme.entered("aki@acme.example", **came)
    case = acme.cases(acme.aki)[0]
    ahead = house.post("dana-dpo", "/mail", {"address": "aki@acme.example", "right": "access", **came})
    page = " ".join(re.sub(r"<[^>]+>", " ", house.web.get("/smarp/privacy").text).split())
    notice = house.web.get("/smarp/privacy.json").json()["controllers"][0]

    assert case["channel"] == "letter"
    assert datetime.fromisoformat(case["made"]) == datetime.fromisoformat(came["received"])
    assert datetime.fromisoformat(case["due"]) == DUE
    assert ahead.status_code == 200
    assert "Hiililaiturinkuja 2, 00180 Helsinki, Finland" in page
    assert notice["address"] == "Hiililaiturinkuja 2, 00180 Helsinki"
