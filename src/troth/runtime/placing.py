"""Placing: the countries in which the settings say that the store, its copies and the mail server lie.

What a setting does not name is known to nobody and refused to nobody: the report says so.  Its one rule:
*what a place is said to hold must be allowed to stay there, before anything is opened or copied there*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from troth.kernel.places import inside, stays
from troth.policy.model import Data, Policy
from troth.runtime.settings import Settings
from troth.terms import TrothError

KINDS = {"store": "store_place", "copies": "copies_place", "mail": "mail_place"}


class Misplaced(TrothError):
    """A setting puts a store, its copies or the mail server where the document lets some data not stay."""

    def __init__(self, wrong: tuple[Lies, ...]) -> None:
        one = wrong[0]
        more = f", as {len(wrong) - 1} more do" if len(wrong) > 1 else ""
        super().__init__(
            f"setting '{KINDS[one.kind]}' is {one.country}, and {one.data} stays in"
            f" {', '.join(one.allowed)}{more}; choose a place there"
        )


@dataclass(frozen=True, slots=True)
class Lies:
    """Where one category lies: in the ``store``, in ``copies`` of it, or at the ``mail`` server.

    ``country`` is '' where no setting says it; ``allowed`` is empty where the document holds it to no place.
    """

    data: str
    kind: str
    country: str
    allowed: tuple[str, ...]

    @property
    def astray(self) -> bool:
        """Say whether it is known to lie where it may not."""
        return bool(self.country and self.allowed) and not inside(self.country, self.allowed)


def whereabouts(policy: Policy, told: Settings, mailed: str = "") -> Iterator[Lies]:
    """Yield where every category lies; ``mailed`` is the one whose addresses the mail server is told."""
    for data in (d.name for d in policy.of(Data)):
        for places in dict.fromkeys(stays(policy, data)) or [()]:
            yield Lies(data, "store", told.store_place, places)
            yield Lies(data, "copies", told.copies_place or told.store_place, places)
            if data == mailed:
                yield Lies(data, "mail", told.mail_place, places)


def insist_places(policy: Policy, told: Settings, mailed: str = "") -> None:
    """Raise ``Misplaced`` when a setting names a place in which some category may not stay."""
    wrong = tuple(one for one in dict.fromkeys(whereabouts(policy, told, mailed)) if one.astray)
    if wrong:
        raise Misplaced(wrong)
