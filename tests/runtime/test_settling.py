"""The night's work on rewards: what expired is written off and what a partner did not take is told again."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from deployment import Deployment
from lysverk import NO, with_power

from troth.runtime.settling import Round, settle_due
from troth.services.settling import Settled


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(port: int) -> Iterator[list[dict[str, Any]]]:
    """Be the partner's own system at its address, and give what it heard."""
    heard: list[dict[str, Any]] = []

    class Box(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *said: object) -> None: ...

    server = HTTPServer(("127.0.0.1", port), Box)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def lines(house: Deployment, mail: str) -> list[tuple[str, int]]:
    told = house.get(house.token(mail), "/people/me/rewards").json()["entries"]
    return [(e["turn"], e["amount"]) for e in told]


def test_a_delivery_that_failed_is_made_by_a_later_round_though_nobody_looks(tmp_path: Path) -> None:
    port = free_port()

    def with_webhook(folder: Path) -> None:
        with_power(folder)
        file = folder / "parties.toml"
        head, mark, tail = file.read_text("utf-8").partition('[[operator]]\nname = "lysverk"\n')
        file.write_text(f'{head}{mark}webhook = "http://127.0.0.1:{port}/in"\n{tail}', "utf-8")

    house = Deployment(tmp_path, "smoc", (), edit=with_webhook)
    kari = house.person()
    kari.talk("power", NO)
    rounds, shut = Round(), house.company.mailbox.of("operator", "lysverk")
    failed = settle_due(house.company, rounds)
    with listening(port) as heard:
        made = settle_due(house.company, rounds)
        idle = settle_due(house.company, rounds)
    house.company.close()

    assert shut == ()
    assert (failed.told, failed.owed) == (0, 1)
    assert (made.told, made.owed) == (1, 0)
    assert idle == Settled()
    assert len(heard) == 1
    assert kari.mail in json.dumps(heard[0])


def test_what_expired_is_written_off_once_by_the_first_round_of_the_day(tmp_path: Path) -> None:
    house = Deployment(tmp_path, "smoc", (), edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    rounds = Round()
    first = settle_due(house.company, rounds)
    house.later(days=91)
    seen = lines(house, kari.mail)
    stored = [
        h
        for h in house.company.gate.access(person=house.company.gate.find(kind="email", value=kari.mail)).held
        if h.data == "reward"
    ]
    night, again = settle_due(house.company, rounds), settle_due(house.company, Round())
    house.company.close()
    house.open()
    after = lines(house, kari.mail)
    house.company.close()

    assert first.expired == 0
    assert ("expired", -50) in seen
    assert not any(h.body.get("turn") == "expired" for h in stored)
    assert (night.expired, again.expired) == (1, 0)
    assert after == seen
