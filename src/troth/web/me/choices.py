"""Choices: each yes with its text and history, a switch a sender, and the no to profiling in its own box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.house import MARKETING
from troth.gate.values import Access, Act
from troth.policy.model import Area, Consent, Data, Join, OptOut, Policy, Purpose
from troth.runtime import Company
from troth.services import Band, bands, question
from troth.terms import Clause
from troth.web.asking import person_of
from troth.web.me.senders import rows
from troth.web.moments import used
from troth.web.pages import page


@dataclass(frozen=True, slots=True)
class Switch:
    """One yes that may be given or taken back; ``ages`` must be chosen from before it counts."""

    name: str
    text: str
    clause: Clause
    given: bool
    history: tuple[Act, ...]
    ages: tuple[Band, ...]
    member: str = ""
    without: str = ""  # what ends when it is taken back


@dataclass(frozen=True, slots=True)
class Reason:
    """One purpose to which the person may object: it rests on an interest, or the document says they may."""

    name: str
    text: str
    clause: Clause
    objected: bool
    profiling: bool
    logic: str = ""
    effects: str = ""
    since: datetime | None = None  # when the person last said no, or took that back


@dataclass(frozen=True, slots=True)
class Limit:
    """One restriction that stands: of everything, a category or a field, and since when."""

    name: str
    since: datetime | None


async def choices(request: Request) -> Response:
    """Show all that the person may decide."""
    session, company = person_of(request), request.state.company
    person = session.person
    await run_in_threadpool(used, company, session)
    access: Access = await run_in_threadpool(lambda: company.gate.access(person=person))
    said, session.said = session.said, ""
    all_switches = switches(company, access)
    by_sender = rows(company, access, all_switches)
    every = reasons(company.policy, access)
    profiling = [r for r in every if r.profiling]
    return page(
        request,
        "me/choices.html",
        title="Your choices",
        here="me",
        tab="choices",
        session=session,
        said=said,
        switches=[s for s in all_switches if s not in [r.messages for r in by_sender]],
        senders=by_sender,
        profiling=profiling,
        stopped=bool(profiling) and all(r.objected for r in profiling),
        stopped_at=_stopped_at(access, {r.name for r in profiling}),
        offerers=_offerers(company),
        says=consequence(company.policy, {r.name for r in profiling}),
        reasons=[r for r in every if not r.profiling],
        limits=limits(access),
        sells=sells(company.policy),
        silent=MARKETING in access.objections,
        any_given=any(s.given for s in all_switches),
        age=access.age,
    )


def switches(company: Company, access: Access) -> list[Switch]:
    """Return each consent of the document; one asked by party once for each member it may be asked for."""
    shown: list[Switch] = []
    for consent in company.policy.of(Consent):
        decided = [
            a.name for a in access.acts if a.kind == "consent" and a.name.split("(")[0] == consent.name
        ]
        if not consent.per:
            names = [consent.name]
        else:
            members = (
                _members(company, consent.per) if not set(consent.per[1:]) - {"purpose", "field"} else []
            )
            names = list(dict.fromkeys([*decided, *(f"{consent.name}({m})" for m in members)]))
        shown += [_switch(company, access, consent, name) for name in names]
    return [s for s in shown if s.history or not _kept_apart(company.policy, s.name)]


def reasons(policy: Policy, access: Access) -> list[Reason]:
    """Return the purposes to which the person may object, and whether they did."""
    shown = []
    for purpose in policy.of(Purpose):
        if any(purpose.opposable(g.kind) for b in purpose.bases for g in b.grounds):
            profiling = "profiling" in purpose.marks
            objected = purpose.name in access.objections
            shown.append(
                Reason(
                    purpose.name,
                    purpose.text or purpose.name,
                    purpose.clause,
                    objected,
                    profiling,
                    purpose.logic,
                    purpose.effects,
                    _last(access, "objection", purpose.name),
                )
            )
    return shown


def limits(access: Access) -> list[Limit]:
    """Return the restrictions that stand, with the moment of each."""
    return [Limit(name, _last(access, "restriction", name)) for name in sorted(access.restricted)]


def sells(policy: Policy) -> bool:
    """Say whether several kinds of marketing can be refused, so that one no to all of them is offered."""
    return sum(MARKETING in p.marks for p in policy.of(Purpose)) > 1


def _last(access: Access, kind: str, name: str) -> datetime | None:
    """Return when the person last decided about something."""
    names = (name, MARKETING) if kind == "objection" else (name,)
    return max((a.at for a in access.acts if a.kind == kind and a.name in names), default=None)


def consequence(policy: Policy, purposes: set[str]) -> str:
    """Return the document's own words on what an objection changes."""
    return next((o.says for o in policy.of(OptOut) if o.says and purposes & set(o.purposes)), "")


def _stopped_at(access: Access, purposes: set[str]) -> datetime | None:
    """Return since when all of these purposes are stopped; None while one is not."""
    if not purposes or not purposes <= access.objections:
        return None
    return max(a.at for a in access.acts if a.kind == "objection" and a.name in purposes and a.given)


def _offerers(company: Company) -> list[tuple[str, str]]:
    """Return the clients that have offers, by name and title."""
    clients = company.site.get("clients", {})
    found = dict.fromkeys(o.client for o in company.offers.each if o.client)
    return [(name, str(clients.get(name, {}).get("name", name))) for name in found]


def _switch(company: Company, access: Access, consent: Consent, name: str) -> Switch:
    history = tuple(a for a in access.acts if a.kind == "consent" and a.name == name)
    return Switch(
        name,
        question(company.policy, company.parties, name),
        consent.clause,
        bool(history) and history[-1].given,
        history,
        bands(company.policy, consent) if access.age is None else (),
        member=name.partition("(")[2].rstrip(")"),
        without=consent.without,
    )


def _members(company: Company, per: Sequence[str]) -> list[str]:
    members: Mapping[str, object] = company.parties.get(per[0], {})
    return list(members)


def _kept_apart(policy: Policy, name: str) -> bool:
    """Say whether a consent speaks only of data in areas with person keys of their own."""
    bare = name.partition("(")[0]
    apart = {a.name for a in policy.of(Area) if a.apart}
    areas = {d.name: d.area for d in policy.of(Data)}
    bases = [b for p in policy.of(Purpose) for b in p.bases]
    used = [u.data for b in bases if any(g.name.split("(")[0] == bare for g in b.grounds) for u in b.uses]
    used += [data for j in policy.of(Join) if j.consent == bare for data in (j.left, j.right)]
    return bool(used) and all(areas.get(d, "") in apart for d in used)
