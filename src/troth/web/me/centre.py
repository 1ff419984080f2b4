"""Centre: what is held about the person, by purpose: why, from where, who read it, and the day it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate import Answer
from troth.gate.correct import theirs
from troth.gate.values import Access, Disclosure, Held, Stay
from troth.policy.model import Data, Door, Field, Purpose, Recipient, Role
from troth.runtime import Company
from troth.services import Coverage, ledger
from troth.terms import Clause
from troth.web.asking import knocked, session_of
from troth.web.me.untold import Notice, notices
from troth.web.moments import used
from troth.web.pages import page
from troth.web.problems import told
from troth.web.renewed import news


@dataclass(frozen=True, slots=True)
class Value:
    """One field as it stands on the page; ``choices`` when only some answers exist."""

    name: str
    text: str
    choices: tuple[str, ...] = ()
    at: datetime | None = None  # set when the value is a moment


@dataclass(frozen=True, slots=True)
class Lasting:
    """What stays by one law, until one day: its fields, none where all of it does."""

    law: str
    until: datetime | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One record as it stands on the page."""

    record: int
    title: str
    values: tuple[Value, ...]
    readers: tuple[str, ...]
    seen: tuple[Disclosure, ...]
    source: str
    collected: datetime
    goes: datetime | None
    waits: str
    clause: Clause | None
    because: str
    restricted: bool
    own: bool
    also: tuple[str, ...]
    behind: tuple[Answer, ...] = ()
    stopped: tuple[str, ...] = ()
    lasting: tuple[Lasting, ...] = ()  # what an erasure asked for today would leave of it


@dataclass(frozen=True, slots=True)
class Group:
    """The records held for one purpose."""

    name: str
    text: str
    grounds: tuple[str, ...]
    clause: Clause
    held: tuple[Item, ...]


async def centre(request: Request) -> Response:
    """Show all that is held; 401 for a session that is forged or over, the sign-in for who has none."""
    session = session_of(request)
    if session is None or session.person is None:
        if session is None and knocked(request):
            return told(request, 401)
        return RedirectResponse(f"/{request.state.company.name}/signin", 303)
    company, person = request.state.company, session.person
    await run_in_threadpool(used, company, session)
    access: Access = await run_in_threadpool(lambda: company.gate.access(person=person))
    said, session.said = session.said, ""
    untold = await run_in_threadpool(lambda: _told(company, person))
    groups = grouped(company, access)
    dues = sorted(h.due for h in access.held if h.due is not None)
    return page(
        request,
        "me/held.html",
        title="Your privacy centre",
        here="me",
        tab="held",
        session=session,
        said=said,
        groups=groups,
        untold=untold,
        news=news(company, access),
        breaches=await run_in_threadpool(lambda: company.gate.breaches_of(person=person)),
        count=len(access.held),
        rewards=_rewards(company, access.held),
        disclosures=access.disclosures,
        closed=access.closed,
        next_due=dues[0] if dues else None,
        titles=titles(company),
        names=parties(company),
    )


def grouped(company: Company, access: Access) -> list[Group]:
    """Put each record under the first purpose it serves; what serves none is only kept."""
    groups: list[Group] = []
    shown: set[int] = set()
    texts = {p.name: p.text or p.name for p in everything(company, Purpose)}
    for purpose in everything(company, Purpose):
        here = [h for h in access.held if purpose.name in h.purposes and h.rid not in shown]
        if here:
            shown |= {h.rid for h in here}
            grounds = tuple(dict.fromkeys(g.kind for b in purpose.bases for g in b.grounds))
            items = tuple(_item(company, access, h, texts, purpose.name) for h in here)
            groups.append(Group(purpose.name, purpose.text or purpose.name, grounds, purpose.clause, items))
    rest = tuple(_item(company, access, h, texts, "") for h in access.held if h.rid not in shown)
    if rest:
        groups.append(Group("kept", "Kept, and used for nothing", (), rest[0].clause or Clause("", 0), rest))
    return groups


def everything(company: Company, kind: type[Purpose] | type[Data]) -> list:  # type: ignore[type-arg]
    """Return the document's statements of a kind and, after them, its law packs' by their own names."""
    packed = [_of_law(s, PurePath(pack.path).stem) for pack in company.policy.packs for s in pack.of(kind)]
    return [*company.policy.of(kind), *packed]


def _of_law(statement: Purpose | Data, law: str) -> Purpose | Data:
    """Return a pack's statement under the law's name, and so its section."""
    clause = replace(statement.clause, ref=f"{law}:{statement.clause.ref}")
    return replace(statement, name=f"{law}:{statement.name}", clause=clause)


def titles(company: Company) -> Mapping[str, str]:
    """Return what each category is called on the page."""
    return {d.name: d.text or d.name for d in everything(company, Data)}


def _told(company: Company, person: int | None) -> list[Notice]:
    """Return what the person is told of now, and have it written down that they were."""
    found = company.gate.untold(person=person) if person is not None else ()
    if person is not None and found:
        company.gate.told(person=person, rids=[u.held.rid for u in found])
    return notices(company, parties(company), found)


def parties(company: Company) -> Mapping[str, str]:
    """Return what each recipient and role is called; a member by its own name."""
    names = {p.name: p.text or p.name for p in company.policy.of(Recipient)}
    names |= {r.name: role_title(r) for r in company.policy.of(Role)}
    for members in company.parties.values():
        names |= {m: str(about.get("title", m)) for m, about in members.items()}
    return names


def role_title(role: Role) -> str:
    """Say who a role is: its name, and what it is there for.

    >>> role_title(Role(name="support", text="Answers your questions"))
    'support (answers your questions)'
    """
    return f"{role.name} ({role.text[:1].lower()}{role.text[1:]})" if role.text else role.name


def _item(company: Company, access: Access, held: Held, texts: Mapping[str, str], under: str) -> Item:
    data = Coverage(company.policy).data(held.data)
    names = parties(company)
    doors = [d for d in company.policy.of(Door) if any(x.split(".")[0] == held.data for x in d.data)]
    anonymous = [d for d in doors if d.form.value != "identified"]
    return Item(
        held.rid,
        titles(company).get(held.data, held.data),
        _values(held, data.fields if data else ()),
        tuple(dict.fromkeys(names.get(d.party, d.party) for d in doors if d not in anonymous)),
        tuple(d for d in access.disclosures if any(x.split(".")[0] == held.data for x in d.data)),
        _source(company, held),
        held.collected,
        held.due,
        held.waits,
        held.clause,
        texts.get(held.because, held.because),
        held.restricted,
        own=data is not None and theirs(data, held.source) and not data.records,
        also=tuple(texts.get(p, p) for p in held.purposes if p != under),
        behind=held.behind,
        stopped=tuple(texts.get(p, p) for p in held.stopped),
        lasting=_lasting(held.lasting),
    )


def _rewards(company: Company, held: Sequence[Held]) -> list[tuple[ledger.Line, int, str]]:
    """Return what is open of what the person earned, with how much is left and what it is called."""
    today = company.clock().astimezone(ZoneInfo(company.policy.zone)).date()
    found = ledger.open_now(ledger.lines(held), today)
    return [(line, left, _reward(company, line.rule or line.entitlement)) for line, left in found]


def _reward(company: Company, name: str) -> str:
    """Return what a reward is called: by ``rewards.toml``, else by its own name."""
    return str(company.rewards.get(name, {}).get("text", name))


def _values(held: Held, fields: Sequence[Field]) -> tuple[Value, ...]:
    known = {f.name: f for f in fields}
    found: list[Value] = []
    for name, value in held.body.items():
        if isinstance(value, Mapping):  # the gate's own log: each moment by its name, the last one of each
            found += [Value(n, _plain(at), at=_moment(_last(at))) for n, at in value.items()]
        elif value not in ("", None, [], {}):
            choices = known[name].choices if name in known else ()
            found.append(Value(name, _plain(value), choices, _moment(value)))
    return tuple(found)


def _moment(value: object) -> datetime | None:
    """Read a value that is a moment with its zone; None for everything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 18 else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _last(value: object) -> object:
    return value[-1] if isinstance(value, list) and value else value


def _plain(value: object) -> str:
    """Write a value as a person reads it."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _source(company: Company, held: Held) -> str:
    """Say where a record came from; a business by its own name."""
    kind, _, member = held.source.partition(":")
    return parties(company).get(member or kind, held.source)


def _lasting(stays: tuple[Stay, ...]) -> tuple[Lasting, ...]:
    """Put together what stays by the same law until the same day."""
    found: dict[tuple[str, datetime | None], list[str]] = {}
    for stay in stays:
        fields = found.setdefault((stay.because, stay.until), [])
        fields += [name] if (name := stay.data.partition(".")[2]) else []
    return tuple(Lasting(law, until, tuple(fields)) for (law, until), fields in found.items())
