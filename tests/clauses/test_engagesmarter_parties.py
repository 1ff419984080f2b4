"""Whom the second company's data reach: marketing on a yes, recipients by group, places, and advisers."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, paid, user
from deployment import Asker, Deployment
from living import Life

MORE = (
    Asker(
        "any-job", "job", purposes=("buy", "recover", "six-years", "care", "protect", "others", "news-mail")
    ),
)
ROW = {"data": ["transaction"], "purpose": "buy"}


@pytest.fixture
def house(deploy: Any) -> Deployment:
    """The second company, with a job that may ask to share for most purposes."""
    engage: Deployment = deploy("engagesmarter", askers=(*ENGAGE, *MORE))
    return engage.at("2024-03-10T10:00:00+00:00")


def shares(life: Life, party: str, member: str = "", data: str = "transaction", purpose: str = "buy") -> Any:
    body = {"data": [data], "party": party, "member": member, "purpose": purpose}
    return life.house.post("any-job", f"/people/{life.tag}/shares", body)


def checked(house: Deployment, home: Path, file: str, old: str, new: str) -> tuple[int, str]:
    """Change a copy of the folder; return what the command line says of it."""
    shutil.copytree(house.home, home)
    text = (home / file).read_text("utf-8")
    assert old in text, old
    (home / file).write_text(text.replace(old, new), "utf-8")
    code, out, err = house.cli("check", str(home))
    return code, out + err


def added(party: str, name: str, country: str, **more: str) -> str:
    lines = [f"[[{party}]]", f'name = "{name}"', f'title = "{name}"', f'country = "{country}"']
    return "\n".join([*lines, *(f'{n} = "{v}"' for n, v in more.items()), "", "[[hosting]]"])


Check = Callable[..., tuple[int, str]]


@pytest.fixture
def check(house: Deployment, tmp_path: Path) -> Check:
    made: list[int] = []

    def run(party: str, name: str, country: str, **more: str) -> tuple[int, str]:
        made.append(1)
        home = tmp_path / f"copy{len(made)}"
        return checked(house, home, "parties.toml", "[[hosting]]", added(party, name, country, **more))

    return run


@pytest.mark.clause("engagesmarter-9.6")
def test_mail_and_text_go_each_to_those_who_agreed_to_it_and_paying_is_no_yes(house: Deployment) -> None:
    ada, ben = user(house), user(house, "ben@acme.example")
    paid(ben)
    ada.agrees("extras", "news-mail")
    ada.tells("contact", "register", phone="+44 20 7946 0018")
    by_mail = house.get("offer-job", "/use", data="contact", field="email", purpose="news-mail").json()[
        "rows"
    ]
    by_text = house.get("offer-job", "/use", data="contact", field="phone", purpose="news-text").json()[
        "rows"
    ]
    page = house.person(ada.mail).get("/f/register").text

    assert [r["fields"] for r in by_mail] == [{"email": ada.mail}]
    assert by_text == []
    assert ben.used("offer-job", "contact", "news-mail", field="email").status_code == 403
    assert "checked" not in page


@pytest.mark.clause("engagesmarter-9.8")
def test_an_address_goes_to_the_company_that_was_named_and_a_stop_follows_the_no(house: Deployment) -> None:
    ada = user(house)
    ada.agrees("news-mail")
    own = shares(ada, "partner", "adco", "contact.email", "others")
    ada.agrees("others(adco)")
    named = shares(ada, "partner", "adco", "contact.email", "others")
    other = shares(ada, "partner", "otherco", "contact.email", "others")
    ada.agrees("others(adco)", given=False)
    after = shares(ada, "partner", "adco", "contact.email", "others")
    heard = house.get("adco-key", "/deliveries").json()["deliveries"]

    assert [own.status_code, other.status_code, after.status_code] == [403, 403, 403]
    assert named.status_code in (200, 201)
    assert [d["kind"] for d in heard] == ["share", "stop"]
    assert house.get("otherco-key", "/deliveries").json()["deliveries"] == []


@pytest.mark.clause("engagesmarter-11.1")
def test_advisers_who_decide_for_themselves_are_asked_for_by_a_question_of_their_own(
    house: Deployment,
) -> None:
    ada = user(house)
    paid(ada)
    house.post("otto-officer", f"/people/{ada.tag}/facts", {"name": "matter-open"})
    house.later(minutes=1).post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})
    without = shares(ada, "adviser", "portia-law")
    processor = shares(ada, "helper", "ledger-and-sons")
    ada.agrees("advisers")
    with_yes = shares(ada, "adviser", "portia-law")
    act = next(
        a for a in house.get(ada.token, "/people/me/consents").json()["history"] if a["name"] == "advisers"
    )

    assert without.status_code == 403
    assert "consent advisers" in without.json()["missing"]
    assert processor.status_code in (200, 201)
    assert with_yes.status_code in (200, 201)
    assert act["text"] == "May advisers who decide for themselves see your invoices?"
    assert act["version"] == "2024-03-03"


@pytest.mark.clause("engagesmarter-11.2")
def test_what_is_shared_serves_its_row_and_no_other(house: Deployment) -> None:
    ada = user(house)
    paid(ada)
    house.post("otto-officer", f"/people/{ada.tag}/facts", {"name": "matter-open"})
    house.later(minutes=1).post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})

    invoice = shares(ada, "helper", "ledger-and-sons")
    usage = shares(ada, "helper", "ledger-and-sons", "usage")
    study = shares(ada, "helper", "ledger-and-sons", "transaction", "market-study")

    assert invoice.status_code in (200, 201)
    assert usage.status_code == 403
    assert study.status_code == 403


@pytest.mark.clause("engagesmarter-11.3")
def test_a_recipient_belongs_to_a_group_of_the_document_and_is_registered_by_name(
    house: Deployment, check: Check
) -> None:
    ada = user(house)
    paid(ada)
    house.post("otto-officer", f"/people/{ada.tag}/facts", {"name": "matter-open"})
    house.later(minutes=1).post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})
    known = check("helper", "lawco", "GB", profession="lawyers")
    broker = check("broker", "brokerco", "GB")
    stranger = shares(ada, "helper", "brokerco")

    assert known[0] == 0, known[1]
    assert broker[0] != 0
    assert "broker" in broker[1]
    assert stranger.status_code in (403, 422)


@pytest.mark.clause("engagesmarter-12.1")
def test_nothing_leaves_the_uk_and_the_eea_whatever_safeguard_there_is_and_she_reads_from_anywhere(
    house: Deployment, check: Check, tmp_path: Path
) -> None:
    abroad = check("model", "modelco", "US", training="none", safeguard="standard clauses")
    region = checked(house, tmp_path / "region", "policy.md", "store in GB\n", "store in US\n")
    near = [check("payments-eea", f"pay{c.lower()}", c)[0] for c in ("IE", "NO")]
    far = [check("payments-eea", f"pay{c.lower()}", c)[0] for c in ("US", "CH", "AU")]
    ada = user(house)
    travelling = house.client("8.8.8.8").get(
        "/engagesmarter/api/v1/people/me", headers={"Authorization": f"Bearer {ada.token}"}
    )

    assert abroad[0] != 0
    assert "US" in abroad[1]
    assert region[0] != 0
    assert near == [0, 0]
    assert all(code != 0 for code in far)
    assert travelling.status_code == 200


@pytest.mark.clause("engagesmarter-17.1")
def test_providers_of_machines_are_in_the_uk_and_get_nothing_for_marketing(
    house: Deployment, check: Check
) -> None:
    ada = user(house)
    home, away = check("hosting", "hostco", "GB"), check("hosting", "hostie", "IE")
    marketing = shares(ada, "hosting", "thames-cloud", "contact.email", "news-mail")

    assert home[0] == 0, home[1]
    assert away[0] != 0
    assert marketing.status_code == 403


@pytest.mark.clause("engagesmarter-17.2")
def test_an_adviser_is_registered_with_profession_and_arrangement_and_sees_one_matter(
    house: Deployment, check: Check
) -> None:
    ada = user(house)
    paid(ada)
    house.later(minutes=1).post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})
    closed = shares(ada, "helper", "ledger-and-sons")
    house.post("otto-officer", f"/people/{ada.tag}/facts", {"name": "matter-open"})
    matter = shares(ada, "helper", "ledger-and-sons")
    words = shares(ada, "helper", "ledger-and-sons", "conversation.input")
    bare = check("adviser", "auditco", "GB", profession="auditors")
    whole = check("adviser", "auditco", "GB", profession="auditors", arrangement="2024-03-01")

    assert closed.status_code == 403
    assert matter.status_code in (200, 201)
    assert words.status_code == 403
    assert bare[0] != 0
    assert "arrangement" in bare[1]
    assert whole[0] == 0, whole[1]


STOP = re.compile(r"https://platform\.engagesmarter\.example(/engagesmarter/stop/\S+)")


def offers(house: Deployment) -> None:
    """Let the partner send an offer to everybody who said yes to it, now."""
    said = {"subject": "A new lamp", "text": "It is bright."}
    made = house.post("adco-key", "/campaigns", said)
    assert made.status_code == 201, made.text
    sent = house.call("adco-key", "POST", f"/campaigns/{made.json()['number']}/send")
    assert sent.status_code == 200, sent.text


@pytest.mark.clause("engagesmarter-9.7")
def test_a_yes_to_offers_is_taken_back_by_mail_on_the_page_and_by_one_press_and_notices_still_come(
    house: Deployment,
) -> None:
    ada, ben, eve = (user(house, f"{n}@acme.example") for n in ("ada", "ben", "eve"))
    for life in (ada, ben, eve):
        life.agrees("others(adco)")
    offers(house)
    link = next(STOP.findall(m.text)[0] for m in house.mails(ada.mail) if m.subject == "A new lamp")
    pressed = house.client().post(link, data={"List-Unsubscribe": "One-Click"})
    house.post("otto-officer", "/mail", {"address": ben.mail, "right": "withdraw", "text": "no more offers"})
    case = "/case/" + house.mails(ben.mail)[-1].text.split("/case/")[1].split()[0]
    by_mail = house.person(ben.mail).post(case, {"sure": "yes"})
    at_eve = house.person(eve.mail)
    at_eve.sign_in()
    at_eve.post("/me/consent", {"consent": "others(adco)", "given": "no"}, "/me/choices")
    before = len([m for m in house.mails() if m.subject == "A new lamp"])
    house.later(minutes=1)
    offers(house)
    after = len([m for m in house.mails() if m.subject == "A new lamp"])
    notice = house.post(
        "otto-officer",
        "/announcements/messages",
        {"purpose": "terms-notice", "subject": "New terms", "text": "They stand on our page."},
    )
    log = house.get("otto-officer", "/evidence/entries").json()["entries"]

    assert pressed.status_code == 200
    assert by_mail.status_code == 200
    assert before == after == 3
    assert notice.json()["people"] == 3
    assert len([e for e in log if e["kind"] == "used" and e["detail"]["purpose"] == "others"]) >= 3


@pytest.mark.clause("engagesmarter-7.1")
def test_a_session_cookie_is_drawn_at_random_tells_two_apart_and_is_nothing_a_reader_gets(
    house: Deployment,
) -> None:
    ada, ben, reader = user(house), user(house, "ben@acme.example"), house.person("nobody@x.example")
    pages = [house.person(life.mail) for life in (ada, ben)]
    for page in pages:
        page.sign_in()
    drawn = [[c.value for c in page.web.cookies.jar if "session" in c.name] for page in pages]
    for path in ("/", "/privacy", "/f/register", "/a/helpdesk", "/rights"):
        reader.get(path)

    assert [len(values) for values in drawn] == [1, 1]
    assert drawn[0] != drawn[1]
    assert all(word not in str(drawn) for word in ("ada", "ben", "Quill", ada.tag, ben.tag))
    assert "ada@acme.example" not in pages[1].get("/me").text
    assert list(reader.web.cookies.jar) == []


@pytest.mark.clause("engagesmarter-18.22")
def test_a_yes_taken_back_ends_what_hung_on_it_and_nothing_else(house: Deployment) -> None:
    ada = user(house)
    ada.agrees("saved-card", "news-mail")
    house.post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})
    asked = {
        "action": "collect",
        "data": "financial",
        "field": "token",
        "purpose": "buy",
        "source": "company",
    }
    given = {"consents": ["saved-card"], "facts": ["buying", "customer"], "age": 34}
    with_yes = house.post("", "/decide", {**asked, "given": given}).json()
    ada.agrees("news-mail", given=False)
    standing = {
        c["name"] for c in house.get(ada.token, "/people/me/consents").json()["consents"] if c["given"]
    }
    ada.agrees("saved-card", given=False)
    one_click = ada.noted("till-job", "financial", "buy", "company", token="t-3")
    typed = ada.noted("till-job", "financial", "buy", "company", last4="1111")
    signed = house.person(ada.mail).sign_in()

    assert with_yes["answer"] == "allowed"
    assert standing == {"saved-card"}
    assert one_click.status_code == 403
    assert "consent saved-card" in one_click.json()["missing"]
    assert typed.status_code == 201
    assert signed.status_code == 200


@pytest.mark.clause("engagesmarter-4.1", "engagesmarter-4.2", "engagesmarter-4.3")
def test_a_link_to_a_partner_says_whose_it_is_and_takes_nobody_along(
    house: Deployment, tmp_path: Path
) -> None:
    ada = user(house)
    page = house.person(ada.mail)
    page.sign_in()
    answer = page.get("/partners")
    away = re.findall(r'href="(https://[^"]+)" rel="([^"]+)"', answer.text)
    own = re.findall(r'<a href="/engagesmarter/privacy"[^>]*>', answer.text)
    guide = 'url = "https://guides.adco.example/prompts"'
    carried = checked(house, tmp_path / "a", "site.toml", guide, f'{guide[:-1]}?who={{user_id}}"')
    bare = checked(
        house, tmp_path / "b", "site.toml", 'policy = "https://news.otherco.example/privacy"\n', ""
    )

    assert [url for url, _ in away] == [
        "https://guides.adco.example/prompts",
        "https://news.otherco.example/join",
        "https://news.otherco.example/privacy",
    ]
    assert {rel for _, rel in away} == {"noreferrer noopener external"}
    assert "guides.adco.example, run by AdCo Ltd" in answer.text
    assert "external" not in str(own)
    assert carried[0] != 0
    assert "would carry along who follows it" in carried[1]
    assert bare[0] != 0
    assert "a form without its policy" in bare[1]
