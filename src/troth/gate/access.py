"""Access: everything that is held about one person (GDPR Art. 15), and what they may take along (Art. 20).

It is complete by construction: it walks all of the person's records and all of their evidence, and leaves
out only what was due, which is gone.  Who of the staff looked stays out; that somebody did, in which role and
why, does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from troth.gate.ask import is_request, requests_of
from troth.gate.carry import portable
from troth.gate.clock import Reckoning
from troth.gate.converse_link import talked, talker_of
from troth.gate.derive import behind
from troth.gate.facts import closed_at, known, undecided
from troth.gate.folder import opened, standing
from troth.gate.grant import silenced_grants
from troth.gate.house import House
from troth.gate.lasting import lasting
from troth.gate.read import held_of
from troth.gate.values import Access, Disclosure, Held
from troth.policy.model import Purpose
from troth.store import Leaf, Record
from troth.terms import Form

OUT = frozenset({"share", "show", "correction", "erasure told"})


def access(house: House, *, person: int) -> Access:
    """Return all that is held about a person, with where it came from, who got it and when it goes."""
    records = standing(house, person)
    mind = Reckoning(house, known(house, records), house.clock())
    state, mine = mind.state, mind.person
    barred = silenced_grants(house)
    told = (r for r in records if not (isinstance(r.body, dict) and r.body.get("grant") in barred))
    mine_ = [(r, held_of(mind, r)) for r in told if not _told_apart(house, r)]
    shown = [replace(_own(held), lasting=lasting(mind, record)) for record, held in mine_]
    shown += talked(house, person)
    return Access(
        tuple(_explained(house, mind, h, shown) for h in shown),
        mine.acts,
        state.objections | undecided(house, mine),
        state.restricted,
        disclosures(house, person),
        requests_of(house, records),
        state.age,
        closed_at(house, mine),
        state.notice,
    )


def disclosures(house: House, person: int) -> tuple[Disclosure, ...]:
    """Return each time data of the person left the house or were shown inside it, oldest first."""
    other = talker_of(house, person)
    both = [leaf for one in (person, other) if one is not None for leaf in _told(house, one)]
    out = sorted((leaf for leaf in both if leaf.kind in OUT), key=lambda leaf: leaf.index)
    return tuple(_disclosure(leaf) for leaf in out)


def uses(house: House, person: int) -> tuple[dict[str, Any], ...]:
    """Return every entry of the evidence about a person: what was done, when, why, on which ground."""
    other = talker_of(house, person)
    both = [leaf for one in (person, other) if one is not None for leaf in _told(house, one)]
    return tuple(_use(house, leaf) for leaf in sorted(both, key=lambda leaf: leaf.index))


def _told(house: House, person: int) -> Iterator[Leaf]:
    """Yield the evidence about a person, without what a law forbids to tell of for a time."""
    barred = silenced_grants(house)
    return (leaf for leaf in house.store.trail(person=person) if leaf.detail.get("grant") not in barred)


def _use(house: House, leaf: Leaf) -> dict[str, Any]:
    said = leaf.detail
    purpose = house.purposes.get(str(said.get("purpose", "")))
    grounds = dict.fromkeys(g.kind for b in purpose.bases for g in b.grounds) if purpose else {}
    data = said.get("data", ())
    return {
        "number": leaf.index,
        "at": leaf.at,
        "what": leaf.kind,
        "data": [data] if isinstance(data, str) else list(data),
        "purpose": said.get("purpose", ""),
        "on": list(grounds),
        "to": said.get("member", "") or said.get("party", ""),
        "clause": leaf.clause,
    }


def export(house: House, *, person: int) -> dict[str, Any]:
    """Return the person's copy as plain values; ``portable`` is all that they gave us."""
    found = access(house, person=person)
    with opened(house, person) as folder:
        folder.note("copy given")
    return {
        "made": house.clock().isoformat(),
        "version": house.policy.version,
        "records": [_plain(h) for h in found.held],
        "acts": [
            {"kind": a.kind, "name": a.name, "given": a.given, "at": a.at.isoformat(), "text": a.text}
            for a in found.acts
        ],
        "requests": [
            {"number": r.number, "right": r.right, "made": r.made.isoformat(), "due": r.due.isoformat()}
            for r in found.requests
        ],
        "disclosures": [
            {"at": d.at.isoformat(), "to": d.member or d.party, "data": list(d.data), "purpose": d.purpose}
            for d in found.disclosures
        ],
        "profiling": [_profiling(house, p, found) for p in house.purposes.values() if "profiling" in p.marks],
        "uses": list(uses(house, person)),
        "portable": list(portable(house, found.held)),
    }


def _told_apart(house: House, record: Record) -> bool:
    """Say whether a record is told as an act or a request rather than as a record.

    A question is told as both, since its words are the person's own.
    """
    body = record.body
    act = record.data == house.kinds["consents"] and isinstance(body, dict) and "kind" in body
    asked = isinstance(body, dict) and "question" in body
    return act or (is_request(house, record) and not asked)


def _own(held: Held) -> Held:
    if "staff" not in held.body and "by" not in held.body:
        return held
    body = {k: v for k, v in held.body.items() if k not in ("staff", "by")}
    return replace(held, body=body)


def _profiling(house: House, purpose: Purpose, found: Access) -> dict[str, Any]:
    """Tell of one purpose that profiles: its logic, its effects and whether the person stopped it."""
    return {
        "purpose": purpose.name,
        "text": purpose.text,
        "logic": purpose.logic,
        "effects": purpose.effects,
        "clause": purpose.clause.ref,
        "stopped": purpose.name in found.objections,
    }


def _explained(house: House, mind: Reckoning, held: Held, shown: list[Held]) -> Held:
    """Add what a counted record stands on, and which of its purposes an objection has stopped.

    Raw data whose every purpose is stopped are only kept, though numbers about groups may still be drawn.
    """
    uses = dict.fromkeys(p for p, _ in house.candidates.get(held.data, ()))
    stopped = tuple(p for p in uses if p in mind.state.objections)
    told = {p for p in uses if _tells_who(house, p, held.data)}
    resting = held.restricted or (bool(stopped) and told <= set(stopped))
    return replace(held, stopped=stopped, restricted=resting, behind=behind(house, held, shown))


def _tells_who(house: House, purpose: str, data: str) -> bool:
    uses = (u for b in house.purposes[purpose].bases for u in b.uses if u.data == data)
    return any(u.form is not Form.ANONYMOUS for u in uses)


def _disclosure(leaf: Leaf) -> Disclosure:
    said = leaf.detail
    kind = "correction" if leaf.kind in ("correction", "erasure told") else leaf.kind
    return Disclosure(
        datetime.fromisoformat(leaf.at),
        said.get("party", ""),
        said.get("member", ""),
        tuple(said.get("data", ())),
        said.get("purpose", ""),
        Form(said.get("form", "identified")),
        leaf.clause,
        kind,
    )


def _plain(held: Held) -> dict[str, Any]:
    return {
        "data": held.data,
        "values": dict(held.body),
        "purposes": list(held.purposes),
        "source": held.source,
        "collected": held.collected.isoformat(),
        "goes": held.due.isoformat() if held.due else None,
        "waits for": held.waits,
        "clause": held.clause.ref if held.clause else "",
        "only kept": held.restricted,
        "stopped": list(held.stopped),
        "behind": [{"question": f"{b.data}.{b.field}", "at": b.at.isoformat()} for b in held.behind],
    }
