"""Fellows: what people of one organisation at the second company do over the API, in few words."""

from __future__ import annotations

import re
from typing import Any

from acme import user
from deployment import Deployment
from living import Life

LINK = re.compile(r"/join/(\S+)")


def founded(ada: Life, name: str = "Acme Ltd") -> Any:
    return ada.house.post(ada.token, "/people/me/organisation", {"name": name})


def invited(ada: Life, mail: str) -> str:
    """Let a member invite an address, and return the secret of the link that came there."""
    answer = ada.house.post(ada.token, "/people/me/organisation/invitations", {"email": mail})
    assert answer.status_code == 202, answer.text
    return str(LINK.findall(ada.house.mails(mail)[-1].text)[0])


def joins(ben: Life, ticket: str) -> Any:
    return ben.house.post(ben.token, "/people/me/organisation/join", {"ticket": ticket})


def colleagues(house: Deployment) -> tuple[Life, Life, Life]:
    """Begin Ada and Ben, of Acme, and Zoe, of Borel."""
    ada, ben, zoe = (
        user(house, f"{n}@{o}.example") for n, o in (("ada", "acme"), ("ben", "acme"), ("zoe", "b"))
    )
    founded(ada)
    founded(zoe, "Borel")
    joins(ben, invited(ada, ben.mail))
    return ada, ben, zoe


def says(life: Life, text: str) -> str:
    """Send one message to the help desk; return the conversation's number."""
    answer = life.house.web.post(
        "/engagesmarter/v1/chat/completions",
        json={"model": "helpdesk", "messages": [{"role": "user", "content": text}]},
        headers={"Authorization": f"Bearer {life.token}"},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["troth"]["conversation"])


def listed(life: Life) -> list[str]:
    answer = life.house.get(life.token, "/people/me/organisation/conversations")
    assert answer.status_code == 200, answer.text
    return [c["number"] for c in answer.json()["conversations"]]


def opened(life: Life, number: str) -> Any:
    return life.house.get(life.token, f"/people/me/organisation/conversations/{number}")
