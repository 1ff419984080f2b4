"""Publicity: how often what people of a room passed on was followed, without saying who followed.

A click is a number under the share's code and one under room and platform, and nothing else of it stands
anywhere; machines are not counted.  A person sees their own shares, the Admin each platform on which at least
the document's minimum of people shared, and single people only after that was declared to them.  Who objects
is counted in the room's number alone.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass

from troth.gate.room import Glance
from troth.policy.model import Counter, Data, Door
from troth.services import members
from troth.services.instances import ADMIN, Instance, Rooms, Unfit, configure
from troth.services.sharing import Share, Sharing
from troth.terms import Refused

DECLARED = "view-declared"
MACHINE = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|externalhit|embed|fetch|monitor|scan|headless|python|curl|wget",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What one person brought about on one platform, as the Admin sees it once that was declared."""

    name: str
    platform: str
    shares: int
    clicks: int


@dataclass(frozen=True, slots=True)
class Total:
    """What a whole room brought about on one platform: how many shared, and how often that was followed."""

    platform: str
    people: int
    clicks: int


def by_hand(agent: str, headers: Mapping[str, str]) -> bool:
    """Say whether a request looks like that of somebody who pressed a link, and of no machine.

    >>> by_hand("Mozilla/5.0 (X11; Linux)", {}), by_hand("facebookexternalhit/1.1", {}), by_hand("", {})
    (True, False, False)
    >>> by_hand("Mozilla/5.0", {"sec-purpose": "prefetch;prerender"})
    False
    """
    ahead = [headers.get(n, "").lower() for n in ("sec-purpose", "purpose", "x-purpose", "x-moz")]
    return bool(agent) and not MACHINE.search(agent) and not any("pre" in one for one in ahead)


def note(sharing: Sharing, person: int, share: Share) -> bool:
    """Note that a share was made, to count what it brings about; not for who objects to that."""
    rooms, data = sharing.rooms, _data(sharing.rooms)
    body = {"platform": share.platform, "number": share.post, "code": share.code}
    try:
        rooms.gate.collect(
            person=person, data=data.name, body=body, purpose=rooms.purpose(data), source="device"
        )
    except Refused:
        return False
    return True


def followed(sharing: Sharing, person: int, share: Share, room: str) -> None:
    """Count one click: under the share's code while its person is counted, and for the room in any case."""
    rooms = sharing.rooms
    counted = _counter(rooms, "code")
    if counted and share.code in _codes(rooms, person):
        rooms.gate.count(counter=counted, dims={"code": share.code})
    if total := _counter(rooms, "room", "platform"):
        rooms.gate.count(counter=total, dims={"room": room, "platform": share.platform})


def clicks(rooms: Rooms) -> Mapping[str, int]:
    """Return how often each share was followed, by its code."""
    counted = _counter(rooms, "code")
    return {dims["code"]: n for dims, n in rooms.gate.counts(counter=counted)} if counted else {}


def totals(sharing: Sharing, admin: int, instance: Instance) -> tuple[Total, ...]:
    """Return the room's numbers by platform, none that stands on too few people; raise ``Refused``."""
    rooms, data = sharing.rooms, _data(sharing.rooms).name
    role, purpose = _sight(rooms, data, single=False)
    look = Glance(admin, data, purpose, role, "platform")
    people = rooms.gate.room_totals(glance=look, among=[p.name for p in sharing.platforms])
    total = _counter(rooms, "room", "platform")
    counted = {
        dims["platform"]: n
        for dims, n in (rooms.gate.counts(counter=total) if total else ())
        if dims["room"] == instance.number
    }
    return tuple(Total(name, n, counted.get(name, 0)) for name, n in people)


def single(sharing: Sharing, admin: int, instance: Instance) -> tuple[Line, ...]:
    """Return each person's numbers from the declaration on; nobody's before there is one."""
    rooms, data = sharing.rooms, _data(sharing.rooms).name
    if instance.declared is None:
        return ()
    role, purpose = _sight(rooms, data, single=True)
    called, counted = members.names(rooms, admin), clicks(rooms)
    shares: Tally[tuple[int, str]] = Tally()
    pressed: Tally[tuple[int, str]] = Tally()
    for held in rooms.gate.seen_all(glance=Glance(admin, data, purpose, role)):
        if held.collected >= instance.declared:
            key = (held.person, str(held.body["platform"]))
            shares[key] += 1
            pressed[key] += counted.get(str(held.body["code"]), 0)
    lines = [Line(called.get(p, ""), name, n, pressed[p, name]) for (p, name), n in shares.items()]
    return tuple(sorted(lines, key=lambda one: (one.name.casefold(), one.platform)))


def declare(sharing: Sharing, instance: Instance, *, on: bool) -> tuple[int, ...]:
    """Say that single figures are looked at from now on, or no longer; return who is to be told now."""
    rooms, gate = sharing.rooms, sharing.rooms.gate
    if not any(DECLARED in group for d in rooms.policy.of(Door) for group in d.guard.when):
        raise Unfit("the document opens single figures to nobody")
    people = gate.people_in(number=instance.number)
    configure(rooms, instance, declared=rooms.clock().isoformat() if on else "")
    for person in people:
        heard(sharing, person, on=on)
    return people


def heard(sharing: Sharing, person: int, *, on: bool) -> None:
    """Let a person's figures be looked at from the moment they were told, or no longer."""
    gate = sharing.rooms.gate
    if gate.fact_holds(person=person, name=DECLARED) is not on:
        (gate.raise_fact if on else gate.lower_fact)(person=person, name=DECLARED, by="admin")


def _data(rooms: Rooms) -> Data:
    found = [d for d in rooms.policy.of(Data) if {f.name for f in d.fields} == {"platform", "number", "code"}]
    if not found:
        raise Unfit("the document has no category for what shares bring about")
    return found[0]


def _codes(rooms: Rooms, person: int) -> set[str]:
    data = _data(rooms).name
    return {str(h.body["code"]) for h in rooms.gate.access(person=person).held if h.data == data}


def _sight(rooms: Rooms, data: str, *, single: bool) -> tuple[str, str]:
    for door in rooms.policy.of(Door):
        facts = {f for group in door.guard.when for f in group}
        if door.verb == "show" and data in door.data and ADMIN in facts and (DECLARED in facts) is single:
            return door.party, door.purposes[0]
    raise Unfit("the document shows what shares bring about to nobody")


def _counter(rooms: Rooms, *of: str) -> str:
    return next((c.name for c in rooms.policy.of(Counter) if set(c.of) == set(of)), "")
