"""Where the fourth company's data lie: in the places of its document, copies included, or nothing starts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from rooms import SMARP, member, networked, opened

from troth.runtime.placing import Misplaced

NOW = datetime(2025, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The company with its store said to lie in Ireland, and a room with Anna in it."""
    made = Deployment(tmp_path_factory.mktemp("places"), "smarp", SMARP, NOW, root_key=None)
    opened(made, networked(made), "anna@acme.example", "Acme Oy", "Anna")
    yield made
    made.close()


def settings(folder: Path, **places: str) -> str:
    """Write a file of settings and return its path."""
    file = folder / f"{'-'.join(places.values()).lower()}.toml"
    file.write_text("".join(f'{name} = "{place}"\n' for name, place in places.items()), "utf-8")
    return str(file)


def run(house: Deployment, *words: str, **places: str) -> tuple[int, str]:
    """Run a command on the store, with these places in its settings; return its code and what it said."""
    code, out, err = house.cli(
        *words, "--store", str(house.store), "--settings", settings(house.folder, **places)
    )
    return code, out + err


@pytest.mark.clause("smarp-3.11")
def test_the_clients_data_and_their_copies_lie_in_ireland_or_belgium_and_nowhere_else(
    house: Deployment,
) -> None:
    home = str(house.home)
    copy = str(house.folder / "copy")
    finland = run(house, "backup", home, copy, store_place="FI")
    astray = run(house, "backup", home, copy, store_place="IE", copies_place="FI")
    refused_first = not Path(copy).exists()
    made = run(house, "backup", home, copy, store_place="IE", copies_place="BE")
    code, told = run(house, "places", home, "--json", store_place="IE", copies_place="BE")
    report: list[dict[str, Any]] = json.loads(told)
    held = [r for r in report if r["allowed"] == ["IE", "BE"]]
    client = [r for r in held if r["kind"] != "mail"]
    house.company.close()
    before = house.store.read_bytes()
    american = run(house, "restore", home, copy, store_place="US")
    untouched = house.store.read_bytes() == before
    belgian = run(house, "restore", home, copy, store_place="BE")
    for settled, word in (("store_place", "FI"), ("copies_place", "US"), ("mail_place", "US")):
        house.settings = replace(house.settings, store_place="IE", copies_place="", mail_place="")
        wrong: dict[str, Any] = {settled: word}
        house.settings = replace(house.settings, **wrong)
        with pytest.raises(Misplaced, match=f"'{settled}' is {word}, and .* stays in IE, BE"):
            house.open()
    house.settings = replace(house.settings, store_place="IE", copies_place="BE", mail_place="IE")
    house.open()
    served = house.web.get("/smarp/privacy")

    assert finland[0] != 0
    assert "stays in IE, BE" in finland[1]
    assert astray[0] != 0
    assert "copies_place" in astray[1]
    assert refused_first
    assert made[0] == 0, made[1]
    assert code == 0
    assert {(r["kind"], r["country"]) for r in client} == {("store", "IE"), ("copies", "BE")}
    assert {r["data"] for r in client} >= {
        "member",
        "post",
        "picture",
        "secret",
        "topic",
        "setting",
        "seat",
        "detail",
    }
    assert not {r["data"] for r in report if r["allowed"] != ["IE", "BE"]} & {r["data"] for r in client}
    assert ("member", "mail", "") in {(r["data"], r["kind"], r["country"]) for r in held}
    assert american[0] != 0
    assert "store_place" in american[1]
    assert untouched
    assert belgian[0] == 0, belgian[1]
    assert served.status_code == 200
    assert member(house, "anna@acme.example").get("/feed").status_code == 200
