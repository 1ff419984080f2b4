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
