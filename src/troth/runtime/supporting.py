"""Supporting: a case of somebody who needs help, with the files that help to solve it.

A case begins and ends by the document's own events (``case-opened``, ``case-done``), by which staff may look;
what belongs to a case is kept with it and goes with it.  Its one rule: *nothing is kept beside a case*.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from troth.gate.attach import made
from troth.gate.errors import BadBody, NoRecord
from troth.gate.values import Held
from troth.policy.model import Data, Event, Policy, Purpose
from troth.services.attachments import MOST, Home, homes, kind_of, safe_name

if TYPE_CHECKING:
    from troth.runtime.company import Company

OPENED, DONE = "case-opened", "case-done"
NUMBER, STATE, TEXT = "number", "state", "text"


@dataclass(frozen=True, slots=True)
class CaseHome:
    """The category of cases, the purpose for which they are kept, and what the person fills in."""

    data: Data
    purpose: str

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the form, without what we write ourselves."""
        return tuple(f.name for f in self.data.fields if f.name not in (NUMBER, STATE))


@dataclass(frozen=True, slots=True)
class SupportCase:
    """One case with its files, as its person and staff see it."""

    number: str
    rid: int
    state: str
    made: datetime
    fields: Mapping[str, object]
    files: tuple[Held, ...]


def home_of(policy: Policy) -> CaseHome | None:
    """Return where cases are kept; None where the document knows none."""
    for datum in policy.of(Data):
        names = {f.name for f in datum.fields}
        if {NUMBER, STATE, TEXT} <= names and "person" in datum.sources and not datum.records:
            uses = ((p.name, u) for p in policy.of(Purpose) for b in p.bases for u in b.uses)
            purpose = next((n for n, u in uses if u.data == datum.name and not u.reads), "")
            return CaseHome(datum, purpose) if purpose else None
    return None


def open_case(company: Company, person: int, fields: Mapping[str, object]) -> str:
    """Open a case and return its number; raise ``BadBody`` for a form that is not whole, or ``Refused``."""
    home = _home(company)
    for name in fields:
        if name not in home.asked:
            raise BadBody(home.data.name, name, "the document declares no such field for a case")
    needed = {f.name for f in home.data.fields if not f.optional}
    missing = next((n for n in home.asked if n in needed and not str(fields.get(n, "")).strip()), "")
    if missing:
        raise BadBody(home.data.name, missing, "is needed to open a case")
    number = f"C-{company.clock():%y%m%d}-{secrets.token_hex(3)}"
    body = {**fields, NUMBER: number, STATE: "open"}
    company.gate.fits(data=home.data.name, body=body)
    _happen(company, person, OPENED)
    company.gate.collect(person=person, data=home.data.name, body=body, purpose=home.purpose, source="person")
    return number


def support_cases(company: Company, person: int) -> tuple[SupportCase, ...]:
    """Return a person's cases, newest first."""
    home, held = home_of(company.policy), company.gate.access(person=person).held
    if home is None:
        return ()
    data = {h.data: h.case for h in homes(company.policy).values()}
    files = [(str(h.body.get(data[h.data], "")), h) for h in held if h.data in data]
    found = (
        SupportCase(
            str(h.body[NUMBER]),
            h.rid,
            str(h.body.get(STATE, "open")),
            h.collected,
            {n: v for n, v in h.body.items() if n in home.asked},
            tuple(f for number, f in files if number == h.body[NUMBER]),
        )
        for h in held
        if h.data == home.data.name and NUMBER in h.body
    )
    return tuple(sorted(found, key=lambda c: c.made, reverse=True))


def attach(
    company: Company, person: int, number: str, name: str, content: bytes, source: str = "person"
) -> Held:
    """Keep a file with an open case; raise ``NoRecord`` for a case that is none, ``BadBody`` for the file."""
    case = one_case(company, person, number)
    if case.state != "open":
        raise BadBody("case", "", "this case is closed; open another one")
    if len(case.files) >= MOST:
        raise BadBody("case", "", f"a case holds at most {MOST} files")
    kind, media = kind_of(name, content)
    home = homes(company.policy).get(kind)
    if home is None:
        raise BadBody("file", "", media if not kind else f"the document keeps no {kind} of a case")
    body = {home.kind: kind, home.file: made(safe_name(name), media, content), home.case: number}
    whose = _for_whom(company, person, home) if home.behalf else ""
    body |= {home.behalf: whose} if whose else {}
    rid = company.gate.collect(
        person=person, data=home.data, body=body, purpose=home.purpose, source=source, member=whose
    )
    return next(h for h in company.gate.access(person=person).held if h.rid == rid)


def _for_whom(company: Company, person: int, home: Home) -> str:
    """Return for which member a file is held that its person brings; raise ``BadBody`` for none, or two."""
    found = company.gate.acts_for(person=person, party=home.behalf)
    if len(found) != 1:
        why = f"such a file is held for one {home.behalf}; you act for {'several' if found else 'none'} here"
        raise BadBody(home.data, home.behalf, why)
    return found[0]


def close_case(company: Company, person: int, number: str) -> None:
    """Close a case; with the last one the time runs after which all of them go."""
    case = one_case(company, person, number)
    company.gate.correct(person=person, rid=case.rid, body={STATE: "closed"})
    if all(c.state != "open" for c in support_cases(company, person)):
        _happen(company, person, DONE)


def one_case(company: Company, person: int, number: str) -> SupportCase:
    """Return a person's case by its number; raise ``NoRecord``."""
    found = next((c for c in support_cases(company, person) if c.number == number), None)
    if found is None:
        raise NoRecord(number)
    return found


def _home(company: Company) -> CaseHome:
    found = home_of(company.policy)
    if found is None:
        raise NoRecord("of a case")
    return found


def _happen(company: Company, person: int, event: str) -> None:
    if event in {e.name for e in company.policy.of(Event)}:
        company.gate.event(person=person, name=event)
