"""Rewards: a person's ledger, coupons at a till, friends and complaints on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from troth.services.befriending import Friend
from troth.services.disputing import Complaint
from troth.services.ledger import Line as Entry
from troth.web.api.wire.base import ClauseOut, In, Line, Out, Text, Word

Code = Annotated[str, Meta(min_length=1, max_length=64)]
Amount = Annotated[int, Meta(ge=1, le=1_000_000)]
Ticket = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[\w.-]+$")]


class EntryOut(Out, frozen=True):
    """One line of the ledger; ``about`` names the line that it uses, takes back or writes off."""

    entitlement: str
    turn: str
    amount: int
    rule: str
    operator: str
    at: datetime
    expires: date | None = None
    about: str = ""


class OpenOut(Out, frozen=True):
    """Something earned of which ``left`` is unused and good to the end of ``expires``."""

    entitlement: str
    text: str
    operator: str
    left: int
    expires: date | None
    coupon: str = ""
    disputed: bool = False


class RewardsOut(Out, frozen=True):
    """A person's rewards: what is open, every line ever written, and their sum, also by operator."""

    open: tuple[OpenOut, ...]
    entries: tuple[EntryOut, ...]
    balance: int
    balances: dict[str, int]


class SpendIn(In, frozen=True):
    operator: Word
    amount: Amount


class ReverseIn(In, frozen=True):
    """How much of a line is taken back; all that is left of it when nothing is said."""

    amount: Amount | None = None


class RedeemIn(In, frozen=True):
    """A coupon's code as it was typed, and the till's own name for the call, by which it may be repeated."""

    code: Code
    reference: Word | None = None


class RedeemedOut(Out, frozen=True):
    """A coupon that was used: what it is for and when; of whose it is, nothing."""

    state: str
    reward: str
    text: str
    amount: int
    at: datetime | None


class NamedIn(In, frozen=True):
    """The name that friends see who open the link."""

    name: Annotated[str, Meta(max_length=60)] = ""


class ReferralOut(Out, frozen=True):
    """A person's link for friends; ``friends``: since when each is here who came by it, and not who.

    ``mail`` and ``sms`` hand it to the person's own device, which asks for the address.
    """

    link: str
    name: str
    friends: tuple[str, ...]
    invited_by: str | None = None
    mail: str = ""
    sms: str = ""


class InvitedOut(Out, frozen=True):
    """What is told to who opens a link, before anything is typed: who invites, what is noted and why."""

    source: str
    notes: str
    purpose: str
    basis: tuple[str, ...]
    kept: str
    rights: str
    authority: str
    clause: ClauseOut | None


class InviteIn(In, frozen=True):
    email: Line


class AcceptIn(In, frozen=True):
    ticket: Ticket
    name: Annotated[str, Meta(max_length=60)] = ""


class FriendOut(Out, frozen=True):
    number: str
    name: str


class FriendsOut(Out, frozen=True):
    friends: tuple[FriendOut, ...]


class ComplainIn(In, frozen=True):
    """A complaint about one line of the ledger; ``demandable``: the day from which it could be claimed."""

    reward: Word
    text: Text
    sort: Literal["missing", "amount", "other"] = "other"
    demandable: date | None = None


class ComplaintOut(Out, frozen=True):
    number: str
    reward: str
    operator: str
    sort: str
    text: str
    demandable: date
    state: str
    answer: str = ""
    due: datetime | None = None
    overdue: bool = False


class StateOut(Out, frozen=True):
    """How a complaint stands: who handles it, until when, and nothing of what it says."""

    number: str
    handler: str
    state: str
    due: datetime | None
    overdue: bool


class ComplaintsOut(Out, frozen=True):
    complaints: tuple[ComplaintOut, ...]


class HandledOut(Out, frozen=True):
    """A complaint as its handler sees it: the fields that the document opens, and the clauses that do."""

    fields: dict[str, Any]
    clauses: tuple[ClauseOut, ...]


class ResolveIn(In, frozen=True):
    upheld: bool
    text: Text


def entry_out(line: Entry) -> EntryOut:
    """Write a line of the ledger out."""
    names = [n for n in EntryOut.__struct_fields__ if n not in ("at",)]
    return EntryOut(at=line.at, **{n: getattr(line, n) for n in names})


def friend_out(friend: Friend) -> FriendOut:
    """Write a friend out."""
    return FriendOut(number=friend.number, name=friend.name)


def complaint_out(complaint: Complaint) -> ComplaintOut:
    """Write a complaint out as its person sees it."""
    return ComplaintOut(**{n: getattr(complaint, n) for n in ComplaintOut.__struct_fields__})
