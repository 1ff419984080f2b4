"""Runtime: a folder becomes a company, or every reason why not is told at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import troth
import troth.terms
from troth.policy import DocumentBroken
from troth.runtime import (
    TABLE,
    Company,
    Exists,
    NoStore,
    Settings,
    WrongSetting,
    found,
    load,
    read_settings,
    settings_page,
    sweeping,
)
from troth.runtime.demo import BadStory, Turning, demo, digest
from troth.runtime.folder import NoFolder
from troth.terms import Action, Allowed, Refused, Request

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def club(tmp_path: Path) -> Path:
    return found(tmp_path / "fjord-club")


@pytest.fixture
def company(club: Path, tmp_path: Path) -> Company:
    return troth.open(club, store=str(tmp_path / "people.db"), clock=lambda: NOW)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_new_company_loads_with_nothing_to_mend(club: Path) -> None:
    loaded = load(club)

    assert [p for p in loaded.problems if p.level != "advice"] == []
    assert loaded.unserved == {}
    assert [
        proof.holds for proof in loaded.proofs if proof.claim.place.path.endswith("fjord-club/policy.md")
    ] == [True]


def test_a_new_company_does_not_overwrite_one(club: Path) -> None:
    with pytest.raises(Exists):
        found(club)


def test_an_open_company_decides_collects_and_publishes(company: Company) -> None:
    gate = company.gate
    person = gate.new_person()
    gate.collect(
        person=person,
        data="contact",
        body={"email": "kari@example.no"},
        purpose="membership",
        source="person",
    )

    assert isinstance(company.decide(action="use", data="contact", purpose="membership"), Allowed)
    assert not company.decide(action="use", data="taste", purpose="suggestions")
    assert [h.data for h in gate.access(person=person).held if ":" not in h.data] == ["contact"]
    assert "How Fjord club treats your data" in company.published["notice.html"]
    assert 'id="s2"' in company.notice
    company.close()


def test_an_open_company_has_an_application_of_its_own(company: Company) -> None:
    assert callable(company.app)
    company.close()


def test_all_that_is_wrong_is_told_at_once(club: Path, tmp_path: Path) -> None:
    change(club / "policy.md", "fact active", "never use contact for membership\nfact active")
    change(club / "policy.md", "[30 days](keep:contact)", "[60 days](keep:contact)")
    (club / "site.toml").write_text("title = ", "utf-8")
    with pytest.raises(DocumentBroken) as told:
        troth.open(club, store=str(tmp_path / "people.db"))

    said = "\n".join(map(str, told.value.problems))
    assert "does not hold" in said
    assert "60 days" in said
    assert "is no TOML" in said
    assert not (tmp_path / "people.db").exists()


def test_a_flow_the_policy_does_not_cover_is_left_out_and_the_rest_is_served(
    club: Path, tmp_path: Path
) -> None:
    change(club / "flows/hello.md", "ask contact.email email for", "ask contact.phone text for")
    company = troth.open(club, store=str(tmp_path / "people.db"), clock=lambda: NOW)
    [problem] = company.problems["hello"]

    assert "contact.phone" in str(problem)
    assert str(problem).startswith(str(club / "flows/hello.md"))
    company.close()


def test_a_folder_without_a_policy_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoFolder, match="troth init"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["policy.md", "site.toml", "flows/hello.md", "examples.md"])
def test_a_file_that_is_not_utf_8_is_named(club: Path, name: str) -> None:
    (club / name).write_bytes(b"# caf\xe9")
    try:
        problems = load(club).problems
    except DocumentBroken as broken:
        problems = broken.problems

    assert any("UTF-8" in str(p) and name in str(p) for p in problems)


def test_a_key_in_staff_toml_is_a_digest_or_it_is_no_key(club: Path) -> None:
    good = digest("secret")
    (club / "staff.toml").write_text(
        f'[[key]]\nname = "anne"\nroles = ["steward"]\ndigest = "{good}"\n'
        '[[key]]\nname = "per"\ndigest = "secret"\n',
        "utf-8",
    )
    loaded = load(club)

    assert [(k.name, k.kind, k.roles) for k in loaded.folder.staff] == [("anne", "staff", ("steward",))]
    assert "secret" not in repr(loaded.folder.staff)
    assert [p.message for p in loaded.errors] == ["the key 'per' is not whole"]


def test_a_message_goes_by_the_permit_of_its_purpose(company: Company) -> None:
    mail = company.send("kari@example.no", "Your code", "123456")

    assert mail.permit.request == Request(Action.USE, "contact", "membership", field="email")
    assert company.mails() == (mail,)
    company.close()


def test_a_message_for_a_purpose_the_document_does_not_know_does_not_go(company: Company) -> None:
    with pytest.raises(Refused):
        company.send("kari@example.no", "Offer", "Buy!", purpose="marketing")

    assert company.mails() == ()
    company.close()


def test_messages_to_an_erased_person_and_old_messages_are_forgotten(club: Path, tmp_path: Path) -> None:
    clock = Turning(NOW)
    company = troth.open(club, store=str(tmp_path / "people.db"), clock=clock)
    person = company.gate.new_person()
    company.gate.collect(
        person=person,
        data="contact",
        body={"email": "kari@example.no"},
        purpose="membership",
        source="person",
    )
    company.gate.identify(person=person, kind="email", value="kari@example.no", verified=True)
    company.send("kari@example.no", "Hello", "Hello", person=person)
    company.gate.erase(person=person)

    assert company.mails() == ()
    company.send("ola@example.no", "Hello", "Hello")
    assert len(company.mails()) == 1
    clock.at = NOW + timedelta(days=1, minutes=1)
    assert company.mails() == ()
    company.close()


def test_people_outlive_the_process_and_nobody_else_can_open_their_file(club: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "people.db")
    first = troth.open(club, store=store, clock=lambda: NOW)
    person = first.gate.new_person()
    first.gate.identify(person=person, kind="email", value="kari@example.no")
    first.close()
    again = troth.open(club, store=store, clock=lambda: NOW)

    assert again.gate.find(kind="email", value="KARI@example.no") == person
    again.close()
    with pytest.raises(troth.terms.TrothError):
        troth.open(club, store=store, clock=lambda: NOW, root_key=b"x" * 32)


def test_what_is_due_goes_by_itself_while_a_company_is_served(club: Path, tmp_path: Path) -> None:
    clock = Turning(NOW)
    company = troth.open(club, store=str(tmp_path / "people.db"), clock=clock)
    person = company.gate.new_person()
    company.gate.collect(
        person=person,
        data="contact",
        body={"email": "kari@example.no"},
        purpose="membership",
        source="person",
    )
    company.gate.event(person=person, name="account-closed")
    clock.at = NOW + timedelta(days=400)
    with sweeping([company], every=0.01):
        for _ in range(200):
            if company.gate.forecast() == ():
                break
            time.sleep(0.02)

    assert company.gate.forecast() == ()
    assert any(entry.kind == "gone" for entry in company.gate.entries())
    company.close()


def test_a_store_that_is_not_there_yet_is_said(club: Path) -> None:
    with pytest.raises(NoStore, match="mysql"):
        troth.open(club, store="mysql://localhost/people")


def test_the_environment_wins_over_the_file_and_a_secret_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "troth.toml"
    file.write_text('port = 9000\nhost = "0.0.0.0"\nsmtp_password = "hush"\n', "utf-8")
    told = read_settings(file, {"TROTH_PORT": "9001", "PATH": "x", "TROTH_VENV": "y"})

    assert (told.port, told.host, told.smtp_password) == (9001, "0.0.0.0", "hush")
    assert "hush" not in repr(told)


@pytest.mark.parametrize(
    ("name", "value"),
    [("TROTH_PORT", "many"), ("TROTH_PORT", "99999"), ("TROTH_SMTP_TLS", "maybe"), ("TROTH_X", "1")],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name.removeprefix("TROTH_").lower()):
        read_settings(environ={name: value})


def test_the_table_of_settings_gives_every_default(tmp_path: Path) -> None:
    told = {name: str(getattr(Settings(), name)) for name, _, _ in TABLE}

    assert told == {name: default for name, default, _ in TABLE}


def test_the_page_of_settings_is_the_table() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == settings_page()


ADDRESS = 'data = "contact", purpose = "membership", source = "person", body'
STORY = f"""
[[person]]
name = "Kari"
acts = [
  {{ ago = 40, do = "collect", {ADDRESS} = {{ email = "k@example.no" }} }},
  {{ ago = 40, do = "identify", kind = "email", value = "k@example.no" }},
  {{ ago = 5, do = "event", name = "last-use" }},
]
[[person]]
name = "Nora"
acts = [
  {{ ago = 9, do = "collect", {ADDRESS} = {{ email = "n@example.no" }} }},
  {{ ago = 9, do = "identify", kind = "email", value = "n@example.no" }},
  {{ ago = 2, do = "erase" }},
]
[[crowd]]
count = 3
over = 20
acts = [ {{ do = "collect", {ADDRESS} = {{ email = "c{{n}}@example.no" }} }} ]
"""


def test_the_people_of_a_demo_have_lived(club: Path, tmp_path: Path) -> None:
    (club / "demo.toml").write_text(STORY, "utf-8")
    store = f"{tmp_path}/stores/"
    (tmp_path / "stores").mkdir()
    told: list[str] = []
    [shown] = demo(club.parent, store, settings=Settings(), make=list, tell=told.append)
    gate = shown.company.gate
    kari = gate.find(kind="email", value="k@example.no")
    assert kari is not None
    [contact] = [h for h in gate.access(person=kari).held if h.data == "contact"]

    assert shown.people == {"Kari": "sign in as k@example.no"}
    assert abs(datetime.now(UTC) - contact.collected - timedelta(days=40)) < timedelta(minutes=5)
    assert len(gate.overview().people) == 4
    assert gate.verify() == []
    assert "/fjord-club/f/hello" in shown.paths
    shown.company.send("k@example.no", "Your code", "123456")
    assert any("123456" in line for line in told)
    shown.company.close()


def test_a_demo_whose_people_are_there_lets_them_be(club: Path, tmp_path: Path) -> None:
    (club / "demo.toml").write_text(STORY, "utf-8")
    for _ in range(2):
        [shown] = demo(
            club.parent, f"{tmp_path}/people.db", settings=Settings(), make=list, tell=lambda said: None
        )
        people = len(shown.company.gate.overview().people)
        shown.company.close()

    assert people == 4


def test_an_act_of_a_story_that_the_document_refuses_is_named(club: Path, tmp_path: Path) -> None:
    (club / "demo.toml").write_text(STORY.replace('purpose = "membership"', 'purpose = "news"'), "utf-8")
    with pytest.raises(BadStory, match=r"act 1: (Kari|Nora|somebody-\d): collect"):
        demo(club.parent, f"{tmp_path}/people.db", settings=Settings(), make=list, tell=lambda said: None)


def test_a_company_that_does_not_load_leaves_the_others_in_the_demo(club: Path, tmp_path: Path) -> None:
    broken = found(tmp_path / "broken")
    change(broken / "policy.md", "under gdpr", "under gdrp")
    told: list[str] = []
    shown = demo(tmp_path, f"{tmp_path}/p.db", settings=Settings(), make=list, tell=told.append)

    assert [one.company.name for one in shown] == ["fjord-club"]
    assert "broken is not served" in told[0]
    shown[0].company.close()


@pytest.mark.slow
def test_every_company_of_this_repository_opens_with_its_people(tmp_path: Path) -> None:
    told: list[str] = []
    shown = demo(ROOT / "companies", f"{tmp_path}/", settings=Settings(), make=list, tell=told.append)

    assert told == []
    assert {one.company.name for one in shown} == {
        p.parent.name for p in (ROOT / "companies").glob("*/policy.md")
    }
    assert all(one.left_out == () for one in shown)
    for one in shown:
        assert one.company.gate.verify() == []
        one.company.close()
