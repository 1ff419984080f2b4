"""Canaries: one identifier is planted at each door of the agents, and no sink has any, byte for byte."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.agents.served import TEAM, Chatter, House, North

POOL = """data sample "Copies that are nobody's" from chat as anonymous 100 percent
  text text
purpose watch "Watch how well we answer"
  on legitimate interest "better answers" assessed 2026-01-01, again by 2030-01-01
  reads chat as anonymous
  uses sample
keep sample 12 months after collected
role reader "Reads samples"
show sample to reader for watch
anonymous totals at least 10 people
scrub chat replace"""
DOORS = {
    "page": "kari.one@canary.example",
    "stream": "kari.two@canary.example",
    "temporary": "kari.three@canary.example",
    "team": "kari.four@canary.example",
    "team-stream": "kari.five@canary.example",
    "model": "kari.six@canary.example",
    "refused": "kari.seven@canary.example",
    "wrong": "kari.eight@canary.example",
}


@pytest.fixture
def sampled(tmp_path: Path, model: tuple[North, str]) -> Iterator[House]:
    made = House(tmp_path, model[1], words=(("scrub chat replace", POOL),))
    yield made
    made.company.close()


def ask(house: House, text: str, **more: Any) -> Any:
    body = {"model": "helper", "messages": [{"role": "user", "content": text}], **more}
    key = {"Authorization": f"Bearer {TEAM}"}
    return house.browser().post("/club/v1/chat/completions", json=body, headers=key)


def planted(house: House) -> list[int]:
    """Go through every door with its own identifier; return how each answered."""
    said = {door: f"I am {mail}. How do I descale the machine?" for door, mail in DOORS.items()}
    chat, other, brief = (Chatter(house.browser(), agent) for agent in ("helper", "helper", "helper"))
    return [
        chat.say(said["page"]).status_code,
        other.post("say", text=said["stream"], begin="1").status_code,
        brief.say(said["temporary"], temporary="yes").status_code,
        ask(house, said["team"]).status_code,
        ask(house, said["team-stream"], stream=True).status_code,
        ask(house, said["model"], model="sage").status_code,
        ask(house, said["refused"], metadata={"conversation": "c-12345678"}).status_code,
        ask(house, said["wrong"], model="nobody").status_code,
    ]


def test_no_sink_has_what_was_planted_at_any_door(
    sampled: House,
    model: tuple[North, str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    answered = planted(sampled)
    gate, store = sampled.company.gate, sampled.company.gate._house.store
    sampled.turn(days=1)
    drawn = gate.draw(data="chat", seed=1)
    people = [p for p in store.persons() if gate.exists(person=p)]
    sinks = {
        "upstream": json.dumps([[head, body] for head, body in model[0].heard]),
        "evidence": str([(e.kind, e.detail) for e in gate.entries()]),
        "samples": str(gate.reviewed(data="chat", role="reader", staff="ann")),
        "exports": json.dumps([gate.export(person=p) for p in people], default=str),
        "records": str([r.body for p in people for r in store.records(person=p)]),
        "log": caplog.text,
        "output": "".join(capfd.readouterr()),
    }
    files = {p.name: p.read_bytes() for p in sampled.folder.iterdir() if p.is_file()}

    assert answered == [200] * 6 + [403, 404]
    assert drawn.frame >= 5
    assert model[0].heard
    assert any(name.endswith("-wal") for name in files)
    assert [(door, sink) for door, m in DOORS.items() for sink, text in sinks.items() if m in text] == []
    assert [(door, f) for door, m in DOORS.items() for f, raw in files.items() if m.encode() in raw] == []
    assert [
        (d, f) for d, m in DOORS.items() for f, raw in files.items() if m.encode("utf-16-le") in raw
    ] == []


def test_a_temporary_chat_leaves_no_person_no_record_and_no_byte(house: House) -> None:
    before = {p.name: len(p.read_bytes()) for p in house.folder.glob("*.db")}
    kari = Chatter(house.browser())
    told = kari.say("How do I descale the xylophone?", temporary="yes")
    kari.say("And the warranty of the xylophone?")
    kari.post("delete", sure="yes")
    store = house.company.gate._house.store

    assert told.status_code == 200
    assert list(store.persons()) == []
    assert [r for p in store.persons() for r in store.records(person=p)] == []
    assert house.on_disk("xylophone") == []
    assert "xylophone" not in kari.web.get(kari.path).text
    assert {p.name: len(p.read_bytes()) for p in house.folder.glob("*.db")} == before
