"""A member says of themself what they like, and each part is seen by whom they let see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deployment import CSRF, Deployment
from rooms import SMARP, coming, member, networked, opened

POLL = """---
title: A poll
---
## how
How do you sleep?
ask answer.option choice for survey about health
- well: Well
- badly: Badly

## bye
Thank you.
end
"""


class House:
    """Acme with its Admin Anna and Aki, and the network in which both companies' domains are proven."""

    def __init__(self, served: Deployment) -> None:
        self.served, self.net = served, networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna A.")
        self.aki = member(served, "aki@acme.example", "Aki")
        self.olli = opened(served, self.net, "olli@beta.example", "Beta", "Olli")

    def topics(self, *names: str) -> None:
        answer = self.anna.post("/room", "/room", company="Acme", topics=", ".join(names))
        assert answer.status_code == 200


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    served = Deployment(
        tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=datetime(2025, 5, 5, 9, tzinfo=UTC)
    )
    yield House(served)
    served.close()


@pytest.mark.clause("smarp-3.1")
def test_a_name_is_its_persons_to_change_and_stands_new_on_what_they_posted_before(acme: House) -> None:
    number = acme.anna.says("a word")
    acme.anna.post("/profile", name="Anna Aalto", directory="yes")
    born = {"data": "member", "purpose": "service", "fields": {"birth date": "1990-01-01"}}
    api = acme.served.post(acme.anna.token, "/people/me/records", born)
    form = acme.anna.post("/profile", name="Anna Aalto", directory="yes", born="1990-01-01")

    assert "Anna Aalto" in acme.aki.get(f"/people/{acme.anna.tag}").text
    assert "Anna Aalto" in acme.aki.get(f"/feed/{number}").text
    assert api.status_code == 422
    assert form.status_code == 200
    assert "1990-01-01" not in acme.served.get(acme.anna.token, "/people/me").text
    assert acme.served.on_disk("1990-01-01") == []


@pytest.mark.clause("smarp-3.2")
def test_an_address_is_shown_by_its_person_alone_and_another_one_is_another_membership(acme: House) -> None:
    house = acme.served
    mia = member(house, "mia@acme.example", "Mia")
    tag, hidden = mia.tag, acme.aki.get(f"/people/{mia.tag}").text
    mia.post("/profile", name="Mia", show_email="yes", directory="yes")
    shown = acme.aki.get(f"/people/{tag}").text
    written = house.call(mia.token, "GET", "/people/me").json()["records"]
    rid = next(r["rid"] for r in written if r["data"] == "member")
    unproved = house.call(
        mia.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"email": "x@acme.example"}}
    )
    page = mia.post("/profile/address", email="mia@beta.example")
    before = mia.get("/feed").status_code
    fields = {"code": house.code("mia@beta.example"), "csrf": CSRF.findall(page.text)[0]}
    asked = mia.browser.web.post("/smarp/room/join/code", data=fields)

    assert "mia@acme.example" not in hidden
    assert "mia@acme.example" in shown
    assert unproved.status_code == 422
    assert before in (200, 401)
    assert "Come in to Beta" in asked.text
    assert mia.get("/feed").status_code == 401
    assert acme.aki.get(f"/people/{tag}").status_code == 404
    assert "Mia" not in acme.aki.get("/people").text


@pytest.mark.clause("smarp-3.3")
def test_favourite_topics_order_the_feed_for_their_person_alone_and_the_admin_sees_counts(
    acme: House,
) -> None:
    house = acme.served
    acme.topics("design", "sales", "travel")
    rows = [{"email": f"m{n}@acme.example", "name": f"M{n}"} for n in range(12)]
    house.post(acme.anna.token, "/people/me/room/members", {"people": rows})
    for n in range(12):
        chosen = {"topics": ["design", "travel"] if n < 6 else ["design"]}
        house.call(house.token(f"m{n}@acme.example"), "PUT", "/people/me/profile/topics", chosen)
    first = acme.aki.says("on design", topic="design")
    house.later(minutes=1)
    second = acme.aki.says("on sales", topic="sales")
    acme.anna.post("/profile/topics", "/profile", topic_design="yes")
    liked, others = acme.anna.numbers(), acme.aki.numbers()
    acme.anna.post("/profile/topics", "/profile")
    cleared = acme.anna.numbers()
    singly = house.get(acme.anna.token, f"/people/{acme.aki.tag}/records", data="topic")
    counted = house.get(acme.anna.token, "/people/me/room/topics").json()["topics"]
    no_admin = house.get(acme.aki.token, "/people/me/room/topics")

    assert liked.index(first) < liked.index(second)
    assert others.index(second) < others.index(first)
    assert cleared.index(second) < cleared.index(first)
    assert singly.status_code == 403
    assert counted == [{"subject": "design", "people": 12}]
    assert no_admin.status_code == 403


@pytest.mark.clause("smarp-3.6")
def test_no_field_topic_or_question_has_room_for_what_is_delicate(
    acme: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def polled(folder: Path) -> None:
        (folder / "flows").mkdir(exist_ok=True)
        (folder / "flows" / "poll.md").write_text(POLL, "utf-8")

    other = Deployment(tmp_path_factory.mktemp("poll"), "smarp", SMARP, edit=polled)
    poll, (_, said, _) = other.web.get("/smarp/f/poll").status_code, other.cli("check", str(other.home))
    other.close()
    refused = acme.anna.post("/room", "/room", company="Acme", details="religion")
    topic = acme.anna.post("/room", "/room", company="Acme", topics="trade union news")
    taken = acme.anna.post("/room", "/room", company="Acme", details="office floor")
    filled = acme.aki.post("/profile", name="Aki", detail_office_floor="3", directory="yes")

    assert (refused.status_code, topic.status_code, taken.status_code) == (422, 422, 200)
    assert "GDPR Art. 9" in refused.text
    assert poll == 404
    assert "asks about health" in said
    assert filled.status_code == 200
    assert "Office floor" in acme.anna.get(f"/people/{acme.aki.tag}").text


def test_each_part_of_a_profile_waits_for_its_own_yes_and_can_be_taken_back(acme: House) -> None:
    aki, tag = acme.aki, acme.aki.tag
    said = {"name": "Aki", "title": "Developer", "phone": "+358 40 123", "about": "Bakes bread"}
    aki.post("/profile", **said, directory="yes")
    nothing = acme.anna.get(f"/people/{tag}").text
    aki.post("/profile", **said, show_phone="yes", directory="yes")
    phone = acme.anna.get(f"/people/{tag}").text
    aki.post("/profile", **said, directory="yes")
    again = acme.anna.get(f"/people/{tag}").text

    assert all(w not in nothing for w in ("Developer", "+358 40 123", "Bakes bread"))
    assert "+358 40 123" in phone
    assert "Developer" not in phone
    assert "+358 40 123" not in again


def test_who_stays_out_of_the_directory_is_in_no_list_and_still_signs_their_posts(acme: House) -> None:
    sue = member(acme.served, "sue@acme.example", "Sue Lind")
    sue.post("/profile", name="Sue Lind")
    number = sue.says("hello from Sue")
    listed = acme.aki.get("/people").text
    found = acme.served.get(acme.aki.token, "/people/me/colleagues", find="Sue").json()

    assert "Sue Lind" not in listed
    assert found == {"members": []}
    assert "Sue Lind" in acme.aki.get(f"/feed/{number}").text


def test_a_phone_is_cleared_by_an_empty_field(acme: House) -> None:
    acme.aki.post("/profile", name="Aki", phone="+358 40 999", directory="yes")
    acme.aki.post("/profile", name="Aki", phone="", directory="yes")

    assert "+358 40 999" not in acme.served.get(acme.aki.token, "/people/me").text


def test_a_profile_picture_is_drawn_anew_and_seen_when_shown(acme: House, picture: bytes) -> None:
    files = {"portrait": ("me.jpg", picture, "image/jpeg")}
    acme.aki.post("/profile", files=files, name="Aki", directory="yes")
    hidden = acme.anna.get(f"/people/{acme.aki.tag}/portrait")
    acme.aki.post("/profile", name="Aki", show_portrait="yes", directory="yes")
    shown = acme.anna.get(f"/people/{acme.aki.tag}/portrait")
    svg = acme.aki.post("/profile", files={"portrait": ("x.svg", b"<svg/>", "image/svg+xml")}, name="Aki")

    assert (hidden.status_code, shown.status_code) == (404, 200)
    assert shown.headers["content-type"] == "image/webp"
    assert b"Exif" not in shown.content
    assert svg.status_code == 422


@pytest.mark.clause("smarp-12.1")
def test_nobody_comes_in_who_does_not_say_they_are_thirteen_or_whose_year_says_they_may_not_be(
    acme: House,
) -> None:
    house = acme.served
    kid, page = coming(house, "kid@acme.example")
    fields = {"csrf": CSRF.findall(page.text)[0], "name": "Kid"}
    unticked = kid.web.post("/smarp/room/join/name", data=fields)
    stored = house.company.gate.find(kind="email", value="kid@acme.example")
    rows = "young@acme.example, Young, 2012\ngrown@acme.example, Grown, 1990"
    loaded = acme.anna.post("/room/people", "/room/people", people=rows)
    ticked = kid.web.post("/smarp/room/join/name", data={**fields, "adult": "yes"})
    listed = acme.aki.get("/people").text

    assert unticked.status_code == 422
    assert "at least 13" in unticked.text
    assert stored is None
    assert "nobody who may be under 13 is entered" in loaded.text
    assert ticked.status_code == 200
    assert ("Grown" in listed, "Young" in listed) == (True, False)
    assert house.on_disk("young@acme.example") == []
    assert house.mails("young@acme.example") == []
