"""What the campaign for residue looks for it does find, and a small one of it finds nothing."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.campaign.canary import MARK, Mint
from tests.campaign.residue import residue
from tests.campaign.thief import found, stolen

TEXT = Mint().text()


def zipped(raw: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", raw)
    return made.getvalue()


WAYS = {
    "plain": TEXT.encode(),
    "upper": TEXT.upper().encode(),
    "utf-16": TEXT.encode("utf-16-le"),
    "utf-32": TEXT.encode("utf-32-le"),
    "json": json.dumps(TEXT.replace(MARK, "")).encode(),
    "percent": quote(TEXT.replace(MARK, "")).encode(),
    "latin-1": TEXT.replace(MARK, "").encode("latin-1"),
    "hex": TEXT.encode().hex().encode(),
    **{f"base64+{n}": base64.b64encode(b"x" * n + TEXT.encode()) for n in range(3)},
    "base64 of utf-16": base64.b64encode(TEXT.encode("utf-16-le")),
    "zlib": zlib.compress(TEXT.encode()),
    "gzip": gzip.compress(TEXT.encode()),
    "bzip2": bz2.compress(TEXT.encode()),
    "xz": lzma.compress(TEXT.encode()),
    "zip": zipped(TEXT.encode() * 40),
    "base64 of zlib": base64.b64encode(zlib.compress(TEXT.encode() * 3)),
    "gzip of zlib": gzip.compress(zlib.compress(TEXT.encode())),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_thief_sees_a_canary_however_it_was_written(way: str) -> None:
    around = bytes(range(256)) * 8

    assert list(found(around + WAYS[way] + around))
    assert not list(found(around * 4))


def test_the_thief_reads_the_names_of_files_as_well(tmp_path: Path) -> None:
    (tmp_path / f"{MARK}.txt").write_text("")

    assert stolen(tmp_path) == [f"name of {MARK}.txt"]


@pytest.mark.slow
def test_nothing_of_a_few_lives_is_left_anywhere(tmp_path: Path) -> None:
    """The campaign goes on where it was ended, and is one seed's."""
    begun = residue(tmp_path, canaries=60, seed=3, seconds=0, companies=("smarti",))
    world = residue(tmp_path, canaries=60, seed=3, companies=("smarti",))

    assert (begun.ended, world.ended) == ([], ["smarti"])
    assert world.wrong == []
    assert len(world.canaries) >= 60
    assert {door.partition(": ")[2] for door in world.held} >= {"records", "letters"}
    assert set(world.erasures) == {"200"}
    with pytest.raises(ValueError, match="seed 3"):
        residue(tmp_path, canaries=60, seed=4, companies=("smarti",))
