"""Keeping: people copied, lost and brought back, and the three receipts of an erasure, by command."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import postgresql
import psycopg
import pytest

import troth
from troth.cli import main
from troth.runtime import Settings, keeping

VERIFIER = Path(__file__).parents[2] / "verify_evidence.py"
MAIL = "kari@example.no"


class Terminal:
    """Runs commands on one store, in a folder, and reads their JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str], store: str) -> None:
        self.capsys, self.store, self.code, self.err = capsys, store, 0, ""

    def __call__(self, *words: str) -> Any:
        self.code = main([*words, "--store", self.store, "--json"])
        out, self.err = self.capsys.readouterr()
        return json.loads(out) if out else None


@pytest.fixture(params=["files", "server"])
def run(
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Terminal:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    main(["init", "club", "--title", "The Club"])
    capsys.readouterr()
    return Terminal(capsys, "people.db" if request.param == "files" else postgresql.shared().founded())


def joined(run: Terminal, mail: str = MAIL) -> int:
    company = troth.open("club", store=run.store)
    person = company.gate.new_person()
    body = {"email": mail}
    company.gate.collect(person=person, data="contact", body=body, purpose="membership", source="person")
    company.gate.identify(person=person, kind="email", value=mail)
    company.close()
    return person


def lose(run: Terminal) -> None:
    """Lose the data, as a failed disk does."""
    if "://" not in run.store:
        for file in Path().glob("people.db*"):
            if "keys" not in file.name and "ro" not in file.name and "ring" not in file.name:
                file.unlink()
        return
    with psycopg.connect(run.store) as login:
        login.execute("SET troth.company = 'club'")
        for table in ("rows", "counters", "state"):
            login.execute(f"DELETE FROM troth.{table}".encode())


def verified(tmp_path: Path, *receipts: Any) -> tuple[int, str]:
    names = []
    for n, receipt in enumerate(receipts):
        names.append(f"{n}.json")
        (tmp_path / names[-1]).write_text(json.dumps(receipt), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", VERIFIER, *names], capture_output=True, text=True, cwd=tmp_path
    )
    return done.returncode, done.stdout


def test_people_that_were_lost_come_back_and_the_erased_do_not(run: Terminal) -> None:
    joined(run)
    ola = "ola@example.no"
    joined(run, ola)
    made = run("backup", "club", "copy")

    assert (run.code, made["destroyed"], made["beyond"]) == (0, [], 0)

    run("erase", "club", f"email:{MAIL}")
    lose(run)
    back = run("restore", "club", "copy")

    assert (run.code, back["copy"]) == (0, made["copy"])
    assert [h["data"] for h in run("access", "club", f"email:{ola}")["held"]].count("contact") == 1
    run("access", "club", f"email:{MAIL}")
    assert run.code == 2
    assert run("evidence", "verify", "club")["wrong"] == []


def test_the_three_receipts_of_an_erasure_are_verified_together_by_a_stranger(
    run: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    joined(run)
    run("backup", "club", "old")
    receipt = run("erase", "club", f"email:{MAIL}")
    run("sweep", "club")
    leaf = str(receipt["index"])
    absent = run("evidence", "followed", "club", leaf)

    assert [json.loads(r["leaf"])["kind"] for r in absent] == ["absent"]

    def later() -> datetime:
        return datetime.now(UTC) + timedelta(days=40)

    made = keeping.backup(
        Path("club"), Path("new"), store=run.store, told=Settings(), keep=timedelta(days=30), clock=later
    )
    both = run("evidence", "followed", "club", leaf)

    assert (len(made.destroyed), made.beyond) == (1, 1)
    assert [json.loads(r["leaf"])["kind"] for r in both] == ["absent", "beyond backups"]

    code, words = verified(tmp_path, receipt, *both)

    assert code == 0
    assert "about the holder of this receipt" in words
    assert "the bytes were removed from the files too" in words
    assert "the last copy that held keys of the erased could no longer be opened" in words
    assert verified(tmp_path, receipt, both[0] | {"index": both[1]["index"]})[0] == 1
    assert verified(tmp_path, both[0], receipt)[0] == 1
    assert "did not follow" in verified(tmp_path, receipt, receipt)[1]


def test_keys_are_turned_over_and_said_in_words_too(
    run: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    joined(run)
    done = run("keys", "rotate", "club")
    keys = run("keys", "status", "club")

    assert done["persons"] >= 1
    assert keys["epochs"] == {done["epoch"]: done["persons"]}
    assert "contact" in {h["data"] for h in run("access", "club", f"email:{MAIL}")["held"]}

    for words in (["keys", "status", "club"], ["keys", "rotate", "club"], ["backup", "club", "c"]):
        assert main([*words, "--store", run.store]) == 0
    said = capsys.readouterr().out

    assert f"epoch {done['epoch']}: {done['persons']} persons" in said
    assert "older epochs destroyed: 1" in said
    assert "stands in c" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["restore", "club", "nowhere"], "cannot be read"),
        (["restore", "club", "club"], "cannot be read"),
        (["backup", "club", "club"], "is not empty"),
        (["restore", "club", "copy", "--keys"], "restore the data alone"),
    ],
)
def test_what_cannot_be_copied_or_brought_back_is_said(run: Terminal, words: list[str], said: str) -> None:
    joined(run)
    run("backup", "club", "copy")
    run(*words)

    assert run.code == 2
    assert said in run.err
    assert "Traceback" not in run.err
