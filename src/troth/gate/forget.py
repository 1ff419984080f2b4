"""Forget: a person's conversations go for good, one or all; words may stay when they are surely nobody's.

Where the document samples conversations, each that goes is put to the test of anonymity first.  One that
passes leaves its words in the pool and nothing that leads to their author; one with any doubt, of somebody
who objected to samples, or whose test fails, is deleted whole.  INVARIANT (no way back): nothing here can
be undone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from troth.gate import pool
from troth.gate.anonymity import Scheme, crowd, doubts, names_of, scheme, words_in
from troth.gate.converse_link import talker_of
from troth.gate.erase import stays_of
from troth.gate.errors import NoRecord, Stays
from troth.gate.folder import Folder, opened
from troth.gate.groups import group
from troth.gate.house import House
from troth.gate.lasting import exception
from troth.gate.shelve import shelf_of
from troth.kernel.rules import DERIVED
from troth.scrub.residual import words_of
from troth.store import Record
from troth.terms import Action, Allowed, Permit, Request

CONVERSATION = "conversation"
DELETED, STRIPPED = "full deletion", "words without their owner"
BARRED = "BARRED"  # the doubt of a conversation that the document or its author lets nobody sample


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a deletion did: how many turns of how many conversations went, and of how many the words stay.

    ``doubts`` counts why the others were deleted whole.
    """

    turns: int
    talks: int
    stripped: int = 0
    doubts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Talk:
    number: str
    records: tuple[Record, ...]
    doubts: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(map(words_in, self.records))


def forget_talk(house: House, *, person: int, data: str, number: str = "") -> Forgotten:
    """Delete one conversation of a person, all of them when none is named.

    Raises ``NoRecord`` when there is none, ``Stays`` when a law or a hold keeps a turn, and then none goes.
    """
    other, plan = talker_of(house, person), scheme(house, data)
    if other is None:
        raise NoRecord(number or "of a conversation")
    known = _known(house, person) if plan else ()
    shared = _pooled(house, plan) if plan else frozenset[str]()
    with opened(house, other) as folder:
        permit = _may_stay(folder, plan)
        talks = [_judged(house, n, rs, permit, known, shared) for n, rs in _talks(folder, data, number)]
        if not talks:
            raise NoRecord(number or "of a conversation")
        _insist_free(folder, data, talks)
        for talk in talks:
            _drop(folder, data, talk)
    free = [talk for talk in talks if not talk.doubts]
    if plan is not None and permit is not None:
        for body in pool.shuffled([_bare(house, plan, talk) for talk in free]):
            pool.put(house, plan, permit, body)
    return Forgotten(sum(len(t.records) for t in talks), len(talks), len(free), _counted(talks))


def _talks(folder: Folder, data: str, number: str) -> Iterator[tuple[str, tuple[Record, ...]]]:
    found: dict[str, list[Record]] = {}
    for rid, record in folder.records.items():
        if record.data == data and isinstance(record.body, dict):
            found.setdefault(str(record.body.get(CONVERSATION) or rid), []).append(record)
    for name, records in found.items():
        if number in ("", name):
            yield name, tuple(records)


def _may_stay(folder: Folder, plan: Scheme | None) -> Permit | None:
    """Return the permit to keep the words, None where the document or the person does not let them stay."""
    if plan is None or not plan.purpose:
        return None
    asked = Request(Action.COLLECT, plan.sample.name, plan.purpose, source=DERIVED)
    decision = folder.house.kernel.decide(asked, folder.state, folder.now)
    return decision.permit if isinstance(decision, Allowed) else None


def _judged(
    house: House,
    number: str,
    records: tuple[Record, ...],
    permit: Permit | None,
    known: tuple[str, ...],
    shared: frozenset[str],
) -> _Talk:
    text = "\n".join(map(words_in, records))
    shelf = shelf_of(house.datum(records[0].data))
    put = any(isinstance(r.body, dict) and r.body.get(shelf) for r in records)  # a text of whatever is in it
    found = (BARRED,) if permit is None or put else doubts(house, text, known=known, shared=shared)
    return _Talk(number, records, found)


def _insist_free(folder: Folder, data: str, talks: list[_Talk]) -> None:
    for record in (r for talk in talks for r in talk.records):
        for stay in stays_of(folder, record):
            raise Stays(data, stay.clause, stay.until, stay.waits_for, exception(folder.house, stay.because))


def _drop(folder: Folder, data: str, talk: _Talk) -> None:
    for record in talk.records:
        folder.drop(record.rid)
    folder.note(
        "conversation removed",
        folder.house.datum(data).clause,
        data=data,
        turns=len(talk.records),
        way=DELETED if talk.doubts else STRIPPED,
        residual=list(talk.doubts),
    )


def _known(house: House, person: int) -> tuple[str, ...]:
    """Return the values that name the person, and whoever is in one group with them."""
    own, grouping = group(house, person=person), house.grouping
    people = {person}
    if own is not None and grouping is not None:
        people |= set(house.store.find_all(namespace=grouping.space(grouping.data), value=own.number))
    return tuple(value for one in sorted(people) for value in names_of(house, one))


def _pooled(house: House, plan: Scheme) -> frozenset[str]:
    """Return the words that the pool has already, each public or of a crowd when it came in."""
    return frozenset().union(*(words_of(one.text) for one in pool.samples(house, plan.sample.name)))


def _bare(house: House, plan: Scheme, talk: _Talk) -> dict[str, str]:
    """Return what goes into the pool: the words, and their month where a crowd of samples has the same."""
    month = min(r.meta.collected for r in talk.records)[:7]
    alike = sum(1 for one in pool.samples(house, plan.sample.name) if one.month == month)
    return {"text": talk.text, "made": pool.REAL, "month": month if alike >= crowd(house) else ""}


def _counted(talks: list[_Talk]) -> dict[str, int]:
    found: dict[str, int] = {}
    for doubt in (d for talk in talks for d in talk.doubts):
        found[doubt] = found.get(doubt, 0) + 1
    return found
