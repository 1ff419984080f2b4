"""The contact dialogue: nothing is kept before it is sent, it becomes one case, and the case has its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Deployment
from rooms import SMARP

MAIJA = "maija@firm.example"
WHO = "we are 200 people in retail"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The company on Friday 7 March 2025, at noon in Helsinki."""
    served = Deployment(
        tmp_path_factory.mktemp("smarp"), "smarp", SMARP, now=datetime(2025, 3, 7, 10, tzinfo=UTC)
    )
    yield served
    served.close()


def cases(house: Deployment) -> list[Any]:
    return list(house.get("dana-dpo", "/requests").json()["requests"])


def sent(house: Deployment, about: str = WHO, message: str = "hello", mail: str = MAIJA) -> Any:
    return house.person(mail).talk("contact", {"mail": mail, "about": about, "message": message})


@pytest.mark.clause("smarp-14.1")
def test_nothing_stands_before_the_last_press_and_a_wrong_address_stays_where_it_is(
    house: Deployment,
) -> None:
    maija = house.person(MAIJA)
    first = maija.talk("contact", {}).text
    wrong = maija.talk("contact", {"mail": "maija@"})
    half = maija.talk("contact", {"mail": MAIJA, "about": WHO})
    before = (len(cases(house)), house.on_disk(MAIJA), house.on_disk(WHO))
    sent(house)

    assert "Answer you" in first
    assert "/smarp/privacy#s" in first
    assert wrong.status_code == 422
    assert "does not look like an e-mail address" in wrong.text
    assert half.status_code == 200
    assert before == (0, [], [])
    assert [c["right"] for c in cases(house)] == ["contact"]


@pytest.mark.clause("smarp-14.2")
def test_who_somebody_is_may_stay_empty_and_lies_with_the_case_alone(house: Deployment) -> None:
    empty = sent(house, about="", mail="olli@firm.example")
    long = house.person("l@firm.example").talk("contact", {"mail": "l@firm.example", "about": "x" * 2001})
    sent(house)
    news = house.get("news-job", "/use", data="letter", purpose="news")
    mine = house.get(house.token(MAIJA), "/people/me").json()["records"]
    holding = {r["data"] for r in mine if WHO in str(r["fields"])}

    assert "This conversation has ended" in empty.text
    assert long.status_code == 422
    assert "t most 2000 characters" in long.text
    assert holding == {"letter"}
    assert news.status_code == 403


@pytest.mark.clause("smarp-14.3")
def test_a_message_is_text_to_who_reads_it_and_as_it_was_in_the_case(house: Deployment) -> None:
    said = "<script>x</script> hello"
    page = sent(house, about="", message=said)
    mine = house.get(house.token(MAIJA), "/people/me").json()["records"]
    letter = next(r["fields"] for r in mine if r["data"] == "letter")
    me = house.person(MAIJA)
    me.sign_in()
    centre = me.get("/me").text
    nothing = sent(house, about="", message="", mail="empty@firm.example")

    assert letter["question"] == said
    assert "<script>x</script>" not in page.text + centre
    assert "&lt;script&gt;x&lt;/script&gt; hello" in centre
    assert nothing.status_code == 422
    assert "rite a few words" in nothing.text
    assert house.mails("empty@firm.example") == []


@pytest.mark.clause("smarp-14.4")
def test_an_answer_is_due_in_three_working_days_and_the_address_serves_it_alone(house: Deployment) -> None:
    page = sent(house)
    again = sent(house)
    due = cases(house)[0]["due"]
    subscribed = {"data": "letter", "purpose": "news", "fields": {"address": MAIJA}}
    tag = cases(house)[0]["tag"]
    newsletter = house.post("news-job", f"/people/{tag}/records", subscribed)
    selected = house.get("news-job", "/use", data="subscription", purpose="news").text
    receipts = len(house.mails(MAIJA))
    house.at("2025-03-13T00:00:00+02:00")
    late = house.get("dana-dpo", "/requests").json()["requests"][0]

    assert "You hear from us by 12 March 2025" in page.text
    assert datetime.fromisoformat(due) == datetime.fromisoformat("2025-03-13T00:00:00+02:00")
    assert again.status_code == 200
    assert len(cases(house)) == 1
    assert receipts == 1
    assert newsletter.status_code == 403
    assert MAIJA not in selected
    assert datetime.fromisoformat(late["due"]) <= house.now
    assert late["answered"] is None


def test_a_flow_that_opens_a_door_the_document_lacks_is_not_served(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def other(folder: Any) -> None:
        path = folder / "flows" / "contact.md"
        path.write_text(path.read_text("utf-8").replace("opens: contact", "opens: sesame"), "utf-8")

    house = Deployment(tmp_path_factory.mktemp("other"), "smarp", SMARP, edit=other)
    code, said, _ = house.cli("check", str(house.home))

    assert house.web.get("/smarp/f/contact").status_code == 404
    assert code == 1
    assert "opens a case by 'sesame'" in said
    house.close()


@pytest.mark.clause("smarp-9.1")
def test_a_letter_needs_a_way_to_answer_it_and_no_name_and_its_address_is_no_target(
    house: Deployment,
) -> None:
    maija = house.person(MAIJA)
    taken = maija.web.post("/smarp/contact", data={"email": MAIJA, "text": "How long do you keep posts?"})
    without = maija.web.post("/smarp/contact", data={"email": "", "text": "How long?"})
    empty = maija.web.post("/smarp/contact", data={"email": MAIJA, "text": ""})
    asked = cases(house)[0]
    path = f"/people/{asked['tag']}/requests/{asked['number']}/answer"
    answered = house.post("dana-dpo", path, {"outcome": "answered", "text": "Until you leave."})
    marketing = [
        house.get("news-job", "/use", data=data, purpose=purpose).text
        for data, purpose in (("letter", "news"), ("letter", "sponsored"), ("subscription", "news"))
    ]

    assert taken.status_code == 200
    assert asked["number"] in taken.text
    assert [without.status_code, empty.status_code] == [422, 422]
    assert "does not look like an e-mail address" in without.text
    assert answered.status_code == 200
    assert len(cases(house)) == 1
    assert all(MAIJA not in told for told in marketing)


@pytest.mark.clause("smarp-9.2")
def test_a_letter_its_address_and_its_answer_are_one_case_and_go_two_years_after_the_last_word(
    house: Deployment,
) -> None:
    house.at("2025-02-10T10:00:00+02:00")
    sent(house, about="", message="May I see a demo?")
    asked = cases(house)[0]
    path = f"/people/{asked['tag']}/requests/{asked['number']}/answer"
    house.post("dana-dpo", path, {"outcome": "answered", "text": "Any day you like."})
    held = house.get(house.token(MAIJA), "/people/me").json()["records"]
    letter = next(r["fields"] for r in held if r["data"] == "letter")
    sales = house.get(
        "sini-sales", f"/people/{asked['tag']}/records", data="letter", purpose="reply", reason="a lead"
    )
    sent(house, about="", message="erase me", mail="zoe@firm.example")
    house.post(house.token("zoe@firm.example"), "/people/me/erasure", {"sure": True})
    erased = [c for c in cases(house) if c["tag"] != asked["tag"]]
    house.at("2027-02-10T23:59:00+02:00").sweep()
    before = len(cases(house))
    house.at("2027-02-11T00:00:00+02:00").sweep()

    assert {letter["question"], letter["address"], letter["text"]} == {
        "May I see a demo?",
        MAIJA,
        "Any day you like.",
    }
    assert sales.status_code == 403
    assert erased == []
    assert (before, cases(house)) == (1, [])
