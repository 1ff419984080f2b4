"""Rewards: what the person earned and from whom, how to use it, what is wrong with it, and their friends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.services import befriending, disputing, giving, ledger, redeeming, referring
from troth.services.befriending import Friend
from troth.services.disputing import Complaint
from troth.services.ledger import Line
from troth.terms import Refused, TrothError
from troth.web.asking import Form, person_of
from troth.web.crediting import shop_of
from troth.web.inviting import reasons
from troth.web.me.centre import parties
from troth.web.moments import used
from troth.web.pages import page
from troth.web.sessions import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows, read in one go."""

    open: tuple[tuple[Line, int], ...]
    history: tuple[Line, ...]
    balances: tuple[tuple[str, int], ...]
    owed: frozenset[str]
    complaints: tuple[Complaint, ...]
    disputed: frozenset[str]
    friends: tuple[Friend, ...]
    joined: tuple[str, ...]
    invited_by: str | None
    link: str
    name: str


async def rewards(request: Request) -> Response:
    """Show the person's rewards; what has expired is written off first."""
    session, company = person_of(request), request.state.company
    person = session.person
    assert person is not None
    await run_in_threadpool(used, company, session)
    shown = await run_in_threadpool(_shown, company, person)
    said, session.said = session.said, ""
    address = f"{company.base_url or str(request.base_url).rstrip('/')}/{company.name}/i/{shown.link}"
    return page(
        request,
        "me/rewards.html",
        title="My rewards",
        here="me",
        tab="rewards",
        session=session,
        said=said,
        shown=shown,
        texts={name: str(row.get("text", name)) for name, row in company.rewards.items()},
        names=parties(company),
        sorts=disputing.SORTS,
        address=address,
        passed=referring.forms(address, company.title),
        reason=reasons(company),
        today=shop_of(company).today,
    )


def spend(company: Company, session: Session, person: int, form: Form) -> str:
    """Use points at a business."""
    amount = form.get("amount", "")
    if not amount.isdecimal() or len(amount) > 7:
        raise HTTPException(422, "Say how many, as a number.")
    done = redeeming.spend(shop_of(company), person, operator=form.get("operator", ""), amount=int(amount))
    if done.state == "short":
        raise HTTPException(422, "There is not so much left here.")
    if done.state != "redeemed":
        raise HTTPException(409, "This could not be used now; nothing was taken.")
    return "Used. The business has been told."


def dispute(company: Company, session: Session, person: int, form: Form) -> str:
    """File a complaint about a reward."""
    text, sort = form.get("text", "").strip(), form.get("sort", "other")
    if not text or sort not in disputing.SORTS:
        raise HTTPException(422, "Say what is wrong.")
    try:
        filed = disputing.complain(
            shop_of(company),
            person,
            reward=form.get("reward", ""),
            text=text[:8000],
            sort=sort,
            demandable=_day(form.get("demandable", "")),
        )
    except Refused:
        raise
    except TrothError as error:
        raise HTTPException(404) from error
    return f"Your complaint has the number {filed.number}."


def name_link(company: Company, session: Session, person: int, form: Form) -> str:
    """Set the name that the person's link shows."""
    referring.link(shop_of(company), person, form.get("name", "").strip()[:60])
    return "Your link shows this name from now on."


def unfriend(company: Company, session: Session, person: int, form: Form) -> str:
    """End a contact, for both."""
    befriending.unfriend(shop_of(company), person, form.get("number", ""))
    return "You no longer see each other."


ACTS: tuple[tuple[str, Callable[[Company, Session, int, Form], object]], ...] = (
    ("/me/rewards/use", spend),
    ("/me/rewards/dispute", dispute),
    ("/me/rewards/name", name_link),
    ("/me/rewards/unfriend", unfriend),
)
Acting = Callable[[Request], Awaitable[Response]]


def _shown(company: Company, person: int) -> Shown:
    shop = shop_of(company)
    history = giving.statement(shop, person)
    complaints = disputing.complaints(shop, person)
    return Shown(
        open=ledger.open_now(history, shop.today),
        history=tuple(reversed(history)),
        balances=_points(history),
        owed=frozenset(line.entitlement for line in giving.owed(shop, person)),
        complaints=complaints,
        disputed=disputing.disputed(complaints),
        friends=befriending.contacts(shop, person),
        joined=referring.friends(shop, person),
        invited_by=referring.invited_by(shop, person),
        link=referring.link(shop, person),
        name=referring.shown(shop, person),
    )


def _points(history: tuple[Line, ...]) -> tuple[tuple[str, int], ...]:
    """Return what can be spent at each business: coupons are not points."""
    left = ledger.lots(history)
    found: dict[str, int] = {}
    for line in history:
        if line.turn == "earned" and not line.coupon and left.get(line.entitlement, 0) > 0:
            found[line.operator] = found.get(line.operator, 0) + left[line.entitlement]
    return tuple(found.items())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HTTPException(422, "That is no date.") from None
