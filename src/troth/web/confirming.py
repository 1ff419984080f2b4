"""Confirming: an address that somebody typed gets one message, which asks; all others wait for its yes.

The link in it proves the address (``gate.proved``), and what was earned meanwhile is then written to it.
INVARIANT (looking changes nothing): opening the link only shows the button, because mail scanners open links.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.runtime import Company
from troth.runtime.tongue import tongue_of as tongue_of
from troth.terms import TrothError
from troth.web import tongue
from troth.web.moments import moved
from troth.web.pages import page


def ask(company: Company, person: int, address: str, language: str) -> None:
    """Send the message that asks whether the address is theirs; the only one before it is."""
    say = tongue.speaker(tongue_of(company, person, language))
    ticket = company.gate.ticket(person=person, deed=_deed(address))
    link = f"{company.base_url}/{company.name}/confirm/{ticket}"
    text = say(
        "You, or somebody, gave this address to {company}. Is it yours? Then press the button here:\n{link}"
        "\n\nUntil then nothing else is sent to it. If it was not you, do nothing.",
        company=company.title,
        link=link,
    )
    subject = say("Is this address yours?")
    company.send(address, subject, text, person=person, unproved=True)
    if begun_by_link(company):
        company.gate.await_proof(person=person)


def begun_by_link(company: Company) -> bool:
    """Say whether an account begins with its confirmation: ``[accounts] confirm = true`` in ``site.toml``."""
    return bool(company.site.get("accounts", {}).get("confirm"))


def waits(company: Company, address: str) -> bool:
    """Say whether nobody comes in by an address yet, because its link was not opened."""
    person = company.gate.find(kind="email", value=address) if begun_by_link(company) else None
    return person is not None and bool(company.gate.awaited(person=person))


def thank(company: Company, person: int, rewards: Sequence[str], language: str) -> None:
    """Write to a proved address what its person earned, in their language."""
    where = company.contact
    if not rewards or where is None or not company.gate.proved(person=person, kind="email"):
        return
    held = company.gate.read(person=person, data=where.data, purpose=where.purpose, field=where.field)
    say = tongue.speaker(tongue_of(company, person, language))
    text = say(
        "This is yours: {rewards}.\nIt waits on your page: {link}",
        rewards=", ".join(rewards),
        link=f"{company.base_url}/{company.name}/me",
    )
    for one in held[-1:]:
        company.send(str(one.body[where.field]), say("Your reward"), text, person=person)


def proved(company: Company, person: int) -> None:
    """Write what was earned while the address was not proved."""
    named = []
    for held in company.gate.access(person=person).held:
        if "entitlement" in held.body and str(held.body.get("turn", "earned")) == "earned":
            rule = str(held.body.get("rule") or held.body["entitlement"])
            named.append(str(company.rewards.get(rule, {}).get("text", rule)))
    _quietly(company, person, named)


def told(company: Company, person: int, address: str, rewards: Sequence[str], language: str) -> None:
    """Ask for a new address to be confirmed, or write at once to one that was; a refusal sends nothing."""
    try:
        if address and not company.gate.proved(person=person, kind="email"):
            ask(company, person, address, language)
        else:
            thank(company, person, rewards, language)
    except TrothError:
        return  # what the document does not let be written stands on the person's page all the same


async def asking(request: Request) -> Response:
    """Show the button."""
    await run_in_threadpool(_whose, request)
    return page(request, "confirm.html", title="Is this address yours?", here="me", done=False)


async def confirming(request: Request) -> Response:
    """Note that the address is theirs, and write what waited for it."""
    company: Company = request.state.company
    person, address = await run_in_threadpool(_whose, request)
    await run_in_threadpool(_confirm, company, person, address)
    return page(request, "confirm.html", title="Is this address yours?", here="me", done=True)


def _confirm(company: Company, person: int, address: str) -> None:
    first = not company.gate.proved(person=person, kind="email")
    company.gate.identify(person=person, kind="email", value=address, verified=True)
    if first:
        moved(company, person, "confirmed")
        proved(company, person)


def _whose(request: Request) -> tuple[int, str]:
    """Return person and address of the link; 404 for a link that is none, or whose person is gone."""
    company: Company = request.state.company
    ticket, where = request.path_params["ticket"], company.contact
    person = company.gate.tagged(tag=ticket.partition(".")[0])
    held = company.gate.access(person=person).held if person is not None else ()
    for one in held:
        address = str(one.body.get(where.field, "")) if where and one.data == where.data else ""
        if address and company.gate.holder(ticket=ticket, deed=_deed(address)) == person:
            assert person is not None
            return person, address
    raise HTTPException(404)


def _deed(address: str) -> str:
    return f"confirm {address.strip().casefold()}"


def _quietly(company: Company, person: int, rewards: Sequence[str]) -> None:
    try:
        thank(company, person, rewards, company.policy.language)
    except TrothError:
        return  # as in ``told``
