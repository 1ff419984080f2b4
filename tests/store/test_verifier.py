"""What a person can find out with a downloaded receipt, one file of standard Python, and nobody's help."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from troth.store import Store, open
from troth.store.ledger import Ledger
from troth.store.opening import identity
from troth.store.sealed import SealedStore

VERIFIER = Path(__file__).parents[2] / "verify_evidence.py"
Run = Callable[..., tuple[int, str]]
Json = dict[str, Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the verifier on these values, each in a file of its own, and return its exit code and words."""

    def verify(*values: Any) -> tuple[int, str]:
        paths = []
        for n, value in enumerate(values):
            paths.append(tmp_path / f"{n}.json")
            paths[-1].write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", VERIFIER, *paths], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return verify


def grow(store: Store, count: int) -> Json:
    for _ in range(count):
        pid = store.new_person()
        with store.deed(person=pid) as deed:
            deed.log(kind="collected", clause="2.1")
    return head(store)


def head(store: Store) -> Json:
    return {"checkpoint": store.checkpoint(), "public_key": store.public_key}


def erased(store: Store) -> Json:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        receipt = deed.erase_person(clause="9.1")
    return store.receipt(leaf=receipt.leaf, salt=receipt.salt)


def test_a_receipt_alone_is_verified_and_told_in_plain_words(store: Store, run: Run) -> None:
    grow(store, 4)
    receipt = erased(store)
    code, words = run(receipt)

    assert sorted(receipt) == ["checkpoint", "index", "leaf", "path", "public_key", "salt", "size", "tag"]
    assert code == 0
    assert "entry 4 of 5 is in the ledger: erased" in words
    assert "the keys that made them readable were destroyed" in words
    assert "about the holder of this receipt" in words
    assert "clause 9.1" in words


def test_a_receipt_without_its_salt_shows_the_entry_and_nobody(store: Store, run: Run) -> None:
    grow(store, 2)
    receipt = {k: v for k, v in erased(store).items() if k not in ("salt", "tag")}
    code, words = run(receipt)

    assert code == 0
    assert "not whom it is about" in words
    assert "about you" not in words


def bent(text: str, at: int) -> str:
    """Flip the lowest bit of one character."""
    return text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]


def test_one_flipped_bit_anywhere_in_a_receipt_is_found(store: Store) -> None:
    grow(store, 5)
    receipt = erased(store)
    verifier: Json = {"__name__": "verifier"}
    exec(VERIFIER.read_text(encoding="utf-8"), verifier)

    assert verifier["judge"](receipt, receipt)
    for name in ("leaf", "checkpoint", "public_key", "salt", "tag", "path"):
        text = receipt[name][0] if name == "path" else receipt[name]
        for at in range(0, len(text), 7):
            value = [bent(text, at), *receipt["path"][1:]] if name == "path" else bent(text, at)
            other = receipt | {name: value}
            with pytest.raises((ValueError, KeyError)):
                verifier["judge"](other, other)
    for name in ("index", "size"):
        other = receipt | {name: receipt[name] ^ 1}
        with pytest.raises(ValueError, match="does not hold"):
            verifier["judge"](other, other)


def test_another_persons_salt_shows_nothing(store: Store, run: Run) -> None:
    mine, theirs = erased(store), erased(store)
    code, words = run(mine | {"salt": theirs["salt"]})

    assert (code, "not about the holder" in words) == (1, True)


def test_a_receipt_is_judged_by_a_checkpoint_from_elsewhere(store: Store, run: Run) -> None:
    older = grow(store, 3)
    receipt = erased(store)
    newer = grow(store, 3)
    growth = store.consistency(first=4)

    assert run(receipt, head(store))[0] == 0
    assert "growth.json would join" in run(receipt, older)[1]
    code, words = run(receipt, newer, growth)
    assert code == 0
    assert "grew from 4 to 7 entries and changed none" in words


def test_two_checkpoints_and_their_growth_are_judged(store: Store, run: Run) -> None:
    older = grow(store, 3)
    newer = grow(store, 4)
    growth = store.consistency(first=3)

    assert run(older, newer, growth) == (
        0,
        "verified: the ledger grew from 3 to 7 entries and changed none\n",
    )
    assert run(older, older)[0] == 0
    assert run(older, newer)[0] == 1
    assert "needs growth.json" in run(older, newer)[1]
    assert "its tail was cut off" in run(newer, older, growth)[1]
    assert run(older, newer, growth | {"path": growth["path"][1:]})[0] == 1


def resigned(store: SealedStore) -> None:
    """Make the house itself cheat: reckon the tree anew over what is left, and sign it with the true key."""
    leaves = [leaf for (leaf,) in store.keys.rows("SELECT leaf FROM leaves ORDER BY n")]
    for table in ("leaves", "nodes", "heads"):
        store.keys.run(f"DELETE FROM {table}")
    for leaf in leaves:
        store.ledger.append(json.loads(leaf))
    store.ledger.sign()


@pytest.mark.parametrize("cheat", ["removed leaf", "cut tail", "changed leaf"])
def test_a_ledger_that_its_own_house_falsified_is_found_by_whoever_kept_a_checkpoint(
    store: Store, run: Run, cheat: str
) -> None:
    assert isinstance(store, SealedStore)
    kept = grow(store, 4)
    receipt = erased(store)
    before = head(store)
    match cheat:
        case "removed leaf":
            store.keys.run("DELETE FROM leaves WHERE n = 1")
        case "cut tail":
            store.keys.run("DELETE FROM leaves WHERE n >= 3")
        case "changed leaf":
            bent = store.keys.rows("SELECT leaf FROM leaves WHERE n = 1")[0][0].replace(b"2.1", b"2.2")
            store.keys.run("UPDATE leaves SET leaf = ? WHERE n = 1", (bent,))
    resigned(store)

    assert store.verify() == []  # the house's own books agree with themselves
    if cheat == "cut tail":
        assert "its tail was cut off" in run(before, head(store))[1]
    grow(store, 5 - store.ledger.size)
    words = run(before, head(store))[1]
    assert "the ledger was forked" in words
    assert run(receipt, head(store))[0] == 1

    grow(store, 2)
    assert run(kept, head(store), store.consistency(first=4))[0] == 1


@pytest.mark.sqlite
def test_a_forked_store_signs_two_ledgers_and_is_found(
    store: Store, run: Run, tmp_path: Path, reopen: Callable[[], Store], clock: Any
) -> None:
    kept = grow(store, 3)
    store.close()
    (tmp_path / "fork").mkdir()
    for name in ("s.db", "s.db.keys"):
        shutil.copy(tmp_path / name, tmp_path / "fork" / name)
    one, other = reopen(), open(tmp_path / "fork" / "s.db", root_key=bytes(range(32)), now=clock)
    left, right = grow(one, 2), grow(other, 2)
    growths = one.consistency(first=3), other.consistency(first=3)
    other.close()

    assert run(kept, left, growths[0])[0] == run(kept, right, growths[1])[0] == 0
    assert run(left, right) == (
        1,
        "NOT verified: two different ledgers of 5 entries were signed: the ledger was forked\n",
    )


def test_checkpoints_of_other_keys_and_other_ledgers_are_told_apart(
    store: Store, run: Run, tmp_path: Path, clock: Any
) -> None:
    other = open(tmp_path / "other.db", root_key=bytes(32), now=clock)
    mine, theirs = grow(store, 2), grow(other, 2)
    assert isinstance(store, SealedStore)
    stranger = Ledger(store.keys, origin="troth/other", seed=identity(store.place, bytes(range(32)))[1])
    other.close()

    assert "different keys" in run(mine, theirs)[1]
    assert "another key" in run(erased(store), theirs)[1]
    assert "different ledgers" in run(mine, mine | {"checkpoint": stranger.sign()})[1]


@pytest.mark.parametrize("value", ["", "[]", "{", '{"leaf": 1}', "{}", '{"leaf": "{}", "path": [1]}'])
def test_nonsense_is_refused_without_a_traceback(run: Run, value: str) -> None:
    code, words = run(value)

    assert code in (1, 2)
    assert "Traceback" not in words
