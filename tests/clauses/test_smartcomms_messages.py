"""What the third company writes, to whom, of which kind, and how it is stopped."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from comms import PASSWORD, Holder, holder, served
from deployment import Deployment

from troth.carriers import Smtp

BASE = "/smartcomms"


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("fresh")) as made:
        yield made


def mailing(house: Deployment, purpose: str, by: str = "mail-job", **more: Any) -> Any:
    """Prepare a message and hand it over; return the last answer."""
    body = {"purpose": purpose, "subject": "A word", "text": "Something new.", **more}
    body = {k: v for k, v in body.items() if not (more.get("message") and k in ("subject", "text"))}
    made = house.post(by, "/mailings", body)
    if made.status_code != 201:
        return made
    return house.post(by, f"/mailings/{made.json()['number']}/send", {})


def got(life: Holder, subject: str = "A word") -> list[Any]:
    return [m for m in life.mails() if m.subject == subject]


def picks(life: Holder, *topics: str) -> None:
    for topic in topics:
        body = {"data": "interest", "purpose": "news", "fields": {"topic": topic}}
        assert life.post("/records", body).status_code == 201


def objects(life: Holder, *purposes: str) -> None:
    for purpose in purposes:
        assert life.post("/objections", {"purpose": purpose}).status_code == 200


def headers(mail: Any) -> dict[str, str]:
    return dict(mail.headers())


@pytest.mark.clause("smartcomms-2.13", "smartcomms-5.4")
def test_the_kind_of_a_message_comes_from_its_purpose_and_only_what_is_owed_reaches_who_said_no(
    fresh: Deployment,
) -> None:
    ada = holder(fresh, "ada@example.com")
    objects(ada, "updates", "news", "partner-news")
    kinds = [mailing(fresh, p).json()["kind"] for p in ("updates", "news", "partner-news", "notices")]
    subjects = [m for m in got(ada)]
    untyped = fresh.post("mail-job", "/mailings", {"subject": "x", "text": "y"})
    offering = mailing(fresh, "notices", offer=True)
    hidden = mailing(fresh, "notices", text="Your bill.\n\noffer: Half off.")
    one = fresh.post(
        "mail-job",
        f"/people/{ada.tag}/notices",
        {"purpose": "notices", "subject": "Your bill", "text": "offer: Half off."},
    )

    assert kinds == ["marketing", "marketing", "marketing", "service"]
    assert [m.permit.request.purpose for m in subjects] == ["notices"]
    assert "it cannot be switched off" in subjects[0].text
    assert "List-Unsubscribe" not in headers(subjects[0])
    assert [r.status_code for r in (untyped, offering, hidden, one)] == [422] * 4
    assert "5" in offering.json()["clause"]


@pytest.mark.clause("smartcomms-2.9")
def test_marketing_follows_the_interests_that_somebody_ticked_and_none_that_were_guessed(
    fresh: Deployment,
) -> None:
    ada = holder(fresh, "ada@example.com")
    picks(ada, "webinars")
    mailing(fresh, "news", message="webinars")
    mailing(fresh, "news", message="forms")
    ben = holder(fresh, "ben@example.com", "Ben")
    fresh.post(
        "list-job",
        f"/people/{ben.tag}/records",
        {
            "data": "imported",
            "purpose": "records",
            "source": "register",
            "member": "companies-register",
            "fields": {"email": ben.mail, "topic": "webinars"},
        },
    )
    again = mailing(fresh, "news", message="webinars").json()
    code, _, _ = check(fresh, "imported.topic")

    assert len(got(ada, "Two webinars this spring")) == 2
    assert got(ada, "Forms that fill themselves") == []
    assert got(ben, "Two webinars this spring") == []
    assert again["held"] == {"nothing to send": 1}
    assert code == 1


def check(house: Deployment, rule: str) -> tuple[int, str, str]:
    """Write a message that picks by this answer, and let the folder be checked."""
    file = house.home / "messages" / "guessed.md"
    file.write_text(f"---\ntitle: Guessed\npurpose: news\nwords: news\n---\n## a when {rule} webinars\nHi.\n")
    try:
        return house.cli("check", str(house.home))
    finally:
        file.unlink()


@pytest.mark.clause("smartcomms-5.5")
def test_news_reaches_customers_who_did_not_refuse_and_others_who_ticked_the_box(fresh: Deployment) -> None:
    ada = holder(fresh, "ada@example.com")
    ben = holder(fresh, "ben@example.com", "Ben", **{"refuse-news": "yes"})
    vic = fresh.person("vic@example.com")
    vic.talk("webinar", {"occasion": "2024-03-12", "name": "Vic", "mail": vic.mail, "news": "no"})
    first = mailing(fresh, "news").json()
    vic.talk("webinar", {"occasion": "2024-03-12", "name": "Vic", "mail": vic.mail, "news": "yes"})
    asked = [m for m in fresh.mails(vic.mail) if "Is this address yours?" in m.subject]
    fresh.client().post(re.findall(r"https://\S+/confirm/\S+", asked[-1].text)[0])
    second = mailing(fresh, "news", subject="Again").json()

    assert (first["sent"], len(got(ada)), got(ben)) == (1, 1, [])
    assert "List-Unsubscribe" in headers(got(ada)[0])
    assert second["sent"] == 2
    assert [m.to for m in fresh.mails(vic.mail) if m.subject == "Again"] == [vic.mail]


@pytest.mark.clause("smartcomms-2.18", "smartcomms-5.6")
def test_a_partners_offers_come_from_us_name_the_partner_and_reach_who_agreed(fresh: Deployment) -> None:
    ada = holder(fresh, "ada@example.com", **{"agree-partner-news": "yes"})
    ben = holder(fresh, "ben@example.com", "Ben")
    told = mailing(fresh, "partner-news", member="printco").json()
    listed = fresh.get("printco-key", "/use", data="contact", purpose="partner-news")
    asked = fresh.post(
        "printco-key", f"/people/{ada.tag}/shares", {"data": ["contact.email"], "purpose": "pass-on"}
    )

    assert told["sent"] == 1
    assert "with an offer of PrintCo Ltd" in got(ada)[0].text
    assert "SmartComms sent you this" in got(ada)[0].text
    assert got(ada)[0].text.rstrip().splitlines()[-1].startswith("Stop this kind of message")
    assert got(ben) == []
    assert (listed.status_code, asked.status_code) == (403, 403)


@pytest.mark.clause("smartcomms-5.7")
def test_the_last_line_of_each_letter_stops_it_by_one_post_and_looking_changes_nothing(
    fresh: Deployment,
) -> None:
    ada = holder(fresh, "ada@example.com")
    mailing(fresh, "news")
    letter = got(ada)[0]
    link = headers(letter)["List-Unsubscribe"].strip("<>")
    scanner = fresh.client("198.51.100.30").get(link)
    still = mailing(fresh, "news", subject="Still").json()["sent"]
    posted = fresh.client("198.51.100.31").post(link, content="List-Unsubscribe=One-Click")
    after = mailing(fresh, "news", subject="After").json()
    forged = fresh.client().post(link[:-4] + "0000")
    other = mailing(fresh, "updates", subject="Updates").json()["sent"]

    assert letter.text.rstrip().splitlines()[-1].endswith(link)
    assert headers(letter)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (scanner.status_code, still) == (200, 1)
    assert (posted.status_code, after["sent"], after["queued"]) == (200, 0, 0)
    assert forged.status_code == 404
    assert other == 1


def test_a_letter_that_could_carry_no_way_out_is_not_prepared(fresh: Deployment) -> None:
    holder(fresh, "ada@example.com")
    fresh.company = replace(fresh.company, base_url="")
    fresh.web = fresh.client()

    assert mailing(fresh, "news").status_code == 409
    assert mailing(fresh, "notices").status_code == 200


@pytest.mark.clause("smartcomms-4.11")
def test_a_no_between_planning_and_hand_over_counts_and_the_firm_that_mails_gets_no_list(
    fresh: Deployment,
) -> None:
    people = [holder(fresh, f"{n}@example.com") for n in ("ada", "ben", "cy")]
    made = fresh.post(
        "mail-job", "/mailings", {"purpose": "news", "subject": "A word", "text": "New."}
    ).json()
    fresh.later(minutes=5)
    objects(people[0], "news")
    fresh.later(minutes=5)
    sent = fresh.post("mail-job", f"/mailings/{made['number']}/send", {}).json()
    listed = fresh.get("mailco-key", "/use", data="contact", purpose="news")

    assert (made["queued"], sent["sent"]) == (3, 2)
    assert [len(got(p)) for p in people] == [0, 1, 1]
    assert listed.status_code == 403


@pytest.mark.clause("smartcomms-5.2")
def test_who_has_a_service_hears_of_its_change_and_nobody_else(fresh: Deployment) -> None:
    ada, ben = holder(fresh, "ada@example.com"), holder(fresh, "ben@example.com", "Ben")
    objects(ada, "updates", "news")
    fresh.post("cleo-clerk", f"/people/{ada.tag}/facts", {"name": "has-ordered", "member": "documents"})
    told = mailing(fresh, "changes", member="documents", text="On 1 May 2024 Documents changes.").json()

    assert (told["kind"], told["sent"]) == ("service", 1)
    assert "On 1 May 2024" in got(ada)[0].text
    assert got(ben) == []


@pytest.mark.clause("smartcomms-5.3")
def test_bills_security_and_fraud_are_told_at_once_to_the_accounts_address(fresh: Deployment) -> None:
    ada = holder(fresh, "ada@example.com")
    before = len(ada.mails())
    bill = fresh.post(
        "run-job",
        f"/people/{ada.tag}/notices",
        {"purpose": "notices", "subject": "A new bill", "text": "Bill 2024-104 is on your page."},
    )
    wrong = fresh.post(
        "mail-job",
        f"/people/{ada.tag}/notices",
        {"purpose": "news", "subject": "A new bill", "text": "Bill 2024-104."},
    )
    billed = fresh.post(
        "mail-job",
        f"/people/{ada.tag}/notices",
        {"purpose": "notices", "subject": "A new bill", "text": "Bill 2024-104 is on your page."},
    )
    fresh.later(minutes=5)  # or it would be two devices at once, which is told in other words
    other = fresh.client("198.51.100.8")
    other.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:137.0) Gecko/20100101 Firefox/137.0"
    other.post(f"{BASE}/signin/password", data={"email": ada.mail, "password": PASSWORD})
    for n in range(10):
        body = {"email": ada.mail, "password": "not it"}
        fresh.client(f"198.51.100.{n + 40}").post(f"{BASE}/signin/password", data=body)
    told = [m.subject for m in ada.mails()[before:]]

    assert bill.status_code == 403
    assert (wrong.status_code, billed.status_code) == (422, 200)
    assert told == ["A new bill", "A new browser at your account", "Is somebody at your account?"]
    assert all(m.at == fresh.now for m in ada.mails()[before + 1 :])


@pytest.mark.clause("smartcomms-9.3")
def test_a_letter_that_asks_for_no_more_mail_stops_every_kind_and_outlives_the_account(
    fresh: Deployment,
) -> None:
    ada = holder(fresh, "ada@example.com", **{"agree-partner-news": "yes"})
    asked = fresh.post(
        "cara-support", "/mail", {"address": ada.mail, "text": "please no more mail", "right": "object"}
    )
    confirm = re.findall(r"https://\S+/case/\S+", ada.mails()[-1].text)
    fresh.client().post(confirm[0])
    sent = [mailing(fresh, p).json()["sent"] for p in ("updates", "news", "partner-news")]
    billed = mailing(fresh, "notices", subject="Your bill").json()["sent"]
    ada.post("/erasure", {"sure": True})
    again = holder(fresh, "ada@example.com", **{"agree-partner-news": ""})
    later = mailing(fresh, "news", subject="Later").json()["sent"]

    assert asked.status_code == 200
    assert (sent, billed) == ([0, 0, 0], 1)
    assert later == 0
    assert got(again, "Later") == []
    assert fresh.on_disk("ada@example.com") == []


def test_what_somebody_gets_is_chosen_on_a_page_that_needs_no_old_message(fresh: Deployment) -> None:
    ada = holder(fresh, "ada@example.com")
    browser = fresh.client()
    known = browser.post(f"{BASE}/mail", data={"email": ada.mail})
    unknown = browser.post(f"{BASE}/mail", data={"email": "nobody@example.com"})
    link = re.findall(r"https://\S+/mail/\S+", ada.mails()[-1].text)[0]
    page = browser.get(link).text
    browser.post(link, data={"kind-updates": "yes", "topic-webinars": "yes"})
    picked = browser.get(link).text
    sent = {p: mailing(fresh, p).json()["sent"] for p in ("updates", "news")}
    browser.post(link, data={"kind-updates": "yes", "kind-news": "yes", "kind-partner-news": "yes"})
    more = {p: mailing(fresh, p).json()["sent"] for p in ("updates", "news", "partner-news")}
    browser.post(link, data={"kind-updates": "yes", "none": "yes"})
    none = {p: mailing(fresh, p).json()["sent"] for p in ("updates", "news", "partner-news")}

    assert known.text == unknown.text
    assert fresh.mails("nobody@example.com") == []
    assert re.findall(r'name="kind-([\w-]+)" value="yes"( checked)?', page) == [
        ("updates", " checked"),
        ("news", " checked"),
        ("partner-news", ""),
    ]
    assert re.findall(r'name="topic-(\w+)" value="yes" checked', picked) == ["webinars"]
    assert sent == {"updates": 1, "news": 0}
    assert more == {"updates": 1, "news": 1, "partner-news": 1}
    assert none == {"updates": 0, "news": 0, "partner-news": 0}
    assert browser.get(link[:-3] + "000").status_code == 404


def test_marketing_waits_for_an_address_that_sent_a_message_back_and_a_bill_does_not(
    fresh: Deployment,
) -> None:
    ada = holder(fresh, "ada@example.com")
    reported = fresh.post("mailco-key", "/bounces", {"address": ada.mail})
    strange = fresh.post("printco-key", "/bounces", {"address": ada.mail})
    held = mailing(fresh, "news").json()
    billed = mailing(fresh, "notices", subject="Your bill").json()
    ada.browser.sign_in()
    after = mailing(fresh, "news", subject="After").json()

    assert (reported.status_code, strange.status_code) == (200, 403)
    assert (held["sent"], held["held"]) == (0, {"bounced": 1})
    assert (billed["sent"], after["sent"]) == (1, 1)


def test_acting_on_the_header_that_a_real_mail_server_received_stops_the_letters(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with served(tmp_path_factory.mktemp("smtp"), carrier=Smtp("127.0.0.1", port)) as house:
            ada = holder(house, "ada@example.com")
            inbox.taken.clear()
            mailing(house, "news")
            letter = message_from_bytes(inbox.taken[-1], policy=default)
            link = str(letter["List-Unsubscribe"]).strip("<>")
            posted = house.client().post(link, content=str(letter["List-Unsubscribe-Post"]))
            after = mailing(house, "news").json()["sent"]
            billed = mailing(house, "notices").json()["sent"]
    finally:
        server.stop()

    assert letter["To"] == ada.mail
    assert letter["List-Id"] == "<news.smartcomms>"
    assert (posted.status_code, after, billed) == (200, 0, 1)
    assert message_from_bytes(inbox.taken[-1])["List-Unsubscribe"] is None


class Inbox:
    """A mail server's own end: it keeps each message as it came over the wire."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(bytes(envelope.content))
        return "250 OK"
