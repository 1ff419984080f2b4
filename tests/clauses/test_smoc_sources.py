"""Where data come from: answers, other businesses, and what is fetched or passed on only after a yes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from lysverk import NO, YES, push, refused, tag_of, with_power


@pytest.mark.clause("smoc-3.10", "smoc-4.27")
def test_what_a_business_hands_in_names_it_and_is_told_at_the_next_visit(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    house.at("2025-03-03T12:00+01:00")
    unknown = push(house, "lysverk-key", "ola@example.no")
    stranger = push(house, "kraft2-key", "kari@example.no")
    nobody, shared = push(house, "", "kari@example.no"), push(house, "rewards-job", "kari@example.no")
    taken = push(house, "lysverk-key", "kari@example.no", source="own customer since 2019")
    first, second = kari.sign_in().text, kari.get("/me").text
    export = house.get(kari.token, "/people/me/export").json()["export"]
    held = [r for r in export["records"] if r["data"] == "customer"]

    assert refused(unknown)
    assert refused(stranger)
    assert "ola@example.no" not in unknown.text
    assert (nobody.status_code, shared.status_code) == (401, 403)
    assert taken.json()["records"][0]["stored"] is True
    assert [(r["source"], r["collected"][:10], r["values"]) for r in held] == [
        ("operator:lysverk", "2025-03-03", {"number": "4711"})
    ]
    assert 'id="untold"' in first
    assert all(word in first for word in ("Lysverk", "own customer since 2019", "Datatilsynet", "4711"))
    assert 'id="untold"' not in second


@pytest.mark.clause("smoc-3.10")
def test_who_does_not_come_by_is_written_to_before_the_month_is_over(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    kari.sign_in()
    house.at("2025-03-03T12:00+01:00")
    push(house, "lysverk-key", "kari@example.no", source="own customer since 2019")
    house.at("2025-03-20T12:00+01:00").sweep()
    early = [m for m in house.mails(kari.mail) if "handed" in m.subject]
    house.at("2025-03-29T12:00+01:00").sweep()
    sent = [m for m in house.mails(kari.mail) if "handed" in m.subject]
    house.at("2025-04-10T12:00+02:00").sweep()
    path = f"/people/{tag_of(house)}/records"
    held = house.get("rewards-job", path, data="customer", purpose="account").json()["records"]

    assert early == []
    assert len(sent) == 1
    for word in ("Lysverk (own customer since 2019)", "number", "contract", "Datatilsynet", "/smoc/me"):
        assert word in sent[0].text
    assert [h["fields"] for h in held] == [{"number": "4711"}]


@pytest.mark.clause("smoc-3.10")
def test_what_nobody_was_told_of_within_a_month_is_erased(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    house.at("2025-03-03T12:00+01:00")
    push(house, "lysverk-key", "kari@example.no")
    tag = house.post("rewards-job", "/people/find", {"kind": "email", "value": "kari@example.no"}).json()[
        "tag"
    ]
    path = f"/people/{tag}/records"
    house.at("2025-04-03T23:59+02:00")
    before = house.get("rewards-job", path, data="customer", purpose="account").json()["records"]
    house.at("2025-04-04T00:00+02:00")
    after = house.get("rewards-job", path, data="customer", purpose="account").json()["records"]

    assert [r["fields"] for r in before] == [{"number": "4711"}]
    assert after == []


class Connector:
    """A business's own server on this machine, that writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        told = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                body = json.dumps({"value": "has an electric car", "ssn": "010190 12345"}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def listed(self, folder: Path) -> None:
        with_power(folder)
        file = folder / "parties.toml"
        text, url = file.read_text("utf-8"), f"http://127.0.0.1:{self.server.server_port}/ask"
        for name in ("lysverk", "kraft2"):
            mark = f'[[operator]]\nname = "{name}"\n'
            text = text.replace(mark, f'{mark}connector = "{url}?of={name}"\n')
        file.write_text(text, "utf-8")


@pytest.fixture
def connector() -> Iterator[Connector]:
    made = Connector()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.clause("smoc-3.6")
def test_nothing_is_asked_of_a_business_before_a_yes_for_that_business(
    deploy: Any, connector: Connector
) -> None:
    house = deploy("smoc", edit=connector.listed)
    kari = house.person()
    kari.talk("power", NO)
    kari.sign_in()
    tag = tag_of(house)
    wanted = {
        "data": "shared",
        "purpose": "better",
        "party": "operator",
        "member": "lysverk",
        "fields": ["value"],
    }
    early = house.post("ranking-job", f"/people/{tag}/fetches", wanted)
    asked_early = list(connector.asked)
    house.at("2025-03-01T12:00+01:00")
    token = kari.token
    house.post(token, "/people/me/age", {"years": 34})
    house.post(token, "/people/me/consents", {"name": "bring(lysverk)", "given": True})
    house.at("2025-03-01T12:01+01:00")
    fetched = house.post("ranking-job", f"/people/{tag}/fetches", wanted)
    other = house.post("ranking-job", f"/people/{tag}/fetches", wanted | {"member": "kraft2"})
    held = house.get(token, "/people/me/records", data="shared").json()["records"]

    assert refused(early)
    assert early.json()["missing"] == ["age at least 13", "consent bring(lysverk)"]
    assert asked_early == []
    assert fetched.status_code == 201
    assert [set(a) for a in connector.asked] == [{"reference", "data", "fields"}]
    assert "kari" not in json.dumps(connector.asked)
    assert refused(other)
    assert [(h["source"], h["fields"]) for h in held] == [
        ("operator:lysverk", {"value": "has an electric car"})
    ]


@pytest.mark.clause("smoc-3.7")
def test_what_one_business_knows_goes_to_another_only_on_the_persons_yes(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", YES)
    kari.sign_in()
    token, tag = kari.token, tag_of(house)
    push(
        house,
        "lysverk-key",
        kari.mail,
        "shared",
        "better",
        fields={"value": "has an electric car", "debt": 9},
    )
    house.post("lysverk-key", f"/people/{tag}/facts", {"name": "source-allows", "member": "kraft2"})
    wanted = {"data": ["shared"], "purpose": "better", "party": "operator", "member": "kraft2"}

    def share() -> Any:
        return house.post("ranking-job", f"/people/{tag}/shares", wanted)

    before = share()
    house.post(token, "/people/me/consents", {"name": "pass-on(kraft2, better)", "given": True})
    agreed = share()
    house.post(token, "/people/me/consents", {"name": "pass-on(kraft2, better)", "given": False})
    after = share()
    box = house.get("kraft2-key", "/deliveries").json()["deliveries"]

    assert refused(before)
    assert before.json()["missing"] == ["consent pass-on(kraft2)"]
    assert agreed.status_code == 200, agreed.text
    assert [d["fields"] for d in box] == [{"shared.value": "has an electric car"}]
    assert refused(after)


@pytest.mark.clause("smoc-3.7", "smoc-3.12")
def test_a_ticked_box_and_a_reward_for_a_yes_keep_a_flow_from_being_served(deploy: Any) -> None:
    def ticked(folder: Path) -> None:
        with_power(folder)
        file = folder / "flows/power.md"
        file.write_text(
            file.read_text("utf-8").replace(
                "consent bring(lysverk) optional", "consent bring(lysverk) ticked"
            )
        )

    def bought(folder: Path) -> None:
        with_power(folder)
        file = folder / "flows/power.md"
        text = file.read_text("utf-8").replace(
            "## bring\nOne last thing, and no is a fine answer.\nconsent bring(lysverk) optional\n", ""
        )
        text = text.replace("## mail", "## bring\nFirst this.\nconsent bring(lysverk)\n\n## mail")
        file.write_text(text)

    for edit, said in ((ticked, "this 'consent' cannot be read"), (bought, "only after a yes")):
        house = deploy("smoc", edit=edit)
        code, out, err = house.cli("check", str(house.home))

        assert code != 0
        assert said in out + err
        assert "flows/power.md" in out + err
        assert house.person().get("/f/power").status_code == 404


@pytest.mark.clause("smoc-3.12")
def test_who_brings_nothing_keeps_the_points_and_who_does_has_it_written_down(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    ended = kari.talk("power", NO)
    kari.sign_in()
    choices = kari.get("/me/choices").text
    kari.post("/me/consent", {"consent": "bring(lysverk)", "given": "yes", "years": "13"}, page="/me/choices")
    acts = house.get(kari.token, "/people/me/consents").json()["history"]
    yes = [a for a in acts if a["name"] == "bring(lysverk)" and a["given"]]

    assert "50 points at Lysverk" in ended.text
    assert "50 points at Lysverk" in kari.get("/me").text
    assert 'value="bring(lysverk)"' in choices
    assert len(yes) == 1
    assert "Lysverk" in yes[0]["text"]
    assert "value" in yes[0]["text"]


@pytest.mark.clause("smoc-3.11")
def test_what_a_business_hands_in_serves_to_know_and_reward_the_person_and_nothing_else(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    fields = {"number": "4711", "annual-consumption": 9000}
    pushed = push(house, "lysverk-key", kari.mail, fields=fields).json()["records"][0]
    path = f"/people/{tag_of(house)}/records"
    reward = house.get("rewards-job", path, data="customer", purpose="credit")
    ranking = [house.get("ranking-job", path, data="customer", purpose=p) for p in ("fit", "better", "learn")]
    brought = push(house, "lysverk-key", kari.mail, "shared", "better", fields={"value": "gold"})

    assert pushed["stored"] is True
    assert pushed["dropped"] == ["annual-consumption"]
    assert [r["fields"] for r in reward.json()["records"]] == [{"number": "4711"}]
    assert "9000" not in house.get(kari.token if kari.sign_in() else "", "/people/me/export").text
    assert all(refused(r) for r in ranking)
    assert refused(brought)


@pytest.mark.clause("smoc-3.1")
def test_an_address_is_kept_by_a_flow_and_a_form_under_their_rules_and_never_by_an_ad(smoc: Any) -> None:
    kari, ola = smoc.person(), smoc.person("ola@example.no")
    kari.talk(
        "summer", {"hello": "tea", "travel": "", "gender": "", "mail": kari.mail, "coffee": "", "news": "no"}
    )
    ola.post("/jobs", {"email": ola.mail, "letter": "Hello", "name": "Ola"})
    before = smoc.get("stine-steward", "/counters/ad-steps").json()
    unit = {"dims": {"unit": "u1", "hour": "2025-03-01T10", "step": "hello", "option": "tea"}}
    with_mail = smoc.post("", "/counters/ad-steps", {"dims": {**unit["dims"], "email": "per@example.no"}})
    as_option = smoc.post("", "/counters/ad-steps", {"dims": {**unit["dims"], "option": "per@example.no"}})
    after = smoc.get("stine-steward", "/counters/ad-steps").json()
    flow = smoc.get(kari.token, "/people/me/records", data="contact").json()["records"]
    hired = smoc.get(
        "rita-recruiter", f"/people/{tag_of(smoc, ola.mail)}/records", data="application", purpose="hiring"
    )

    assert [r["fields"]["email"] for r in flow] == [kari.mail]
    assert hired.json()["records"][0]["fields"]["email"] == ola.mail
    assert 400 <= with_mail.status_code < 500
    assert 400 <= as_option.status_code < 500
    assert after == before
    assert smoc.on_disk("per@example.no") == []


@pytest.mark.clause("smoc-3.3")
def test_an_answer_is_kept_with_where_it_was_given_and_what_was_not_sent_is_nowhere(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    typing = kari.talk("power", {"drink": "tea"})
    kari.talk("power", NO)
    export = house.get(kari.token, "/people/me/export").json()["export"]
    answers = [r for r in export["records"] if r["data"] == "taste"]

    assert "<script" not in typing.text
    assert [r["values"] for r in answers] == [
        {"drink": "tea", "flow": "power", "step": "drink", "client": "lysverk"}
    ]
    assert datetime.fromisoformat(answers[0]["collected"]).utcoffset() is not None
    assert "learn" in answers[0]["purposes"]
    assert answers[0]["source"] == "person"


@pytest.mark.clause("smoc-3.4")
def test_a_step_says_what_it_asks_for_and_one_that_cannot_is_not_served(deploy: Any) -> None:
    def undeclared(folder: Path) -> None:
        with_power(folder)
        file = folder / "flows/power.md"
        file.write_text(
            file.read_text("utf-8").replace("contact.email email for credit", "contact.email email"), "utf-8"
        )

    def unknown(folder: Path) -> None:
        with_power(folder)
        file = folder / "flows/power.md"
        file.write_text(
            file.read_text("utf-8").replace("contact.email email", "passport.email email"), "utf-8"
        )

    house = deploy("smoc", edit=with_power)
    asked = house.person().talk("power", {"drink": "tea", "words": ""}).text
    talk = house.post("", "/flows/power/talk", {"language": "en"}).json()
    extra = {"step": "drink", "answer": "tea", "ssn": "01019012345"}
    dropped = house.post(talk["token"], "/flows/power/talk/answer", extra)

    assert 'type="email"' in asked
    assert "Asked for:" in asked
    assert "Credit and redeem your reward" in asked
    assert "/smoc/privacy#s4-1" in asked
    assert dropped.json()["dropped"] == ["ssn"]
    assert "01019012345" not in dropped.text
    for edit, said in ((undeclared, "cannot be read"), (unknown, "no data 'passport'")):
        broken = deploy("smoc", edit=edit)
        code, out, err = broken.cli("check", str(broken.home))

        assert code != 0
        assert said in out + err
        assert broken.person().get("/f/power").status_code == 404


@pytest.mark.clause("smoc-3.8")
def test_one_press_takes_a_consent_back_at_once_and_only_its_person_may(smoc: Any) -> None:
    kari = smoc.at("2025-02-01T10:00+00:00").person()
    kari.talk(
        "summer",
        {
            "hello": "tea",
            "travel": "",
            "gender": ("woman", {"consent": "yes", "years": "18"}),
            "mail": kari.mail,
            "coffee": "",
            "news": "no",
        },
    )
    tag = tag_of(smoc)
    smoc.at("2025-03-01T10:00+00:00")
    kari.sign_in()
    for_her = smoc.post("lysverk-key", f"/people/{tag}/consents", {"name": "gender", "given": False})
    read = smoc.get("ranking-job", f"/people/{tag}/records", data="gender", purpose="suit")
    page = kari.get("/me/choices").text
    smoc.post(kari.token, "/people/me/consents", {"name": "pass-on(lysverk)", "given": False})
    kari.post("/me/consent", {"consent": "gender", "given": "no"}, page="/me/choices")
    smoc.later(seconds=1)
    after = smoc.get("ranking-job", f"/people/{tag}/records", data="gender", purpose="suit")
    history = [
        (a["given"], a["at"])
        for a in smoc.get(kari.token, "/people/me/consents").json()["history"]
        if a["name"] == "gender"
    ]
    later = kari.get("/me/choices").text

    assert refused(for_her)
    assert [r["fields"]["value"] for r in read.json()["records"]] == ["woman"]
    assert "May we use your gender to suit offers?" in page
    assert "May Bryggen Kaffe send you offers?" in page
    assert "1 February 2025" in page
    assert refused(after)
    assert history == [(True, "2025-02-01T10:00:00Z"), (False, "2025-03-01T10:00:00Z")]
    assert "1 March 2025 11:00:00" in later


@pytest.mark.clause("smoc-3.9")
def test_a_new_phone_number_goes_out_next_and_whoever_had_the_old_one_hears_of_it(smoc: Any) -> None:
    kari = smoc.person()
    kari.talk(
        "summer", {"hello": "tea", "travel": "", "gender": "", "mail": kari.mail, "coffee": "", "news": "no"}
    )
    kari.sign_in()
    tag, token = tag_of(smoc), kari.token
    phone = {"data": "contact", "purpose": "credit", "fields": {"phone": "900 00 001"}}
    rid = smoc.post(token, "/people/me/records", phone).json()["rid"]
    smoc.post("rewards-job", f"/people/{tag}/facts", {"name": "credit-due", "member": "lysverk"})
    wanted = {"data": ["contact.phone"], "purpose": "credit", "party": "operator", "member": "lysverk"}
    smoc.post("rewards-job", f"/people/{tag}/shares", wanted)
    kari.post("/me/correct", {"record": str(rid), "field-phone": "900 00 002"}, page="/me")
    smoc.post("rewards-job", f"/people/{tag}/shares", wanted)
    box = smoc.get("lysverk-key", "/deliveries").json()["deliveries"]
    row = {"data": "ledger", "purpose": "books", "fields": {"posted": "2025-03-01", "amount": "45 NOK"}}
    entry = smoc.post("rewards-job", f"/people/{tag}/records", row).json()["rid"]
    edited = smoc.call(token, "PATCH", f"/people/me/records/{entry}", {"fields": {"amount": "900 NOK"}})
    page = kari.get("/me").text

    assert [(d["kind"], d["fields"].get("contact.phone")) for d in box] == [
        ("share", "900 00 001"),
        ("correction", "900 00 002"),
        ("share", "900 00 002"),
    ]
    assert "900 00 002" in page
    assert "900 00 001" not in page
    assert refused(edited)


@pytest.mark.clause("smoc-3.13")
def test_what_is_brought_along_picks_offers_for_its_person_while_the_yes_stands(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari, ola = house.person(), house.person("ola@example.no")
    kari.talk("power", YES)
    ola.talk("power", {**NO, "mail": ola.mail})
    kari.sign_in()
    tag, token = tag_of(house), kari.token
    for who in (token, ola.token):
        house.post(who, "/people/me/age", {"years": 34})
    push(house, "lysverk-key", kari.mail, "shared", "better", fields={"value": "electric-car"})

    def ranked(who: str) -> dict[str, Any]:
        told = house.get("ranking-job", f"/people/{who}/offers")
        assert told.status_code == 200, told.text
        offers = told.json()["offers"]
        return {o["name"]: o["why"] for o in offers}

    mine, others = ranked(tag), ranked(tag_of(house, ola.mail))
    page = kari.get("/me/offers").text
    brand = house.post(
        "ranking-job",
        f"/people/{tag}/shares",
        {"data": ["shared"], "purpose": "better", "party": "brand", "member": "tindesaft"},
    )
    house.post(token, "/people/me/consents", {"name": "bring(lysverk)", "given": False})
    left = house.get(token, "/people/me/records", data="shared").json()["records"]

    assert (mine["home-charging"]["source"], mine["home-charging"]["answer"]) == ("Lysverk", "electric-car")
    assert "Shared by you from Lysverk" in page
    assert "home-charging" not in others
    assert refused(brand)
    assert left == []
    assert "home-charging" not in ranked(tag)
    assert "Shared by you from Lysverk" not in kari.get("/me/offers").text
