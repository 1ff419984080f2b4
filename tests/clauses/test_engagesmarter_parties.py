"""Whom the second company's data reach: marketing on a yes, recipients by group, places, and advisers."""

from __future__ import annotations

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
