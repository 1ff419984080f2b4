"""Cli: every command answers in words or JSON, with exit code 0 fine, 1 found something, 2 wrong use."""

from __future__ import annotations

import io
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import troth
from troth.cli import main, page

ROOT = Path(__file__).parents[2]
COMMANDS = [
    *("init", "check", "prove", "decide", "explain", "diff", "publish", "fmt", "seal", "serve", "demo"),
    *("sweep", "forecast", "access", "export", "erase", "hold"),
    *("evidence verify", "evidence prove", "evidence checkpoint"),
]


class Terminal:
    """Runs commands in a folder and keeps what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch
        self.out = self.err = ""

    def __call__(self, *words: str, typed: str = "") -> int:
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(words)
        self.out, self.err = self.capsys.readouterr()
        return code

    def json(self, *words: str) -> Any:
        self(*words, "--json")
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(capsys, monkeypatch)
    assert terminal("init", "club", "--title", "The Club") == 0
    return terminal


@pytest.fixture
def kari(run: Terminal) -> int:
    company = troth.open("club", store="people.db")
    person = company.gate.new_person()
    company.gate.collect(
        person=person,
        data="contact",
        body={"email": "kari@example.no"},
        purpose="membership",
        source="person",
    )
    company.gate.identify(person=person, kind="email", value="kari@example.no")
    company.close()
    return person


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_can_write_json(run: Terminal, command: str) -> None:
    code = run(*command.split(), "--help")

    assert code == 0
    assert f"troth {command}" in " ".join(run.out.split())
    assert "Example:" in run.out
    assert "--json" in run.out


def test_the_page_of_commands_is_made_from_their_help() -> None:
    written = (ROOT / "docs/cli.md").read_text("utf-8")

    assert written == page()
    assert [name for name in COMMANDS if f"troth {name}\n" not in written] == []


@pytest.mark.parametrize(
    "words",
    [
        ["chek", "club"],
        ["check"],
        ["check", "nowhere"],
        ["check", "club", "--loud"],
        ["serve", "club", "--port", "x"],
    ],
)
def test_wrong_use_is_exit_code_2_and_says_what_to_do(run: Terminal, words: list[str]) -> None:
    assert run(*words) == 2
    assert run.err
    assert "Traceback" not in run.err


def test_a_document_that_cannot_be_read_is_exit_code_1_with_its_place(run: Terminal, tmp_path: Path) -> None:
    change(tmp_path / "club/policy.md", "keep contact", "kep contact")

    assert run("publish", "club") == 1
    assert re.search(r"policy\.md:\d+:1  'kep'", run.err)


def test_check_finds_everything_and_says_how_much(run: Terminal, tmp_path: Path) -> None:
    assert run("check", "club") == 0
    assert "0 to mend" in run.out

    change(tmp_path / "club/policy.md", "[30 days](keep:contact)", "[90 days](keep:contact)")
    assert run("check", "club") == 1
    assert "90 days" in run.out
    problems = run.json("check", "club")
    assert ("error", "club/policy.md") in {(p["level"], p["path"]) for p in problems}


def test_prove_settles_what_is_written_and_what_is_asked(run: Terminal) -> None:
    assert run("prove", "club") == 0
    assert "holds" in run.out
    assert run("prove", "club", "never use contact for membership") == 1
    assert "does not hold" in run.out
    assert run("prove", "club", "share contact with nobody") == 2
    assert run("prove", "club", "never share contact with growers") == 2
    assert "no recipient or source or role is called 'growers'" in run.err


def test_decide_answers_line_by_line_and_names_a_line_it_cannot_read(run: Terminal) -> None:
    asked = '{"action": "use", "data": "taste", "purpose": "suggestions"'
    lines = [
        asked + ', "state": {"consents": ["tasting"], "age": 20}}',
        asked + "}",
        '{"action": "use", "data": "shoe", "purpose": "suggestions"}',
        '{"action": "eat", "data": "taste", "purpose": "suggestions"}',
        "[" * 100_000,
        asked + ', "colour": "red"}',
    ]
    code = run("decide", "club", typed="\n".join(lines))
    answers = [json.loads(line) for line in run.out.splitlines()]

    assert code == 1
    assert [a.get("answer") for a in answers] == ["allowed", "refused", "unsaid", None, None, None]
    assert answers[1]["missing"] == ["consent tasting"]
    assert answers[1]["clauses"][0]["link"] == "#s2"
    assert "line 6: has 'colour'" in answers[5]["error"]


def test_explain_names_the_sentence_and_the_smallest_change(run: Terminal) -> None:
    assert run("explain", "club", "use taste for suggestions") == 1
    assert "would help: consent tasting" in run.out
    assert "What you like is for suggestions" in run.out
    assert (
        run("explain", "club", "use taste for suggestions", "--given", "consent tasting", "--age", "20") == 0
    )
    assert run("explain", "club", "taste suggestions") == 2


def test_fmt_changes_the_layout_once_and_nothing_else(run: Terminal, tmp_path: Path) -> None:
    assert run("fmt", "club") == 0
    change(tmp_path / "club/policy.md", "  on contract", "     on   contract")

    assert run("fmt", "club") == 1
    assert run("fmt", "club", "--write") == 0
    assert run("fmt", "club") == 0
    assert run("check", "club") == 0


def test_seal_asks_which_half_was_meant(run: Terminal, tmp_path: Path) -> None:
    assert run("seal", "club") == 0
    change(tmp_path / "club/policy.md", "and we remember it for you", "and we remember it")

    assert run("seal", "club") == 1
    assert run("seal", "club", "--editorial") == 0
    change(tmp_path / "club/policy.md", "coffee, tea, cocoa", "coffee, tea")
    assert run("seal", "club", "--editorial") == 1
    assert run("seal", "club", "--meaning") == 0


def test_diff_tells_what_changes_and_who_is_asked_again(run: Terminal, tmp_path: Path) -> None:
    shutil.copytree("club", "later")
    assert run("diff", "club", "later") == 0

    change(tmp_path / "later/policy.md", "  uses taste\n", "  uses taste\n  reads contact\n")
    assert run("diff", "club", "later") == 1
    assert "use contact for suggestions" in run.out
    told = run.json("diff", "club", "later")
    assert told["asked again"] == ["tasting"]
    assert [c["request"]["data"] for c in told["wider"]] == ["contact"] * len(told["wider"])
    assert told["narrower"] == []


def test_publish_writes_every_text(run: Terminal, tmp_path: Path) -> None:
    assert run("publish", "club", "--out", "public") == 0
    assert {p.name for p in (tmp_path / "public").iterdir()} == {
        *("notice.html", "notice.json", "record.csv", "record.json", "policy.jsonld"),
        *("cookies.json", "gpc.json", "portable.schema.json"),
    }


@pytest.mark.usefixtures("kari")
def test_a_person_is_shown_exported_and_erased_with_a_receipt_that_a_stranger_can_check(
    run: Terminal, tmp_path: Path
) -> None:
    who = ["club", "email:kari@example.no", "--store", "people.db"]
    seen = run.json("access", *who)
    assert {h["data"] for h in seen["held"]} >= {"contact"}
    assert run("export", *who) == 0
    assert "kari@example.no" in run.out

    receipt = run.json("erase", *who)
    (tmp_path / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    checked = subprocess.run(
        [sys.executable, str(ROOT / "verify_evidence.py"), "receipt.json"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert run("access", *who) == 2
    assert "kari" not in run.err


@pytest.mark.usefixtures("kari")
def test_sweep_forecast_and_evidence_answer(run: Terminal) -> None:
    where = ["club", "--store", "people.db"]

    assert run("sweep", *where) == 0
    assert run("forecast", *where) == 0
    assert run("evidence", "verify", *where) == 0
    assert "every one of them holds" in run.out
    assert run("evidence", "checkpoint", *where) == 0
    assert run.out.startswith("troth/")
    proof = run.json("evidence", "prove", "club", "0", "--store", "people.db")
    assert proof["checkpoint"]
    assert run("evidence", "prove", "club", "999", "--store", "people.db") == 2


def test_a_hold_that_the_document_does_not_know_is_refused(run: Terminal, kari: int) -> None:
    words = ["hold", "club", str(kari), "lawsuit", "--reason", "case 4", "--by", "counsel"]

    assert run(*words, "--store", "people.db") == 2
    assert "lawsuit" in run.err


@pytest.mark.slow
def test_serve_answers_over_http_and_stops_when_it_is_told(tmp_path: Path, run: Terminal) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "troth", "serve", "club", "--store", "people.db", "--port", str(port)]
    process = subprocess.Popen(
        command, env={"PYTHONPATH": str(ROOT / "src")}, cwd=tmp_path, stdout=subprocess.PIPE
    )
    try:
        assert b"The Club" in answered(f"http://127.0.0.1:{port}/club/")
    finally:
        process.terminate()
        process.communicate(timeout=20)

    assert process.returncode in (0, -15)


def answered(url: str) -> bytes:
    """Return what a server answers, once it does."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")
