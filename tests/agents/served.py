"""Served: a small company with two agents, opened on a real store, and a model outside that writes down what
it heard."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

import troth
from troth.runtime import Settings

FOLDER = Path(__file__).parent / "club"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TEAM = "team-shop"
KEY = "sk-north-secret"


@dataclass
class House:
    """The open company, its clock and its files."""

    folder: Path
    url: str = ""
    site: str = ""
    words: tuple[tuple[str, str], ...] = ()  # of the policy, and what stands there instead
    now: datetime = datetime(2026, 3, 2, 10, tzinfo=UTC)
    company: Any = field(default=None)

    def __post_init__(self) -> None:
        home = self.folder / "club"
        shutil.copytree(FOLDER, home)
        digest = sha256(TEAM.encode()).hexdigest()
        (home / "staff.toml").write_text(
            f'[[key]]\nname = "shop"\nkind = "job"\npurposes = ["answer"]\ndigest = "{digest}"\n'
        )
        policy = home / "policy.md"
        for old, new in self.words:
            assert old in policy.read_text()
            policy.write_text(policy.read_text().replace(old, new))
        toml = home / "site.toml"
        url = self.url or "http://127.0.0.1:9/v1"
        toml.write_text(toml.read_text().replace("http://127.0.0.1:9/v1", url) + self.site)
        self.company = troth.open(
            home,
            store=str(self.folder / "store.db"),
            clock=lambda: self.now,
            root_key=b"k" * 32,
            settings=Settings(model_keys=f"north={KEY}", base_url="https://club.example"),
        )
        self.app = self.company.app

    def browser(self, address: str = "203.0.113.9") -> TestClient:
        return TestClient(self.app, base_url="https://club.example", client=(address, 4711))

    def member(self, mail: str = "kari@example.no") -> int:
        """Return somebody who is known by an address."""
        gate = self.company.gate
        person = gate.new_person()
        gate.identify(person=person, kind="email", value=mail, verified=True)
        gate.collect(
            person=person, data="contact", body={"email": mail}, purpose="membership", source="person"
        )
        return int(person)

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)

    def stored(self, person: int) -> list[dict[str, Any]]:
        """Return the turns that are stored of a person."""
        return [dict(h.body) for h in self.company.gate.access(person=person).held if h.data == "chat"]

    def on_disk(self, text: str) -> list[str]:
        raw = text.encode()
        files = [p for p in self.folder.iterdir() if p.is_file()]
        return [p.name for p in files if raw in p.read_bytes()]


@dataclass
class Chatter:
    """Somebody with a browser and without script at one agent."""

    web: TestClient
    agent: str = "helper"

    @property
    def path(self) -> str:
        return f"/club/a/{self.agent}"

    def csrf(self) -> dict[str, str]:
        found = CSRF.findall(self.web.get(self.path).text)
        return {"csrf": found[0]} if found else {}

    def say(self, text: str, **more: str) -> Any:
        return self.web.post(self.path, data={"text": text, "begin": "1", **self.csrf(), **more})

    def post(self, where: str, **fields: str) -> Any:
        return self.web.post(f"{self.path}/{where}", data={**self.csrf(), **fields})


class North(ThreadingHTTPServer):
    """A model of the OpenAI form: streams ``answer`` in small parts and keeps every request it got."""

    answer = "Hello [PERSON_1], I wrote to [EMAIL_1]."
    fails = ""
    heard: list[tuple[dict[str, str], str]]


class _Speaking(BaseHTTPRequestHandler):
    server: North

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.heard.append((dict(self.headers), body))
        if self.server.fails == "status":
            self.send_error(500)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for at in range(0, len(self.server.answer), 5):
            part = {"choices": [{"index": 0, "delta": {"content": self.server.answer[at : at + 5]}}]}
            self.wfile.write(f"data: {json.dumps(part)}\n\n".encode())
            if self.server.fails == "half":
                return
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def north() -> Iterator[tuple[North, str]]:
    """Run the model; gives it and its address."""
    server = North(("127.0.0.1", 0), _Speaking)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
