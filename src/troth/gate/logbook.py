"""Logbook: the technical log, a line at a time, each of nobody until one declared reason ties it to somebody.

A line lies under nobody's name and key.  Whose it is can be found by a keyed digest alone, which dies with
the person.  INVARIANT (one by one): a line is tied by itself, with the ground that the document asks for, and
moves into the person's own folder before anybody reads it there.  Made anonymous, a line becomes one more in
a count that belongs to nobody, and its key goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC

from troth.gate.ask import opened_request, request_of
from troth.gate.body import checked, treated
from troth.gate.errors import NoRecord
from troth.gate.facts import state_of
from troth.gate.folder import Folder, opened, standing
from troth.gate.granted import opened_by
from troth.gate.house import House
from troth.gate.identify import TAG, tagged
from troth.gate.values import Delivery
from troth.kernel.calendar import local_day
from troth.kernel.rules import DERIVED
from troth.policy.model import Counter, Data, Door, RequestDoor
from troth.store import Record
from troth.terms import Action, Allowed, Refused, Request

ACTION = "action"
OWN, QUIET = "log:of", "log-anonymous"  # the index of a person's lines, and the mark that no more are kept


@dataclass(frozen=True, slots=True)
class Anonymised:
    """How many lines became a count, and which firms that keep the log were told to do the same."""

    lines: int
    told: tuple[str, ...]
    number: str = ""


def log_line(
    house: House, *, data: str, body: Mapping[str, object], purpose: str, person: int | None = None
) -> int | None:
    """Keep one line and return under whom it lies; None where its person wants none kept, and it is counted.

    Raises ``BadBody`` for an action that is not on the document's list, ``Refused`` where no rule takes it.
    """
    datum = house.datum(data)
    said = checked(datum, body)
    asked = Request(Action.COLLECT, data, purpose, field=ACTION, source="device")
    decision = house.kernel.decide(asked, state_of(house, None, house.clock()), house.clock())
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    if person is not None and _marked(house, person):
        _count(house, said)
        return None
    nobody = house.store.new_person(area=datum.area)
    with opened(house, nobody) as folder:
        folder.deed.index(namespace=TAG, value=house.store.tag(person=nobody))
        if person is not None:
            folder.deed.index(namespace=OWN, value=_own(house, person))
        stored = treated(datum, said, lambda value: house.store.tag(person=nobody, label=value))
        clause = decision.permit.clauses[0]
        folder.put(data, stored, purposes=(purpose,), source="device", clause=clause, place=datum.area)
        folder.note("logged", clause, data=data, purpose=purpose)
    return nobody


def lines_of(house: House, *, person: int, data: str) -> int:
    """Return how many lines of the log can be found to be a person's."""
    return len(list(_lines(house, person, data)))


def tie_line(
    house: House, *, person: int, line: str, data: str, purpose: str, role: str, staff: str, grant: str = ""
) -> int:
    """Move one line, named by its tag, into a person's folder; return its record there.

    It is a use of the line and a collect of what comes of it, under a grant for this person where the
    document asks for one; raises ``Refused`` without its reason, ``NoRecord`` for a line that is none.
    """
    datum = house.datum(data)
    source, field = datum.inputs[0], datum.fields[0].name
    nobody = tagged(house, tag=line)
    found = next((r for r in _rows(house, nobody, source)), None) if nobody is not None else None
    if nobody is None or found is None:
        raise NoRecord(line)
    look, fact = Request(Action.SHOW, data, purpose, role), frozenset[str]()
    if grant:
        _, fact = opened_by(house, number=grant, person=person, asked=look, staff=staff)
    with opened(house, person) as folder:
        folder.insist(Request(Action.USE, source, purpose), assumed=fact)
        permit = folder.insist(Request(Action.COLLECT, data, purpose, source=DERIVED), assumed=fact)
        said = found.body if isinstance(found.body, dict) else {}
        text = "; ".join(f"{name}: {value}" for name, value in said.items())
        clause = permit.clauses[0]
        body = checked(datum, {field: text})
        rid = folder.put(data, body, purposes=(purpose,), source=DERIVED, clause=clause, place=datum.area)
        folder.note("line tied", clause, data=data, purpose=purpose, grant=grant)
    _burn(house, nobody)
    return rid


def anonymise_log(house: House, *, person: int, data: str, future: bool = True) -> Anonymised:
    """Make a person's lines anonymous, and those to come unless they want them kept; answer their request."""
    datum = house.datum(data)
    found = list(_lines(house, person, data))
    for nobody, record in found:
        _count(house, record.body if isinstance(record.body, dict) else {})
        _burn(house, nobody)
    with opened(house, person) as folder:
        folder.mark(**{QUIET: future})
        told = tuple(_tell(folder, datum)) if found else ()
        number = _answered(folder, len(found))
        folder.note("log made anonymous", datum.clause, data=data, records=len(found))
    return Anonymised(len(found), told, number)


def _lines(house: House, person: int, data: str) -> Iterator[tuple[int, Record]]:
    for nobody in list(house.store.find_all(namespace=OWN, value=_own(house, person))):
        yield from ((nobody, record) for record in _rows(house, nobody, data))


def _rows(house: House, nobody: int, data: str) -> Iterator[Record]:
    return (r for r in standing(house, nobody) if r.data == data)


def _own(house: House, person: int) -> str:
    return house.store.tag(person=person, label=OWN)


def _marked(house: House, person: int) -> bool:
    log = frozenset({house.kinds["events"]})
    return any(isinstance(r.body, dict) and r.body.get(QUIET) for r in standing(house, person, log))


def _count(house: House, body: Mapping[str, object]) -> None:
    """Count what was done on a day, where the document counts that; nothing else of the line stays."""
    day = str(local_day(house.clock(), house.policy.zone))
    for counter in house.policy.of(Counter):
        if frozenset(counter.of) == {ACTION, "day"} and body.get(ACTION):
            at = str(body.get("at", day))[:10]
            house.store.count(name=counter.name, dims={ACTION: str(body[ACTION]), "day": at})


def _burn(house: House, nobody: int) -> None:
    """Destroy a line with its key."""
    with opened(house, nobody) as folder:
        folder.deed.erase_person(keep=[], clause="")
        folder.over = True


def _tell(folder: Folder, datum: Data) -> Iterator[str]:
    """Have every firm that the log is shared with do the same (GDPR Art. 19)."""
    house = folder.house
    for door in house.policy.of(Door):
        if door.verb != "share" or datum.name not in door.data or door.party in ("authority", "claimant"):
            continue
        for member in house.parties.get(door.party, {}):
            tag = house.store.tag(person=folder.person, label=door.party)
            body = {"anonymised": [datum.name], "person": tag}
            house.post(Delivery(None, door.party, member, body, "erasure"))
            folder.note("erasure told", door.clause, party=door.party, member=member, data=[datum.name])
            yield member


def _answered(folder: Folder, lines: int) -> str:
    """Open and answer the request by the document's own door for it, where it has one."""
    door = next((d for d in folder.house.policy.of(RequestDoor) if d.does == "anonymise"), None)
    if door is None:
        return ""
    asked = opened_request(folder, door.name, "page")
    rid, body = request_of(folder, asked.number)
    said = {"answered": folder.now.astimezone(UTC).isoformat(), "outcome": "granted"}
    folder.rewrite(rid, {**body, **said, "text": f"{lines} lines are nobody's now"})
    return asked.number
