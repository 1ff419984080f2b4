"""Support: a person's cases with their files; staff see and add to them while the document lets them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from troth.gate.attach import File
from troth.gate.values import Held
from troth.policy.model import Door
from troth.runtime import Company, supporting
from troth.services.packages import entries
from troth.terms import Action, Clause, Refused, Request
from troth.web.api.acting import flat
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.people import role
from troth.web.api.wire.base import Fields, In, Line, Out, SaidOut, plain


class SupportIn(In, frozen=True):
    """What somebody fills in who needs help."""

    fields: Fields


MOST = 3 * 1024 * 1024  # bytes of a body with the largest file in base 64


class FileIn(In, frozen=True):
    """A file in base 64; of which kind it is, its own bytes tell."""

    name: Line
    content: Annotated[str, Meta(min_length=1, max_length=3_000_000)]


class FileOut(Out, frozen=True):
    """A file of a case, without its bytes."""

    rid: int
    data: str
    fields: Fields
    due: datetime | None = None
    role: str = "controller"  # ours for this file; as a processor, ``controller`` says whose it is
    controller: str = ""
    entries: tuple[str, ...] = ()  # what a package holds; none of it was put anywhere


class ContentOut(Out, frozen=True):
    name: str
    type: str
    content: str


class SupportOut(Out, frozen=True):
    number: str
    state: str
    made: datetime
    fields: Fields
    files: tuple[FileOut, ...]


class SupportsOut(Out, frozen=True):
    cases: tuple[SupportOut, ...]


def open_case(call: Call) -> SupportOut:
    """Open a case."""
    person = call.person()
    number = supporting.open_case(call.company, person, call.read(SupportIn).fields)
    return _out(call.company, supporting.one_case(call.company, person, number))


def cases(call: Call) -> SupportsOut:
    """List a person's own cases."""
    found = supporting.support_cases(call.company, call.person())
    return SupportsOut(cases=tuple(_out(call.company, c) for c in found))


def attach(call: Call) -> FileOut:
    """Add a file to an open case."""
    sent, person = call.read(FileIn), call.person()
    try:
        content = base64.b64decode(sent.content, validate=True)
    except (binascii.Error, ValueError):
        raise Fault(422, "invalid", "content: is not in base 64", fields=("content",)) from None
    source = "person"
    if call.asker.kind == "staff":
        source = "helper"
        _insist_shown(call, person)
    held = supporting.attach(call.company, person, call.path["number"], sent.name, content, source)
    packed = entries(content) if content.startswith(b"PK") else ()
    return _file(call.company, held, tuple(e.name for e in packed))


def content(call: Call) -> ContentOut:
    """Give a file's bytes to its person, or to staff who work on the case."""
    person, rid = call.person(), int(call.path["rid"])
    supporting.one_case(call.company, person, call.path["number"])
    if call.asker.kind == "staff":
        home = supporting.home_of(call.company.policy)
        found: File = call.company.gate.file_of(
            person=person,
            rid=rid,
            purpose=home.purpose if home else "",
            role=role(call),
            staff=call.asker.name,
            reason=call.path["number"],
        )
    else:
        found = call.company.gate.file_of(person=person, rid=rid)
    return ContentOut(
        name=found.name, type=found.type, content=base64.b64encode(found.content).decode("ascii")
    )


def close(call: Call) -> SaidOut:
    """Close a case."""
    supporting.close_case(call.company, call.person(), call.path["number"])
    return SaidOut(said="closed; what belongs to it goes by its own date")


def support_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which support sees a case."""
    return clauses_of(call.company.policy, Door)


def _insist_shown(call: Call, person: int) -> None:
    """Refuse staff who may not see the person's cases now."""
    home = supporting.home_of(call.company.policy)
    asked = Request(Action.SHOW, home.data.name if home else "", home.purpose if home else "", role(call))
    decision = call.company.gate.may(person=person, request=asked)
    if not hasattr(decision, "permit"):
        raise Refused(decision)


def _out(company: Company, case: supporting.SupportCase) -> SupportOut:
    files = tuple(_file(company, f) for f in case.files)
    return SupportOut(
        number=case.number, state=case.state, made=case.made, fields=plain(case.fields), files=files
    )


def _file(company: Company, held: Held, packed: tuple[str, ...] = ()) -> FileOut:
    party = company.gate.processed_for(data=held.data)
    whose = company.parties.get(party, {}).get(str(held.body.get(party, "")), {})
    return FileOut(
        rid=held.rid,
        data=held.data,
        fields=plain(flat(held.body)),
        due=held.due,
        role="processor" if party else "controller",
        controller=str(whose.get("title", "")) if party else company.title,
        entries=packed,
    )
