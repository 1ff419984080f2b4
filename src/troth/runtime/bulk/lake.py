"""Lake: people forgotten in Parquet files, in place: each file is written again without their rows.

The files belong to somebody else's engine; one column says whose a row is.  A table that keeps old versions
(Delta) is changed by its own log, and the files of its past are removed, so that no byte of a row is left.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from troth.runtime.bulk.engines import NoEngine
from troth.runtime.bulk.segments import Segment, digest
from troth.terms import TrothError


class NoColumn(TrothError):
    """A file has no column of the name by which people were to be found."""

    def __init__(self, column: str) -> None:
        super().__init__(f"there is no column '{column}' in one of the files; nothing of it was written")


class Versioned(TrothError):
    """A folder is a table that keeps its past, which rewriting its files would break."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} keeps versions (_delta_log); name it as a table, not the folder above it")


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The work on one file: every row gone whose ``column`` holds one of these values."""

    column: str
    values: tuple[str, ...]

    def __call__(self, raw: bytes) -> tuple[bytes, int, int]:
        parquet, compute, arrow = (_arrow(m) for m in ("pyarrow.parquet", "pyarrow.compute", "pyarrow"))
        table = parquet.read_table(io.BytesIO(raw))
        if self.column not in table.column_names:
            raise NoColumn(self.column)
        theirs = compute.is_in(
            compute.cast(table[self.column], "string"), value_set=arrow.array(sorted(self.values))
        )
        left = table.filter(compute.invert(compute.fill_null(theirs, False)))
        written = io.BytesIO()
        parquet.write_table(left, written, compression=_compression(parquet, raw))
        return written.getvalue(), table.num_rows, table.num_rows - left.num_rows


def plan(folder: Path) -> Iterator[Segment]:
    """Yield a part for each Parquet file below a folder; raise ``Versioned`` for a table with a past."""
    for log in folder.rglob("_delta_log"):
        raise Versioned(log.parent)
    for file in sorted(folder.rglob("*.parquet")):
        name = str(file.relative_to(folder)).replace("/", "__")
        yield Segment(name, file, file, digest(file.read_bytes()))


def versioned(table: Path) -> bool:
    """Say whether a folder is a Delta table."""
    return (table / "_delta_log").is_dir()


def forget_in_table(table: Path, work: Forgetting) -> tuple[int, int]:
    """Delete people's rows from a Delta table and every file of its past; return rows read and deleted.

    What is deleted is counted before, so a run after one that was cut off counts what that one left.
    """
    delta, compute, arrow = (_arrow(m) for m in ("deltalake", "pyarrow.compute", "pyarrow"))
    found = delta.DeltaTable(str(table))
    if work.column not in (field.name for field in found.schema().fields):
        raise NoColumn(work.column)
    held = found.to_pyarrow_table(columns=[work.column])[work.column]
    theirs = compute.is_in(compute.cast(held, "string"), value_set=arrow.array(sorted(work.values)))
    gone = int(compute.sum(theirs).as_py() or 0)
    if gone:
        named = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(work.values))
        found.delete(f"CAST({work.column} AS STRING) IN ({named})")
    found.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    found.create_checkpoint()
    _forget_log(table, found.version())
    return len(held), gone


def _forget_log(table: Path, version: int) -> None:
    """Remove what the log says of earlier versions: it holds the least and greatest values of their files,
    and the words of the deletion.  A reader begins at the checkpoint of ``version``.
    """
    for path in (table / "_delta_log").iterdir():
        number = path.name.split(".")[0]
        if number.isdecimal() and int(number) < version:
            path.unlink()


def _compression(parquet: Any, raw: bytes) -> str:
    """Return how a file's first column is packed, so that it is packed so again."""
    told = parquet.ParquetFile(io.BytesIO(raw)).metadata
    packed = told.row_group(0).column(0).compression if told.num_row_groups and told.num_columns else "SNAPPY"
    return "none" if packed == "UNCOMPRESSED" else str(packed).lower()


def _arrow(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise NoEngine("lake") from None
