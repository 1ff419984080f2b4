"""The third company's folder speaks of every promise in its catalogue, and says where its text comes from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from rooms import SMARP

from troth.cli import main

HERE = Path(__file__).parent
COMPANY = HERE.parents[1] / "companies" / "smarp"
WHOLE = 'controller "Smarp Oy" in FI'


def test_every_promise_of_the_catalogue_is_cited_and_nothing_else() -> None:
    with (HERE / "catalogue" / "smarp.toml").open("rb") as file:
        promised = {c["id"] for c in tomllib.load(file)["clause"]}

    cited = set(re.findall(r"smarp-\d+\.\d+(?:\.\d+)?", (COMPANY / "policy.md").read_text("utf-8")))

    assert cited == promised


def test_the_folder_has_nothing_to_mend_and_its_examples_are_decided_as_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["check", str(COMPANY)])

    assert (code, "0 to mend" in capsys.readouterr().out) == (0, True)


def test_every_promise_over_all_situations_holds(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["prove", str(COMPANY)])
    told = capsys.readouterr().out.splitlines()

    assert code == 0
    assert len(told) > 30
    assert {line.rpartition(": ")[2] for line in told} == {"holds"}


def test_the_folder_holds_no_python() -> None:
    kinds = {p.suffix for p in COMPANY.rglob("*") if p.is_file()}

    assert kinds <= {".md", ".toml", ".lock"}


@pytest.fixture(scope="module")
def smarp(tmp_path_factory: pytest.TempPathFactory) -> Any:
    house = Deployment(tmp_path_factory.mktemp("smarp"), "smarp", SMARP)
    yield house
    house.close()


def test_the_page_says_from_which_copy_its_text_was_taken(smarp: Deployment) -> None:
    page = smarp.web.get("/smarp/privacy").text

    assert 'href="https://web.archive.org/web/20170625/http://smarp.com"' in page
    assert "25 June 2017" in page
    assert "in another form" in page


def test_each_page_names_who_runs_it_and_leads_to_the_document(smarp: Deployment) -> None:
    home, coming = (smarp.web.get(f"/smarp{path}").text for path in ("/", "/room/join"))

    assert "Smarp Oy" in smarp.web.get("/smarp/privacy").text
    assert all('href="/smarp/privacy' in page for page in (home, coming))


def test_a_document_without_its_operator_is_refused_at_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (COMPANY / "policy.md").read_text("utf-8")
    line = text[: text.index(WHOLE)].count("\n") + 1

    code = _checked(tmp_path, WHOLE, 'controller "" in FI')

    assert code == 1
    assert f"policy.md:{line}" in capsys.readouterr().out


def _checked(folder: Path, old: str, new: str) -> int:
    """Check a copy of the folder with one change to its document; return the exit code."""
    text = (COMPANY / "policy.md").read_text("utf-8")
    assert old in text
    for path in (p for p in COMPANY.iterdir() if p.is_file()):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "policy.md").write_text(text.replace(old, new), "utf-8")
    return main(["check", str(folder)])


@pytest.mark.clause("smarp-3.13")
def test_the_old_directive_is_read_as_the_regulation_and_each_purpose_has_its_ground(
    smarp: Deployment, tmp_path: Path
) -> None:
    page = smarp.web.get("/smarp/privacy").text
    notice = smarp.web.get("/smarp/privacy.json").json()

    assert "95/46/EC, was repealed on 25 May 2018" in " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert all(p["ground"] and p["section"] for p in notice["purposes"])
    assert _checked(tmp_path, '  on vital interest "somebody\'s safety"\n', "") == 1


def test_what_people_reveal_is_their_choice_and_their_rights_hold_all_the_same(smarp: Deployment) -> None:
    page = " ".join(re.sub(r"<[^>]+>", "", smarp.web.get("/smarp/privacy").text).split())

    assert page.count("What people choose to reveal there is their choice") == 1
    assert "your rights and our duties hold all the same" in page
