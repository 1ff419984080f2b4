"""Where the root key comes from, and that a store never gets a second one."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from troth.store import RootMissing, StoreError, open, root_file, root_passphrase
from troth.store import root as roots

PHRASE = "fire blaa sykler i regn"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roots, "COST", 2**14)


def made(path: Path, key: bytes) -> None:
    open(path, root_key=key, now=lambda: datetime(2026, 11, 24, tzinfo=UTC)).close()


def test_a_key_is_made_once_for_its_owner_alone_and_read_from_then_on(tmp_path: Path) -> None:
    key = root_file(tmp_path / "s.db")
    made(tmp_path / "s.db", key)

    assert len(key) == 32
    assert root_file(tmp_path / "s.db") == key
    assert stat.S_IMODE((tmp_path / "s.db.root").stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir() if "root" in p.name) == ["s.db.root"]


def test_the_key_stands_in_no_data_file(tmp_path: Path) -> None:
    key = root_file(tmp_path / "s.db")
    made(tmp_path / "s.db", key)
    raw = b"".join(p.read_bytes() for p in tmp_path.iterdir() if not p.name.endswith(".root"))

    assert key not in raw
    assert key.hex().encode() not in raw


@pytest.mark.parametrize("left", ["s.db", "s.db.keys"])
def test_a_key_that_is_gone_while_data_stand_is_not_made_anew(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_bytes(b"SQLite format 3")

    with pytest.raises(RootMissing, match=r"s\.db\.root is missing while data exist"):
        root_file(tmp_path / "s.db")
    with pytest.raises(RootMissing, match=r"s\.db\.salt is missing while data exist"):
        root_passphrase(tmp_path / "s.db", PHRASE)
    assert sorted(p.name for p in tmp_path.iterdir()) == [left]


def test_another_place_may_hold_the_key(tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    key = root_file(tmp_path / "s.db", tmp_path / "safe" / "root")

    assert root_file(tmp_path / "s.db", tmp_path / "safe" / "root") == key
    assert not (tmp_path / "s.db.root").exists()


@pytest.mark.parametrize(
    "text", ["", "troth-root 1\n", "troth-root 1\nzz\n", "troth-root 2\n" + "00" * 32, "å"]
)
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.db.root").write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match=r"s\.db\.root"):
        root_file(tmp_path / "s.db")


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: root_file(tmp_path / "s.db"), range(16)))

    assert len(keys) == 1


def test_a_passphrase_gives_the_same_key_each_time_and_another_phrase_another(tmp_path: Path) -> None:
    key = root_passphrase(tmp_path / "s.db", PHRASE)
    made(tmp_path / "s.db", key)

    assert root_passphrase(tmp_path / "s.db", PHRASE) == key
    assert PHRASE.encode() not in (tmp_path / "s.db.salt").read_bytes()
    with pytest.raises(StoreError, match="root key is not the one"):
        made(tmp_path / "s.db", root_passphrase(tmp_path / "s.db", PHRASE + "!"))


def test_a_cost_written_down_by_the_salt_is_kept_and_a_weakened_one_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = root_passphrase(tmp_path / "s.db", PHRASE)
    monkeypatch.setattr(roots, "COST", 2**15)

    assert root_passphrase(tmp_path / "s.db", PHRASE) == key

    salt = (tmp_path / "s.db.salt").read_text().replace("16384", "1024")
    (tmp_path / "s.db.salt").write_text(salt)
    with pytest.raises(StoreError, match="no salt of ours"):
        root_passphrase(tmp_path / "s.db", PHRASE)


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="at least 12"):
        root_passphrase(tmp_path / "s.db", "hemmelig")
    assert list(tmp_path.iterdir()) == []
