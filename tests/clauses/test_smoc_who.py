"""Who answers, from where, to whom: the first company's preamble, asked of pages, API and command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from live import live

OWN = {"basis": "contract", "notice": "2025-02-20"}


def edited(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a change of one file of the folder, which must hold the old text."""

    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), "utf-8")

    return edit


def broken(tmp_path: Path, smoc: Deployment, *edits: Callable[[Path], None]) -> tuple[int, str]:
    """Change a copy of the folder and ask the command line to serve it; return the code and what it said."""
    home = tmp_path / "broken" / "smoc"
    shutil.copytree(smoc.home, home)
    for edit in edits:
        edit(home)
    code, out, err = smoc.cli("serve", str(home), "--store", str(tmp_path / "b.db"), "--port", "1")
    return code, out + err


def walked(mail: str, news: str = "no", **more: Any) -> dict[str, Any]:
    """Return the answers of somebody who goes through the summer conversation."""
    last: Any = (news, {"years": "18"}) if news == "yes" else news
    return {"hello": "tea", "travel": "sea", "gender": "", "mail": mail, "coffee": "", "news": last, **more}


@pytest.mark.clause("smoc-0.1")
def test_the_company_says_who_it_is_on_a_page_below_home_and_as_data(
    smoc: Deployment, tmp_path: Path
) -> None:
    home = smoc.web.get("/smoc/").text
    flow = smoc.web.get("/smoc/f/summer").text
    link = re.search(r'<a href="([^"]+)"[^>]*>Privacy</a>', home)
    assert link is not None
    page = smoc.web.get(link[1])
    told = smoc.web.get("/smoc/privacy.json")
    whole = re.sub(r"<[^>]+>", "", page.text)
    nameless = broken(
        tmp_path, smoc, edited("policy.md", 'controller "SMOC.AI AS" in NO', 'controller "" in NO')
    )

    assert page.status_code == 200
    assert "SMOC.AI AS" in whole
    assert "923 403 418" in whole
    assert [(c["name"], c["registered"]) for c in told.json()["controllers"]] == [
        ("SMOC.AI AS", "923 403 418")
    ]
    assert f'href="{link[1]}"' in flow
    assert nameless[0] != 0
    assert "name is missing" in nameless[1]


@pytest.mark.clause("smoc-0.2")
def test_a_sender_that_is_switched_off_neither_writes_nor_shows_from_the_next_second(
    deploy: Callable[..., Deployment],
) -> None:
    def both(folder: Path) -> None:
        edited(
            "flows/summer.md",
            "## bye\n",
            "## lysverk\nAnd Lysverk?\nconsent news(lysverk) optional\n\n## bye\n",
        )(folder)

    smoc = deploy("smoc", edit=both)
    smoc.at("2025-03-01T09:00:00+01:00")
    person = smoc.person("kari@example.no")
    person.talk("summer", walked(person.mail, "yes", lysverk="yes"))
    person.sign_in()
    before = person.get("/me/offers").text
    choices = person.get("/me/choices").text
    planned = {
        member: smoc.post(key, "/campaigns", {"subject": "Spring", "text": f"From {member}"})
        for member, key in (("lysverk", "lysverk-client-key"), ("kaffe", "kaffe-key"))
    }
    tag = smoc.post("mail-job", "/people/find", {"kind": "email", "value": person.mail}).json()["tag"]

    smoc.at("2025-03-01T10:00:00+01:00")
    person.sign_in()
    person.post("/me/sender", {"sender": "lysverk", "channel": "all", "on": "no"}, page="/me/choices")
    smoc.at("2025-03-01T10:00:05+01:00")
    runs = {
        member: smoc.post(
            "lysverk-client-key" if member == "lysverk" else "kaffe-key",
            f"/campaigns/{answer.json()['number']}/send",
            None,
        )
        for member, answer in planned.items()
    }
    again = smoc.post(
        "lysverk-client-key", f"/people/{tag}/consents", {"name": "news(lysverk)", "given": True}
    )
    objected = smoc.post(
        "lysverk-client-key", f"/people/{tag}/objections", {"purpose": "fit(lysverk)", "given": False}
    )
    person.sign_in()
    after = person.get("/me/offers").text
    mails = [m.text for m in smoc.mails(person.mail) if m.subject == "Spring"]

    assert "Lysverk" in choices
    assert "Bryggen Kaffe" in choices
    assert [a.status_code for a in planned.values()] == [201, 201]
    assert [r.status_code for r in runs.values()] == [200, 200]
    assert len(mails) == 1
    assert "From kaffe" in mails[0]
    assert "The first month at Lysverk" in before
    assert "The first month at Lysverk" not in after
    assert "A bun with any cup" in after
    assert [again.status_code, objected.status_code] == [403, 403]
    assert again.json()["clause"]


@pytest.mark.clause("smoc-0.4")
def test_data_come_from_the_person_the_service_or_their_own_provider_and_from_nobody_else(
    smoc: Deployment,
) -> None:
    for n in range(10):
        smoc.person(f"p{n}@example.no").talk("summer", walked(f"p{n}@example.no"))

    def push(*records: tuple[str, str, str]) -> Any:
        rows = [
            {
                "who": {"kind": "email", "value": mail},
                "data": "customer",
                "purpose": "account",
                "fields": {"number": number},
                "source": source,
            }
            for mail, number, source in records
        ]
        return smoc.post("lysverk-key", "/pushes", {"confirmed": OWN, "records": rows})

    def people() -> int:
        entries = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
        return sum(e["kind"] == "began" for e in entries)

    for n in range(10):
        who = {"kind": "email", "value": f"p{n}@example.no"}
        tag = smoc.post("rewards-job", "/people/find", who).json()["tag"]
        smoc.post("rewards-job", f"/people/{tag}/facts", {"name": "dealing", "member": "lysverk"})
    before = people()
    bought = push(*((f"p{n}@example.no", str(n), "data broker X") for n in range(10)))
    held = [
        smoc.get(smoc.token(f"p{n}@example.no"), "/people/me/records", data="customer").json()["records"]
        for n in (0, 9)
    ]
    own = push(("p1@example.no", "77", "own customer, contract 4711"))
    kept = smoc.get(smoc.token("p1@example.no"), "/people/me/records", data="customer").json()["records"]

    assert bought.status_code == 403
    assert bought.json()["clause"]
    assert held == [[], []]
    assert people() == before
    assert own.json()["records"][0]["stored"] is True
    assert [(r["source"], r["fields"]["number"]) for r in kept] == [("operator:lysverk", "77")]


@pytest.mark.browser
@pytest.mark.clause("smoc-0.5")
def test_a_conversation_asks_nothing_of_any_other_host_and_markup_is_not_published(
    deploy: Callable[..., Deployment],
) -> None:
    def spoil(folder: Path) -> None:
        text = (folder / "flows" / "summer.md").read_text("utf-8")
        tag = 'Good to see you! <script src="https://cdn.other.example/x.js"></script>'
        (folder / "flows" / "winter.md").write_text(text.replace("Good to see you!", tag), "utf-8")

    smoc = deploy("smoc", edit=spoil)
    asked: list[str] = []
    with live(smoc) as (base, browser):
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        answer = page.goto(f"{base}/smoc/f/summer?lang=en")
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Tea").click()
        page.get_by_role("button", name="Skip this one").click()
        page.get_by_role("button", name="Skip this one").click()
        page.get_by_label("Your answer").fill("kari@example.no")
        page.get_by_role("button", name="Send").click()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="No", exact=True).click()
        end = page.locator("main").inner_text()
        policy = answer.headers["content-security-policy"]
    code, out, err = smoc.cli("check", str(smoc.home))

    assert "One coffee" in end
    assert len(asked) > 8
    assert [u for u in asked if not u.startswith(base + "/")] == []
    assert "https:" not in policy
    assert "http:" not in policy
    assert not re.search(r"\w\.\w", policy)
    assert code != 0
    assert "'hello' holds markup" in out + err
    assert smoc.web.get("/smoc/f/winter").status_code == 404
    assert smoc.web.get("/smoc/f/summer").status_code == 200


@pytest.mark.clause("smoc-0.6")
def test_a_mail_processor_outside_the_area_keeps_the_service_from_starting(
    smoc: Deployment, deploy: Callable[..., Deployment], tmp_path: Path
) -> None:
    old = 'recipient hubspot "HubSpot Ireland Limited" processor in IE'

    def post(country: str) -> str:
        return f'{old}\nrecipient postman "Northern Post" processor in {country}'

    door = edited("policy.md", "role support", "share contact.email with postman for account\nrole support")
    code, said = broken(tmp_path, smoc, edited("policy.md", old, post("US")), door)
    abroad = broken(tmp_path / "s", smoc, edited("policy.md", "store in NO, IE", "store in US"))
    member = broken(tmp_path / "m", smoc, edited("parties.toml", 'country = "SE"', 'country = "US"'))

    def in_sweden(folder: Path) -> None:
        edited("policy.md", old, post("SE"))(folder)
        door(folder)

    swedish = deploy("smoc", edit=in_sweden)
    told = swedish.web.get("/smoc/privacy.json").json()
    page = swedish.web.get("/smoc/privacy").text

    assert code != 0
    assert re.search(r"'postman' is in US, and contact stays in EEA by §1 ", said)
    assert abroad[0] != 0
    assert "stored in US" in abroad[1]
    assert member[0] != 0
    assert "kraft2" in member[1]
    assert ("Northern Post", "SE") in [
        (r.get("text") or r.get("title"), r.get("country")) for r in told["recipients"]
    ]
    assert "Northern Post" in page


@pytest.mark.clause("smoc-0.7")
def test_the_same_right_has_the_same_day_wherever_its_person_lives(smoc: Deployment) -> None:
    def asked(address: str, mail: str, code: str) -> str:
        person = smoc.person(mail)
        person.web = smoc.client(address)
        person.talk("summer", walked(mail))
        token = smoc.token(mail)
        smoc.post(token, "/people/me/age", {"years": 40})
        smoc.post(token, "/people/me/consents", {"name": "location", "given": True})
        home = smoc.post(
            token,
            "/people/me/records",
            {"data": "location", "purpose": "suit", "fields": {"postcode": code, "street": "1 Main St"}},
        )
        assert home.status_code == 201, home.text
        answer = smoc.post(token, "/people/me/requests", {"right": "access"})
        assert answer.status_code == 201
        return str(answer.json()["due"])

    american = asked("12.144.3.9", "ann@example.com", "NY 10001")
    norwegian = asked("84.210.3.9", "kari@example.no", "0264")

    assert american == norwegian == "2025-04-01T22:00:00Z"


@pytest.mark.clause("smoc-0.8")
def test_a_question_by_mail_or_on_the_page_becomes_a_case_with_one_receipt(
    smoc: Deployment, tmp_path: Path
) -> None:
    smoc.at("2025-03-03T09:00+01:00")
    letter = {"address": "ola@example.no", "text": "Does the coffee come with oat milk?"}
    made = smoc.post("site-job", "/mail", letter)
    cases = smoc.get("stine-steward", "/requests").json()["requests"]
    receipts = smoc.mails("ola@example.no")
    person = smoc.person("eva@example.no")
    form = person.get("/contact").text
    page = person.post("/contact", {"email": person.mail, "text": "And how long?"})
    own = smoc.get(smoc.token("ola@example.no"), "/people/me/records", data="cases").json()["records"]
    masked = broken(tmp_path, smoc, edited("site.toml", "privacy@smoc.example", "[email protected]"))

    assert made.status_code == 200
    assert [(c["number"], c["right"], c["due"]) for c in cases] == [
        (made.json()["number"], "question", made.json()["due"])
    ]
    assert made.json()["due"] == "2025-04-03T22:00:00Z"
    assert len(receipts) == 1
    assert made.json()["number"] in receipts[0].text
    assert "2025-04-03" in receipts[0].text
    assert 'name="text"' in form
    assert len(smoc.mails("eva@example.no")) == 1
    assert re.search(r"case (\d{6}-[0-9a-f]{8})", page.text)
    assert [r["fields"]["question"] for r in own] == [letter["text"]]
    assert masked[0] != 0
    assert "privacy-mail" in masked[1]


def test_the_published_files_stand_where_programs_look_for_them(smoc: Deployment) -> None:
    gpc = smoc.web.get("/.well-known/gpc.json")

    assert json.loads(gpc.text)["gpc"] is True
    assert smoc.web.get("/smoc/privacy.jsonld").headers["content-type"].startswith("application/ld+json")
    assert smoc.web.get("/smoc/privacy.xml").status_code == 404
