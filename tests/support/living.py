"""Living: what a person of the first company does over the API, in few words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from deployment import Deployment

LINK = re.compile(r"https://\S+/case/\S+")


@dataclass
class Life:
    """One person by tag and address; ``token`` is of the last sign-in, which is a use of the service."""

    house: Deployment
    mail: str
    tag: str
    token: str = ""

    def sign_in(self) -> Life:
        self.token = self.house.token(self.mail)
        return self

    def tells(self, data: str, purpose: str, **fields: Any) -> Any:
        """Hand in a record of their own."""
        said = {n.replace("_", "-"): v for n, v in fields.items()}
        return self.house.post(
            self.token, "/people/me/records", {"data": data, "purpose": purpose, "fields": said}
        )

    def noted(self, who: str, data: str, purpose: str, source: str = "device", **fields: Any) -> Any:
        """Have a job note something about them."""
        return collect(self.house, who, self.tag, data, purpose, source, **fields)

    def used(self, who: str, data: str, purpose: str, **query: str) -> Any:
        """Have a key read a category for a purpose."""
        return self.house.get(who, f"/people/{self.tag}/records", data=data, purpose=purpose, **query)

    def agrees(self, *names: str, given: bool = True) -> None:
        if given:
            self.house.post(self.token, "/people/me/age", {"years": 34})
        for name in names:
            body = {"name": name, "given": given}
            answer = self.house.post(self.token, "/people/me/consents", body)
            assert answer.status_code == 200, answer.text

    def sees(self) -> dict[str, Any]:
        """Return everything they are shown, as their own page and API show it."""
        answer = self.house.get(self.token, "/people/me")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def holds(self, data: str) -> list[Any]:
        return [r for r in self.sees()["records"] if r["data"] == data]

    def link(self, right: str) -> str:
        """Have a mail of theirs entered, and return the address of the page its receipt links to."""
        self.house.post("stine-steward", "/mail", {"address": self.mail, "right": right})
        return str(LINK.findall(self.house.mails(self.mail)[-1].text)[0])


def kari(house: Deployment, mail: str = "kari@example.org") -> Life:
    """Begin somebody who is known by an address, and sign them in."""
    return Life(house, mail, begin(house, mail)).sign_in()


def begin(house: Deployment, mail: str) -> str:
    """Begin somebody who is known by an address, and return their tag."""
    who = {"kind": "email", "value": mail}
    tag = str(house.post("rewards-job", "/people", {"who": who}).json()["tag"])
    answer = collect(house, "rewards-job", tag, "contact", "account", source="person", email=mail)
    assert answer.status_code == 201, answer.text
    return tag


def collect(
    house: Deployment, who: str, tag: str, data: str, purpose: str, source: str | None = None, **fields: Any
) -> Any:
    """Have a key, or a person by their token, hand in a record about somebody."""
    body = {"data": data, "purpose": purpose, "fields": fields, "source": source}
    return house.post(who, f"/people/{tag}/records", body)
