"""Sharing: a person passes a post on to a platform, after the Admin approved it and they saw what leaves.

The allow-list lies with the room's settings and is looked up at each act: what stands on it becomes a fact of
the person, what went off it one no longer, and the kernel decides.  What leaves is the post's text, a link of
ours that leads to the post's own, and the person's reference there; the link's code is drawn anew each time
and names nobody.  INVARIANT (one act, one post): the choice of a post is raised for its one passing on and
lowered after it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from troth.gate import NoRecord
from troth.gate.values import Held
from troth.policy.model import Door
from troth.services import feed
from troth.services.instances import Instance, Rooms, Unfit, configure
from troth.services.ledger import having
from troth.services.platforms import Platform, insist

CHOSEN, APPROVED, READ = "chosen", "approved-platform", "terms-shown"
CODE = re.compile(r"[a-z2-7]{10}")
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
OPENED, PENDING, SENT, FAILED, WITHDRAWN = "opened", "pending", "sent", "failed", "withdrawn"


@dataclass(frozen=True, slots=True)
class Sharing:
    """An open company as far as passing posts on goes; ``base`` is where its links lead."""

    rooms: Rooms
    platforms: tuple[Platform, ...]
    base: str

    @property
    def shares(self) -> str:
        """The category of what was passed on."""
        return self.rooms.category("to", "platform", "state").name

    def platform(self, name: str) -> Platform:
        """Return a platform; raise ``NoRecord`` for none."""
        found = next((p for p in self.platforms if p.name == name), None)
        if found is None:
            raise NoRecord("of this platform")
        return found

    def link(self, code: str) -> str:
        """Return the public address of a share."""
        return f"{self.base}/via/{code}"


@dataclass(frozen=True, slots=True)
class Going:
    """Exactly what leaves for a platform when its person says so; ``terms`` are still to be acknowledged."""

    post: str
    platform: Platform
    text: str
    link: str
    code: str
    reference: str = ""
    terms: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One post that was passed on, and how it stands."""

    rid: int
    post: str
    platform: str
    state: str
    code: str
    since: datetime
    text: str = ""
    there: str = ""


def known(rooms: Rooms, platforms: tuple[Platform, ...]) -> bool:
    """Say whether the document knows passing on, and the folder a platform."""
    return bool(platforms) and having(rooms.policy, "to", "platform", "state", "code") is not None


def approve(sharing: Sharing, instance: Instance, names: tuple[str, ...]) -> Instance:
    """Let these be the platforms that the Admin approved; raise ``Unfit`` for one that is not whole.

    What is no longer among them nobody of the room may pass anything on to, from this moment.
    """
    rooms, gate = sharing.rooms, sharing.rooms.gate
    insist(sharing.platforms, names)
    changed = configure(rooms, instance, platforms=", ".join(names))
    for person in gate.people_in(number=instance.number):
        for name in set(instance.platforms) - set(names):
            if gate.fact_holds(person=person, name=f"{APPROVED}({name})"):
                gate.lower_fact(person=person, name=APPROVED, member=name, by="admin")
    return changed


def offered(sharing: Sharing, instance: Instance) -> tuple[Platform, ...]:
    """Return the platforms that the Admin approved."""
    return tuple(p for p in sharing.platforms if p.name in instance.platforms)


def going(sharing: Sharing, person: int, number: str, platform: Platform, code: str = "") -> Going:
    """Return what would leave; raise ``NoRecord`` where the person sees no such post."""
    post, gate = feed.one(sharing.rooms, person, number), sharing.rooms.gate
    if not post.mine:
        raise NoRecord("of yours with this number")
    if post.waits:
        raise Unfit("this post is not shown yet")
    code = code if CODE.fullmatch(code) else "".join(secrets.choice(LETTERS) for _ in range(10))
    read = gate.fact_holds(person=person, name=f"{READ}({platform.name})")
    link = sharing.link(code) if post.link else ""
    return Going(number, platform, post.text, link, code, reference(sharing, person, platform), not read)


def reference(sharing: Sharing, person: int, platform: Platform) -> str:
    """Return the person's own reference at a platform, '' when none is connected."""
    data = sharing.rooms.category("reference", "token").name
    mine = (h for h in sharing.rooms.gate.access(person=person).held if h.data == data)
    return next((str(h.body["reference"]) for h in mine if h.body.get("platform") == platform.name), "")


def share(
    sharing: Sharing,
    person: int,
    instance: Instance,
    out: Going,
    *,
    acknowledged: bool,
    state: str = OPENED,
) -> Share:
    """Pass a post on, once; raise ``Refused`` for what the document, or the Admin, does not let go.

    Raises ``Unfit`` while the platform's terms are not acknowledged.
    """
    gate, name = sharing.rooms.gate, out.platform.name
    if gate.bearers(data=sharing.shares, value=out.code):
        raise Unfit("this was passed on already; open the post again to pass it on anew")
    approved(sharing, person, instance, out.platform)
    if out.terms and not acknowledged and name in instance.platforms:
        raise Unfit(f"please tick that the terms of {out.platform.title} apply as well")
    if out.terms and acknowledged:
        _acknowledge(sharing, person, out.platform)
    gate.raise_fact(person=person, name=CHOSEN, member=name, by="person")
    try:
        _disclose(sharing, person, out)
    finally:
        gate.lower_fact(person=person, name=CHOSEN, member=name, by="person")
    return _note(sharing, person, out, state)


def approved(sharing: Sharing, person: int, instance: Instance, platform: Platform) -> bool:
    """Let the person's own fact say what the Admin's list says now; return whether it is on it."""
    gate, name = sharing.rooms.gate, platform.name
    holds, listed = gate.fact_holds(person=person, name=f"{APPROVED}({name})"), name in instance.platforms
    if listed and not holds:
        gate.raise_fact(person=person, name=APPROVED, member=name, by="admin")
    elif holds and not listed:
        gate.lower_fact(person=person, name=APPROVED, member=name, by="admin")
    return listed


def shares(sharing: Sharing, person: int) -> tuple[Share, ...]:
    """Return what a person passed on, newest first."""
    found = [_share(h) for h in sharing.rooms.gate.access(person=person).held if h.data == sharing.shares]
    return tuple(sorted(found, key=lambda s: s.since, reverse=True))


def led(sharing: Sharing, code: str) -> tuple[int, Share, str] | None:
    """Return whose share a code is, the share, and where it leads; None where it leads nowhere any more."""
    gate, purpose = sharing.rooms.gate, _door(sharing).purposes[0]
    for person in gate.bearers(data=sharing.shares, value=code) if CODE.fullmatch(code) else ():
        for one in (s for s in shares(sharing, person) if s.code == code and s.state != WITHDRAWN):
            posts = gate.read(person=person, data=_posting(sharing), purpose=purpose)
            link = next((str(h.body.get("link", "")) for h in posts if h.body.get("number") == one.post), "")
            return (person, one, link) if link else None
    return None


def withdraw(sharing: Sharing, person: int, code: str) -> Share:
    """End a share: its link leads nowhere from now on; raise ``NoRecord`` for one of somebody else."""
    one = next((s for s in shares(sharing, person) if s.code == code), None)
    if one is None:
        raise NoRecord("of yours with this code")
    sharing.rooms.gate.correct(person=person, rid=one.rid, body={"state": WITHDRAWN})
    return next(s for s in shares(sharing, person) if s.code == code)


def _door(sharing: Sharing) -> Door:
    party = sharing.platforms[0].party if sharing.platforms else ""
    return next(d for d in sharing.rooms.policy.of(Door) if d.verb == "share" and d.party == party)


def _posting(sharing: Sharing) -> str:
    return sharing.rooms.category("number", "text", "channel").name


def _acknowledge(sharing: Sharing, person: int, platform: Platform) -> None:
    rooms, data = sharing.rooms, sharing.rooms.category("platform", "link", "on")
    body = {"platform": platform.name, "link": platform.terms, "on": rooms.clock().date().isoformat()}
    rooms.gate.raise_fact(person=person, name=READ, member=platform.name, by="person")
    rooms.gate.collect(person=person, data=data.name, body=body, purpose=rooms.purpose(data), source="person")


def _disclose(sharing: Sharing, person: int, out: Going) -> None:
    gate, door = sharing.rooms.gate, _door(sharing)
    held = gate.access(person=person).held
    rid = next(h.rid for h in held if h.data == _posting(sharing) and h.body.get("number") == out.post)
    account = next((n for n in door.data if n.endswith(".reference")), "")
    names = [n for n in door.data if n.partition(".")[0] == _posting(sharing)]
    gate.disclose(
        person=person,
        data=[n for n in names if out.link or not n.endswith(".link")]
        + ([account] if out.reference and account else []),
        party=out.platform.party,
        member=out.platform.name,
        purpose=door.purposes[0],
        extra={"share": out.link} if out.link else None,
        records=(rid,),
    )


def _note(sharing: Sharing, person: int, out: Going, state: str) -> Share:
    rooms, data = sharing.rooms, sharing.rooms.category("to", "platform", "state")
    now = rooms.clock()
    body = {
        "to": out.post,
        "platform": out.platform.name,
        "state": state,
        "code": out.code,
        "text": out.text,
        "since": now.isoformat(),
    }
    rid = rooms.gate.collect(
        person=person, data=data.name, body=body, purpose=rooms.purpose(data), source="person"
    )
    rooms.gate.tie(person=person, data=data.name, value=out.code)
    return Share(rid, out.post, out.platform.name, state, out.code, now, out.text)


def _share(held: Held) -> Share:
    said = {name: str(value) for name, value in held.body.items()}
    return Share(
        held.rid,
        said["to"],
        said["platform"],
        said["state"],
        said["code"],
        datetime.fromisoformat(said["since"]),
        said.get("text", ""),
        said.get("there", ""),
    )
