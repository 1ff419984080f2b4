"""Hostile: every operation of a company's API, called by every kind of asker with what breaks parsers.

Values are drawn from the description that the API gives of itself, from the document's names, and from what
nobody means.  An answer is wrong when the system broke, when a no is no problem in the sense of RFC 9457, and
when it says back what was sent.
"""

from __future__ import annotations

import itertools
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deployment import Deployment
from starlette.applications import Starlette
from tests.campaign.drawing import Drawing, words
from tests.campaign.planting import JOB, STAFF, askers

from troth.web.api import routes
from troth.web.api.door import Operation
from troth.web.api.table import OPERATIONS
from troth.web.sessions import Sessions

MARK = "canary-kari@example.no"
ODD: tuple[Any, ...] = (
    "", " ", "\x00", "\ud7ff\U0010ffff", "a" * 9000, "../../etc/passwd", "<script>x</script>",
    "'; drop table x;--", MARK, "%00", "${7*7}", "\u202e", "NaN", -1, 0, 2**63, 10**300, 1.5e308,
    True, None, [], {}, [[]], {"a": {"b": []}}, "2026-13-45", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z",
    "*", "me",
)  # fmt: skip
PATHS = ("x", "%00", "..", "a" * 200, "%F0%9F%92%A9", "-1", "%2F%2F", "9" * 18)
NOW = datetime(2025, 3, 1, 9, tzinfo=UTC)
ASKERS = ("nobody", "job", "staff", "party", "person")


@dataclass
class Hostile:
    """An attacker of one company who holds a key of each kind, and is somebody there."""

    house: Deployment
    rng: random.Random
    mail: str = ""
    tag: str = ""
    people: int = 0
    calls: int = 0

    def __post_init__(self) -> None:
        described = self.house.get("", "/openapi.json").json()
        self.described: dict[str, Any] = described["paths"]
        self.known = (*words(self.house.company.policy), "email", "person", "device", "1", "R-1")
        odd_texts = [o for o in ODD if isinstance(o, str)]
        self.drawing = Drawing(
            described["components"]["schemas"],
            self.rng,
            self.known,
            lambda name: str(self.rng.choice(odd_texts)),
            odd=ODD,
        )
        self.parties = [a.name for a in self.house.askers if a.kind not in ("job", "staff")] or [JOB]
        self.token = self._come()

    def _come(self) -> str:
        """Be somebody new, who can sign in."""
        self.people += 1
        self.mail = f"fay{self.people}@example.org"
        who = {"kind": "email", "value": self.mail}
        self.tag = str(self.house.post(JOB, "/people", {"who": who}).json()["tag"])
        return self.house.token(self.mail)

    def attack(self, operations: Sequence[Operation], rounds: int) -> Iterator[str]:
        """Call each operation so many times by everybody; yield what was wrong."""
        for _ in range(rounds):
            for operation in operations:
                for kind in ASKERS:
                    if kind in operation.who or self.rng.random() < 0.2:
                        yield from self._call(operation, kind)

    def _call(self, operation: Operation, kind: str) -> Iterator[str]:
        here = self.described[operation.path][operation.method.lower()]
        schema = here.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        path, query = self._sent(operation.path, here["parameters"], kind)
        body = b"" if schema is None else json.dumps(self.drawing.value(schema)).encode()
        who = self._bearer(kind)
        headers = {"Authorization": f"Bearer {who}"} if who else {}
        headers |= {"Content-Type": "application/json"} if body else {}
        url = f"/{self.house.company_name}/api/v1{path}"
        answer = self.house.web.request(operation.method, url, params=query, content=body, headers=headers)
        self.calls += 1
        said = f"{operation.method} {path} by {kind}: {query} {body[:300]!r}"
        if answer.status_code >= 500:
            yield f"broke with {answer.status_code}: {said}"
        elif answer.status_code >= 400:
            told = answer.json() if answer.headers["content-type"] == "application/problem+json" else {}
            if told.get("status") != answer.status_code or not {"type", "title", "detail"} <= told.keys():
                yield f"{answer.status_code} is no problem document: {said}"
            if MARK in answer.text:
                yield f"the answer says back what was sent: {said}"

    def _sent(self, path: str, parameters: Sequence[Any], kind: str) -> tuple[str, dict[str, str]]:
        query: dict[str, str] = {}
        for told in parameters:
            name = str(told["name"])
            if told["in"] == "path":
                known = {"tag": ("me", self.tag), "rid": ("1", "2"), "number": ("R-1",)}.get(name, self.known)
                path = path.replace("{" + name + "}", self.rng.choice((*known, *known, *PATHS)))
            elif told["in"] == "query" and self.rng.random() < 0.8:
                query[name] = str(self.rng.choice((*self.known, *(o for o in ODD if isinstance(o, str)))))
        return path, query

    def _bearer(self, kind: str) -> str:
        """Return a bearer of a kind; a person who closed or erased themself comes anew."""
        if kind == "person":
            if self.house.get(self.token, "/people/me").status_code == 401:
                self.token = self._come()
            return self.token
        if kind == "staff":
            return self.house._desk(STAFF)
        return {"nobody": "", "job": JOB}.get(kind) or (
            "" if kind == "nobody" else self.rng.choice(self.parties)
        )


def attacked(company: str, place: Path, seed: int, seconds: float) -> tuple[Hostile, list[str]]:
    """Serve a company's API where ten minutes pass between two calls, and attack it for so long."""
    patience = map(float, itertools.count(0, 600)).__next__
    house = Deployment(place, company, askers(company), NOW, make=alone(patience))
    attacker, wrong = Hostile(house, random.Random(f"{seed}/{company}")), list[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for operation in OPERATIONS:
            wrong += attacker.attack((operation,), 1)
            if time.monotonic() > until:
                break
    house.close()
    return attacker, wrong


def alone(seconds: Callable[[], float]) -> Callable[[Any], Starlette]:
    """Return what serves the API alone, where calls are counted by this clock."""

    def make(companies: Any) -> Starlette:
        app = Starlette(routes=routes(companies, seconds=seconds))
        app.state.sessions = Sessions()
        return app

    return make
