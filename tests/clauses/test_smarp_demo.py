"""The demo dialogue: one request, its day, its invitation, and the way back that takes it all out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import CSRF, Deployment
from httpx2 import Response
from rooms import SMARP

OLLI = "olli@beta.example"
WHO = "forty people who sell boats"
BACK = re.compile(r"/smarp(/booking/\S+)")


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The company on Monday 3 March 2025, at noon in Helsinki."""
    served = Deployment(
        tmp_path_factory.mktemp("smarp"), "smarp", SMARP, now=datetime(2025, 3, 3, 10, tzinfo=UTC)
    )
    yield served
    served.close()


def asked(house: Deployment, mail: str = OLLI, about: Any = WHO, when: str = "") -> Response:
    return house.person(mail).talk("demo", {"mail": mail, "about": about, "when": when})


def waiting(house: Deployment) -> list[Any]:
    answer = house.get("sini-sales", "/bookings")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["bookings"])


@pytest.mark.clause("smarp-15.1")
def test_the_demo_dialogue_makes_one_demo_request_and_no_other_case(house: Deployment) -> None:
    begun = house.person(OLLI).talk("demo", {"mail": OLLI, "about": WHO})
    before = (waiting(house), house.on_disk(OLLI))
    asked(house)
    house.later(minutes=1)
    again = asked(house)
    trapped = asked(house, "bot@spam.example", ("buy", {"website": "https://spam.example"}))
    wrong = house.person(OLLI).talk("demo", {"mail": "olli@"})

    assert "Show you the service" in begun.text
    assert before == ([], [])
    assert [b["fields"]["email"] for b in waiting(house)] == [OLLI]
    assert again.status_code == 200
    assert house.get("dana-dpo", "/requests").json()["requests"] == []
    assert len(house.mails(OLLI)) == 1
    assert trapped.status_code == 200
    assert house.mails("bot@spam.example") == []
    assert wrong.status_code == 422


@pytest.mark.clause("smarp-15.2")
def test_what_somebody_said_of_themselves_is_optional_and_goes_a_year_after_the_last_word(
    house: Deployment,
) -> None:
    asked(house)
    empty = asked(house, "empty@beta.example", about="")
    gate = house.company.gate
    tag = gate.tag(person=gate.find(kind="email", value=OLLI))
    score = house.get("news-job", "/use", data="demo", purpose="news")
    other = house.get("sini-sales", f"/people/{tag}/records", data="demo", purpose="better", reason="a lead")
    house.at("2026-03-03T23:59:00+02:00").sweep()
    kept = [b["fields"].get("about") for b in waiting(house)]
    house.at("2026-03-04T00:00:00+02:00").sweep()

    assert empty.status_code == 200
    assert sorted(map(str, kept)) == sorted([WHO, "None"])
    assert [score.status_code, other.status_code] == [403, 403]
    assert waiting(house) == []
    assert house.on_disk(WHO) == []


@pytest.mark.clause("smarp-15.3")
def test_a_day_and_an_hour_may_be_named_and_the_invitation_says_them_in_every_calendar(
    house: Deployment,
) -> None:
    past = asked(house, when="2025-03-01T12:00")
    nonsense = asked(house, when="tomorrow")
    page = asked(house, when="2025-03-10T14:00")
    number = waiting(house)[0]["number"]
    path = f"/bookings/{number}/settled"
    early = house.post("sini-sales", path, {"at": "2025-03-01T12:00:00+02:00"})
    role = house.post("saara-support", path, {"at": "2025-03-10T14:00:00+02:00"})
    settled = house.post("sini-sales", path, {"at": "2025-03-10T14:00:00+02:00"})
    sheet = house.mails(OLLI)[-1].calendar
    empty = asked(house, "empty@beta.example")
    none = house.post("sini-sales", "/bookings/none/settled", {"at": "2025-03-10T14:00:00+02:00"})

    assert [past.status_code, nonsense.status_code, early.status_code] == [422, 422, 422]
    assert "is over" in past.text
    assert "Europe/Helsinki" in page.text
    assert (role.status_code, settled.status_code) == (403, 200)
    assert "DTSTART:20250310T120000Z" in sheet
    assert f"mailto:{OLLI}" in sheet.replace("\r\n ", "")
    assert "METHOD:REQUEST" in sheet
    assert empty.status_code == 200
    assert none.status_code == 404


@pytest.mark.clause("smarp-15.4")
def test_the_end_says_what_was_taken_by_when_one_hears_and_how_it_is_taken_back(house: Deployment) -> None:
    page = asked(house, when="2025-03-10T14:00")
    asked(house, "zoe@beta.example")
    due = next(b["due"] for b in waiting(house) if b["fields"]["email"] == OLLI)
    mine, theirs = (BACK.findall(house.mails(m)[-1].text)[0] for m in (OLLI, "zoe@beta.example"))
    olli = house.person(OLLI)
    number = mine.split("/")[2]
    crossed = olli.post(f"/booking/{number}/{theirs.split('/')[3]}", {})
    looked = olli.get(mine)
    still = len(waiting(house))
    gone = olli.post(mine, {})

    assert datetime.fromisoformat(due) == datetime.fromisoformat("2025-03-07T00:00:00+02:00")
    assert "You hear from us by 6 March 2025" in page.text
    assert all(word in page.text for word in (OLLI, WHO, "Europe/Helsinki", f"/smarp{mine}"))
    assert crossed.status_code == 404
    assert (looked.status_code, still) == (200, 2)
    assert gone.status_code == 200
    assert [b["fields"]["email"] for b in waiting(house)] == ["zoe@beta.example"]
    assert house.on_disk(OLLI) == []
    assert olli.get(mine).status_code == 404
    assert not CSRF.findall(looked.text)
