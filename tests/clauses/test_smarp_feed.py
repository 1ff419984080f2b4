"""The feed: who reads it is told before the first word, and what is taken back is back for everybody."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Deployment
from rooms import SMARP, Net, member, networked, opened

PAGE = """<html><head><title>News &amp; views</title>
<meta property="og:description" content="<b>All</b> of it <script>alert(1)</script>">
<meta property="og:image" content="https://tracker.example/pixel.gif"></head></html>"""


class House:
    """Acme with its Admin Anna and Aki, and Olli of Beta."""

    def __init__(self, served: Deployment) -> None:
        self.served = served
        self.net: Net = networked(served)
        self.anna = opened(served, self.net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")
        self.olli = opened(served, self.net, "olli@beta.example", "Beta", "Olli")
        self.anna.post("/room", "/room", company="Acme", channels="news", topics="design")


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    served = Deployment(
        tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=datetime(2025, 5, 5, 9, tzinfo=UTC)
    )
    yield House(served)
    served.close()


@pytest.mark.clause("smarp-3.7")
def test_who_reads_a_post_stands_at_the_box_with_their_number_and_a_post_goes_for_all(acme: House) -> None:
    house = acme.served
    mia = member(house, "mia@acme.example", "Mia")
    rows = [{"email": f"p{n}@acme.example"} for n in range(39)]
    house.post(acme.anna.token, "/people/me/room/members", {"people": rows})
    page = mia.get("/feed").text
    unread = mia.post("/feed", "/feed", text="my number is 040 123")
    number = mia.says("my number is 040 123")
    later = mia.get("/feed").text
    other = acme.aki.post(f"/feed/{number}/change", f"/feed/{number}", text="changed by Aki")
    mine = house.call(acme.aki.token, "PATCH", f"/people/me/feed/{number}", {"text": "changed by Aki"})
    mia.post(f"/feed/{number}/change", f"/feed/{number}", text="ask me at lunch")
    changed = acme.aki.get(f"/feed/{number}").text
    mia.post(f"/feed/{number}/delete", "/feed")
    gone = [acme.aki.get(f"/feed/{number}"), mia.get(f"/feed/{number}")]
    api = house.get(acme.aki.token, f"/people/me/feed/{number}")
    found = house.get(acme.aki.token, "/people/me/feed", find="lunch").json()

    assert "42 people of Acme can read this" in page
    assert "I know who reads what I post" in page
    assert unread.status_code == 422
    assert "my number is 040 123" in unread.text  # the words are still in the box
    assert "I know who reads what I post" not in later
    assert [other.status_code, mine.status_code] == [404, 404]
    assert "ask me at lunch" in changed
    assert [a.status_code for a in (*gone, api)] == [404, 404, 404]
    assert found["posts"] == []
    assert house.on_disk("ask me at lunch") == []


def test_a_comment_and_a_like_are_their_own_persons_and_stay_in_the_room(acme: House) -> None:
    number = acme.anna.says("cake on Friday")
    acme.aki.post(f"/feed/{number}/comment", f"/feed/{number}", text="I bring plates")
    acme.aki.post(f"/feed/{number}/like", "/feed")
    read = acme.served.get(acme.anna.token, f"/people/me/feed/{number}").json()
    acme.aki.post(f"/feed/{number}/like", "/feed")
    again = acme.served.get(acme.anna.token, f"/people/me/feed/{number}").json()
    theirs = acme.served.call(acme.olli.token, "POST", f"/people/me/feed/{number}/likes")

    assert [c["text"] for c in read["comments"]] == ["I bring plates"]
    assert (read["likes"], again["likes"]) == (1, 0)
    assert theirs.status_code == 404


def test_a_post_that_waits_is_its_authors_alone_until_its_moment(acme: House) -> None:
    past = acme.anna.post("/feed", "/feed", text="too late", shown_from="2025-05-05T11:59", read="yes")
    number = acme.anna.says("opens at half past", shown_from="2025-05-05T12:30")
    before = (number in acme.anna.numbers(), number in acme.aki.numbers())
    acme.served.at("2025-05-05T12:30:00+03:00")
    after = number in acme.aki.numbers()

    assert past.status_code == 422
    assert before == (True, False)
    assert after


def test_a_reported_post_is_hidden_by_the_admin_and_its_words_stay_the_authors(acme: House) -> None:
    number = acme.aki.says("something rude")
    acme.anna.post(f"/feed/{number}/report", "/feed", why="rude")
    listed = acme.served.get(acme.anna.token, "/people/me/room/reports").json()["reports"]
    no_admin = acme.aki.post(f"/feed/{number}/hide", "/feed")
    acme.anna.post(f"/feed/{number}/hide", "/room/reports")
    seen = (number in acme.anna.numbers(), number in acme.aki.numbers())
    own = acme.served.get(acme.aki.token, "/people/me").text
    acme.anna.post(f"/feed/{number}/hide", "/room/reports")
    again = number in acme.anna.numbers()

    assert [(r["post"]["number"], r["reasons"]) for r in listed] == [(number, ["rude"])]
    assert no_admin.status_code == 403
    assert seen == (False, True)
    assert "something rude" in own
    assert again


def test_a_picture_is_kept_without_what_the_camera_wrote(acme: House, picture: bytes) -> None:
    files = {"picture": ("shot.jpg", picture, "image/jpeg")}
    acme.aki.post("/feed", "/feed", files=files, text="a picture", read="yes")
    posts = acme.served.get(acme.anna.token, "/people/me/feed").json()["posts"]
    number = next(p["number"] for p in posts if p["text"] == "a picture")
    shown = acme.anna.get(f"/feed/{number}/picture")
    bomb = acme.aki.post(
        "/feed", "/feed", files={"picture": ("x.png", b"\x89PNG\r\n\x1a\n", "image/png")}, text="x"
    )

    assert shown.headers["content-type"] == "image/webp"
    assert not any(w in shown.content for w in (b"Exif", b"Spyphone", b"Turku", b"Anna"))
    assert acme.olli.get(f"/feed/{number}/picture").status_code == 404
    assert bomb.status_code == 422


def test_a_linked_page_is_text_alone_and_no_readers_browser_asks_it_for_anything(acme: House) -> None:
    acme.net.pages["https://news.example/a?b=1"] = PAGE
    number = acme.aki.says("read this", link="https://news.example/a?b=1")
    page = acme.anna.get(f"/feed/{number}")
    wrong = [
        acme.aki.post("/feed", "/feed", text="x", link=link, read="yes").status_code
        for link in (
            "javascript:alert(1)",
            "https://127.0.0.1/x",
            "file:///etc/passwd",
            "https://u:p@a.example/",
        )
    ]

    assert "News &amp; views" in page.text
    assert "&lt;b&gt;All&lt;/b&gt; of it" in page.text
    assert "tracker.example" not in page.text
    assert "<script>alert" not in page.text
    assert 'rel="noopener noreferrer nofollow ugc"' in page.text
    assert "img-src 'self'" in page.headers["content-security-policy"]
    assert wrong == [422, 422, 422, 422]


@pytest.mark.clause("smarp-5.1.1")
def test_the_feed_reads_name_and_post_and_an_address_is_refused_to_the_same_role(acme: House) -> None:
    number = acme.aki.says("good morning")
    read = acme.served.get(acme.anna.token, f"/people/me/feed/{number}").text
    given = {"facts": ["membership", "same-instance"]}
    asked = {"action": "show", "purpose": "service", "party": "colleague", "given": given}
    name = acme.served.post("dana-dpo", "/decide", {**asked, "data": "member", "field": "name"})
    address = acme.served.post("dana-dpo", "/decide", {**asked, "data": "member", "field": "email"})

    assert "good morning" in read
    assert "aki@acme.example" not in read + acme.anna.get("/feed").text
    assert name.json()["answer"] == "allowed"
    assert address.json()["answer"] == "refused"
    assert address.json()["missing"] == ["fact shown"]


def test_a_member_takes_all_they_posted_along(acme: House) -> None:
    acme.aki.says("for the record")
    made: Any = acme.served.get(acme.aki.token, "/people/me").json()
    texts = [r["fields"]["text"] for r in made["records"] if r["data"] == "post"]

    assert "for the record" in texts


def test_the_words_of_a_member_who_was_erased_are_nowhere_in_the_room(acme: House) -> None:
    house = acme.served
    zoe = member(house, "zoe@acme.example", "Zoe Gone")
    number = zoe.says("the zebra crossing")
    page = zoe.get("/me/rights").text
    answer = zoe.post("/me/delete", "/me/rights", sure="yes", confirm="delete")

    assert answer.status_code in (200, 303), page[:500]
    assert acme.anna.get(f"/feed/{number}").status_code == 404
    assert "Zoe Gone" not in acme.anna.get("/people").text
    assert "zebra" not in json.dumps(house.get(acme.anna.token, "/people/me/feed").json())
    assert house.on_disk("the zebra crossing") == []


def test_what_a_picture_weighs_is_limited_and_other_forms_stay_small(acme: House) -> None:
    big = base64.b64encode(b"x" * 90_000).decode()
    page = acme.aki.post("/profile/topics", "/profile", filler=big)

    assert page.status_code == 413


@pytest.mark.clause("smarp-5.2.8")
def test_a_link_that_leads_away_says_so_and_carries_nobody_along(acme: House) -> None:
    tag = acme.anna.tag
    number = acme.aki.says("ours", link="https://help.smarp.example/start?page=2")
    other = acme.aki.says("theirs", link="https://news.example/a")
    pages = [acme.anna.get(f"/feed/{n}").text for n in (number, other)]
    refused = [
        acme.aki.post("/feed", "/feed", text="x", link=link)
        for link in (
            f"https://news.example/a?member={tag}",
            "https://news.example/a?to=anna%40acme.example",
            "https://news.example/u/anna@acme.example",
        )
    ]

    for page in pages:
        assert 'rel="noopener noreferrer nofollow ugc"' in page
        assert "leads away from here" in page
    assert 'href="https://help.smarp.example/start?page=2"' in pages[0]
    assert [r.status_code for r in refused] == [422, 422, 422]
    assert "says who somebody is" in refused[0].text
