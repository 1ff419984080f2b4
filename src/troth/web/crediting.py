"""Crediting: hands a company to the services that give rewards."""

from __future__ import annotations

from troth.runtime import Company
from troth.services import Reward, giving
from troth.services.shop import Shop


def shop_of(company: Company) -> Shop:
    """Return the company as far as rewards go."""
    return Shop(company.gate, company.policy, company.rewards, company.parties, company.clock)


def credit(company: Company, person: int, reward: Reward) -> str:
    """Credit a reward and say what became of it (``services.giving``)."""
    return giving.credit(shop_of(company), person, reward)
