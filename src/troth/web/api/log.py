"""Log: a person has their lines made anonymous; staff tie one line to somebody, for a declared reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from troth.policy.model import Area, Data, Door, RequestDoor
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import In, Out, Tag, Word
from troth.web.logbook import log_of


class AnonymiseIn(In, frozen=True):
    """``future``: whether lines to come are to be nobody's as well."""

    future: bool = True


class AnonymisedOut(Out, frozen=True):
    """How many lines became a count, who was told to do the same, and the request's number."""

    lines: int
    told: tuple[str, ...]
    number: str


class TieIn(In, frozen=True):
    """Which line, by its tag, and why; one at a time, under a grant where the document asks for one."""

    lines: Annotated[tuple[Tag, ...], Meta(min_length=1, max_length=1)]
    purpose: Word
    grant: Annotated[str, Meta(max_length=60)] = ""


class TiedOut(Out, frozen=True):
    rid: int
    place: tuple[str, ...]


def anonymise(call: Call) -> AnonymisedOut:
    """Make the person's lines anonymous, now and for good."""
    data = _log(call)
    made = call.company.gate.anonymise_log(
        person=call.person(), data=data.name, future=call.read(AnonymiseIn).future
    )
    return AnonymisedOut(lines=made.lines, told=made.told, number=made.number)


def tie(call: Call) -> TiedOut:
    """Tie one line to a person; the document says for which reason, and which role may see it then."""
    sent, policy = call.read(TieIn), call.company.policy
    into = next((d for d in policy.of(Data) if _log(call).name in d.inputs), None)
    doors = [d for d in policy.of(Door) if into and d.verb == "show" and into.name in d.data]
    role = next((d.party for d in doors if d.party in call.asker.roles and sent.purpose in d.purposes), "")
    if into is None or not role:
        raise Fault(403, "wrong-asker", "this role ties no line to anybody", clauses=log_clauses(call))
    rid = call.company.gate.tie_line(
        person=call.person(),
        line=sent.lines[0],
        data=into.name,
        purpose=sent.purpose,
        role=role,
        staff=call.asker.name,
        grant=sent.grant,
    )
    places = next((a.stay_in for a in policy.of(Area) if a.name == into.area), ())
    return TiedOut(rid=rid, place=places)


def log_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of the log, or of the door by which it is made anonymous."""
    data = log_of(call.company)
    found = clauses_of(call.company.policy, Data, data.name) if data else ()
    return found or clauses_of(call.company.policy, RequestDoor)


def _log(call: Call) -> Data:
    data = log_of(call.company)
    if data is None:
        raise Fault(404, "not-here", "this company keeps no log")
    return data
