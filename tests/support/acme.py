"""Acme: what a user of the second company does over the API, in few words."""

from __future__ import annotations

from typing import Any

from deployment import Asker, Deployment
from living import Life

VERSION = "2024-03-03"
ENGAGE = (
    Asker("front-job", "job", purposes=("register", "care", "tips", "tidy", "protect", "survey")),
    Asker("till-job", "job", purposes=("buy", "recover", "six-years")),
    Asker("offer-job", "job", purposes=("news-mail", "news-text", "others", "recommend")),
    Asker("number-job", "job", purposes=("statistics", "trends", "learn", "better")),
    Asker("terms-job", "job", purposes=("terms-notice",)),
    Asker("otto-officer", "staff", roles=("officer",)),
    Asker("cara-support", "staff", roles=("support",)),
    Asker("mia-moderator", "staff", roles=("moderator",)),
    Asker("cleo-clerk", "staff", roles=("clerk",)),
    Asker("adco-key", "partner", member="adco"),
    Asker("otherco-key", "partner", member="otherco"),
)


def user(house: Deployment, mail: str = "ada@acme.example", *, accepts: bool = True) -> Life:
    """Begin a grown-up who has an account and, unless told otherwise, accepted the version in force."""
    tag = house.post("front-job", "/people", {"who": {"kind": "email", "value": mail}}).json()["tag"]
    life = Life(house, mail, tag).sign_in()
    said = [("age", {"years": 30}), *([("notice", {"version": VERSION})] if accepts else [])]
    for path, body in said:
        answer = house.post(life.token, f"/people/me/{path}", body)
        assert answer.status_code == 200, answer.text
    if accepts:
        life.tells("identity", "register", first="Ada", last="Quill")
        life.tells("contact", "register", email=mail)
    return life


def paid(life: Life, order: str = "o-1", **more: Any) -> Any:
    """Let the user order something and the till note the payment; return the till's answer."""
    house = life.house
    house.post("till-job", f"/people/{life.tag}/events", {"name": "ordered"})
    fields = {"direction": "from-you", "amount": "20 GBP", "on": house.now.date().isoformat(), "order": order}
    noted = life.noted("till-job", "transaction", "buy", "company", **{**fields, **more})
    house.post("till-job", f"/people/{life.tag}/events", {"name": "settled"})
    return noted


def asks(life: Life, text: str, *, agent: str = "helpdesk", number: str = "") -> Any:
    """Send one message to an agent as its person, over the API that any chat client speaks."""
    body: dict[str, Any] = {"model": agent, "messages": [{"role": "user", "content": text}]}
    body |= {"metadata": {"conversation": number}} if number else {}
    headers = {"Authorization": f"Bearer {life.token}"}
    return life.house.web.post("/engagesmarter/v1/chat/completions", json=body, headers=headers)
