"""Merkle: RFC 6962 tree hashes and proofs over stored whole subtrees.

``Nodes`` gives the hash of the whole subtree of ``2**level`` leaves at position ``at``.  Nothing here keeps
state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

Nodes = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed(leaf: bytes, index: int, nodes: Nodes) -> list[tuple[int, int, bytes]]:
    """Return (level, position, hash) of each subtree that the hash ``leaf`` at ``index`` makes whole."""
    level, at, value = 0, index, leaf
    done = [(level, at, value)]
    while at & 1:
        value = node_hash(nodes(level, at - 1), value)
        level, at = level + 1, at >> 1
        done.append((level, at, value))
    return done


def root(nodes: Nodes, size: int) -> bytes:
    """Return the head hash of the first ``size`` leaves; the empty tree hashes to SHA-256 of nothing."""
    return _range(nodes, 0, size) if size else hashlib.sha256(b"").digest()


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the audit path of a leaf, nearest sibling first (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path, low, high = [], 0, size
    while high - low > 1:
        cut = low + _split(high - low)
        path.append(_range(nodes, cut, high) if index < cut else _range(nodes, low, cut))
        low, high = (low, cut) if index < cut else (cut, high)
    return path[::-1]


def consistency(nodes: Nodes, first: int, size: int) -> list[bytes]:
    """Return the proof that the tree of ``size`` extends the tree of ``first`` (RFC 6962, 2.1.2)."""
    if not 0 < first <= size:
        raise ValueError(f"no tree of {first} leaves inside one of {size}")
    path, low, high, whole = [], 0, size, True
    while first != high:
        cut = low + _split(high - low)
        if first <= cut:
            path.append(_range(nodes, cut, high))
            high = cut
        else:
            path.append(_range(nodes, low, cut))
            low, whole = cut, False
    return ([] if whole else [_range(nodes, low, high)]) + path[::-1]


def _split(count: int) -> int:
    """Return the largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _range(nodes: Nodes, low: int, high: int) -> bytes:
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, low >> level)
    cut = low + _split(count)
    return node_hash(_range(nodes, low, cut), _range(nodes, cut, high))
