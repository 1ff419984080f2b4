"""What the fourth company's pages put on a device, and what they count: numbers, after a yes, of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cookies import own, with_a_rogue
from deployment import CSRF, Deployment, Person
from rooms import SMARP, Member, Net, member, networked, opened

NOW = datetime(2025, 3, 1, 9, tzinfo=UTC)
IMAGE = re.compile(r'<img src="(/smarp/hit\.gif\?page=[a-z/]+)" width="1" height="1" alt="">')


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deployment, Net, Member]]:
    """Acme's room, open, with Anna in it."""
    house = Deployment(tmp_path_factory.mktemp("beacons"), "smarp", SMARP, NOW, make=with_a_rogue)
    net = networked(house)
    yield house, net, opened(house, net, "anna@acme.example", "Acme Oy", "Anna")
    house.close()


def measured(browser: Any, yes: bool = True) -> Any:
    """Say on the page of cookies whether one's visits may be counted."""
    said = {"all": "some", **({"tool-measurement": "yes"} if yes else {})}
    return browser.post("/smarp/cookies", data=said, follow_redirects=False)


def visitor(house: Deployment) -> Any:
    """Open a browser whose user agreed to being counted."""
    browser = house.client()
    measured(browser)
    return browser


def told(house: Deployment, counter: str, **dims: str) -> int | None:
    """Return a number as staff are told it; None for one that is withheld."""
    rows = house.get("service-job", f"/counters/{counter}").json()["counts"]
    wanted = {"day": house.now.date().isoformat(), **dims}
    return next((r["count"] for r in rows if r["dims"] == wanted), None)


def seen_today(house: Deployment) -> Any:
    """Return what the running application holds of today's visitors."""
    served: Any = house.client().app
    return served.state.visitors


def see(browser: Any, path: str) -> list[str]:
    """Open a page and what it loads, as a browser does; return the unseen images on it."""
    found = IMAGE.findall(browser.get(path).text)
    for image in found:
        assert browser.get(image).status_code == 200
    return found


def staying(house: Deployment, mail: str) -> Person:
    """Come in by a code, with the box ticked that remembers the sign-in."""
    person = house.person(mail)
    page = person.web.post("/smarp/room/join", data={"email": mail})
    fields = {"code": house.code(mail), "csrf": CSRF.findall(page.text)[0], "stay": "yes"}
    page = person.web.post("/smarp/room/join/code", data=fields)
    assert page.status_code == 200, page.text[:500]
    return person


@pytest.mark.clause("smarp-4.2.2", "smarp-4.2.5")
def test_visitors_of_a_page_are_counted_once_a_day_and_only_a_number_outlives_the_day(
    room: tuple[Deployment, Net, Member],
) -> None:
    house, _, _ = room
    house.at("2025-03-03T10:00+02:00")
    crowd = [visitor(house) for _ in range(12)]
    for browser in crowd[:9]:
        see(browser, "/smarp/privacy")
    few = told(house, "opened", page="privacy")
    for browser in crowd:
        for _ in range(4):
            see(browser, "/smarp/privacy")
    first = told(house, "opened", page="privacy")
    salt = next(iter(seen_today(house)._days.values())).salt
    house.at("2025-03-04T01:00+02:00")
    house.sweep()
    stored = house.stored("counting")
    again = [visitor(house) for _ in range(10)]
    for browser in again:
        see(browser, "/smarp/privacy")
    today = next(iter(seen_today(house)._days.values()))
    rows = house.get("service-job", "/counters/opened").json()["counts"]
    both = house.get("service-job", "/counters/opened", days="2025-03-03,2025-03-04")
    joined = house.get("paula-product", "/use", data="counting", purpose="usage", **{"with": "member"})
    pages = {r["dims"]["day"]: r["count"] for r in rows if r["dims"]["page"] == "privacy"}

    assert (few, first) == (None, 12)
    assert pages == {"2025-03-03": 12, "2025-03-04": 10}
    assert stored == 0
    assert today.salt != salt
    assert len(today.seen) == 10
    assert both.status_code in (400, 403, 422)
    assert joined.status_code in (403, 422)


@pytest.mark.clause("smarp-4.1.1")
def test_a_crawl_finds_two_cookies_each_with_its_purpose_and_no_other_gets_out(
    room: tuple[Deployment, Net, Member],
) -> None:
    house, _, _ = room
    member(house, "cara@acme.example", "Cara")
    out, in_ = house.client(), staying(house, "cara@acme.example").web
    house.at("2025-05-05T09:00+03:00")
    for path in (
        "/",
        "/privacy",
        "/cookies",
        "/contact",
        "/room/join",
        "/signin",
        "/feed",
        "/profile",
        "/me",
    ):
        out.get(f"/smarp{path}")
        in_.get(f"/smarp{path}")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", out.get("/smarp/cookies").text))
    before = [e.kind for e in house.company.gate.entries(start=0)].count("refused")
    rogue = out.get("/smarp/rogue")
    kinds = [e.kind for e in house.company.gate.entries(start=0)]

    assert own(out) == set()
    assert own(in_) == {"session", "stay"}
    assert "session · for: Know that it is you · ends with the browser" in page
    assert "stay · for: Remember your sign-in · ends after 30 days" in page
    assert rogue.headers.get_list("set-cookie") == []
    assert kinds.count("refused") == before + 1


@pytest.mark.clause("smarp-4.1.2")
def test_the_remembered_sign_in_is_a_number_for_thirty_days_and_dies_when_its_person_says_so(
    room: tuple[Deployment, Net, Member],
) -> None:
    house, _, _ = room
    house.at("2025-05-05T12:00+03:00")
    eve = member(house, "eve@acme.example", "Eve")
    unasked = own(eve.browser.web)
    ticked = staying(house, "eve@acme.example")
    token = str(ticked.web.cookies.get("__Host-stay-smarp"))
    acts = house.get(eve.token, "/people/me/consents").json()["history"]
    back = house.client()
    back.cookies.set("__Host-stay-smarp", token, domain="service.example", path="/")
    house.at("2025-06-04T11:00+03:00")
    late = back.get("/smarp/feed").status_code
    house.at("2025-06-04T13:00+03:00")
    over = house.client()
    over.cookies.set("__Host-stay-smarp", token, domain="service.example", path="/")
    gone = over.get("/smarp/feed").status_code
    house.at("2025-05-05T13:00+03:00")
    again = staying(house, "eve@acme.example")
    second = str(again.web.cookies.get("__Host-stay-smarp"))
    ended = again.post("/me/sessions/end", {"which": "others"}, "/me/account")
    thief = house.client()
    thief.cookies.set("__Host-stay-smarp", second, domain="service.example", path="/")

    assert unasked == {"session"}
    assert re.fullmatch(r"[0-9a-f.]+", token)
    assert ("remember", True) in [(a["name"], a["given"]) for a in acts]
    assert (late, gone) == (200, 401)
    assert ended.status_code == 200
    assert thief.get("/smarp/feed").status_code == 401


@pytest.mark.clause("smarp-4.1.8")
def test_without_cookies_all_that_is_public_works_and_signing_in_says_what_it_needs(
    room: tuple[Deployment, Net, Member],
) -> None:
    house, _, _ = room

    def bare(method: str, path: str, **form: str) -> Any:
        return house.client().request(method, f"/smarp{path}", data=form or None, follow_redirects=False)

    public = [
        bare("GET", p).status_code for p in ("/", "/privacy", "/cookies", "/contact", "/rights", "/terms")
    ]
    page = bare("GET", "/contact").text
    names = re.findall(r'name="([a-z-]+)"', page)
    sent = bare(
        "POST", "/contact", **{n: "vera@other.example" if "mail" in n else "Hello there" for n in names}
    )
    asked = bare("POST", "/room/join", email="anna@acme.example")
    tried = bare("POST", "/room/join/code", code=house.code("anna@acme.example"), csrf="x")
    other = bare("POST", "/signin/code", code="123456", csrf="x")

    assert public == [200] * 6
    assert sent.status_code in (200, 201, 303), sent.text[:600]
    assert asked.status_code == 200
    for answer in (tried, other):
        assert answer.status_code == 200
        assert "takes one session cookie" in answer.text
        assert "Every public page, the contact form and your rights work without" in answer.text


@pytest.mark.clause("smarp-4.1.4")
def test_posts_and_features_are_counted_for_who_agreed_and_nobody_can_ask_who_it_was(
    room: tuple[Deployment, Net, Member],
) -> None:
    house, _, anna = room
    house.at("2025-05-06T09:00+03:00")
    anna = Member(staying(house, "anna@acme.example"))
    seven = anna.says("Our new office")
    readers = [member(house, f"reader{n}@acme.example", f"Reader {n}") for n in range(10)]
    for reader in readers[:9]:
        measured(reader.browser.web)
        reader.get(f"/feed/{seven}")
    few = told(house, "read", post=seven)
    measured(readers[9].browser.web)
    readers[9].get(f"/feed/{seven}")
    ten = told(house, "read", post=seven)
    aki = member(house, "aki@acme.example", "Aki")
    measured(aki.browser.web, yes=False)
    aki.get(f"/feed/{seven}")
    without = told(house, "read", post=seven)
    measured(anna.browser.web)
    anna.get(f"/feed/{seven}")
    copy = house.get(aki.token, "/people/me/records", data="counting")
    who = house.get("paula-product", "/use", data="counting", purpose="usage")
    single = house.get("paula-product", f"/people/{anna.tag}/records", data="counting", purpose="usage")

    assert (few, ten, without) == (None, 10, 10)
    assert told(house, "read", post=seven) == 11
    assert (told(house, "used", feature="feed") or 0) >= 11
    assert house.stored("counting") == 0
    assert copy.json().get("records", []) == []
    assert (who.status_code, single.status_code) == (403, 403)


@pytest.mark.clause("smarp-4.1.5")
def test_ways_in_are_told_in_numbers_from_ten_on_and_the_few_do_not_follow_from_the_rest(
    room: tuple[Deployment, Net, Member],
) -> None:
    house, _, _ = room
    house.at("2025-05-07T09:00+03:00")
    web = member(house, "ways@acme.example", "Ways").browser.web
    measured(web)
    stay = str(staying(house, "ways@acme.example").web.cookies.get("__Host-stay-smarp"))

    def comes(way: str = "", referrer: str = "") -> None:
        browser = house.client()
        browser.cookies.set("__Host-stay-smarp", stay, domain="service.example", path="/")
        query = {"via": way} if way else {}
        browser.get("/smarp/feed", params=query, headers={"Referer": referrer} if referrer else {})

    day = house.now.date().isoformat()
    for _ in range(10):
        comes("email")
    for _ in range(2):
        comes(referrer="https://www.google.com/search?q=smarp")
    first = house.get("service-job", "/counters/entered").json()["counts"]
    for _ in range(9):
        comes("qr")
    later = house.get("service-job", "/counters/entered").json()["counts"]
    rooms = house.get("service-job", "/counters/entered-rooms").json()["counts"]
    listed = house.get("paula-product", "/use", data="counting", purpose="usage")
    ways = {r["dims"]["way"]: r["count"] for r in later if r["dims"]["day"] == day}

    assert sum(r["count"] for r in first if r["dims"]["day"] == day) == 12 + 1
    assert "search" not in [r["dims"]["way"] for r in first]
    assert ways["email"] == 10
    assert "search" not in ways
    assert sum(ways.values()) == 21 + 1
    assert all(set(r["dims"]) == {"room", "way", "day"} for r in rooms)
    assert listed.status_code == 403


@pytest.mark.clause("smarp-4.2.1")
def test_one_image_of_our_own_stands_on_a_page_after_a_yes_and_no_post_can_bring_another(
    room: tuple[Deployment, Net, Member],
) -> None:
    house, _, anna = room
    house.at("2025-05-08T09:00+03:00")
    anna = Member(staying(house, "anna@acme.example"))
    measured(anna.browser.web, yes=False)
    none = see(anna.browser.web, "/smarp/feed")
    measured(anna.browser.web)
    one = see(anna.browser.web, "/smarp/feed")
    image = anna.browser.web.get(one[0])
    refused = house.client().get("/smarp/hit.gif?page=feed")
    signal = anna.browser.web.get("/smarp/feed", headers={"Sec-GPC": "1"})
    page = anna.get("/cookies").text
    spies = "![x](https://spy.example/x.gif) <img src='https://spy.example/y.gif'>"
    number = anna.says(spies)
    post = anna.get(f"/feed/{number}")

    assert (none, one) == ([], ["/smarp/hit.gif?page=feed"])
    assert image.headers["content-type"] == "image/gif"
    assert image.headers["cache-control"] == "no-store"
    assert image.headers.get_list("set-cookie") == []
    assert refused.status_code == 403
    assert IMAGE.findall(signal.text) == []
    assert "an unseen image, no cookie" in page
    assert "<img src='https" not in post.text
    assert not re.search(r"<img[^>]+spy\.example", post.text)
    assert "img-src 'self';" in post.headers["content-security-policy"]
