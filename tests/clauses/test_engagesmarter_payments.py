"""Money at the second company: what a payment needs, where a card goes, what is owed, what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, user
from acquirer import DECLINED, GOOD, IBAN, Firm, acquirer
from deployment import Deployment
from living import Life

CARD = {"card": GOOD, "expires": "12/27", "code": "123"}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A firm that takes payments, over TLS, trusted by this process."""
    folder = tmp_path_factory.mktemp("firm")
    with acquirer(folder) as made, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(made.certificate))
        yield made


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, firm: Firm) -> Iterator[Deployment]:
    """The second company on 11 March 2024, with that firm."""
    made = paying(tmp_path_factory.mktemp("pay"), firm.address)
    yield made
    made.close()


def paying(folder: Path, address: str, country: str = "GB") -> Deployment:
    """Serve the company with its payments at an address ('' for nowhere)."""

    def edit(home: Path) -> None:
        file = home / "parties.toml"
        old = 'name = "penny-lane"\ntitle = "Penny Lane Payments Ltd"\ncountry = "GB"\n'
        new = old.replace('"GB"', f'"{country}"') + (f'payments = "{address}"\n' if address else "")
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    made = Deployment(folder, "engagesmarter", ENGAGE, edit=edit)
    return made.at("2024-03-11T10:00:00+00:00")


def ordered(life: Life, by: str = "card") -> str:
    life.house.later(minutes=1)  # an order begins after the one before was settled
    answer = life.house.post(life.token, "/people/me/purchases", {"product": "agent-pack", "by": by})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def pays(life: Life, number: str, **means: Any) -> Any:
    return life.house.post(life.token, f"/people/me/purchases/{number}/payment", means or CARD)


def shown(life: Life, number: str) -> Any:
    return life.house.get(life.token, f"/people/me/purchases/{number}")


@pytest.mark.clause("engagesmarter-10.4", "engagesmarter-10.5")
def test_an_order_is_paid_delivered_and_receipted_and_a_declined_card_delivers_nothing(
    house: Deployment, firm: Firm
) -> None:
    ada, zoe = user(house), user(house, "zoe@borel.example")
    hasty = user(house, "vic@acme.example", accepts=False)
    early = house.post(hasty.token, "/people/me/purchases", {"product": "agent-pack"})
    number = ordered(ada)
    declined = pays(ada, number, card=DECLINED, expires="12/27", code="123")
    nothing = ada.holds("profile")
    failed = shown(ada, number).json()["state"]
    paid = pays(ada, number)
    twice = pays(ada, number)
    receipts = [m for m in house.mails(ada.mail) if m.subject == "Your receipt for Agent pack"]
    book = ada.holds("transaction")[0]["fields"]

    assert early.status_code == 403
    assert early.json()["clause"]
    assert (declined.status_code, failed, nothing) == (402, "failed", [])
    assert (paid.status_code, paid.json()["state"]) == (200, "paid")
    assert twice.status_code == 409
    assert ada.holds("profile")[0]["fields"]["bought"] == "Agent pack"
    assert len(receipts) == 1
    assert (book["state"], book["amount"], book["on"]) == ("paid", "30.00 GBP", "2024-03-11")
    assert ada.holds("financial")[0]["fields"] == {"last4": "1111"}
    assert shown(zoe, number).status_code == 404
    assert all(GOOD.replace(" ", "") not in str(r) for r in ada.sees()["records"])


@pytest.mark.clause("engagesmarter-13.3", "engagesmarter-13.2")
def test_the_firm_gets_name_amount_and_card_over_tls_from_within_the_eea_and_nothing_else(
    house: Deployment, firm: Firm, tmp_path: Path
) -> None:
    bea = user(house, "bea@acme.example")
    pays(bea, ordered(bea))
    kind, sent = firm.got[-1]
    with acquirer(tmp_path, sealed=False) as bare:
        for name in ("bare", "none"):
            (tmp_path / name).mkdir()
        plain = paying(tmp_path / "bare", bare.address)
        nobody = paying(tmp_path / "none", "")
        eve, vic = user(plain, "eve@acme.example"), user(nobody, "vic@acme.example")
        refused, none = pays(eve, ordered(eve)), pays(vic, ordered(vic))
        left = list(bare.got)
        plain.close()
        nobody.close()
    (tmp_path / "us").mkdir()
    with pytest.raises(Exception, match="penny-lane"):
        paying(tmp_path / "us", firm.address, "US")

    assert kind == "charge"
    assert sent == {
        "name": "Ada Quill",
        "amount": "30.00 GBP",
        "card": {"number": GOOD.replace(" ", ""), "expires": "12/27", "code": "123"},
    }
    assert (refused.status_code, left) == (502, [])
    assert none.status_code == 503
    assert house.on_disk(GOOD) == house.on_disk(GOOD.replace(" ", "")) == []
    assert plain.on_disk(GOOD.replace(" ", "")) == []


@pytest.mark.clause("engagesmarter-10.8")
def test_a_token_is_kept_by_a_yes_alone_and_goes_here_and_at_the_firm_when_it_is_taken_back(
    house: Deployment, firm: Firm
) -> None:
    cal = user(house, "cal@acme.example")
    pays(cal, ordered(cal))
    without = [r["fields"] for r in cal.holds("financial")]
    unsaid = pays(cal, ordered(cal), **CARD, save=True)
    cal.agrees("saved-card")
    saved = pays(cal, second := ordered(cal), **CARD, save=True)
    kept = [r["fields"]["token"] for r in cal.holds("financial") if "token" in r["fields"]]
    there = set(firm.tokens)
    again = pays(cal, ordered(cal), saved=True)
    cal.agrees("saved-card", given=False)
    left = [r["fields"] for r in cal.holds("financial")]

    assert without == [{"last4": "1111"}]
    assert unsaid.status_code == 403
    assert saved.status_code == again.status_code == 200
    assert len(kept) == 1
    assert set(kept) <= there
    assert not [f for f in left if "token" in f]
    assert kept[0] not in firm.tokens
    assert shown(cal, second).json()["state"] == "paid"


@pytest.mark.clause("engagesmarter-19.3")
def test_of_a_card_and_an_account_four_digits_stay_and_neither_is_taken_anywhere_else(
    house: Deployment,
) -> None:
    dan = user(house, "dan@acme.example")
    pays(dan, ordered(dan))
    account = pays(dan, ordered(dan), account=IBAN)
    wrong = pays(dan, ordered(dan), card="4111 1111 1111 1112")
    profile = dan.tells("profile", "care", interest=f"my card is {GOOD}")
    name = dan.tells("identity", "register", first=GOOD)

    assert account.status_code == 200
    assert sorted(r["fields"]["last4"] for r in dan.holds("financial")) == ["1111", "5555"]
    assert wrong.status_code == 422
    assert (profile.status_code, name.status_code) == (422, 422)
    assert "4111" not in profile.text
    assert [house.on_disk(full) for full in (GOOD, GOOD.replace(" ", ""), IBAN)] == [[], [], []]


@pytest.mark.clause("engagesmarter-19.4")
def test_payments_stand_in_both_directions_and_one_for_nothing_is_refused(
    house: Deployment, firm: Firm
) -> None:
    fay = user(house, "fay@acme.example")
    pays(fay, number := ordered(fay))
    house.later(minutes=1)
    back = house.post("till-job", f"/people/{fay.tag}/purchases/{number}/refund", {"amount": "10.00 GBP"})
    too_much = house.post("till-job", f"/people/{fay.tag}/purchases/{number}/refund", {"amount": "20.01 GBP"})
    bare = house.post(
        "till-job", f"/people/{fay.tag}/payments", {"direction": "to-you", "amount": "5.00 GBP"}
    )
    copy = house.get(fay.token, "/people/me/export").json()["export"]
    lines = [r["values"] for r in copy["records"] if r["data"] == "transaction"]

    assert back.status_code == 200, back.text
    assert firm.got[-1][0] == "refund"
    assert {(r["direction"], r["amount"]) for r in lines} == {
        ("from-you", "30.00 GBP"),
        ("to-you", "10.00 GBP"),
    }
    assert {r["order"] for r in lines} == {number}
    assert too_much.status_code == 422
    assert bare.status_code == 422


def owing(house: Deployment, mail: str) -> tuple[Life, str]:
    """Begin somebody whose invoice was due on 1 April and is not paid on the 15th."""
    house.at("2024-03-11T10:00:00+00:00")
    life = user(house, mail)
    number = ordered(life, by="invoice")
    assert shown(life, number).json()["due"] == "2024-04-01"
    return life, number


def reminders(house: Deployment, life: Life) -> int:
    return len([m for m in house.mails(life.mail) if m.subject.startswith("Reminder")])


@pytest.mark.clause("engagesmarter-10.6", "engagesmarter-10.9")
def test_what_is_owed_is_asked_for_until_paid_whatever_was_withdrawn_and_paused_by_an_objection(
    deploy: Any, firm: Firm, tmp_path: Path
) -> None:
    house = paying(tmp_path, firm.address)
    gil, number = owing(house, "gil@acme.example")
    hal, _ = owing(house, "hal@acme.example")
    ivy = user(house, "ivy@acme.example")
    before = gil.used("till-job", "transaction", "recover")
    house.at("2024-04-14T10:00:00+01:00").sweep()
    early = reminders(house, gil)
    gil.sign_in().agrees("news-mail")
    gil.agrees("news-mail", given=False)
    hal.sign_in()
    said = house.post(hal.token, "/people/me/objections", {"purpose": "recover"})
    assert said.status_code == 200, said.text
    house.at("2024-04-15T10:00:00+01:00").sweep()
    house.sweep()
    first = reminders(house, gil), reminders(house, hal), reminders(house, ivy)
    talk = gil.used("till-job", "conversation", "recover")
    nobody = {"party": "collector", "purpose": "recover", "data": ["transaction"]}
    stranger = house.post("till-job", f"/people/{gil.tag}/shares", nobody)
    judged = {"upheld": False, "reason": "our interest in being paid outweighs it: the pack was used"}
    house.post("otto-officer", f"/people/{hal.tag}/objections/recover/decision", judged)
    house.sweep()
    decided = reminders(house, hal)
    gil.sign_in()
    paid = pays(gil, number)
    house.at("2024-04-30T10:00:00+01:00").sweep()
    after = reminders(house, gil)
    none = ivy.used("till-job", "transaction", "recover")
    house.close()

    assert before.status_code == 403
    assert early == 0
    assert first == (1, 0, 0)
    assert talk.status_code == 403
    assert stranger.status_code in (403, 422)
    assert decided == 1
    assert paid.status_code == 200
    assert after == 0
    assert none.status_code == 403


def test_the_page_takes_a_card_says_where_it_goes_and_asks_before_it_is_saved(
    house: Deployment, firm: Firm
) -> None:
    life = user(house, "jon@acme.example")
    jon = house.person(life.mail)
    jon.sign_in()
    house.later(minutes=1)
    opened = jon.post("/me/purchases", {"product": "agent-pack"}, page="/me/purchases")
    here = re.search(r"/me/purchases/P-?\w+", str(opened.url))
    assert here, opened.text[:300]
    wrong = jon.post(here[0], {**CARD, "card": DECLINED}, page=here[0])
    paid = jon.post(here[0], {**CARD, "save": "yes"}, page=here[0])
    stranger = house.person("zoe@borel.example")
    stranger.sign_in()

    assert "kept nowhere here" in opened.text
    assert "May we save your card for next time?" in opened.text
    assert (wrong.status_code, DECLINED in wrong.text) == (402, False)
    assert "Paid. Your receipt is on its way." in paid.text
    assert "saved-card" in {
        c["name"] for c in house.get(life.token, "/people/me/consents").json()["consents"]
    }
    assert stranger.get(here[0]).status_code == 404
