"""People: the commands about the people behind a company's gate.  Each goes through the gate."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json, SettingsFile, Store, Who, opened, person_of
from troth.runtime.settling import Round, Settled, settle_due
from troth.terms import TrothError


class BadMoment(TrothError):
    """A moment that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"'{text}' is no moment; write it as 2025-03-04T12:00+00:00")


def app(root: App) -> None:
    """Add these commands."""
    for command in (access, export, erase, hold, sweep, forecast, status):
        root.command(command)


def access(
    directory: Folder,
    who: Who,
    /,
    *,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Show all that is held about a person: each item with its purposes, clause and the day it goes.

    Example: `troth access companies/club email:kari@example.no --store people.db`
    """
    with opened(directory, store, settings) as company:
        seen = company.gate.access(person=person_of(company, who))
    if json:
        say.as_json(seen)
        return 0
    for held in seen.held:
        until = held.due.date().isoformat() if held.due else f"when {held.waits}" if held.waits else "-"
        where = f"  §{held.clause.ref}" if held.clause else ""
        print(f"{held.rid:>4} {held.data:<14} until {until}{where}  {dict(held.body)}")
    for d in seen.disclosures:
        print(f"     {d.kind} {', '.join(d.data)} to {d.party} {d.member} for {d.purpose}, {d.at:%Y-%m-%d}")
    return 0


def export(
    directory: Folder,
    who: Who,
    /,
    *,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = True,
) -> int:
    """Write a person's whole copy as JSON; its part 'portable' is what they may take along (GDPR Art. 20).

    Example: `troth export companies/club email:kari@example.no --store people.db > kari.json`
    """
    with opened(directory, store, settings) as company:
        say.as_json(company.copy(person=person_of(company, who)))
    return 0


def erase(
    directory: Folder,
    who: Who,
    /,
    *,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Erase a person, and give the receipt that anyone can check with verify_evidence.py.

    Exit code 1 when a law or a hold keeps something; it says which, and until when.

    Example: `troth erase companies/club email:kari@example.no --store people.db --json > receipt.json`
    """
    with opened(directory, store, settings) as company:
        receipt = company.gate.erase(person=person_of(company, who))
    if json:
        told = {"at": receipt.at, "stays": receipt.stays, "told": receipt.told}
        say.as_json({**told, **receipt.evidence})
    else:
        print(f"erased at {receipt.at.isoformat()}, entry {receipt.leaf} of the evidence")
        for stay in receipt.stays:
            until = stay.until.date() if stay.until else stay.waits
            print(f"  stays: {stay.data} by {stay.clause} because of {stay.because}, until {until}")
        for name in receipt.told:
            print(f"  told: {name}")
    return int(bool(receipt.stays))


def hold(
    directory: Folder,
    who: Who,
    fact: Annotated[str, Parameter(help="the fact that the document's hold names")],
    /,
    *,
    reason: Annotated[str, Parameter(help="why; it is part of the evidence, so name no person")],
    by: Annotated[str, Parameter(help="the role that raises it")],
    approved_by: Annotated[
        str, Parameter(help="the second person's role, where the document asks for one")
    ] = "",
    release: Annotated[bool, Parameter(negative="", help="end the hold instead")] = False,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Put a legal hold on a person's records, or release it.

    Example: `troth hold companies/club email:kari@example.no lawsuit --reason 'case 4' --by counsel`
    """
    with opened(directory, store, settings) as company:
        person = person_of(company, who)
        if release:
            company.gate.release(person=person, fact=fact, by=by, reason=reason)
        else:
            company.gate.hold(person=person, fact=fact, reason=reason, by=by, approved_by=approved_by)
    said = {"fact": fact, "holds": not release}
    if json:
        say.as_json(said)
    else:
        print(f"{fact}: {'released' if release else 'holds'}")
    return 0


def sweep(
    directory: Folder,
    /,
    *,
    trust_clock: Annotated[
        bool, Parameter(negative="", help="sweep though the clock is more than 400 days past the last sweep")
    ] = False,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Let everything go whose day has come; meant to run every hour.

    Exit code 1 when old bytes still stand in a log that somebody holds open.

    Example: `troth sweep companies/club --store people.db`
    """
    with opened(directory, store, settings) as company:
        done = company.gate.sweep() if trust_clock else company.gate.sweep_on()
        settled = settle_due(company, Round())
    if json:
        say.as_json(done)
    else:
        print(f"{done.records} records and {done.people} people gone, {done.buckets} month keys destroyed")
        if settled != Settled():
            print(
                f"  {settled.expired} rewards expired, {settled.told} told to partners, {settled.owed} owed"
            )
        if done.blocked:
            print(f"  {done.blocked}")
    return int(bool(done.blocked))


def forecast(
    directory: Folder, /, *, store: Store = "", settings: SettingsFile = "", json: Json = False
) -> int:
    """Say how many records go on which day.

    Example: `troth forecast companies/club --store people.db`
    """
    with opened(directory, store, settings) as company:
        days = company.gate.forecast()
    if json:
        say.as_json([{"due": at, "data": data, "records": n} for at, data, n in days])
        return 0
    total: Counter[str] = Counter()
    for at, data, n in days:
        total[data] += n
        print(f"{at:%Y-%m-%d}  {n:>6}  {data}")
    print(f"{sum(total.values())} records have a day")
    return 0


def status(
    directory: Folder,
    /,
    *,
    at: Annotated[str, Parameter(help="as of this moment, ISO 8601; now when left out")] = "",
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Say when the document was last read over, and whether it must be again; 1 when it is overdue.

    Example: `troth status companies/club --store people.db`
    """
    with opened(directory, store, settings) as company:
        found = company.gate.reading(at=_moment(at) if at else None)
    if json:
        say.as_json({"version": found.version, "last": found.last, "by": found.by, "overdue": found.overdue})
    else:
        due = "review overdue since" if found.overdue else "to be read over by"
        print(f"version {found.version}, last read over {found.last or 'never'}")
        print(f"{due} {found.by}" if found.by else "the document does not say how often it is read over")
    return int(found.overdue)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise BadMoment(text) from None
