"""A terminal scrubs a text or JSON lines, and lets nothing pass that it could not read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from troth.cli import main

LINE = "Ring Kari Nordmann på 912 34 567, kari@firma.no"


def test_a_text_comes_out_with_labels_in_place_of_persons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mail.txt").write_text(LINE, "utf-8")

    assert main(["scrub", str(tmp_path / "mail.txt")]) == 0
    assert capsys.readouterr().out == "Ring [PERSON_1] på [PHONE_1], [EMAIL_1]\n"


def test_json_lines_come_out_with_spans_of_the_original(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mails.jsonl").write_text(json.dumps({"text": LINE, "lang": "nb"}), "utf-8")

    assert main(["scrub", str(tmp_path / "mails.jsonl")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(LINE[a:b], label) for a, b, label in found["spans"]] == [
        ("Kari Nordmann", "PERSON"),
        ("912 34 567", "PHONE"),
        ("kari@firma.no", "EMAIL"),
    ]


def test_what_is_not_text_is_refused_and_nothing_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").write_bytes(LINE.encode("utf-16"))

    assert main(["scrub", str(tmp_path / "raw")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "is not UTF-8" in told.err
