"""Lamp: what a customer of the Norwegian shop does over the API, in few words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from deployment import Asker, Deployment
from living import Life

HERE = "https://www.smarti.dev"
BEGAN = datetime(2024, 3, 1, 10, tzinfo=UTC)
SMARTI = (
    Asker("front-job", "job", purposes=("serve", "care", "tailor")),
    Asker("book-job", "job", purposes=("books", "papers")),
    Asker("study-job", "job", purposes=("improve",)),
    Asker("sales-job", "job", purposes=("sell-mail", "sell-phone", "sell-post", "match")),
    Asker("watch-job", "job", purposes=("monitor", "protect")),
    Asker("mail-job", "job", purposes=("reach", "care")),
    Asker("cara-agent", "staff", roles=("agent",)),
    Asker("paul-packer", "staff", roles=("packer",)),
    Asker("bo-books", "staff", roles=("bookkeeper",)),
    Asker("olga-operator", "staff", roles=("operator",)),
    Asker("otto-officer", "staff", roles=("officer",)),
)


def shop(deploy: Any, **more: Any) -> Deployment:
    """Serve the shop on 1 March 2024 at 11:00 in Oslo, on its own host."""
    house: Deployment = deploy("smarti", **{"askers": SMARTI, "now": BEGAN, "base": HERE, **more})
    return house


def customer(house: Deployment, mail: str = "kari@example.com", name: str = "Kari Nordmann") -> Life:
    """Begin somebody of age who has an account, and sign them in."""
    life = visitor(house, mail)
    house.post("front-job", f"/people/{life.tag}/events", {"name": "registered"})
    life.tells("name", "serve", name=name)
    life.tells("email", "serve", email=mail)
    return life


def visitor(house: Deployment, mail: str = "vic@example.com") -> Life:
    """Begin somebody of whom nothing but an address is known, and who is no customer."""
    tag = house.post("front-job", "/people", {"who": {"kind": "email", "value": mail}}).json()["tag"]
    life = Life(house, mail, tag).sign_in()
    answer = house.post(life.token, "/people/me/age", {"years": 30})
    assert answer.status_code == 200, answer.text
    return life


WHERE = {"street": "Storgata 1", "postcode": "0150", "town": "Oslo"}


def buys(life: Life, product: str = "hub", count: int = 1, **more: Any) -> Any:
    """Let a customer order one product; return the answer."""
    order = {"lines": [{"product": product, "count": count}], "buyer": "Kari Nordmann", "address": WHERE}
    return life.house.post(life.token, "/people/me/orders", {**order, **more})


def becomes(life: Life, number: str, *states: str) -> Any:
    """Have the packer say what becomes of an order; return the last answer."""
    for state in states:
        path = f"/people/{life.tag}/orders/{number}/state"
        answer = life.house.post("paul-packer", path, {"state": state})
    return answer


def asks(life: Life, text: str, door: str = "question", about: str = "") -> str:
    """Let a customer write about something; return the number of the case."""
    answer = life.house.post(life.token, "/people/me/cases", {"text": text, "door": door, "about": about})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["asked"]["number"])


def replies(life: Life, number: str, text: str, outcome: str = "answered") -> Any:
    """Have customer service answer a case; return what the API says."""
    path = f"/people/{life.tag}/requests/{number}/answer"
    return life.house.post("cara-agent", path, {"outcome": outcome, "text": text})


def shown(life: Life, who: str, data: str, purpose: str, **query: str) -> Any:
    """Have a member of staff look at a category; return the answer."""
    query = {"data": data, "purpose": purpose, "reason": "an order", **query}
    return life.house.get(who, f"/people/{life.tag}/records", **query)
