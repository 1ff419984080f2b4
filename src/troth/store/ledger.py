"""Ledger: append-only evidence beside the keys, under a Merkle tree with signed heads.

A leaf is canonical JSON without personal data; a person stands in it as a tag that only their salt explains,
and the salt dies with the person.  Heads are checkpoints in the text form of transparency logs, signed
with Ed25519.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from troth.store import merkle
from troth.store.place import Database
from troth.store.seam import Leaf

SOME = 10_000  # leaves held at once while all are read


class Ledger:
    """The evidence of one store; its caller holds the transaction."""

    def __init__(self, db: Database, *, origin: str, seed: bytes) -> None:
        self._db = db
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.origin = origin
        self.public = self._key.public_key().public_bytes_raw()
        self._key_id = hashlib.sha256(origin.encode() + b"\n\x01" + self.public).digest()[:4]

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return int(self._db.rows("SELECT COALESCE(MAX(n) + 1, 0) FROM leaves")[0][0])

    def append(self, fields: Mapping[str, Any]) -> int:
        """Append one leaf and return its index."""
        index = self.size
        leaf = canonical(fields)
        self._db.run("INSERT INTO leaves VALUES(?, ?)", (index, leaf))
        done = merkle.completed(merkle.leaf_hash(leaf), index, self._node)
        self._db.run_each("INSERT INTO nodes VALUES(?, ?, ?)", done)
        return index

    def sign(self) -> str:
        """Sign the head as it stands, keep it, and return its text; '' while the ledger is empty."""
        size = self.size
        if not size:
            return ""
        text = f"{self.origin}\n{size}\n{base64.b64encode(self.root(size)).decode()}\n"
        signature = base64.b64encode(self._key_id + self._key.sign(text.encode())).decode()
        head = f"{text}\n— {self.origin} {signature}\n"
        self._db.run("DELETE FROM heads WHERE size = ?", (size,))
        self._db.run("INSERT INTO heads VALUES(?, ?)", (size, head))
        return head

    def head(self) -> str:
        """Return the last signed head, '' when there is none."""
        row = self._db.one("SELECT head FROM heads WHERE size = (SELECT MAX(size) FROM heads)")
        return str(row[0]) if row else ""

    def root(self, size: int) -> bytes:
        """Return the root hash of the first ``size`` leaves."""
        return merkle.root(self._node, size)

    def extends(self, head: str) -> bool:
        """Say whether this ledger holds everything the signed ``head`` holds; '' is held by all."""
        if not head:
            return True
        parsed = self._open(head)
        return parsed is not None and parsed[0] <= self.size and self.root(parsed[0]) == parsed[1]

    def proof(self, index: int, head: str) -> dict[str, Any]:
        """Return the leaf and its way to a signed head, as ``verify_evidence.py`` reads it."""
        size = int(head.split("\n")[1]) if head else 0
        path = merkle.inclusion(self._node, index, size)
        leaf = self._db.rows("SELECT leaf FROM leaves WHERE n = ?", (index,))[0][0]
        return {"index": index, "size": size, "leaf": bytes(leaf).decode(), "path": [h.hex() for h in path]}

    def consistency(self, first: int) -> dict[str, Any]:
        """Return the proof that the last head only added to the one of ``first`` leaves."""
        size = self.size
        path = merkle.consistency(self._node, first, size)
        return {"first": first, "size": size, "path": [h.hex() for h in path]}

    def leaves(self, start: int = 0) -> Iterator[Leaf]:
        """Yield the leaves from ``start`` on."""
        for n, leaf in self._db.rows("SELECT n, leaf FROM leaves WHERE n >= ? ORDER BY n", (start,)):
            yield read(n, leaf)

    def trail(self, person: int) -> list[Leaf]:
        """Return the leaves that carry a living person's tag."""
        mine = "SELECT n, leaves.leaf FROM trail JOIN leaves ON n = trail.leaf WHERE pid = ? ORDER BY n"
        return [read(n, leaf) for n, leaf in self._db.rows(mine, (person,))]

    def last(self) -> datetime | None:
        """Return the last leaf's moment, None while there is none."""
        row = self._db.one("SELECT leaf FROM leaves WHERE n = (SELECT MAX(n) FROM leaves)")
        return datetime.fromisoformat(json.loads(row[0])["at"]) if row else None

    def verify(self) -> list[str]:
        """Recompute the whole ledger from its leaves; return what is wrong, empty when nothing is."""
        wrong: list[str] = []
        nodes: dict[tuple[int, int], bytes] = {}
        count = 0
        for n, leaf in self._every():
            if n != count:
                return [*wrong, f"leaf {count} is missing"]
            for level, at, value in merkle.completed(merkle.leaf_hash(leaf), n, lambda a, b: nodes[a, b]):
                nodes[level, at] = value
            count += 1
        for size, head in self._db.rows("SELECT size, head FROM heads ORDER BY size"):
            wrong += self._judge(int(size), head, count, nodes)
        for level, at, value in self._db.rows("SELECT level, at, hash FROM nodes"):
            if nodes.pop((level, at), None) != value:
                wrong.append(f"node {level}/{at} is not the hash of its leaves")
        wrong += [f"node {level}/{at} is missing" for level, at in nodes]
        last = self._db.rows("SELECT MAX(size) FROM heads")[0][0] or 0
        return wrong if last == count else [*wrong, f"{count} leaves stand under a head of {last}"]

    def _every(self) -> Iterator[tuple[int, bytes]]:
        """Yield every stored leaf, some at a time."""
        start = 0
        while found := self._db.rows(
            "SELECT n, leaf FROM leaves WHERE n >= ? ORDER BY n LIMIT ?", (start, SOME)
        ):
            yield from ((n, leaf) for n, leaf in found)
            start = found[-1][0] + 1

    def _judge(self, size: int, head: str, count: int, nodes: dict[tuple[int, int], bytes]) -> list[str]:
        parsed = self._open(head)
        if parsed is None or parsed[0] != size:
            return [f"the head of {size} leaves does not carry our signature"]
        if size > count:
            return [f"the head of {size} leaves is signed, but only {count} are here"]
        if merkle.root(lambda a, b: nodes[a, b], size) != parsed[1]:
            return [f"the leaves up to {size} are not the ones that were signed"]
        return []

    def _open(self, head: str) -> tuple[int, bytes] | None:
        try:
            text, mark = head.split("\n\n")
            origin, size, root = text.split("\n")
            dash, name, signature = mark.rstrip("\n").split(" ")
            raw = base64.b64decode(signature, validate=True)
            if (dash, name, origin, raw[:4]) != ("—", self.origin, self.origin, self._key_id):
                return None
            self._key.public_key().verify(raw[4:], f"{text}\n".encode())
            return int(size), base64.b64decode(root, validate=True)
        except (ValueError, InvalidSignature):
            return None

    def _node(self, level: int, at: int) -> bytes:
        found = self._db.rows("SELECT hash FROM nodes WHERE level = ? AND at = ?", (level, at))
        return bytes(found[0][0])


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Write JSON in the one way that hashes alike everywhere.

    >>> canonical({"b": 1, "a": "§"})
    b'{"a":"\\xc2\\xa7","b":1}'
    """
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read(index: int, leaf: bytes) -> Leaf:
    """Read a leaf back."""
    said = json.loads(leaf)
    return Leaf(
        index, said["at"], said["kind"], said["clause"], said["tag"], said["detail"], tuple(said["digests"])
    )
