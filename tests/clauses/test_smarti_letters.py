"""Letters to the shop's two mailboxes, by a real SMTP connection, and what each sets going."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from deployment import Deployment
from lamp import buys, customer, shop
from letterbox import OPT_OUT, Letterbox, letterbox, sent
from living import Life

STOP, HOME = "contact@domotics.no", "contact@smarti.dev"
LINK = re.compile(r"https://www\.smarti\.dev(/smarti/\S+)")


@pytest.fixture
def house(deploy: Any) -> Deployment:
    return shop(deploy)


@pytest.fixture
def box(house: Deployment) -> Iterator[Letterbox]:
    with letterbox(house) as opened:
        opened.publish("example.com")
        yield opened


def campaigns(life: Life) -> list[int]:
    """Say for mail, phone and post whether marketing may use what is held, as status codes."""
    uses = (("email", "sell-mail"), ("phone", "sell-phone"), ("address", "sell-post"))
    return [life.used("sales-job", data, purpose).status_code for data, purpose in uses]


def links(house: Deployment, to: str) -> list[str]:
    return LINK.findall(house.mails(to)[-1].text)


def reachable(house: Deployment, mail: str = "kari@example.com") -> Life:
    """Begin a customer with an order, and so with an address, and a phone number."""
    her = customer(house, mail)
    buys(her)
    her.tells("phone", "care", phone="+47 22 00 00 00")
    return her


@pytest.mark.clause("smarti-3.16")
def test_the_exact_subject_stops_mail_phone_and_post_at_once_and_is_confirmed_with_a_way_back(
    house: Deployment, box: Letterbox
) -> None:
    her = reachable(house)
    before, count = campaigns(her), len(house.mails(her.mail))
    said = box.post(her.mail, STOP, OPT_OUT)
    house.later(minutes=1)
    after, mails = campaigns(her), house.mails(her.mail)[count:]
    again = box.post(her.mail, STOP, OPT_OUT)
    written = house.mails(her.mail)[count:]
    order = buys(her, "lock")
    undo = links(house, her.mail)
    looked = house.web.get(next(u for u in LINK.findall(mails[0].text)))
    still = campaigns(her)
    undone = house.web.post(LINK.findall(mails[0].text)[0])
    back = campaigns(her)

    assert before == [200, 200, 200]
    assert (said, again) == ("", "")
    assert after == [403, 403, 403]
    assert [m.subject for m in mails] == ["We leave you alone"]
    assert mails[0].answers == "<one@mail.example>"
    assert len(written) == 1  # a second letter is no second confirmation
    assert order.status_code == 201
    assert "Your order" in house.mails(her.mail)[-1].subject
    assert undo
    assert looked.status_code == 200
    assert still == [403, 403, 403]
    assert undone.status_code == 200
    assert back == [200, 200, 200]


@pytest.mark.clause("smarti-3.16")
@pytest.mark.parametrize(
    "subject",
    [
        f"=?utf-8?b?{base64.b64encode(f'  {OPT_OUT}  '.encode()).decode()}?=",
        f"  {OPT_OUT.upper()}   ",
        OPT_OUT.replace(" of ", "  of  "),
    ],
)
def test_the_subject_counts_however_it_is_encoded_spaced_or_capitalised(
    house: Deployment, box: Letterbox, subject: str
) -> None:
    her = reachable(house)
    box.post(her.mail, HOME, subject)

    assert campaigns(her) == [403, 403, 403]


@pytest.mark.clause("smarti-3.16")
@pytest.mark.parametrize("subject", ["Stop it", f"Re: {OPT_OUT}", f"{OPT_OUT}, please"])
def test_another_subject_is_a_question_for_a_person_and_silences_nobody(
    house: Deployment, box: Letterbox, subject: str
) -> None:
    her = reachable(house)
    box.post(her.mail, STOP, subject)
    cases = house.get("otto-officer", "/requests").json()["requests"]

    assert campaigns(her) == [200, 200, 200]
    assert [(c["right"], c["due"]) for c in cases] == [("question", "2024-03-02T23:00:00Z")]
    assert OPT_OUT in house.mails(her.mail)[-1].text


@pytest.mark.clause("smarti-3.16")
def test_an_unknown_sender_is_silenced_and_no_account_begins_and_later_ones_stay_silent(
    house: Deployment, box: Letterbox
) -> None:
    box.post("vic@example.com", STOP, OPT_OUT)
    known = house.post("front-job", "/people/find", {"kind": "email", "value": "vic@example.com"})
    told = house.mails("vic@example.com")[-1].text
    vic = reachable(house, "vic@example.com")
    silent = campaigns(vic)
    vic.agrees("newsletter")

    assert known.status_code == 404
    assert "We know no customer by it" in told
    assert silent == [403, 403, 403]
    assert vic.used("sales-job", "email", "sell-mail").status_code == 200


def test_machines_are_never_answered_and_forgers_are_turned_away(house: Deployment, box: Letterbox) -> None:
    her = reachable(house)
    count = len(house.mails())
    robots: tuple[dict[str, str], ...] = (
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List-Id": "<news.example>"},
    )
    machines = [box.post(her.mail, STOP, OPT_OUT, headers=headers) for headers in robots]
    bounced = box.post(her.mail, STOP, OPT_OUT, envelope="")
    forged = box.post(her.mail, STOP, OPT_OUT, signed=False)
    two = box.deliver(
        sent(her.mail, STOP, OPT_OUT).replace(b"From: ", b"From: vic@example.com, "), her.mail, STOP
    )
    nobody = box.post(her.mail, "sales@smarti.dev", OPT_OUT)
    huge = box.post(her.mail, HOME, "Hello", "x" * 1_100_000)
    bombs = box.deliver(
        b"From: a@example.com\r\nSubject: " + b"=?utf-8?b?////?=" * 9 + b"\r\n\r\n", her.mail, HOME
    )

    assert machines == ["", "", ""]
    assert bounced == ""
    assert forged.startswith("550")
    assert two.startswith("550")
    assert nobody.startswith("550")
    assert huge.startswith("552")
    assert bombs == "" or bombs[0] in "45"
    assert campaigns(her) == [200, 200, 200]
    assert [m.to for m in house.mails()[count:] if m.to != "a@example.com"] == []


def test_a_domain_without_dmarc_is_believed_no_more_than_its_address_and_many_letters_are_put_off(
    house: Deployment, box: Letterbox
) -> None:
    her = reachable(house, "kari@plain.example")
    first = box.post(her.mail, STOP, OPT_OUT, signed=False)
    said = [box.post(her.mail, HOME, "Hello again", "A question", signed=False) for _ in range(12)]

    assert first == ""
    assert campaigns(her) == [403, 403, 403]  # wrongful silence does little harm, and is undone by one press
    assert said[:9] == [""] * 9
    assert said[-1].startswith("450")


@pytest.mark.clause("smarti-4.1", "smarti-4.11")
def test_a_letter_for_the_data_becomes_a_request_and_its_link_gives_the_copy_once_to_the_person(
    house: Deployment, box: Letterbox
) -> None:
    house.at("2024-03-05T10:00:00+01:00")
    her = reachable(house)
    box.post(her.mail, HOME, "My data", "please send me my data")
    mine = house.get("otto-officer", "/requests").json()["requests"]
    acknowledged = house.mails(her.mail)[-1]
    box.publish("elsewhere.example")
    box.post("unknown@elsewhere.example", HOME, "Kari", f"please send me all about {her.mail}")
    asked = house.mails("unknown@elsewhere.example")
    house.at("2024-04-06T10:00:00+02:00")
    late = house.get("otto-officer", "/requests").json()["requests"]

    assert [(c["right"], c["due"], c["channel"]) for c in mine] == [
        ("access", "2024-04-05T22:00:00Z", "mail")
    ]
    assert mine[0]["number"] in acknowledged.text
    assert "Datatilsynet" in acknowledged.text
    assert acknowledged.answers
    assert [m.subject for m in asked] == ["Your request: who are you?"]
    assert "Nordmann" not in asked[0].text
    assert LINK.findall(asked[0].text) == []
    assert [c["answered"] for c in late] == [None]
    assert late[0]["due"] < "2024-04-06T08:00:00Z"


@pytest.mark.clause("smarti-4.11")
def test_the_copy_comes_by_a_link_that_works_once_and_for_seven_days_and_never_as_an_attachment(
    house: Deployment, box: Letterbox
) -> None:
    her = reachable(house)
    box.post(her.mail, HOME, "My data", "please transfer my data, I want to take it along")
    confirm = links(house, her.mail)[0]
    house.web.post(confirm)
    mail = house.mails(her.mail)[-1]
    copy = LINK.findall(mail.text)[0]
    stranger = house.person("ola@example.com").web.get(copy)
    page = house.person(her.mail)
    page.sign_in()
    taken = page.web.post(copy, data={"csrf": page.csrf(copy.removeprefix("/smarti"))})
    again = page.web.get(copy)
    names = zipfile.ZipFile(io.BytesIO(taken.content)).namelist()
    box.post(her.mail, HOME, "My data", "please transfer my data again")
    house.web.post(links(house, her.mail)[0])
    second = links(house, her.mail)[0]
    house.later(days=8)
    page.sign_in()
    late = page.web.get(second)

    assert "attached" not in mail.text
    assert stranger.status_code in (401, 403, 404) or "/signin" in str(stranger.url)
    assert taken.status_code == 200
    assert {"data.json", "data.csv"} & {n.rpartition("/")[2] for n in names}
    assert again.status_code == 410
    assert late.status_code == 410


@pytest.mark.clause("smarti-4.9")
def test_a_no_on_the_page_and_a_no_by_letter_do_the_same_and_the_page_takes_it_back(
    house: Deployment, box: Letterbox
) -> None:
    people = [customer(house, f"one{n}@example.com") for n in range(12)]
    her, ola = people[0], people[1]
    for life in people:
        life.noted("study-job", "activity", "improve", "use", page="hub")

    def counted() -> int:
        return len(house.get("study-job", "/use", data="activity", purpose="improve").json()["rows"])

    all_in = counted()
    page = house.person(her.mail)
    page.sign_in()
    page.post("/me/object", {"purpose": "improve", "given": "yes"}, "/me/choices")
    box.post(ola.mail, HOME, "No", "I object to the study that is to improve your services")
    form = house.web.get(links(house, ola.mail)[0])
    house.web.post(links(house, ola.mail)[0], data={"purpose": "improve"})
    both_out = counted()
    log = house.get("otto-officer", "/evidence/entries").json()["entries"]
    objected = [e["detail"]["purpose"] for e in log if e["kind"] == "objected"]
    page.post("/me/object", {"purpose": "improve", "given": "no"}, "/me/choices")
    again = counted()

    assert all_in == 12
    assert "Improve our services" in form.text
    assert both_out == 10
    assert objected == ["improve", "improve"]
    assert again == 11


def test_a_provider_hands_letters_in_by_the_webhook_and_its_verdict_counts(house: Deployment) -> None:
    her = reachable(house)
    raw = base64.b64encode(sent(her.mail, STOP, OPT_OUT)).decode()
    letter = {"raw": raw, "mailbox": STOP, "returns": her.mail}
    forged = house.post("mail-job", "/letters", {**letter, "dmarc": "fail"})
    before = campaigns(her)
    taken = house.post("mail-job", "/letters", {**letter, "dmarc": "pass"})
    other = house.post("mail-job", "/letters", {**letter, "mailbox": "x@smarti.dev", "dmarc": "pass"})
    broken = house.post("mail-job", "/letters", {**letter, "raw": "%%%", "dmarc": "pass"})
    person = house.post(her.token, "/letters", {**letter, "dmarc": "pass"})

    assert forged.status_code == 409
    assert before == [200, 200, 200]
    assert taken.json() == {"became": "silenced"}
    assert campaigns(her) == [403, 403, 403]
    assert other.status_code == 409
    assert broken.status_code == 422
    assert person.status_code == 403
