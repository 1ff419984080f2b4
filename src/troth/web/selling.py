"""Selling: hands a company to the service that sells things in the product, and writes the receipts."""

from __future__ import annotations

from troth.gate.means import means_of
from troth.runtime import Company
from troth.services.purchases import Purchase, Selling, read_purchases
from troth.terms import TrothError
from troth.web import tongue
from troth.web.confirming import tongue_of
from troth.web.till import address_of


class NothingSold(TrothError):
    """Nothing is sold here."""

    def __init__(self) -> None:
        super().__init__("nothing is sold here; [purchases] in site.toml says what is")


def selling_of(company: Company) -> Selling:
    """Return the company as far as purchases go; raise ``NothingSold``."""
    words, means = read_purchases(company.site), means_of(company.policy)
    if not words.products or means is None:
        raise NothingSold
    return Selling(company.gate, words, means, company.clock, company.policy.zone)


def title_of(company: Company, made: Purchase) -> str:
    """Return what an order is about, as it is called on the page."""
    product = read_purchases(company.site).product(made.item)
    return product.title if product else made.item or made.number


def receipt(company: Company, person: int, made: Purchase, last4: str = "") -> None:
    """Write that something was bought, paid or given back; whoever has no proved address sees it here."""
    address = address_of(company, person)
    if not address:
        return
    say = tongue.speaker(tongue_of(company, person, company.policy.language))
    named = {
        "number": made.number,
        "item": title_of(company, made),
        "amount": made.amount,
        "state": say(made.state),
        "by": f" (…{last4})" if last4 else "",
        "link": f"{company.base_url}/{company.name}/me/purchases/{made.number}",
    }
    subject = say("Your receipt for {item}", **named)
    text = say("{item}: {amount}, {state}{by}.\nOrder {number}: {link}", **named)
    try:
        company.send(address, subject, text, person=person)
    except TrothError:
        return
