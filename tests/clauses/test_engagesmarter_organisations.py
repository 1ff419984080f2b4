"""People of one organisation at the second company: who comes in, and who reads what was written there."""

from __future__ import annotations

import pytest
from acme import user
from deployment import Deployment
from fellows import LINK, colleagues, founded, invited, joins, listed, opened, says


def test_nobody_comes_in_without_an_invitation_to_an_address_of_their_own(engage: Deployment) -> None:
    ada, zoe = user(engage), user(engage, "zoe@borel.example")
    own = founded(ada).json()
    for_ben = invited(ada, "ben@acme.example")
    stolen = joins(zoe, for_ben)
    forged = joins(zoe, for_ben.replace("2024-03-24", "2025-03-24"))
    number = zoe.tells("identity", "register", org=own["number"])
    ben = user(engage, "ben@acme.example")
    came = joins(ben, for_ben)
    twice = founded(ben, "Another")

    assert [a.status_code for a in (stolen, forged)] == [403, 403]
    assert stolen.json()["clause"] == "8"
    assert number.status_code == 422
    assert came.status_code == 201
    assert came.json() == {**own, "members": 2, "colleagues": ["Ada Quill"]}
    assert twice.status_code == 409


def test_an_invitation_is_good_for_fourteen_days_and_as_long_as_who_sent_it_is_there(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    founded(ada)
    late, left = invited(ada, ben.mail), invited(ada, ben.mail)
    engage.later(days=15)
    ben.sign_in()
    over = joins(ben, late)
    fresh = invited(ada.sign_in(), ben.mail)
    engage.call(ada.token, "DELETE", "/people/me/organisation")
    gone = joins(ben, fresh)

    assert late == left
    assert over.status_code == 403
    assert gone.status_code == 403


def test_what_colleagues_wrote_stays_with_the_organisation_they_wrote_it_in(engage: Deployment) -> None:
    ada, ben, zoe = colleagues(engage)
    number = says(ada, "How do I sign in?")
    engage.call(ada.token, "DELETE", "/people/me/organisation")
    joins(ada, invited(zoe, ada.mail))
    ben_sees, zoe_sees = listed(ben), listed(zoe)
    engage.call(ben.token, "DELETE", "/people/me/organisation")
    after = engage.get(ben.token, f"/people/me/organisation/conversations/{number}")

    assert ben_sees == [number]
    assert zoe_sees == []
    assert after.status_code == 403
    assert "fact same-org" in after.json()["missing"]


def test_who_read_a_conversation_stands_where_its_author_sees_it(engage: Deployment) -> None:
    ada, ben, _ = colleagues(engage)
    number = says(ada, "How do I sign in?")
    turns = opened(ben, number).json()["turns"]
    told = engage.get(ada.token, "/people/me/disclosures").json()["disclosures"]

    assert [t["fields"]["input"] for t in turns] == ["How do I sign in?"]
    assert "quill" not in str(turns).casefold()
    assert [(d["party"], d["data"]) for d in told if "conversation" in d["data"]] == [
        ("member", ["conversation"])
    ]


@pytest.mark.clause("engagesmarter-6.3")
def test_somebody_registers_for_an_organisation_and_a_stranger_does_not_get_in(engage: Deployment) -> None:
    person = engage.person("ada@acme.example")
    person.talk(
        "register",
        {"adult": "18", "first": "Ada", "last": "Quill", "title": "", "mail": person.mail, "tips": "no"},
    )
    person.sign_in()
    page = person.get("/me/organisation")
    made = person.post("/me/organisation", {"name": "Acme Ltd"}, "/me/organisation")
    person.post("/me/organisation/invite", {"email": "ben@acme.example"}, "/me/organisation")
    ticket = LINK.findall(engage.mails("ben@acme.example")[-1].text)[0]
    zoe, ben = user(engage, "zoe@borel.example"), user(engage, "ben@acme.example")
    at_zoe, at_ben = engage.person(zoe.mail), engage.person(ben.mail)
    at_zoe.sign_in()
    at_ben.sign_in()
    stranger = at_zoe.post(f"/join/{ticket}", {}, f"/join/{ticket}")
    colleague = at_ben.post(f"/join/{ticket}", {}, f"/join/{ticket}")
    again = engage.post("front-job", "/people", {"who": {"kind": "email", "value": person.mail}, "new": True})

    assert "You are in none yet" in page.text
    assert "Acme Ltd" in made.text
    assert stranger.status_code == 403
    assert "You are 2 people here" in colleague.text
    assert again.status_code == 409


def test_the_pages_show_a_colleagues_words_and_the_author_sees_that_they_were_read(
    engage: Deployment,
) -> None:
    ada, ben, _ = colleagues(engage)
    number = says(ada, "How do I sign in?")
    at_ben, at_ada = engage.person(ben.mail), engage.person(ada.mail)
    at_ben.sign_in()
    at_ada.sign_in()
    listing = at_ben.get("/me/organisation").text
    words = at_ben.get(f"/me/organisation/{number}")
    seen = at_ada.get("/a/helpdesk").text

    assert f"/me/organisation/{number}" in listing
    assert "Ada Quill" in listing
    assert "How do I sign in?" in words.text
    assert "Who has read it" in seen
    assert "Somebody of your organisation" in seen


@pytest.mark.clause("engagesmarter-6.4")
def test_a_text_that_is_put_in_is_masked_first_and_opens_to_colleagues_alone(engage: Deployment) -> None:
    ada, ben, zoe = colleagues(engage)
    text = "Ask ben@acme.example, or ring 020 7946 0958."
    put = engage.post(ada.token, "/people/me/uploads", {"name": "faq.txt", "text": text})
    number = put.json()["number"]
    by_ben, by_zoe = opened(ben, number), opened(zoe, number)
    page = engage.person(ada.mail)
    page.sign_in()
    told = page.post("/me/organisation/text", {"name": "b.txt", "text": text}, "/me/organisation").text
    empty = engage.post(ada.token, "/people/me/uploads", {"name": "faq.txt", "text": " "})

    assert put.status_code == 201
    assert put.json()["masked"] == {"EMAIL": 1, "PHONE": 1}
    assert by_ben.json()["turns"][0]["fields"]["upload"] == "Ask [EMAIL_1], or ring [PHONE_1]."
    assert by_zoe.status_code == 404
    assert "1 × an e-mail address" in told
    assert empty.status_code == 422
    assert engage.on_disk("ben@acme.example, or ring") == []
