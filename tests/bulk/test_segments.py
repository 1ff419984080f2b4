"""Bulk work is done once and counted once, whoever is killed on the way and however often it is run."""

from __future__ import annotations

import io
import json
import os
import signal
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from troth.cli import main
from troth.runtime.bulk import (
    Job,
    Moved,
    NoEngine,
    OtherWork,
    Scrubbing,
    Segment,
    Unfinished,
    run,
    scrub,
    total,
)
from troth.runtime.bulk.corpus import plan
from troth.runtime.bulk.segments import digest

LINES = 40


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    """Two files of JSON lines, each second line with an address in it."""
    folder = tmp_path / "chats"
    folder.mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        told = (f"write to kari{n}@example.no" if n % 2 else "see you there" for n in range(LINES))
        (folder / name).write_text("".join(json.dumps({"text": t}) + "\n" for t in told), "utf-8")
    return folder


@dataclass(frozen=True)
class Killing:
    """Work whose process is killed the first time that it is asked to do a part."""

    marks: Path

    def __call__(self, raw: bytes) -> tuple[bytes, int, int]:
        mark = self.marks / digest(raw)
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return raw.upper(), raw.count(b"\n"), 1


def test_a_corpus_is_scrubbed_part_by_part_and_nothing_of_it_is_lost(chats: Path, tmp_path: Path) -> None:
    job = Job(tmp_path / "job", Scrubbing())
    parts = list(plan(chats, tmp_path / "clean", size=500))
    done = job.do(parts)
    out = "".join(p.target.read_text("utf-8") for p in parts)

    assert len(parts) > 4
    assert (done.segments, done.read, done.changed) == (len(parts), 2 * LINES, LINES)
    assert out.count("[EMAIL_1]") == LINES
    assert out.count("see you there") == LINES
    assert "@example.no" not in out


def test_killed_workers_leave_every_part_done_and_counted_once(chats: Path, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    parts = list(plan(chats, tmp_path / "loud"))
    done = Job(tmp_path / "job", Killing(marks), workers=2).do(parts)

    assert (done.segments, done.changed) == (2, 2)
    assert all(p.target.read_bytes() == p.source.read_bytes().upper() for p in parts)


def test_a_job_that_was_cut_off_goes_on_and_tells_the_same(chats: Path, tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("first", "second"))
    whole = scrub(chats, tmp_path / "whole", Job(first, Scrubbing()))
    parts = list(plan(chats, tmp_path / "cut"))
    run(parts[0], Scrubbing(), second)
    with pytest.raises(Unfinished):
        total(parts, second)
    parts[0].target.unlink()  # its receipt was on the disk, the part itself was not
    again = Job(second, Scrubbing()).do(parts)

    assert again == whole
    assert Job(second, Scrubbing()).do(parts) == whole


def test_who_comes_late_to_a_part_done_in_place_counts_nothing_twice(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("write to kari@example.no\n", "utf-8")
    part = Segment("one", file, file, digest(file.read_bytes()))
    first = run(part, Scrubbing(), tmp_path / "job")
    late = run(part, Scrubbing(), tmp_path / "job")

    assert first == late
    assert late.changed == 1
    assert file.read_text("utf-8") == "write to [EMAIL_1]\n"


def test_what_was_changed_by_somebody_else_since_the_plan_is_left_alone(chats: Path, tmp_path: Path) -> None:
    parts = list(plan(chats, tmp_path / "clean"))
    parts[0].source.write_text("another text\n", "utf-8")

    with pytest.raises(Moved, match=r"a\.jsonl"):
        Job(tmp_path / "job", Scrubbing()).do(parts)
    assert not parts[0].target.exists()


def test_a_jobs_folder_is_not_taken_for_other_work(chats: Path, tmp_path: Path) -> None:
    scrub(chats, tmp_path / "clean", Job(tmp_path / "job", Scrubbing()))

    with pytest.raises(OtherWork):
        scrub(chats, tmp_path / "masked", Job(tmp_path / "job", Scrubbing("mask")))


def test_the_command_scrubs_and_says_how_much(chats: Path, tmp_path: Path) -> None:
    said = io.StringIO()
    words = ["bulk", "scrub", str(chats), str(tmp_path / "clean"), "--job", str(tmp_path / "job"), "--json"]
    with redirect_stdout(said):
        code = main(words)

    assert code == 0
    assert json.loads(said.getvalue())["changed"] == LINES


def test_an_engine_that_is_not_there_is_named(
    chats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["bulk", "scrub", str(chats), str(tmp_path / "clean"), "--job", str(tmp_path / "job")]

    assert main([*words, "--engine", "abacus"]) == 2
    assert "abacus is not installed here" in capsys.readouterr().err
    with pytest.raises(NoEngine):
        list(__import__("troth.runtime.bulk.engines", fromlist=["ray"]).ray([], print, 1))
