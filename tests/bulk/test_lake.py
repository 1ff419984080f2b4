"""People forgotten in another engine's files: no byte of their rows is left, and the sum is witnessed."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import deltalake
import pyarrow
import pyarrow.parquet
import pytest

from troth.cli import main
from troth.runtime.bulk import Forgetting, Job, NoColumn, Versioned, forget

ROOT = Path(__file__).parents[2]
THEIRS = Forgetting("person", ("kari", "ola"))


def rows(*people: str) -> pyarrow.Table:
    return pyarrow.table({"person": list(people), "text": [f"a word of {p}'s" for p in people]})


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    folder = tmp_path / "lake"
    for name, people in (("a", ("kari", "eva", "ola", "kari")), ("b", ("eva", "siri"))):
        (folder / name).mkdir(parents=True)
        pyarrow.parquet.write_table(rows(*people), folder / name / "part.parquet", compression="none")
    return folder


def bytes_of(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_rows_of_the_forgotten_leave_every_file_and_others_stay(lake: Path, tmp_path: Path) -> None:
    before = bytes_of(lake)
    done = forget(lake, THEIRS, Job(tmp_path / "job", THEIRS))
    after = bytes_of(lake)

    assert b"kari's" in before
    assert (done.segments, done.read, done.changed) == (2, 6, 3)
    assert b"kari" not in after
    assert b"ola's" not in after
    assert sorted(pyarrow.parquet.read_table(lake / "b/part.parquet")["person"].to_pylist()) == [
        "eva",
        "siri",
    ]


def test_a_tables_past_goes_with_the_rows_and_is_no_folder_to_rewrite(tmp_path: Path) -> None:
    table = tmp_path / "table"
    for people in (("kari", "eva"), ("ola", "siri")):
        deltalake.write_deltalake(str(table), rows(*people), mode="append")
    with pytest.raises(Versioned):
        forget(tmp_path, THEIRS, Job(tmp_path / "wrong", THEIRS))
    done = forget(table, THEIRS, Job(tmp_path / "job", THEIRS))

    assert (done.read, done.changed) == (4, 2)
    assert b"kari" not in bytes_of(table)
    assert b"ola's" not in bytes_of(table)
    assert sorted(deltalake.DeltaTable(str(table)).to_pyarrow_table()["person"].to_pylist()) == [
        "eva",
        "siri",
    ]


def test_a_file_without_the_column_is_left_as_it_was(lake: Path, tmp_path: Path) -> None:
    work = Forgetting("customer", ("kari",))
    before = bytes_of(lake)

    with pytest.raises(NoColumn, match="customer"):
        forget(lake, work, Job(tmp_path / "job", work))
    assert bytes_of(lake) == before


def test_the_command_writes_its_sum_into_the_companys_evidence(lake: Path, tmp_path: Path) -> None:
    gone, store = tmp_path / "gone.txt", str(tmp_path / "people.db")
    gone.write_text("kari\nola\n", "utf-8")
    words = ["bulk", "forget", str(lake), "--job", str(tmp_path / "job"), "--column", "person"]
    company = str(ROOT / "companies/smarti")
    code = main([*words, "--people", str(gone), "--for", company, "--store", store])
    said = io.StringIO()
    with redirect_stdout(said):
        for number in ("0", "1", "2"):
            main(["evidence", "prove", company, number, "--store", store])

    assert code == 0
    assert said.getvalue().count("rows forgotten elsewhere") == 1
    assert "kari" not in said.getvalue()
