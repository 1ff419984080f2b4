"""The small company, opened for each test, and a search through the bytes of its files."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.gate.small import Clock, House, gate_on

from troth.gate import Delivery


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock, sent = Clock(), list[Delivery]()
    gate, close = gate_on(tmp_path / "s.db", clock, sent)
    yield House(gate, clock, sent)
    close()


@pytest.fixture
def found(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return the files in which a text stands, as it is, in UTF-16, hex or base64."""

    def search(text: str) -> list[str]:
        raw = text.encode()
        forms = [raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode()]
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            forms.append(coded[4 if shift else 0 : -4])
        files = [p for p in tmp_path.iterdir() if p.is_file()]
        return [p.name for p in files if any(f in p.read_bytes() for f in forms)]

    return search
