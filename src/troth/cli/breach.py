"""Breach: the register of breaches on the command line: open a case, rate it, tell, close, list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json, SettingsFile, Store, opened
from troth.gate.affected import Scope
from troth.gate.breach import Breach
from troth.runtime import Company, breaching
from troth.terms import TrothError

By = Annotated[str, Parameter(help="who of the staff does it; it stands in the register")]
Number = Annotated[str, Parameter(help="the case's number, as `troth breach list` shows it")]


class NoMoment(TrothError):
    """A word that is no moment."""

    def __init__(self, word: str) -> None:
        super().__init__(f"'{word}' is no moment; write 2026-03-01T09:00, in the document's time zone")


def app(root: App) -> None:
    """Add these commands."""
    group = App(name="breach", help="Keep the register of breaches: whom each affects, and who must hear.")
    group.command(list_, name="list")
    for command in (report, rate, tell, close):
        group.command(command)
    root.command(group)


def list_(directory: Folder, /, *, store: Store = "", settings: SettingsFile = "", json: Json = False) -> int:
    """List the cases with the authority's clock.  Exit code 1 while a notice is late.

    Example: `troth breach list companies/club --store people.db`
    """
    with opened(directory, store, settings) as company:
        cases, now = company.gate.breaches(), company.clock()
    late = [c for c in cases if c.due and not c.done("notified") and not c.closed and now > c.due]
    if json:
        say.as_json(cases)
    for case in () if json else cases:
        _say(case)
    return int(bool(late))


def report(
    directory: Folder,
    /,
    *,
    what: Annotated[str, Parameter(help="what happened")],
    since: Annotated[str, Parameter(help="from when the data were open")],
    until: Annotated[str, Parameter(help="until when; now when left out")] = "",
    aware: Annotated[str, Parameter(help="since when we know; now when left out")] = "",
    staff: Annotated[str, Parameter(help="through whose stay, by the name of the key")] = "",
    data: Annotated[tuple[str, ...], Parameter(help="these categories alone")] = (),
    by: By,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Open a case and find out whom it affects.

    Example: `troth breach report companies/club --what 'a lost laptop' --since 2026-03-01 --by anne`
    """
    with opened(directory, store, settings) as company:
        when = (_moment(company, since), _moment(company, until))
        scope = Scope(*when, staff, data=data)
        case = breaching.report(company, what=what, aware=_moment(company, aware), scope=scope, by=by)
    return _told(case, json)


def rate(
    directory: Folder,
    number: Number,
    risk: Annotated[str, Parameter(help="unlikely, likely or high")],
    /,
    *,
    reason: Annotated[str, Parameter(help="why it is rated so")],
    effects: Annotated[str, Parameter(help="what it can mean for people")] = "",
    measures: Annotated[str, Parameter(help="what was done and will be")] = "",
    advice: Annotated[str, Parameter(help="what people can do")] = "",
    exception: Annotated[str, Parameter(help="unreadable, averted or effort (Art. 34(3))")] = "",
    by: By,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Rate the risk to people, and say what it means and what was done.

    Example: `troth breach rate companies/club b-1f2e3d4c unlikely --reason 'the disk was sealed' --by anne`
    """
    said = {"reason": reason, "effects": effects, "measures": measures, "advice": advice}
    with opened(directory, store, settings) as company:
        case = company.gate.assess(number=number, risk=risk, exception=exception, by=by, **said)
    return _told(case, json)


def tell(
    directory: Folder,
    number: Number,
    to: Annotated[str, Parameter(help="people, site, or authority (notes that it was told)")],
    /,
    *,
    late: Annotated[str, Parameter(help="reasons, where the authority hears after its time")] = "",
    by: By,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Tell the people affected, post it on the site, or note that the authority was told.

    Example: `troth breach tell companies/club b-1f2e3d4c people --by anne`
    """
    with opened(directory, store, settings) as company:
        if to == "people":
            case = breaching.tell_people(company, number=number, by=by)
        elif to == "site":
            case = company.gate.post_breach(number=number, by=by)
        elif to == "authority":
            case = company.gate.notified(number=number, by=by, late=late)
        else:
            raise TrothError(f"'{to}' is none of people, site, authority")
    return _told(case, json)


def close(
    directory: Folder,
    number: Number,
    /,
    *,
    by: By,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Close a case that is rated and described, once whoever is owed a notice has one.

    Example: `troth breach close companies/club b-1f2e3d4c --by anne`
    """
    with opened(directory, store, settings) as company:
        case = company.gate.close_breach(number=number, by=by)
    return _told(case, json)


def _told(case: Breach, json: bool) -> int:
    if json:
        say.as_json(case)
    else:
        _say(case)
    return 0


def _say(case: Breach) -> None:
    due = "closed" if case.closed else f"due {case.due:%Y-%m-%d %H:%M}" if case.due else "no notice due"
    told = "told" if case.done("notified") else due
    head = f"{case.number}  {case.risk or 'not rated':<9} {len(case.affected):>5} people"
    print(f"{head}  {told}  {case.what[:60]}")


def _moment(company: Company, word: str) -> datetime:
    try:
        at = datetime.fromisoformat(word) if word else company.clock()
    except ValueError:
        raise NoMoment(word) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(company.policy.zone))
