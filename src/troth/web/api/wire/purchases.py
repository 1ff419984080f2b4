"""Purchases: what is sold in the product, an order and its payment on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from troth.services.purchases import Purchase
from troth.web.api.wire.base import In, Out, Word
from troth.web.api.wire.orders import ProductOut

Amount = Annotated[str, Meta(pattern=r"^\d{1,9}(\.\d{1,2})? [A-Z]{3}$")]


class PurchaseIn(In, frozen=True):
    """What is bought, and whether it is paid at once or on an invoice."""

    product: Word
    by: Literal["card", "invoice"] = "card"


class PaymentIn(In, frozen=True):
    """A card, an account or the card that was saved; passed on to the firm that takes payments, kept nowhere.

    ``save``: whether the firm's token for the card is kept, which needs a yes.
    """

    card: Annotated[str, Meta(max_length=30)] = ""
    account: Annotated[str, Meta(max_length=50)] = ""
    saved: bool = False
    expires: Annotated[str, Meta(pattern=r"^(\d{2}/\d{2})?$")] = ""
    code: Annotated[str, Meta(pattern=r"^(\d{3,4})?$")] = ""
    save: bool = False


class RefundIn(In, frozen=True):
    amount: Amount


class BookIn(In, frozen=True):
    """A payment that happened elsewhere: from or to the person, for an order or for a reason."""

    direction: Literal["from-you", "to-you"]
    amount: Amount
    order: Word | Literal[""] = ""
    reason: Annotated[str, Meta(max_length=200)] = ""


class PurchaseOut(Out, frozen=True):
    """One order; ``given_back`` is empty while nothing was."""

    number: str
    item: str
    amount: str
    state: str
    day: str
    due: str
    given_back: str


class PurchasesOut(Out, frozen=True):
    purchases: tuple[PurchaseOut, ...]


class ShopOut(Out, frozen=True):
    """What is sold; ``paying``: whether a firm takes payments now."""

    products: tuple[ProductOut, ...]
    paying: bool


def purchase_out(made: Purchase) -> PurchaseOut:
    """Write an order out."""
    return PurchaseOut(
        number=made.number,
        item=made.item,
        amount=made.amount,
        state=made.state,
        day=made.day,
        due=made.due,
        given_back=made.given_back,
    )
