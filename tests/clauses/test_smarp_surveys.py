"""Surveys: voluntary and rare, told as counts, and nobody's name beside what they answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Deployment
from rooms import SMARP, Net, member, networked, opened


class House:
    """Acme with its Admin Anna, and Aki."""

    def __init__(self, served: Deployment) -> None:
        self.served = served
        self.net: Net = networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")

    def answers(self, often: str, mail: str = "", name: str = "", agrees: bool = False) -> Any:
        said = {"consent": "yes"} if agrees else {}
        walker = self.served.person("nobody@web.example")
        return walker.talk("poll", {"often": often, "name": (name, said), "mail": (mail, said)})

    def counted(self) -> dict[str, int]:
        answer = self.served.get("paula-product", "/counters/polled")
        assert answer.status_code == 200, answer.text
        return {row["dims"]["option"]: row["count"] for row in answer.json()["counts"]}


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    served = Deployment(
        tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=datetime(2025, 4, 1, 9, tzinfo=UTC)
    )
    yield House(served)
    served.close()


def invited(acme: House, flow: str = "poll", who: str = "paula-product") -> Any:
    return acme.served.post(who, f"/surveys/{flow}/invitations", {})


@pytest.mark.clause("smarp-9.4")
def test_a_poll_is_asked_once_a_month_answered_freely_and_told_from_ten_on(
    acme: House,
) -> None:
    first = invited(acme)
    asked = [m for m in acme.served.mails("aki@acme.example") if "/f/poll" in m.text]
    for n in range(15):
        acme.answers("daily" if n < 11 else "weekly")
    few = acme.counted()
    acme.served.later(days=20)
    second = invited(acme)
    mails = [m for m in acme.served.mails("aki@acme.example") if "/f/poll" in m.text]
    role = invited(acme, who="sini-sales")
    none = invited(acme, "contact")
    still = acme.served.get(acme.aki.token, "/people/me/feed").status_code
    acme.served.at("2025-05-02T10:00:00+03:00")
    closed = invited(acme)

    assert (first.status_code, first.json()) == (202, {"sent": 2, "held": 0})
    assert second.json() == {"sent": 0, "held": 2}
    assert few.get("daily", 0) in (0, 11)
    assert sum(few.values()) == 15
    assert "weekly" not in few
    assert (len(asked), mails) == (1, [])
    assert (role.status_code, none.status_code, closed.status_code) == (403, 404, 410)
    assert still == 200


@pytest.mark.clause("smarp-9.5")
def test_answers_go_a_year_after_the_survey_closed_and_their_sum_stays(acme: House) -> None:
    house = acme.served
    marketing = house.get("news-job", "/use", data="answer", purpose="news")
    choosing = house.get("news-job", "/use", data="answer", purpose="sponsored")
    employer = acme.anna.get("/me").text
    house.at("2026-04-30T23:59:00+03:00").sweep()
    before, told = house.stored("answer"), acme.counted()
    house.at("2026-05-01T00:00:00+03:00").sweep()

    assert [marketing.status_code, choosing.status_code] == [403, 403]
    assert "daily" not in employer
    assert before == 15
    assert house.stored("answer") == 0
    assert acme.counted() == told
    assert sum(told.values()) == 15


@pytest.mark.clause("smarp-9.6")
def test_a_name_and_an_address_may_stay_empty_and_lie_under_a_number_of_their_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = Deployment(
        tmp_path_factory.mktemp("apart"), "smarp", SMARP, now=datetime(2025, 4, 1, 9, tzinfo=UTC)
    )
    acme = House.__new__(House)
    acme.served = house
    empty = acme.answers("daily")
    refused = acme.answers("weekly", "zoe@web.example", "Zoe")
    left = acme.answers("rarely", "olli@web.example", "Olli", agrees=True)
    gate = house.company.gate
    people = {
        data: {tag for tag, _ in gate.people_for(data=data, purpose=purpose)}
        for data, purpose in (("answer", "survey"), ("survey-contact", "draw"))
    }

    assert [a.status_code for a in (empty, refused, left)] == [200, 200, 200]
    assert house.stored("answer") == 3
    assert house.on_disk("zoe@web.example") == []
    assert len(people["survey-contact"]) == 1
    assert not people["survey-contact"] & people["answer"]
    assert gate.find(kind="email", value="olli@web.example") is None
    house.close()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param(
            "survey-contact.email email optional",
            "survey-contact.email email",
            "in a survey as if it had to be given",
            marks=pytest.mark.clause("smarp-9.6"),
        ),
        pytest.param(
            "choice optional for survey",
            "choice optional for survey about union",
            "asks about",
            marks=pytest.mark.clause("smarp-9.4"),
        ),
    ],
)
def test_a_survey_that_demands_an_address_or_asks_about_a_union_is_not_served(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str, why: str
) -> None:
    def other(folder: Any) -> None:
        path = folder / "flows" / "poll.md"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    house = Deployment(tmp_path_factory.mktemp("other"), "smarp", SMARP, edit=other)
    code, said, _ = house.cli("check", str(house.home))

    assert house.web.get("/smarp/f/poll").status_code == 404
    assert code == 1
    assert why in said
    house.close()
