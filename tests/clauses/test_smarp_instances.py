"""A company's room is behind its domain: who comes in, by what proof, and that nobody else learns of it."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Deployment
from rooms import SMARP, Member, Net, coming, member, networked, opened

from troth.web.api.tables.rooms import ROOMS as OPERATIONS
from troth.web.room import ROUTES

NOON = datetime(2025, 5, 5, 9, tzinfo=UTC)  # 12:00 in Helsinki


@pytest.fixture
def house(deploy: Any) -> Deployment:
    served: Deployment = deploy("smarp", askers=SMARP, now=NOON)
    return served


@pytest.fixture
def net(house: Deployment) -> Net:
    return networked(house)


@pytest.fixture
def anna(house: Deployment, net: Net) -> Member:
    """The Admin of Acme, whose domain is proven."""
    return opened(house, net, "anna@acme.example", "Acme", "Anna Aalto")


def setup(admin: Member, **said: str) -> Any:
    return admin.post("/room", "/room", company="Acme", **said)


@pytest.mark.clause("smarp-2.1")
def test_the_domain_of_a_confirmed_address_is_the_room_and_no_other_is(
    house: Deployment, anna: Member
) -> None:
    aki = member(house, "aki@ACME.example", "Aki")
    others = {
        mail: coming(house, mail)[1].text for mail in ("bob@sales.acme.example", "eve@acme.example.org")
    }
    public = coming(house, "carol@gmail.com")[1]
    unconfirmed = house.person("zoe@acme.example")
    unconfirmed.web.post("/smarp/room/join", data={"email": unconfirmed.mail})

    assert aki.get("/people").status_code == 200
    assert "Anna Aalto" in aki.get("/people").text
    assert all("Nobody has opened a room for" in page and "Acme" not in page for page in others.values())
    assert public.status_code == 422
    assert "public mail service" in public.text
    assert unconfirmed.get("/feed").status_code == 401


def test_a_claim_grants_nothing_and_the_first_to_show_the_record_has_the_domain(
    house: Deployment, net: Net
) -> None:
    squatter = member(house, "eve@acme.example", "Eve", company="Acme for free")
    anna = opened(house, net, "anna@acme.example", "Acme")
    late = squatter.post("/room/prove", "/room")
    alone = coming(house, "aki@acme.example")[1].text

    assert str(squatter.get("/feed").url).endswith("/smarp/room")
    assert squatter.get("/people").status_code == 403
    assert late.status_code == 409
    assert anna.get("/feed").status_code == 200
    assert "Come in to Acme" in alone
    assert "for free" not in alone


def test_a_lost_proof_lets_nobody_new_in_and_after_thirty_days_nobody(
    house: Deployment, net: Net, anna: Member
) -> None:
    kept = dict(net.records)
    net.records.clear()
    house.later(days=31).sweep()
    new = coming(house, "aki@acme.example")[1].text
    again = member(house, "anna@acme.example")
    while_failing = again.get("/feed").status_code
    house.later(days=31).sweep()
    shut = member(house, "anna@acme.example").get("/feed").status_code
    net.records.update(kept)
    house.sweep()

    assert "takes nobody new now" in new
    assert (while_failing, shut) == (200, 403)
    assert member(house, "anna@acme.example").get("/feed").status_code == 200


@pytest.mark.clause("smarp-2.2")
def test_a_profile_is_there_for_the_same_instance_and_for_nobody_else(
    house: Deployment, net: Net, anna: Member
) -> None:
    aki = member(house, "aki@acme.example", "Aki")
    olli = opened(house, net, "olli@beta.example", "Beta")
    tag, outside = anna.tag, house.person("who@nowhere.example")
    by_page = [p.get(f"/people/{tag}").status_code for p in (aki, olli, outside)]
    by_api = [house.get(m.token, f"/people/me/colleagues/{tag}").status_code for m in (aki, olli)]
    found = [m.get("/people", find="Anna").text.count("Anna Aalto") for m in (aki, olli)]
    guessed = olli.get(f"/people/{aki.tag[:-1]}0").status_code

    assert by_page == [200, 404, 401]
    assert by_api == [200, 404]
    assert found == [1, 0]
    assert guessed == 404
    assert house.get("", f"/people/me/colleagues/{tag}").status_code == 401


@pytest.mark.clause("smarp-2.3")
def test_a_feed_is_read_by_its_own_and_a_leaver_is_out_at_once(
    house: Deployment, net: Net, anna: Member
) -> None:
    numbers = [anna.says(text) for text in ("one", "two", "three")]
    aki = member(house, "aki@acme.example", "Aki")
    olli = opened(house, net, "olli@beta.example", "Beta")
    read = aki.numbers()
    theirs = [olli.get(f"/feed/{n}").status_code for n in numbers]
    house.at("2025-05-05T12:00:00+03:00")
    let_go = anna.post(f"/room/people/{aki.tag}/leave", "/room/people")
    house.later(seconds=1)

    assert sorted(read) == sorted(numbers)
    assert theirs == [404, 404, 404]
    assert olli.numbers() == []
    assert let_go.status_code == 200
    assert aki.get("/feed").status_code == 401
    assert "Aki" not in anna.get("/people").text


@pytest.mark.clause("smarp-3.4")
def test_a_prefix_is_one_rooms_alone_and_its_address_serves_that_room_alone(
    house: Deployment, net: Net, anna: Member
) -> None:
    olli = opened(house, net, "olli@beta.example", "Beta")
    taken = [
        setup(anna, prefix="acme").status_code,
        olli.post("/room", "/room", company="Beta", prefix="acme").status_code,
        olli.post("/room", "/room", company="Beta", prefix="beta").status_code,
    ]
    wrong = [setup(anna, prefix=p).status_code for p in ("-x", "www", "a" * 64)]
    host = {"host": "beta.service.example"}

    assert taken == [200, 409, 200]
    assert wrong == [422, 422, 422]
    assert olli.browser.web.get("/smarp/feed", headers=host).status_code == 200
    assert anna.browser.web.get("/smarp/feed", headers=host).status_code == 404
    assert house.web.get("/smarp/room/join", headers={"host": "gamma.service.example"}).status_code == 404


@pytest.mark.clause("smarp-4.2.4")
def test_a_rooms_address_shows_its_colours_to_who_is_signed_out_and_sets_nothing(
    house: Deployment, anna: Member
) -> None:
    setup(anna, prefix="acme", colour="#aa3355")
    page = house.client().get("/smarp/room/join", headers={"host": "acme.service.example"})
    home = house.client().get("/smarp/", headers={"host": "acme.service.example"})
    plain = house.client().get("/smarp/room/join")
    sheet = house.web.get("/smarp/look/room-acme.css")

    assert "Come in to Acme" in page.text
    assert "/smarp/look/room-acme.css" in page.text
    assert "#aa3355" in sheet.text
    assert "Come in to Acme" in home.text
    assert "/smarp/look/room-acme.css" in home.text
    assert "set-cookie" not in page.headers
    assert "set-cookie" not in home.headers
    assert "Acme" not in plain.text


@pytest.mark.clause("smarp-3.5")
def test_an_invitation_says_the_companys_words_once_and_its_address_goes_unused(
    house: Deployment, net: Net, anna: Member
) -> None:
    setup(anna, greeting="Join Acme on Smarp")
    sent = anna.post("/room/invite", "/room", email="aki@acme.example")
    again = anna.post("/room/invite", "/room", email="aki@acme.example")
    other = anna.post("/room/invite", "/room", email="x@beta.example")
    mails = house.mails("aki@acme.example")
    find = {"kind": "email", "value": "aki@acme.example"}
    house.at("2025-06-04T23:59:00+03:00").sweep()
    before = _invited(house)
    house.at("2025-06-05T00:00:00+03:00").sweep()

    assert [sent.status_code, again.status_code, other.status_code] == [200, 200, 422]
    assert len(mails) == 1
    assert all(w in mails[0].text for w in ("Join Acme on Smarp", "Anna Aalto", "/smarp/privacy"))
    assert house.mails("x@beta.example") == []
    assert (before, _invited(house)) == (1, 0)
    assert house.post("service-job", "/people/find", find).status_code == 404


def _invited(house: Deployment) -> int:
    """Return how many invitations stand, by what the store will let go and when."""
    return sum(n for _, data, n in house.company.gate.forecast() if data == "invite")


def test_an_invitation_is_spent_by_coming_in(house: Deployment, anna: Member) -> None:
    anna.post("/room/invite", "/room", email="aki@acme.example")
    stood = _invited(house)
    aki = member(house, "aki@acme.example", "Aki")

    assert aki.get("/feed").status_code == 200
    assert (stood, _invited(house)) == (1, 0)


@pytest.mark.clause("smarp-3.9")
def test_each_route_by_which_people_were_entered_stands_beside_them_and_each_was_told(
    house: Deployment, net: Net, anna: Member
) -> None:
    rows = "\n".join(f"p{n}@acme.example, Person {n}" for n in range(20))
    anna.post("/room/people", "/room/people", people=rows + "\nbob@beta.example, Bob")
    five = {"people": [{"email": f"s{n}@acme.example"} for n in range(5)]}
    loaded = house.post("timo-operations", "/rooms/acme.example/members", five)
    refused = house.post("sini-sales", "/rooms/acme.example/members", five)
    listed = house.get(anna.token, "/people/me/room/members").json()["members"]
    sources = [row["source"] for row in listed]
    told = house.mails("p3@acme.example")[-1].text
    somebody = member(house, "p3@acme.example")

    assert (sources.count("upload"), sources.count("staff-load"), sources.count("person")) == (20, 5, 1)
    assert [row["wrong"] for row in loaded.json()["rows"]] == [""] * 5
    assert refused.status_code == 403
    assert house.mails("bob@beta.example") == []
    assert all(w in told for w in ("From: Acme", "/smarp/privacy", "Why:"))
    assert len({m.to for m in house.mails() if "entered" in m.subject}) == 25
    assert "Your company's Admin entered your details" in html.unescape(somebody.get("/me").text)


@pytest.mark.clause("smarp-3.10")
def test_a_members_data_are_the_companys_taken_along_by_its_admin_and_no_target_of_ours(
    house: Deployment, net: Net, anna: Member
) -> None:
    aki = member(house, "aki@acme.example", "Aki")
    before = len(_entries(house))
    taken = anna.get("/room/people.csv")
    mine = house.get(anna.token, "/people/me").json()
    marketing = house.get("news-job", f"/people/{aki.tag}/records", data="member", purpose="news")
    rows = house.get("news-job", "/use", data="member", purpose="news")

    assert "aki@acme.example" in taken.text
    assert aki.get("/room/people.csv").status_code == 403
    assert len(_entries(house)) > before
    assert {(r["role"], r["party"]) for r in mine["records"] if r["data"] in ("member", "seat")} == {
        ("processor", "company")
    }
    assert marketing.status_code == 403
    assert rows.status_code == 403


def _entries(house: Deployment) -> list[Any]:
    house.company.gate.sweep()
    return list(house.get("dana-dpo", "/evidence/entries").json()["entries"])


def test_nothing_of_another_room_is_found_by_any_page_or_address(house: Deployment, net: Net) -> None:
    anna = opened(house, net, "anna@acme.example", "Acme Secretive", "Anna Aalto")
    number, tag = anna.says("the falcon flies at noon"), anna.tag
    setup(anna, company_="", topics="falconry", channels="hush", greeting="falcons")
    olli = opened(house, net, "olli@beta.example", "Beta", "Olli")
    mine = olli.says("hello")
    filled = {"number": number, "tag": tag, "colleague": tag, "domain": "acme.example", "prefix": "acme"}

    pages = [(m, _filled(path, filled)) for m, path, _ in ROUTES]
    answers = {f"{m} {path}": _sent(olli, m, path, mine) for m, path in pages}
    calls = [(o.method, _filled(o.path.replace("{tag}", "me"), filled)) for o in OPERATIONS]
    told = {f"{m} {path}": house.call(olli.token, m, path, _body(m)) for m, path in calls}

    for name, answer in {**answers, **told}.items():
        assert not re.search("falcon|Secretive|Anna|anna@acme|hush", answer.text), name
        assert answer.status_code != 500, name
    aimed = [n for n in answers if number in n or tag in n] + [n for n in told if number in n or tag in n]
    both = {**answers, **told}
    assert {n: both[n].status_code for n in aimed} == dict.fromkeys(aimed, 404) | {
        n: 403 for n in aimed if both[n].status_code == 403 and "hid" in n
    }
    assert anna.numbers() == [number]


def _filled(path: str, values: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda m: values.get(m[1], "other"), path)


def _sent(who: Member, method: str, path: str, mine: str) -> Any:
    if method == "GET":
        return who.get(path)
    fields = {"text": "x", "why": "x", "read": "yes", "email": "z@beta.example"}
    secret = {"csrf": who.browser.csrf(f"/feed/{mine}")}
    if path == "/profile/leave" or path.startswith(("/room/join", "/profile/address")):
        return who.get("/feed")  # these end the stay or begin another one
    return who.browser.web.post(f"{who.browser.base}{path}", data={**secret, **fields})


def _body(method: str) -> Any:
    return None if method in ("GET", "DELETE") else {"text": "x"}


def test_a_room_of_a_document_without_rooms_is_nowhere(deploy: Any) -> None:
    smoc: Deployment = deploy("smoc")
    kari = smoc.person()
    kari.talk("summer", {})

    assert smoc.web.get("/smoc/room/join").status_code == 404
    assert smoc.web.get("/smoc/feed").status_code in (401, 404)


def test_nobody_founds_a_group_beside_the_rooms(house: Deployment, anna: Member) -> None:
    made = house.post(anna.token, "/people/me/organisation", {"name": "Ours"})
    left = house.call(anna.token, "DELETE", "/people/me/organisation")
    page = anna.get("/me/organisation")

    assert [made.status_code, left.status_code, page.status_code] == [404, 404, 404]


def test_a_claimant_is_led_to_the_proof_and_the_last_admin_names_another_before_leaving(
    house: Deployment, net: Net, anna: Member
) -> None:
    claimant = member(house, "eve@gamma.example", "Eve", company="Gamma")
    led = claimant.get("/feed")
    aki = member(house, "aki@acme.example", "Aki")
    alone = anna.post("/profile/leave", "/profile", sure="yes")
    no_admin = aki.post(f"/room/people/{anna.tag}/admin", "/profile")
    named = anna.post(f"/room/people/{aki.tag}/admin", "/room/people")
    left = anna.post("/profile/leave", "/profile", sure="yes")

    assert "_troth.gamma.example" in led.text
    assert alone.status_code == 422
    assert "name another Admin first" in alone.text
    assert no_admin.status_code == 403
    assert [named.status_code, left.status_code] == [200, 200]
    assert aki.get("/room/people").status_code == 200
    assert anna.get("/feed").status_code == 401


def test_somebody_who_left_comes_in_again_as_somebody_new(house: Deployment, net: Net, anna: Member) -> None:
    aki = member(house, "aki@acme.example", "Aki")
    number, before = aki.says("before I go"), aki.tag
    aki.post("/profile/leave", "/profile", sure="yes")
    again = member(house, "aki@acme.example", "Aki again")

    assert again.get("/feed").status_code == 200
    assert again.tag != before
    assert number not in anna.numbers()
    assert anna.get(f"/feed/{number}").status_code == 404
