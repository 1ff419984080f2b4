"""Members: how somebody comes into a company's room, what they say of themself there, and who sees what.

A profile begins with a name and an address.  Each further part is seen by colleagues from the moment its
person says so (a fact ``per field``), and by nobody before.  INVARIANT (proved first): nobody is made a
member but by an address they proved, of a domain that an instance proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from troth.gate import NoRecord
from troth.gate.room import Glance
from troth.gate.values import Held
from troth.policy.model import Children, Data, Door, Fact
from troth.services.instances import ADMIN, Instance, Rooms, Unfit, by_domain, enter, insist_open
from troth.terms import Clause, Refused

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Profile:
    """One member as somebody sees them; ``shown``: the parts colleagues see, told to its owner alone."""

    person: int
    tag: str
    name: str
    parts: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    listed: bool = True
    portrait: str = field(default="", repr=False)


def profile_data(rooms: Rooms) -> Data:
    """Return the category of profiles."""
    return rooms.category("name", "directory")


def sight(rooms: Rooms, data: str, part: str = "", *, admin: bool = False) -> tuple[str, str]:
    """Return the role and the purpose in which a member, or the Admin, sees a category of their own room."""
    names = {data, f"{data}.{part}"} if part else {data}
    for door in rooms.policy.of(Door):
        facts = {f for group in door.guard.when for f in group}
        mine = door.verb == "show" and _together(rooms) in facts and names & set(door.data)
        if mine and (ADMIN in facts) is admin:
            return door.party, door.purposes[0]
    raise Unfit(f"the document shows '{data}' to nobody of the same room")


def glance(rooms: Rooms, viewer: int, data: str, part: str = "", *, admin: bool = False) -> Glance:
    """Return a look of the viewer at a category, in the role the document gives them."""
    role, purpose = sight(rooms, data, part, admin=admin)
    return Glance(viewer, data, purpose, role, part)


def begin(rooms: Rooms, address: str, name: str) -> int:
    """Begin somebody by the address they proved; they are nobody's member yet.  Raises ``Unfit``."""
    person = rooms.gate.new_person()
    introduce(rooms, person, address, name)
    return person


def introduce(rooms: Rooms, person: int, address: str, name: str) -> None:
    """Put down who somebody is, by the address they proved; raise ``Unfit``.

    That they are no child they have said, so that the age from which the document takes people is declared.
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Unfit(f"a name has between 1 and {LONGEST_NAME} characters")
    gate, data = rooms.gate, profile_data(rooms)
    contact = next(f.name for f in data.fields if f.identifies and f.type == "email")
    gate.identify(person=person, kind="email", value=address, verified=True)
    if least := least_age(rooms):
        gate.declare_age(person=person, years=least)
    body = {contact: address, "name": name.strip()}
    gate.collect(person=person, data=data.name, body=body, purpose=rooms.purpose(data), source="person")


def covered(rooms: Rooms) -> Mapping[str, Clause]:
    """Return by which section each thing that people type here is taken, for a link beside the field."""
    kinds = {
        "profile": profile_data(rooms),
        "detail": rooms.category("detail", "value"),
        "topic": rooms.category("subject"),
        "post": rooms.category("number", "text", "channel"),
        "report": rooms.category("about", "why"),
        "invite": rooms.category("email", "by"),
        "settings": rooms.settings,
    }
    return {name: data.clause for name, data in kinds.items()}


def least_age(rooms: Rooms) -> int:
    """Return the age from which the document takes people; 0 when it says none."""
    return max((c.under for c in rooms.policy.of(Children)), default=0)


def join(rooms: Rooms, address: str, name: str, domain: str) -> int:
    """Make somebody a member of the instance of their domain; raise ``Unfit`` when none takes them."""
    instance = by_domain(rooms, domain)
    if instance is None:
        raise Unfit("no company has proven this domain yet")
    insist_open(rooms, instance)
    person = begin(rooms, address, name)
    enter(rooms, person, instance)
    return person


def administers(rooms: Rooms, person: int) -> bool:
    """Say whether somebody is the Admin of their instance."""
    return rooms.gate.fact_holds(person=person, name=ADMIN)


def appoint(rooms: Rooms, admin: int, person: int) -> None:
    """Make a member an Admin too; raise ``NoRecord`` for who is of another instance."""
    if person not in rooms.gate.fellows(person=admin):
        raise NoRecord("of anybody you can see")
    if not administers(rooms, person):
        rooms.gate.raise_fact(person=person, name=ADMIN, by="admin")


def insist_replaced(rooms: Rooms, person: int) -> None:
    """Raise ``Unfit`` for the last Admin of a room that has other members: nobody would look after it."""
    others = [p for p in rooms.gate.fellows(person=person) if p != person]
    if administers(rooms, person) and others and not any(administers(rooms, p) for p in others):
        raise Unfit("name another Admin first, so that somebody looks after the room")


def own(rooms: Rooms, person: int) -> Profile:
    """Return somebody's own profile with who sees which part."""
    held = rooms.gate.access(person=person).held
    profile, details = profile_data(rooms), rooms.category("detail", "value").name
    body: dict[str, str] = {}
    for one in (h for h in held if h.data == profile.name):
        body |= {n: str(v) for n, v in one.body.items()}
    said = {str(h.body["detail"]): str(h.body.get("value", "")) for h in held if h.data == details}
    shown = frozenset(
        p for p in parts(rooms) if rooms.gate.fact_holds(person=person, name=f"{_shown(rooms)}({p})")
    )
    return Profile(
        person,
        rooms.gate.tag(person=person),
        body.pop("name", ""),
        {p: body.get(p, "") for p in parts(rooms) if p != "portrait"},
        said,
        shown,
        body.get("directory", "yes") != "no",
        body.get("portrait", ""),
    )


def colleague(rooms: Rooms, viewer: int, person: int) -> Profile:
    """Return what a member may see of another one; raise ``NoRecord`` for who is of another instance."""
    data = profile_data(rooms).name
    names = rooms.gate.seen(person=person, glance=glance(rooms, viewer, data, "name"))
    if not names:
        raise NoRecord("of anybody you can see")
    found: dict[str, str] = {}
    for part in parts(rooms):
        try:
            for held in rooms.gate.seen(person=person, glance=glance(rooms, viewer, data, part)):
                found[part] = str(held.body[part])
        except Refused:
            continue  # its person keeps this part to themself
    details = rooms.gate.seen(
        person=person, glance=glance(rooms, viewer, rooms.category("detail", "value").name)
    )
    said = {str(h.body["detail"]): str(h.body.get("value", "")) for h in details}
    name, portrait = str(names[-1].body["name"]), found.pop("portrait", "")
    return Profile(person, rooms.gate.tag(person=person), name, found, said, portrait=portrait)


def directory(rooms: Rooms, viewer: int, words: str = "") -> tuple[Profile, ...]:
    """Return who is in the directory of the viewer's instance, by name; ``words`` are of a name."""
    look = name_of(rooms, viewer)
    named, said = rooms.gate.seen_together(glances=(look, replace(look, field="directory")))
    unlisted = {h.person for h in said if h.body["directory"] == "no"}
    wanted = words.casefold().split()
    found = [
        Profile(h.person, rooms.gate.tag(person=h.person), str(h.body["name"]))
        for h in named
        if h.person not in unlisted and all(w in str(h.body["name"]).casefold() for w in wanted)
    ]
    return tuple(sorted(found, key=lambda p: p.name.casefold()))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the Admin's list: who, by which address, and by whom they were entered."""

    tag: str
    name: str
    email: str
    source: str
    admin: bool = False


def roll(rooms: Rooms, admin: int) -> tuple[Entry, ...]:
    """Return the list of members that the document shows the Admin; that it was shown is written down."""
    data = profile_data(rooms)
    contact = next(f.name for f in data.fields if f.identifies and f.type == "email")
    called = {h.person: str(h.body["name"]) for h in _roll(rooms, admin, "name")}
    found = [
        Entry(
            rooms.gate.tag(person=h.person),
            called.get(h.person, ""),
            str(h.body[contact]),
            h.source,
            administers(rooms, h.person),
        )
        for h in _roll(rooms, admin, contact)
    ]
    return tuple(sorted(found, key=lambda e: (e.name.casefold(), e.email)))


def names(rooms: Rooms, viewer: int) -> Mapping[int, str]:
    """Return what everybody in the viewer's instance is called."""
    seen = rooms.gate.seen_all(glance=name_of(rooms, viewer))
    return {h.person: str(h.body["name"]) for h in seen}


def name_of(rooms: Rooms, viewer: int) -> Glance:
    """Return a look at what everybody of the same room is called."""
    return glance(rooms, viewer, profile_data(rooms).name, "name")


def parts(rooms: Rooms) -> tuple[str, ...]:
    """Return the parts of a profile that wait for their person's own yes."""
    data = profile_data(rooms).name
    found = (
        name.partition(".")[2]
        for door in rooms.policy.of(Door)
        if door.verb == "show" and any(_shown(rooms) in group for group in door.guard.when)
        for name in door.data
        if name.startswith(f"{data}.")
    )
    return tuple(dict.fromkeys(found))


def show_part(rooms: Rooms, person: int, part: str, *, on: bool) -> None:
    """Let colleagues see a part of somebody's profile from now on, or no longer; raise ``Unfit``."""
    if part not in parts(rooms):
        raise Unfit("no part of a profile has this name")
    fact = _shown(rooms)
    if on:
        rooms.gate.raise_fact(person=person, name=fact, member=part, by="person")
    else:
        rooms.gate.lower_fact(person=person, name=fact, member=part, by="person")


def change(rooms: Rooms, person: int, said: Mapping[str, str]) -> None:
    """Change somebody's own profile; what is left empty goes.  The address changes by moving (``moving``)."""
    data = profile_data(rooms)
    address = {f.name for f in data.fields if f.identifies}
    body = {n: v.strip() or None for n, v in said.items() if n not in address}
    if "name" in said and not 0 < len(said["name"].strip()) <= LONGEST_NAME:
        raise Unfit(f"a name has between 1 and {LONGEST_NAME} characters")
    rid = next((h.rid for h in rooms.gate.access(person=person).held if h.data == data.name), None)
    if rid is None:
        raise NoRecord("of a profile")
    rooms.gate.correct(person=person, rid=rid, body=body)


def say_details(rooms: Rooms, person: int, instance: Instance, said: Mapping[str, str]) -> None:
    """Put down what a company asks its people for besides, and nothing that it does not ask for."""
    data = rooms.category("detail", "value")
    held = {
        str(h.body["detail"]): h.rid for h in rooms.gate.access(person=person).held if h.data == data.name
    }
    for name in (n for n in instance.details if n in said):
        value = said[name].strip()
        if name in held:
            rooms.gate.remove(person=person, rid=held[name])
        if value:
            body = {"detail": name, "value": value[:200]}
            rooms.gate.collect(
                person=person, data=data.name, body=body, purpose=_daily(rooms), source="person"
            )


def topics_of(rooms: Rooms, person: int) -> tuple[str, ...]:
    """Return the subjects somebody likes best."""
    data = rooms.category("subject").name
    return tuple(str(h.body["subject"]) for h in rooms.gate.access(person=person).held if h.data == data)


def choose_topics(rooms: Rooms, person: int, instance: Instance, chosen: tuple[str, ...]) -> None:
    """Let somebody's subjects be these, out of the instance's own."""
    data = rooms.category("subject")
    for held in rooms.gate.access(person=person).held:
        if held.data == data.name and held.body["subject"] not in chosen:
            rooms.gate.remove(person=person, rid=held.rid)
    stands = set(topics_of(rooms, person))
    for subject in (s for s in instance.topics if s in chosen and s not in stands):
        body = {"subject": subject}
        rooms.gate.collect(person=person, data=data.name, body=body, purpose=_daily(rooms), source="person")


def topic_totals(rooms: Rooms, viewer: int, instance: Instance) -> tuple[tuple[str, int], ...]:
    """Count the subjects for the Admin, no group too small; raise ``Refused`` for anybody else."""
    data = rooms.category("subject").name
    role, purpose = sight(rooms, data, admin=True)
    look = Glance(viewer, data, purpose, role, "subject")
    return tuple(rooms.gate.room_totals(glance=look, among=instance.topics))


def _daily(rooms: Rooms) -> str:
    """Return the purpose for which members' own words are taken: the one colleagues see names for."""
    return sight(rooms, profile_data(rooms).name, "name")[1]


def _roll(rooms: Rooms, admin: int, part: str) -> tuple[Held, ...]:
    data = profile_data(rooms).name
    return tuple(rooms.gate.seen_all(glance=glance(rooms, admin, data, part, admin=True)))


def _together(rooms: Rooms) -> str:
    return next((f.name for f in rooms.policy.of(Fact) if f.of == "viewer" and f.by), "")


def _shown(rooms: Rooms) -> str:
    return next((f.name for f in rooms.policy.of(Fact) if "field" in f.per), "")
