"""The process is killed (``kill -9``) at every step of a verb; what the next opening finds is whole."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.small import START, Clock, House, gate_on

from troth.gate import Gate
from troth.store import steps

pytestmark = pytest.mark.slow

Verb = Callable[[Gate, int], object]


def collect(gate: Gate, who: int) -> object:
    return gate.collect(person=who, data="taste", body={"drink": "tea"}, purpose="learn", source="person")


def withdraw(gate: Gate, who: int) -> object:
    gate.consent(person=who, name="place", given=False)
    return None


def erase(gate: Gate, who: int) -> object:
    return gate.erase(person=who)


def sweep(gate: Gate, who: int) -> object:
    return gate.sweep()


def prepared(path: Path) -> int:
    clock = Clock()
    gate, close = gate_on(path, clock, [])
    who = House(gate, clock).person()
    gate.consent(person=who, name="place", given=True)
    gate.collect(person=who, data="place", body={"postcode": "0264"}, purpose="suit", source="person")
    gate.collect(person=who, data="ledger", body={"amount": "1 NOK"}, purpose="books", source="device")
    close()
    return who


def run(path: Path, verb: Verb, who: int, at: int, later: timedelta) -> list[str]:
    """Do the verb in a process of its own that ends at step number ``at``; return the steps it took here."""
    child = os.fork()
    if child == 0:
        gate, _ = gate_on(path, Clock(START + later), [])
        left = [at]

        def listen(name: str) -> None:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        steps.listen(listen)
        try:
            verb(gate, who)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return [str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))]


def stands(path: Path, who: int, later: timedelta) -> dict[str, bool]:
    """Open what is left and say what stands of the person, and of the evidence."""
    gate, close = gate_on(path, Clock(START + later), [])
    found = gate.access(person=who)
    kinds = [(e.kind, e.detail.get("data", "")) for e in gate.entries()]

    assert gate.verify() == []
    told = {
        "taste": any(h.data == "taste" for h in found.held),
        "collected": ("collected", "taste") in kinds,
        "place": any(h.data == "place" for h in found.held),
        "place gone": ("gone", "place") in kinds,
        "withdrawn": found.consents().get("place") is False,
        "withdrawal told": any(k == "consent taken back" for k, _ in kinds),
        "contact": any(h.data == "contact" for h in found.held),
        "erased": any(k == "erased" for k, _ in kinds),
        "findable": gate.find(kind="email", value="kari@example.no") == who,
    }
    close()
    return told


@pytest.mark.parametrize(
    ("verb", "later"),
    [
        (collect, timedelta(hours=1)),
        (withdraw, timedelta(hours=1)),
        (erase, timedelta(hours=1)),
        (sweep, timedelta(days=400)),
    ],
)
def test_a_verb_cut_off_at_any_step_leaves_its_deed_and_its_evidence_or_neither(
    tmp_path: Path, verb: Verb, later: timedelta
) -> None:
    (tmp_path / "first").mkdir()
    who = prepared(tmp_path / "first" / "s.db")
    code, at = "-9", 0
    while code == "-9":
        here = tmp_path / f"at{at}"
        shutil.copytree(tmp_path / "first", here)
        (code,) = run(here / "s.db", verb, who, at, later)

        assert code in ("0", "-9")
        found = stands(here / "s.db", who, later)
        assert found["taste"] == found["collected"]
        if verb is withdraw:
            assert found["withdrawn"] == found["withdrawal told"] == found["place gone"]
            assert found["place"] != found["withdrawn"]
        if verb is erase:
            assert found["contact"] != found["erased"]
            assert found["findable"] == found["contact"]
        if verb is sweep:
            assert not found["contact"]
            assert not found["place"]
        at += 1
    assert at > 5
