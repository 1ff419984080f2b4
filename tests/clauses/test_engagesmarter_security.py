"""How the second company keeps things, and the kinds of data of its glossary, each field in its place."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, paid, user
from deployment import Deployment


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The second company on 11 March 2024."""
    made = Deployment(tmp_path_factory.mktemp("safe"), "engagesmarter", ENGAGE)
    yield made.at("2024-03-11T10:00:00+00:00")
    made.close()


@pytest.mark.clause("engagesmarter-13.1")
def test_what_is_held_lies_encrypted_behind_roles_and_is_served_over_tls_alone(
    house: Deployment, tmp_path: Path
) -> None:
    ada = user(house, "ada@acme.example")
    plain = house.web.get(
        "http://platform.engagesmarter.example/engagesmarter/api/v1/people/me",
        headers={"Authorization": f"Bearer {ada.token}"},
        follow_redirects=False,
    )
    roleless = house.get(
        "mia-moderator", f"/people/{ada.tag}/records", data="identity", purpose="care", reason="a look"
    )
    (tmp_path / "bare").mkdir()
    bare = Deployment(tmp_path / "bare", "engagesmarter", ENGAGE, root_key=None)
    user(bare, "bea@acme.example")
    bare.close()
    keys = [p for p in bare.folder.iterdir() if p.suffix == ".root"]
    for key in keys:
        key.unlink()

    assert house.on_disk("ada@acme.example") == []
    assert house.on_disk("Quill") == []
    assert plain.status_code in (301, 308)
    assert "records" not in plain.text
    assert roleless.status_code == 403
    assert keys
    with pytest.raises(Exception, match="root"):
        bare.open()


@pytest.mark.clause("engagesmarter-13.6")
def test_a_backup_comes_back_without_what_was_erased_since_and_an_altered_line_is_found(
    tmp_path: Path,
) -> None:
    house = Deployment(tmp_path, "engagesmarter", ENGAGE, root_key=None).at("2024-03-11T02:00:00+00:00")
    ada, bea = user(house, "ada@acme.example"), user(house, "bea@acme.example")
    look = {"data": "contact", "purpose": "care", "reason": "curiosity"}
    unasked = house.get("cara-support", f"/people/{ada.tag}/records", **look)
    refusals = [e for e in entries(house) if e["kind"] == "refused"]
    house.close()
    backup = tmp_path / "backup"
    shutil.copy2(house.store, backup)
    house.at("2024-03-11T02:30:00+00:00").open()
    house.post(house.token(bea.mail), "/people/me/erasure", {"sure": True})
    house.close()
    for lost in (house.store, *tmp_path.glob("people.db-*")):
        lost.unlink()
    shutil.copy2(backup, house.store)
    house.at("2024-03-11T03:00:00+00:00").open()
    back = house.get(house.token(ada.mail), "/people/me").json()["records"]
    house.post("", "/session", {"email": bea.mail})
    erased = house.post("otto-officer", "/people/find", {"kind": "email", "value": bea.mail})
    house.close()
    words = ("evidence", "verify", str(house.home), "--store", str(house.store))
    sound = house.cli(*words)[0]
    alter(tmp_path)
    code = house.cli(*words)[0]

    assert unasked.status_code == 403
    assert len(refusals) >= 1
    assert {"first": "Ada", "last": "Quill"} in [r["fields"] for r in back]
    assert erased.status_code == 404
    assert sound == 0
    assert code != 0


def alter(folder: Path) -> None:
    """Change one line of the evidence, as somebody with the disk could."""
    with sqlite3.connect(folder / "people.db.keys") as disk:
        changed = disk.execute(
            "UPDATE leaves SET leaf = CAST(replace(CAST(leaf AS TEXT), 'began', 'begun') AS BLOB) "
            "WHERE n = (SELECT min(n) FROM leaves WHERE CAST(leaf AS TEXT) LIKE '%began%')"
        )
        assert changed.rowcount == 1


def entries(house: Deployment) -> list[Any]:
    found: list[Any] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


@pytest.mark.clause("engagesmarter-19.1")
def test_who_somebody_is_has_eight_fields_of_which_three_are_asked(house: Deployment) -> None:
    cal = user(house, "cal@acme.example")
    named = cal.tells("identity", "register", username="cal")
    early = cal.tells("identity", "register", marital="single")
    cal.agrees("extras")
    married = cal.tells("identity", "register", marital="married", maiden="Byron", title="Dr", gender="other")
    odd = cal.tells("identity", "register", nationality="UK")
    copy = house.get(cal.token, "/people/me/export").json()["export"]["records"]
    mine = [r for r in copy if r["data"] == "identity"]

    assert named.status_code == 201
    assert early.status_code == 403
    assert "consent extras" in early.json()["missing"]
    assert married.status_code == 201
    assert (odd.status_code, odd.json()["fields"]) == (422, ["nationality"])
    assert {n for r in mine for n in r["values"]} == {
        "first", "last", "username", "marital", "maiden", "title", "gender",
    }  # fmt: skip


@pytest.mark.clause("engagesmarter-19.2")
def test_addresses_come_with_an_order_and_two_telephones_are_kept(house: Deployment) -> None:
    dan = user(house, "dan@acme.example")
    early = dan.tells("contact", "buy", billing="1 Old Street, London")
    dan.agrees("extras")
    phones = dan.tells("contact", "register", phone="+44 20 7946 0018", other_phone="+44 20 7946 0019")
    house.post("till-job", f"/people/{dan.tag}/events", {"name": "ordered"})
    ordered = dan.tells("contact", "buy", billing="1 Old Street, London", delivery="2 Old Street, London")
    unproved = house.post("front-job", "/people", {"who": {"kind": "email", "value": "new@acme.example"}})

    assert early.status_code == 403
    assert early.json()["missing"] == ["fact buying"]
    assert phones.status_code == ordered.status_code == 201
    found = [r["fields"] for r in dan.holds("contact")]
    assert {"phone": "+44 20 7946 0018", "other-phone": "+44 20 7946 0019"} in found
    assert unproved.status_code == 201
    assert house.mails("new@acme.example") == []


@pytest.mark.clause("engagesmarter-19.5")
def test_use_is_a_feature_a_moment_and_a_random_number_and_no_word_that_was_typed(house: Deployment) -> None:
    eve = user(house, "eve@acme.example")
    eve.agrees("better")
    said = {"feature": "agents", "at": "2024-03-11T10:00:00Z", "session": "s-1"}
    used = eve.noted("number-job", "usage", "better", **said)
    typed = eve.noted("number-job", "usage", "better", **said, typed="help me")
    mine = [r["fields"] for r in eve.holds("usage")]
    house.post(eve.token, "/people/me/erasure", {"sure": True})
    rows = house.get("number-job", "/use", data="usage", purpose="better").json()["rows"]

    assert used.status_code == 201
    assert (typed.status_code, typed.json()["fields"]) == (422, ["typed"])
    assert mine == [said]
    assert rows == []


@pytest.mark.clause("engagesmarter-19.6")
def test_wishes_on_marketing_are_three_values_that_count_from_the_moment_they_are_changed(
    house: Deployment,
) -> None:
    fay = user(house, "fay@acme.example")
    fay.agrees("news-mail")
    said = fay.tells("marketing", "care", own="yes", others="no", channel="email")
    own = fay.used("offer-job", "contact", "news-mail", field="email")
    shared = house.post(
        "offer-job",
        f"/people/{fay.tag}/shares",
        {"party": "partner", "member": "adco", "purpose": "others", "data": ["contact.email"]},
    )
    fay.agrees("news-mail", given=False)
    after = fay.used("offer-job", "contact", "news-mail", field="email")

    assert said.status_code == 201
    assert [r["fields"] for r in fay.holds("marketing")] == [
        {"own": "yes", "others": "no", "channel": "email"}
    ]
    assert own.status_code == 200
    assert shared.status_code == 403
    assert after.status_code == 403


def test_an_order_of_yesterday_is_no_reason_for_an_address_today(house: Deployment) -> None:
    gil = user(house, "gil@acme.example")
    house.post("till-job", f"/people/{gil.tag}/events", {"name": "ordered"})
    house.later(minutes=1)
    paid(gil)
    house.later(minutes=1)
    house.post("till-job", f"/people/{gil.tag}/events", {"name": "settled"})
    late = gil.tells("contact", "buy", billing="1 Old Street, London")

    assert late.status_code == 403
