"""How people come to a conversation, and for what the company may use what they say: sections 1 and 2."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qr
from deployment import Deployment, Person
from live import live

FORKED = """---
title: Tea or not
language: en
---
Three questions.

## first
How are you?
ask taste.food text optional for learn

## drink
What do you drink?
ask taste.drink choice for learn
- tea: Tea -> leaves
- coffee: Coffee -> beans

## leaves
Which leaves do you like?
ask taste.other text optional for learn
-> mail

## beans
Which beans do you like?
ask taste.other text optional for learn

## mail
Where may we send it?
ask contact.email email for credit

## cup
Here it is.
reward summer-coffee 1 "One coffee, hot or iced" for credit

## bye
Goodbye.
end
"""
PLACED = """
[placements.havnavisen-top]
publisher = "Havnavisen"
flow = "summer"
until = "2025-03-10"
"""


def more(*texts: tuple[str, str]) -> Callable[[Path], None]:
    """Return a change that appends text to files of the folder, or makes them."""

    def edit(folder: Path) -> None:
        for name, text in texts:
            path = folder / name
            path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")

    return edit


def walked(mail: str, news: Any = "no", **others: Any) -> dict[str, Any]:
    """Return the answers of somebody who goes through the summer conversation."""
    last = ("yes", {"years": "18"}) if news == "yes" else news
    return {"hello": "tea", "travel": "sea", "gender": "", "mail": mail, "coffee": "", "news": last, **others}


def channels(smoc: Deployment, who: str = "kaffe-key") -> dict[str, int]:
    """Return what the client's report says: visits of the summer conversation by channel."""
    counts = smoc.get(who, "/visits").json()["counts"]
    return {c["dims"]["channel"]: c["count"] for c in counts if c["dims"]["flow"] == "summer"}


def tag_of(smoc: Deployment, mail: str) -> str:
    found = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": mail})
    assert found.status_code == 200, found.text
    return str(found.json()["tag"])


def clause(answer: Any) -> str:
    """Return the clause that a no names; fail when the answer is a yes."""
    assert answer.status_code == 403, answer.text
    return str(answer.json()["clause"])


@pytest.mark.clause("smoc-1.1")
def test_a_conversation_wears_its_clients_brand_and_is_nobody_elses_to_list(smoc: Deployment) -> None:
    page = smoc.web.get("/smoc/f/summer").text
    colours = smoc.web.get("/smoc/look/bryggen-kaffe.css").text
    links = [re.sub(r"<[^>]+>", "", t) for t in re.findall(r'<a href="/smoc/privacy">.*?</a>', page)]
    own = smoc.get("kaffe-key", "/clients/bryggen-kaffe/flows")
    other = smoc.get("lysverk-client-key", "/clients/bryggen-kaffe/flows")
    theirs = smoc.get("lysverk-client-key", "/flows")

    assert re.search(r'class="brand"><span class="mark"[^>]*>☕</span>Bryggen Kaffe<', page)
    assert "bryggen-kaffe.css" in page
    assert colours != smoc.web.get("/smoc/look/lysverk.css").text
    assert any("Bryggen Kaffe" in text and "SMOC.AI" in text for text in links)
    assert [f["name"] for f in own.json()["flows"]] == ["icy", "summer"]
    assert clause(other)
    assert theirs.json()["flows"] == []


@pytest.mark.clause("smoc-1.2")
def test_an_answer_branches_the_way_back_keeps_it_and_a_draft_is_not_there(
    deploy: Callable[..., Deployment],
) -> None:
    draft = FORKED.replace("language: en\n", "language: en\ndraft: true\n")
    smoc = deploy("smoc", edit=more(("flows/forked.md", FORKED), ("flows/hidden.md", draft)))
    person = smoc.person()
    at = person.talk("forked", {"first": "Fine", "drink": "tea"})
    secret = re.findall(r'name="csrf" value="([^"]+)"', at.text)[0]
    back = person.web.post("/smoc/f/forked/back", data={"step": "leaves", "csrf": secret})
    end = person.talk(
        "forked", {"first": "Fine", "drink": "tea", "leaves": "Assam", "mail": person.mail, "cup": ""}
    )
    begun = smoc.post("", "/flows/forked/talk", {}).json()
    by_api = [
        smoc.post(begun["token"], "/flows/forked/talk/answer", {"step": step, "answer": answer}).json()
        for step, answer in (("first", ""), ("drink", "tea"))
    ]
    kept = smoc.post(begun["token"], "/flows/forked/talk/back", {"step": "leaves"}).json()

    assert "Which leaves do you like?" in at.text
    assert "Which beans" not in at.text
    assert "What do you drink?" in back.text
    assert re.search(r'value="tea">Tea<span class="skip"> \(your answer\)', back.text)
    assert "One coffee, hot or iced" in end.text
    assert by_api[-1]["step"] == "leaves"
    assert (kept["step"], kept["answer"]) == ("drink", "tea")
    assert smoc.web.get("/smoc/f/hidden").status_code == 404
    assert smoc.post("", "/flows/hidden/talk", {}).status_code == 404


@pytest.mark.clause("smoc-1.3")
def test_five_ways_lead_to_the_same_conversation_and_each_is_counted_by_its_kind(smoc: Deployment) -> None:
    mail = smoc.post("kaffe-key", "/flows/summer/links", {"channel": "email"}).json()["url"]
    ad = smoc.post("kaffe-key", "/flows/summer/links", {"channel": "ad", "campaign": "spring"}).json()["url"]
    ways = [
        ("/smoc/f/summer", ""),
        ("/smoc/f/summer", "https://www.google.com/"),
        (mail, "https://mail.example/"),
        ("/smoc/f/summer", "https://www.facebook.com/"),
        (ad, "https://havnavisen.example/"),
    ]
    answers = [
        smoc.client().get(url, headers={"referer": referrer} if referrer else {}) for url, referrer in ways
    ]
    told = channels(smoc)
    followed = [
        smoc.post("kaffe-key", "/flows/summer/links", {"channel": "ad", "template": template})
        for template in (
            "https://service.example/smoc/f/summer?via=ad&uid={user_id}",
            "https://service.example/smoc/f/summer?via=ad&campaign=4711002233",
        )
    ]
    fine = "https://service.example/smoc/f/summer?via=ad&campaign={campaign}"

    assert [a.status_code for a in answers] == [200] * 5
    assert all("A summer with Bryggen Kaffe" in a.text for a in answers)
    assert all("set-cookie" not in a.headers for a in answers)
    assert told == {"direct": 1, "search": 1, "email": 1, "social": 1, "ad": 1}
    assert [f.status_code for f in followed] == [422, 422]
    assert followed[0].json()["fields"] == ["template"]
    assert followed[0].json()["clause"]
    assert smoc.post("kaffe-key", "/flows/summer/links", {"template": fine}).status_code == 200
    assert clause(smoc.post("lysverk-client-key", "/flows/summer/links", {}))


@pytest.mark.clause("smoc-1.4")
def test_a_qr_code_holds_the_link_and_a_campaign_and_nothing_of_anybody(smoc: Deployment) -> None:
    links = smoc.post("kaffe-key", "/flows/summer/links", {"channel": "qr", "campaign": "poster"}).json()
    svg, png = smoc.web.get(links["svg"]), smoc.web.get(links["png"])
    payload = "https://service.example/smoc/f/summer?via=qr&campaign=poster"
    opened = smoc.client().get(qr.read(qr.of_svg(svg.text)))
    personal = [
        smoc.web.get("/smoc/qr/summer.svg", params={"campaign": "kari@example.no"}),
        smoc.web.get("/smoc/qr/summer.svg", params={"email": "kari@example.no"}),
    ]

    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert png.headers["content-type"] == "image/png"
    assert qr.read(qr.of_svg(svg.text)) == payload
    assert qr.read(qr.of_png(png.content)) == payload
    assert opened.status_code == 200
    assert channels(smoc) == {"qr": 1}
    assert [p.status_code for p in personal] == [400, 400]
    assert all("<svg" not in p.text for p in personal)


@pytest.mark.browser
@pytest.mark.clause("smoc-1.5")
def test_a_registered_page_shows_the_conversation_and_another_page_shows_and_counts_nothing(
    smoc: Deployment,
) -> None:
    # The page stands on the public web and the service on this machine: a browser would ask its user first.
    with live(smoc, "--disable-features=LocalNetworkAccessChecks") as (base, browser):
        page = browser.new_page()
        line = f'<script src="{base}/smoc/embed.js" data-flow="summer" data-title="Summer"></script>'
        host = f"<!doctype html><title>Kaffe</title><h1>Kaffe</h1>{line}"
        for origin in ("https://kaffe.example", "https://other.example"):
            page.route(f"{origin}/**", lambda route: route.fulfill(body=host, content_type="text/html"))

        def visit(origin: str, referer: str) -> Any:
            page.goto(f"{origin}/menu", referer=referer)
            return page.frame_locator("iframe[title=Summer]")

        frame = visit("https://kaffe.example", "https://www.google.com/")
        frame.get_by_role("button", name="Start").click()
        frame.get_by_role("button", name="Tea").click()
        shown = frame.get_by_role("log").inner_text()
        boxed = page.locator("iframe").get_attribute("sandbox")
        counted = channels(smoc)
        elsewhere = visit("https://other.example", "https://www.google.com/")
        page.wait_for_timeout(400)
        started = elsewhere.get_by_role("button", name="Start").count()

    assert "And where does your summer go?" in shown
    assert boxed is not None
    assert "allow-same-origin" not in boxed
    assert counted == {"search": 1}
    assert started == 0
    assert channels(smoc) == {"search": 1}


@pytest.mark.clause("smoc-1.6")
def test_a_banners_click_is_counted_under_its_placement_without_what_the_network_added(
    deploy: Callable[..., Deployment], caplog: pytest.LogCaptureFixture
) -> None:
    smoc = deploy("smoc", edit=more(("site.toml", PLACED)))
    caplog.set_level(logging.DEBUG)
    person = smoc.person()
    page = person.web.get("/smoc/go/havnavisen-top?gclid=abcKlikk4711")
    person.talk("summer", walked(person.mail), campaign="havnavisen-top")
    clicks = smoc.get("kaffe-key", "/counters/clicks").json()["counts"]
    held = smoc.get(person.token, "/people/me/records").text
    smoc.at("2025-03-10T09:00+01:00")
    ended = person.web.get("/smoc/go/havnavisen-top?gclid=abcKlikk4711")
    after = smoc.get("kaffe-key", "/counters/clicks").json()["counts"]
    others = smoc.get("lysverk-client-key", "/counters/clicks").json()["counts"]
    ours = [r for r in caplog.records if not r.name.startswith("httpx")]  # the test's own browser logs, too

    assert page.status_code == 200
    assert "A summer with Bryggen Kaffe" in page.text
    assert "abcKlikk4711" not in str(page.url) + page.text
    assert [(c["dims"]["placement"], c["count"]) for c in clicks] == [("havnavisen-top", 1)]
    assert "campaign=havnavisen-top" in held
    assert "abcKlikk" not in held
    assert [r.getMessage() for r in ours if "abcKlikk" in r.getMessage()] == []
    assert smoc.on_disk("abcKlikk4711") == []
    assert ended.status_code == 410
    assert "closed" in ended.text
    assert after == clicks
    assert others == []


def willing(smoc: Deployment, mail: str) -> Person:
    """Somebody who said yes to Bryggen Kaffe and proved that the address is theirs."""
    person = smoc.person(mail)
    assert person.talk("summer", walked(mail, "yes")).status_code == 200
    person.sign_in()
    return person


def sent(smoc: Deployment, subject: str) -> list[Any]:
    return [m for m in smoc.mails() if m.subject == subject]


SEND = {"subject": "Something warm", "text": "Come by."}


@pytest.mark.clause("smoc-2.1")
def test_a_client_is_worked_for_as_it_instructed_and_by_no_older_version(
    deploy: Callable[..., Deployment],
) -> None:
    def narrow(folder: Path) -> None:
        path = folder / "parties.toml"
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"purposes = \[[^\]]*\]", 'purposes = ["credit", "help"]', text), "utf-8")

    smoc = deploy("smoc", edit=narrow)
    willing(smoc, "kari@example.no")
    first = smoc.post("kaffe-key", "/campaigns", SEND)
    staff = smoc.post("stine-steward", "/campaigns", {**SEND, "member": "bryggen-kaffe"})
    before = smoc.get("kaffe-key", "/instructions").json()
    other = smoc.post("lysverk-client-key", "/instructions", {"purposes": ["news"]})
    still = smoc.post("kaffe-key", "/campaigns", SEND)
    signed = smoc.post("kaffe-key", "/instructions", {"purposes": ["credit", "help", "news"]})
    smoc.company.close()
    smoc.open()
    second = smoc.post("kaffe-key", "/campaigns", SEND)
    smoc.post("kaffe-key", f"/campaigns/{second.json()['number']}/send", None)
    told = smoc.get("stine-steward", "/evidence/entries").json()["entries"]

    assert clause(first)
    assert first.json()["missing"] == ["fact instructed(bryggen-kaffe)"]
    assert clause(staff)
    assert (before["version"], before["purposes"]) == (1, ["credit", "help"])
    assert other.status_code == 201
    assert clause(still)
    assert signed.json()["version"] == 2
    assert (second.status_code, second.json()["version"]) == (201, 2)
    assert [m.to for m in smoc.mails() if m.subject == SEND["subject"]] == ["kari@example.no"]
    assert [(e["detail"]["member"], e["detail"]["version"]) for e in told if e["kind"] == "instructed"] == [
        ("lysverk", 2),
        ("bryggen-kaffe", 2),
    ]


@pytest.mark.clause("smoc-2.4")
def test_one_message_leaves_to_the_one_who_agreed_and_one_post_stops_the_next(smoc: Deployment) -> None:
    willing(smoc, "kari@example.no")
    smoc.person("ola@example.no").talk("summer", walked("ola@example.no"))
    left = willing(smoc, "per@example.no")
    smoc.at("2025-03-03T12:00+01:00")
    smoc.post(left.token, "/people/me/consents", {"name": "news(bryggen-kaffe)", "given": False})

    def campaign() -> list[Any]:
        before = len(sent(smoc, SEND["subject"]))
        planned = smoc.post("kaffe-key", "/campaigns", SEND).json()
        smoc.post("kaffe-key", f"/campaigns/{planned['number']}/send", None)
        smoc.post("kaffe-key", f"/campaigns/{planned['number']}/send", None)
        return sent(smoc, SEND["subject"])[before:]

    smoc.at("2025-03-04T12:00+01:00")
    first = campaign()
    headers = dict(first[0].headers())
    way = headers["List-Unsubscribe"].strip("<>")
    queued = smoc.post("kaffe-key", "/campaigns", SEND).json()["number"]
    looked = smoc.client().get(way)
    again = campaign()
    forged = smoc.client().post(way[:-4] + "0000", data={"List-Unsubscribe": "One-Click"})
    stopped = smoc.client().post(way, data={"List-Unsubscribe": "One-Click"})
    smoc.at("2025-03-04T12:00:05+01:00")
    mails = len(sent(smoc, SEND["subject"]))
    smoc.post("kaffe-key", f"/campaigns/{queued}/send", None)
    late = sent(smoc, SEND["subject"])[mails:]

    assert [m.to for m in first] == ["kari@example.no"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert way.startswith("https://service.example/smoc/stop/news/bryggen-kaffe/")
    assert way in first[0].text
    assert looked.status_code == 200
    assert [m.to for m in again] == ["kari@example.no"]
    assert forged.status_code == 404
    assert stopped.status_code == 200
    assert late == []
    assert campaign() == []


@pytest.mark.clause("smoc-2.5")
def test_support_sees_who_asked_while_the_case_is_open_and_nobody_else(smoc: Deployment) -> None:
    kari = smoc.person("kari@example.no")
    kari.talk("summer", walked(kari.mail))
    smoc.person("ola@example.no").talk("summer", walked("ola@example.no"))
    kari.sign_in()
    form = kari.get("/contact").text
    before = tag_of(smoc, kari.mail)

    def look(tag: str, data: str) -> Any:
        return smoc.get("siri-support", f"/people/{tag}/records", data=data, purpose="help", reason="case")

    early = look(before, "contact")
    kari.post("/contact", {"email": kari.mail, "text": "My coffee is missing."})
    case = smoc.get("siri-support", "/requests").json()["requests"][0]
    seen = {data: look(case["tag"], data).json()["records"] for data in ("contact", "reward", "cases")}
    taste, visit = look(case["tag"], "taste"), look(case["tag"], "visit")
    ola = look(tag_of(smoc, "ola@example.no"), "contact")
    answer = {"outcome": "granted", "text": "Here it is."}
    closed = smoc.post("siri-support", f"/people/{case['tag']}/requests/{case['number']}/answer", answer)
    after = look(case["tag"], "contact")

    assert 'value="kari@example.no"' in form
    assert clause(early)
    assert [r["fields"]["email"] for r in seen["contact"]] == ["kari@example.no"]
    assert "summer/summer-coffee" in [r["fields"].get("key") for r in seen["reward"]]
    assert [r["fields"]["question"] for r in seen["cases"]] == ["My coffee is missing."]
    assert [taste.status_code, visit.status_code] == [403, 403]
    assert clause(ola)
    assert closed.status_code == 200
    assert clause(after)


@pytest.mark.clause("smoc-2.11")
def test_an_application_is_the_recruiters_alone_and_gone_six_months_after_the_no(smoc: Deployment) -> None:
    smoc.at("2025-01-20T10:00+01:00")
    letter, cv = "Dear all, I brew and I code.", "2019 barista, 2023 engineer"
    nils = {"email": "nils@example.no", "name": "Nils", "letter": letter, "cv": cv}
    sent = smoc.person().post("/jobs", nils)
    who = {"kind": "email", "value": "nils@example.no"}
    found = smoc.post("rita-recruiter", "/people/find", who)
    tag = found.json()["tag"]
    read = smoc.get(
        "rita-recruiter", f"/people/{tag}/records", data="application", purpose="hiring", reason="round 1"
    )
    sold = smoc.post("selma-seller", "/people/find", who)
    peeked = smoc.get(
        "selma-seller", f"/people/{tag}/records", data="application", purpose="sales", reason="x"
    )
    used = smoc.get("site-job", f"/people/{tag}/records", data="application", purpose="newsletter")
    lead = {
        "data": "lead",
        "purpose": "newsletter",
        "source": "person",
        "fields": {"email": "nils@example.no"},
    }
    added = smoc.post("site-job", f"/people/{tag}/records", lead)
    smoc.at("2025-02-14T10:00+01:00")
    declined = smoc.post("rita-recruiter", f"/people/{tag}/events", {"name": "decision"})
    smoc.at("2025-08-14T23:59+02:00")
    eve = smoc.get(
        "rita-recruiter", f"/people/{tag}/records", data="application", purpose="hiring", reason="late look"
    )
    smoc.at("2025-08-15T00:00+02:00")
    gone = smoc.get(
        "rita-recruiter", f"/people/{tag}/records", data="application", purpose="hiring", reason="too late"
    )
    smoc.sweep()

    assert sent.status_code == 200
    assert read.json()["records"][0]["fields"] == nils
    assert sold.status_code == 404
    assert clause(peeked)
    assert clause(used)
    assert clause(added)
    assert declined.status_code == 200
    assert eve.json()["records"][0]["fields"]["cv"] == cv
    assert gone.status_code in (200, 404)
    assert gone.json().get("records", []) == []
    assert smoc.on_disk(letter) == []
    assert smoc.post("rita-recruiter", "/people/find", who).status_code == 404


@pytest.mark.clause("smoc-2.12")
def test_what_no_purpose_of_the_list_asks_for_is_refused_and_stands_in_the_log(smoc: Deployment) -> None:
    smoc.person("kari@example.no").talk("summer", walked("kari@example.no"))
    tag = tag_of(smoc, "kari@example.no")
    asked = [smoc.get("ranking-job", "/use", data="taste", purpose=p) for p in ("credit scoring", "")]
    log = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
    wrote = smoc.post(
        "ranking-job",
        f"/people/{tag}/records",
        {"data": "taste", "purpose": "scoring", "fields": {"drink": "tea"}},
    )
    shared = smoc.post(
        "rewards-job", f"/people/{tag}/shares",
        {"data": ["contact.email"], "party": "operator", "member": "lysverk", "purpose": "scoring"},
    )  # fmt: skip
    listed = smoc.get("ranking-job", "/use", data="taste", purpose="learn")
    refusals = [e for e in log if e["kind"] == "refused"]

    assert [clause(a) for a in asked] != ["", ""]
    assert all(a.json()["clause"] for a in asked)
    assert all("rows" not in a.json() for a in asked)
    assert len(refusals) == 2
    assert all(e["detail"]["by"].startswith("job:") and e["at"] and e["clause"] for e in refusals)
    assert clause(wrote)
    assert clause(shared)
    assert len(listed.json()["rows"]) > 0
