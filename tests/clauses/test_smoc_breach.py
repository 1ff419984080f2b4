"""A breach at the first company: its clock, the businesses that hear at once, and its register."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from devices import shown
from lysverk import NO, with_power

WHOLE = {"effects": "Points may be guessed", "measures": "The stay was ended"}


def reported(house: Any) -> Any:
    """Report that what lay here was open last night, of which we are aware since nine."""
    said = {"what": "A copy of the rewards was read", "data": ["reward"], "since": "2025-03-07T00:00:00Z"}
    when = {"aware": "2025-03-07T08:00:00Z", "until": "2025-03-07T07:00:00Z"}
    answer = house.post("stine-steward", "/breaches", {**said, **when})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.clause("smoc-8.7")
def test_a_breach_is_due_at_the_authority_in_72_hours_and_told_to_the_partners_at_once(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power).at("2025-03-06T12:00:00+00:00")
    house.person().talk("power", NO)
    house.person("ola@example.no").talk("summer", {"drink": "tea"})
    house.at("2025-03-07T08:30:00+00:00")
    case = reported(house)
    theirs = [
        d for d in house.get("lysverk-key", "/deliveries").json()["deliveries"] if d["kind"] == "breach"
    ]
    others = house.get("kraft2-key", "/deliveries").json()["deliveries"]
    url = f"/breaches/{case['number']}"
    wider = {"since": "2025-03-07T00:00:00Z", "until": "2025-03-07T07:00:00Z", "data": ["reward", "taste"]}
    more = house.post("stine-steward", f"{url}/scope", wider).json()
    early = house.post("stine-steward", f"{url}/close", {})
    said = {"risk": "unlikely", "reason": "points buy nothing without a sign-in", **WHOLE}
    house.post("stine-steward", f"{url}/assessment", said)
    closed = house.post("stine-steward", f"{url}/close", {}).json()

    assert case["due"] == "2025-03-10T08:00:00Z"
    assert len(case["affected"]) == 1
    assert len(theirs) == 1
    assert {tuple(a["data"]) for a in more["affected"]} == {("reward", "taste")}
    assert [d for d in others if d["kind"] == "breach"] == []
    assert (early.status_code, early.json()["fields"]) == (422, ["risk"])
    assert (closed["what"], closed["effects"], closed["measures"]) == (case["what"], *WHOLE.values())
    assert [s["what"] for s in closed["steps"]] == [
        "opened",
        "parties told",
        "looked again",
        "assessed",
        "closed",
    ]


def test_the_desk_shows_the_clock_takes_each_step_and_posts_it_on_every_page(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power).at("2025-03-06T12:00:00+00:00")
    house.person().talk("power", NO)
    house.at("2025-03-07T08:30:00+00:00")
    stine = desk(house, "stine-steward")
    form = {
        "what": "A copy was read", "aware": "2025-03-07T09:00", "since": "2025-03-07T00:00", "data": "reward",
    }  # fmt: skip
    opened = stine.post("/console/breaches", form, page="/console/breaches")
    page = re.search(r"/console/breaches/b-\w+", str(opened.url))
    assert page, opened.text[:500]
    here = page[0]
    rate = {"step": "assess", "risk": "high", "reason": "names", "advice": "Change it", **WHOLE}
    half = stine.post(here, {**rate, "reason": ""}, page=here)
    stine.post(here, rate, page=here)
    more = {"step": "scope", "since": "2025-03-01T00:00", "until": "2025-03-07T09:00", "data": "contact"}
    again = stine.post(here, more, page=here)
    told = stine.post(here, {"step": "people"}, page=here)
    posted = stine.post(here, {"step": "post"}, page=here)
    front = house.person().get("/privacy").text
    public = house.person().get("/breach/" + here.rpartition("/")[2])
    kari = house.person()
    kari.sign_in()
    siri = desk(house, "siri-support").get("/console/breaches")

    assert "71 hours left" in opened.text
    assert half.status_code == 400
    assert "looked again" in again.text
    assert "1 were told" in told.text
    assert "A breach that touches your data" in [m.subject for m in house.mails("kari@example.no")]
    assert posted.status_code == 200
    assert "/breach/b-" in front
    assert "Points may be guessed" in public.text
    assert "A breach that touches your data" in kari.get("/me").text
    assert siri.status_code == 403


def desk(house: Any, key: str) -> Any:
    """Sign a member of staff in on the console by both factors."""
    who = house.person(key)
    who.web.post(f"{who.base}/console/signin", data={"code": key, "second": shown(house.now)})
    return who


def test_the_register_is_kept_from_the_command_line_as_well(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power, root_key=None, now=datetime.now(UTC) - timedelta(hours=1))
    house.person().talk("power", NO)
    house.company.close()
    words, by = (str(house.home), "--store", str(house.store)), ("--by", "stine")
    begun = ("--what", "a disk was lost", "--since", "2025-03-01T09:00", "--data", "reward")
    _, opened, said = house.cli("breach", "report", words[0], *begun, *by, *words[1:])
    number = opened.split()[0]
    early, _, why = house.cli("breach", "close", words[0], number, *by, *words[1:])
    house.cli(
        "breach", "rate", words[0], number, "unlikely", "--reason", "it was sealed", *by, *words[1:],
        "--effects", "none", "--measures", "the key was changed",
    )  # fmt: skip
    done, closed, _ = house.cli("breach", "close", words[0], number, *by, *words[1:])

    assert "1 people" in opened, said
    assert early == 2
    assert "risk" in why
    assert (done, "closed" in closed) == (0, True)
    assert number in house.cli("breach", "list", *words)[1]


def test_a_delay_names_its_request_and_its_end_and_the_messages_leave_by_themselves(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power).at("2025-03-07T06:30:00+00:00")
    house.person().talk("power", NO)
    house.at("2025-03-07T08:30:00+00:00")
    case = reported(house)
    url = f"/breaches/{case['number']}"
    said = {"risk": "high", "reason": "names", **WHOLE}
    house.post("stine-steward", f"{url}/assessment", said)
    until = "2025-03-20T00:00:00Z"
    bare = house.post("stine-steward", f"{url}/hold", {"reference": "", "until": until})
    past = house.post("stine-steward", f"{url}/hold", {"reference": "H-1", "until": "2025-03-01T00:00:00Z"})
    endless = house.post("stine-steward", f"{url}/hold", {"reference": "H-1"})
    held = house.post("stine-steward", f"{url}/hold", {"reference": "H-1", "until": until}).json()
    early = house.post("stine-steward", f"{url}/notices", {"to": "people"})
    house.at("2025-03-19T23:00:00+00:00").sweep()
    before = told(house)
    house.at("2025-03-20T00:10:00+00:00").sweep()
    house.sweep()

    assert (bare.status_code, past.status_code, endless.status_code) == (422, 422, 422)
    assert (held["held"], held["due"]) == (until, "2025-03-10T08:00:00Z")
    assert early.status_code == 409
    assert (before, told(house)) == (0, 1)


def told(house: Any) -> int:
    return len([m for m in house.mails("kari@example.no") if m.subject == "A breach that touches your data"])
