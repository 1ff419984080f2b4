"""What the ledger promises, also to a stranger with one file of standard Python."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from troth.store import Store
from troth.store.merkle import completed, consistency, inclusion, leaf_hash, node_hash, root
from troth.store.sealed import SealedStore

VERIFIER = Path(__file__).parents[2] / "verify_evidence.py"
_spec = importlib.util.spec_from_file_location("verify_evidence", VERIFIER)
assert _spec is not None
assert _spec.loader is not None
verifier: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(verifier)


def tree(size: int) -> Callable[[int, int], bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    for n in range(size):
        for level, at, value in completed(leaf_hash(b"%d" % n), n, lambda a, b: nodes[a, b]):
            nodes[level, at] = value
    return lambda level, at: nodes[level, at]


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition in RFC 6962, 2.1, word for word."""
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(plain_root(leaves[:k]), plain_root(leaves[k:]))


def test_every_leaf_of_every_small_tree_is_proved_and_no_other_leaf_is() -> None:
    nodes = tree(40)
    for size in range(1, 41):
        head = root(nodes, size)

        assert head == plain_root([b"%d" % n for n in range(size)])
        for n in range(size):
            path = inclusion(nodes, n, size)

            assert verifier.included(n, size, b"%d" % n, path, head)
            assert not verifier.included(n, size, b"x", path, head)
            assert not verifier.included((n + 1) % size, size, b"%d" % n, path, head) or size == 1


def test_every_small_tree_is_proved_to_extend_its_beginnings_only() -> None:
    nodes = tree(40)
    for size in range(1, 41):
        for first in range(1, size + 1):
            path = consistency(nodes, first, size)
            old, new = root(nodes, first), root(nodes, size)

            assert verifier.extends(first, size, path, old, new)
            assert not verifier.extends(first, size, path, b"x" * 32, new)
            assert not verifier.extends(first, size, path, old, b"x" * 32)


def test_the_readable_signature_check_agrees_with_the_library() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"troth")

    assert verifier.signed(public, b"troth", signature)
    assert not verifier.signed(public, b"Troth", signature)
    for at in range(0, 64, 7):
        bent = bytearray(signature)
        bent[at] ^= 1

        assert not verifier.signed(public, b"troth", bytes(bent))


@pytest.fixture
def busy(store: Store) -> SealedStore:
    assert isinstance(store, SealedStore)
    for n in range(5):
        pid = store.new_person()
        with store.deed(person=pid) as deed:
            deed.log(kind="collected", clause=f"2.{n}", digests=["sha256:1"])
    return store


def test_a_stranger_verifies_a_receipt_and_its_growth(busy: SealedStore, tmp_path: Path) -> None:
    pid = busy.new_person()
    first = busy.checkpoint()
    with busy.deed(person=pid) as deed:
        receipt = deed.erase_person(clause="9.1")
    busy.sweep_files(thorough=True)
    head = {"checkpoint": busy.checkpoint(), "public_key": busy.public_key}
    proof = busy.export_proof(leaf=receipt.leaf) | {"salt": receipt.salt}
    growth = busy.consistency(first=5) | {"old_checkpoint": first}

    def run(evidence: dict[str, Any]) -> tuple[int, str]:
        (tmp_path / "checkpoint.json").write_text(json.dumps(head))
        (tmp_path / "proof.json").write_text(json.dumps(evidence))
        done = subprocess.run(
            [sys.executable, "-I", VERIFIER, tmp_path / "checkpoint.json", tmp_path / "proof.json"],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    assert run(proof)[0] == 0
    assert "about the holder of this receipt" in run(proof)[1]
    assert run(growth) == (0, "verified: the ledger grew from 5 to 7 entries and changed none\n")
    assert run(proof | {"salt": "00" * 32})[0] == 1
    assert run(proof | {"leaf": proof["leaf"].replace("9.1", "9.2")})[0] == 1
    assert run(proof | {"index": 0})[0] == 1


def test_every_flipped_bit_of_a_leaf_a_node_or_a_head_is_found(busy: SealedStore) -> None:
    assert busy.verify() == []
    for table, column, key in (
        ("leaves", "leaf", "n"),
        ("nodes", "hash", "rowid"),
        ("heads", "head", "size"),
    ):
        if table == "nodes":
            rows = busy.keys.rows("SELECT level * 1000 + at, hash FROM nodes")
            key = "level * 1000 + at"
        else:
            rows = busy.keys.rows(f"SELECT {key}, {column} FROM {table}")
        for place, value in rows:
            raw = value.encode() if isinstance(value, str) else value
            for at in range(0, len(raw), 5):
                bent = bytearray(raw)
                bent[at] ^= 1
                new = bytes(bent).decode(errors="replace") if isinstance(value, str) else bytes(bent)
                busy.keys.run(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (new, place))

                assert busy.verify(), f"{table} {place} byte {at}"
            busy.keys.run(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, place))

    assert busy.verify() == []


def test_a_cut_tail_and_a_removed_leaf_are_found(busy: SealedStore) -> None:
    for head in busy.keys.rows("SELECT size, head FROM heads WHERE size = 5"):
        busy.keys.run("DELETE FROM heads WHERE size = 5")

        assert busy.verify()

        busy.keys.run("INSERT INTO heads VALUES(?, ?)", head)
    for at, wrong in ((4, "the head of 5 leaves is signed, but only 4 are here"), (2, "leaf 2 is missing")):
        (leaf,) = busy.keys.rows("SELECT n, leaf FROM leaves WHERE n = ?", (at,))
        busy.keys.run("DELETE FROM leaves WHERE n = ?", (at,))

        assert wrong in busy.verify()

        busy.keys.run("INSERT INTO leaves VALUES(?, ?)", leaf)

    assert busy.verify() == []


def test_entries_about_one_person_cannot_be_told_to_be_about_one_person(store: Store) -> None:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        deed.log(kind="read", digests=["d"])
        deed.log(kind="read", digests=["d"])
    first, second = store.trail(person=pid)

    assert first.tag != second.tag
    assert first.digests != second.digests
    assert "d" not in first.digests
