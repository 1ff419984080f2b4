"""The first company on its real gate, a store in a folder of the test's own, a clock that the test turns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from devices import SECRET, shown
from starlette.applications import Starlette
from starlette.testclient import TestClient

from troth.runtime import Key
from troth.runtime.open import open as open_company
from troth.web.api import routes
from troth.web.sessions import Sessions

FOLDER = Path(__file__).parents[2] / "companies/smoc"
V1 = "/smoc/api/v1"


def key(name: str, kind: str, **more: Any) -> Key:
    more |= {"second": SECRET} if kind == "staff" else {}
    return Key(name, kind, sha256(name.encode()).hexdigest(), **more)


KEYS = (
    key("reward-job", "job", purposes=("account", "credit", "entitlement", "bonus", "books")),
    key("ranking", "job", purposes=("learn", "fit", "suit", "better")),
    key("improver", "job", purposes=("improve", "insight")),
    key("visits", "job", purposes=("serve", "safety")),
    key("site", "job", purposes=("enquiries", "study", "newsletter", "sales")),
    key("siri", "staff", roles=("support",)),
    key("sec", "staff", roles=("security",)),
    key("upkeep", "staff", roles=("upkeeper",)),
    key("steward", "staff", roles=("steward",)),
    key("lysverk", "operator", member="lysverk"),
    key("kraft2", "operator", member="kraft2"),
    key("bryggen", "client", member="bryggen-kaffe"),
    key("lysverk-client", "client", member="lysverk"),
    key("tindesaft", "brand", member="tindesaft"),
)


class House:
    """SMOC behind the API, with few words for calling it."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2025, 3, 1, 9, tzinfo=UTC)
        opened = open_company(FOLDER, store=f"{folder}/", clock=lambda: self.now, root_key=b"k" * 32)
        self.company = replace(opened, staff=KEYS)
        app = Starlette(routes=routes([self.company], seconds=map(float, itertools.count(0, 600)).__next__))
        app.state.sessions = Sessions()
        self.tokens: dict[str, Any] = {}
        self.web = TestClient(app, base_url="https://smoc.example", raise_server_exceptions=False)

    def call(self, who: str, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Call as a key's name, as a person's token, or as nobody ('')."""
        bearer = self.desk(who) if any(k.name == who and k.kind == "staff" for k in KEYS) else who
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self.web.request(method, V1 + path, json=body, params=query, headers=headers)

    def desk(self, who: str) -> str:
        """Have a member of staff come in by their second factor; return their token."""
        token, since = self.tokens.get(who, ("", None))
        if since is None or not timedelta(0) <= self.now - since < timedelta(minutes=50):
            headers = {"Authorization": f"Bearer {who}"}
            token = self.web.post(
                V1 + "/session/staff", json={"code": shown(self.now)}, headers=headers
            ).json()["token"]
        self.tokens[who] = (token, self.now)
        return str(token)

    def get(self, who: str, path: str, **query: str) -> Any:
        return self.call(who, "GET", path, **query)

    def post(self, who: str, path: str, body: Any) -> Any:
        return self.call(who, "POST", path, body)

    def person(self, mail: str) -> str:
        """Begin a person who is known by a mail address; return their tag."""
        who = {"kind": "email", "value": mail}
        tag = str(self.post("reward-job", "/people", {"who": who}).json()["tag"])
        self.collect("reward-job", tag, "contact", "account", source="person", email=mail)
        return tag

    def sign_in(self, mail: str) -> str:
        """Sign in by the code in the mail; return the token."""
        self.post("", "/session", {"email": mail})
        code = self.company.mails()[-1].subject.split()[-1]
        return str(self.post("", "/session/code", {"email": mail, "code": code}).json()["token"])

    def collect(
        self, who: str, tag: str, data: str, purpose: str, source: str | None = None, **fields: Any
    ) -> Any:
        body = {"data": data, "purpose": purpose, "fields": fields, "source": source}
        return self.post(who, f"/people/{tag}/records", body)


def opened(folder: Path) -> Iterator[House]:
    house = House(folder)
    yield house
    house.company.close()
