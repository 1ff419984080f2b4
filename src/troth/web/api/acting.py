"""Acting: an organisation, by its own key, and the people who act for it here.

It sees who they are under our tags, ends their acting with its contract, and takes out what they brought for
it.  A right is a person's own: an organisation that files one is told who may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from troth.policy.model import Fact
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import Fields, In, Out, SaidOut, Word, plain


class ActingOut(Out, frozen=True):
    """The tags of those who act for the asker."""

    people: tuple[str, ...]


class OwnRightIn(In, frozen=True):
    """The right that an organisation files."""

    right: Word


class BroughtOut(Out, frozen=True):
    """One thing that was brought for the asker, by whom, and when it goes."""

    tag: str
    rid: int
    data: str
    fields: Fields
    due: datetime | None = None


class BroughtsOut(Out, frozen=True):
    records: tuple[BroughtOut, ...]


def acting(call: Call) -> ActingOut:
    """List who acts for the asker."""
    gate = call.company.gate
    people = gate.acting(party=call.asker.party, member=call.asker.member)
    return ActingOut(people=tuple(sorted(gate.tag(person=p) for p in people)))


def end(call: Call) -> ActingOut:
    """Let everybody's acting for the asker end, as with its contract; what is theirs stays theirs."""
    gate = call.company.gate
    ended = gate.end_acting(party=call.asker.party, member=call.asker.member)
    return ActingOut(people=tuple(sorted(gate.tag(person=p) for p in ended)))


def file_right(call: Call) -> SaidOut:
    """Refuse a right that an organisation files for itself, and say who may ask."""
    right, tags = call.read(OwnRightIn).right, acting(call).people
    who = f"each of these for themself: {', '.join(tags)}" if tags else "each person for themself"
    said = f"right: '{right}' is a natural person's and no organisation's; it may be asked by {who}"
    raise Fault(422, "invalid", said, fields=("right",), clauses=acting_clauses(call))


def brought(call: Call) -> BroughtsOut:
    """List what was brought for the asker."""
    gate = call.company.gate
    found = gate.held_for(party=call.asker.party, member=call.asker.member)
    return BroughtsOut(
        records=tuple(
            BroughtOut(tag=gate.tag(person=p), rid=h.rid, data=h.data, fields=plain(flat(h.body)), due=h.due)
            for p, h in found
        )
    )


def remove(call: Call) -> SaidOut:
    """Take one of them out; what it stood beside stays."""
    person, asker = call.company.gate.tagged(tag=call.path["tag"]), call.asker
    if person is None:
        raise Fault(404, "not-here", "nobody here has this tag")
    call.company.gate.give_up(
        party=asker.party, member=asker.member, person=person, rid=int(call.path["rid"])
    )
    return SaidOut(said="taken out; nothing of it is left")


def flat(body: Mapping[str, object]) -> dict[str, object]:
    """Return a record's fields with what is told of its file beside them.

    >>> flat({"kind": "sample", "file": {"name": "sample.csv", "size": 9}})
    {'kind': 'sample', 'name': 'sample.csv', 'size': 9}
    """
    files: list[Mapping[str, object]] = [v for v in body.values() if isinstance(v, dict)]
    return {**{k: v for k, v in body.items() if not isinstance(v, dict)}, **(files[0] if files else {})}


def acting_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which people act for a party of the asker's class."""
    fact = next((f for f in call.company.policy.of(Fact) if f.per == (call.asker.party,)), None)
    return clauses_of(call.company.policy, Fact, fact.name) if fact else ()
