"""Comms: the keys of the third company, and what an account holder does there, in few words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deployment import Asker, Deployment, Person
from httpx2 import Response

PASSWORD = "correct horse battery"
LINK = re.compile(r"https://\S+")
COMMS = (
    Asker("run-job", "job", purposes=("provide", "register", "occasion", "contracts", "ordered", "tax")),
    Asker("study-job", "job", purposes=("better", "findings", "needs", "research")),
    Asker("list-job", "job", purposes=("records", "prospects", "offers", "content")),
    Asker("mail-job", "job", purposes=("notices", "changes", "updates", "news", "partner-news", "surveys")),
    Asker("spot-job", "job", purposes=("where",)),
    Asker("legal-job", "job", purposes=("deal", "defend", "danger", "fraud", "authorities", "law")),
    Asker("care-job", "job", purposes=("support", "answer", "pass-on", "by-word", "guard")),
    Asker("site-job", "job", purposes=("improve-site", "ads")),
    Asker("serve-job", "job", purposes=("serve-customer",)),
    Asker("cara-support", "staff", roles=("support",)),
    Asker("otto-officer", "staff", roles=("officer",)),
    Asker("sam-security", "staff", roles=("security",)),
    Asker("olga-operations", "staff", roles=("operations",)),
    Asker("cleo-clerk", "staff", roles=("clerk",)),
    Asker("acme-key", "customer", member="acme"),
    Asker("borel-key", "customer", member="borel"),
    Asker("mailco-key", "provider", member="mailco"),
    Asker("printco-key", "partner", member="printco"),
    Asker("listco-key", "supplier", member="listco"),
)


@contextmanager
def served(folder: Path, at: str = "2024-03-01T12:00+00:00", **more: Any) -> Iterator[Deployment]:
    """Serve the third company on a clock that stands at this moment."""
    house = Deployment(folder, "smartcomms", COMMS, datetime.fromisoformat(at).astimezone(UTC), **more)
    try:
        yield house
    finally:
        house.close()


@dataclass
class Holder:
    """Somebody with an account: a browser, an address, a token and a tag."""

    house: Deployment
    browser: Person
    mail: str
    token: str = ""
    tag: str = ""

    def post(self, path: str, body: Any) -> Response:
        return self.house.post(self.token, f"/people/me{path}", body)

    def get(self, path: str, **query: str) -> Response:
        return self.house.get(self.token, f"/people/me{path}", **query)

    def event(self, name: str, by: str = "run-job", member: str = "") -> Response:
        return self.house.post(by, f"/people/{self.tag}/events", {"name": name, "member": member})

    def fact(self, name: str, by: str, holds: bool = True, member: str = "") -> Response:
        body = {"name": name, "holds": holds, "member": member}
        return self.house.post(by, f"/people/{self.tag}/facts", body)

    def mails(self) -> list[Any]:
        return self.house.mails(self.mail)


def signed_up(house: Deployment, mail: str, first: str = "Ada", last: str = "Byron", **more: str) -> Response:
    """Open the sign-up page in a new browser and send its form."""
    body = {"field-first": first, "field-last": last, "email": mail, "password": PASSWORD, **more}
    return Person(house, house.client(), mail).post("/signup", body, "/signup")


def cookie(browser: Any, kind: str = "session") -> str:
    """Return the value of a cookie that a browser holds."""
    value = browser.cookies.get(f"__Host-{kind}-smartcomms")
    assert value
    return str(value)


def keep(browser: Any, kind: str, value: str) -> None:
    """Put a cookie into a browser, and no other."""
    browser.cookies.clear()
    browser.cookies.set(f"__Host-{kind}-smartcomms", value, domain="service.example", path="/")


def link_of(mail: Any) -> str:
    """Return the first link of a message."""
    found = LINK.search(mail.text)
    assert found, mail.text
    return found[0]


def confirmed(house: Deployment, mail: str) -> None:
    """Press the button in the message that asks whether the address is theirs."""
    house.client().post(link_of(house.mails(mail)[-1]))


def by_password(browser: Person, password: str = PASSWORD, **more: str) -> Response:
    """Send the form of the sign-in page."""
    body = {"email": browser.mail, "password": password, **more}
    return browser.web.post("/smartcomms/signin/password", data=body, follow_redirects=False)


def holder(house: Deployment, mail: str = "ada@example.com", first: str = "Ada", **more: str) -> Holder:
    """Open an account as its owner does, sign in by page and over the API."""
    answer = signed_up(house, mail, first, **more)
    assert answer.status_code == 201, answer.text
    confirmed(house, mail)
    life = Holder(house, house.person(mail), mail)
    assert by_password(life.browser).status_code == 303
    told = house.post("", "/session/password", {"email": mail, "password": PASSWORD}).json()
    life.token, life.tag = told["token"], told["tag"]
    return life
