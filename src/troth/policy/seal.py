"""Seal: each section's rules beside its prose, so that neither half changes alone unseen.

``policy.lock`` holds, for each section, the digest of what its rules mean and of what its prose says.
When one half has moved and the other has not, ``check`` fails until the author says which it is:
editorial, or a new meaning. Reading and writing the file is the runtime's; here it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from troth.document import Document, Section
from troth.policy.check_terms import advice, error
from troth.policy.model import Field, Policy, Statement
from troth.policy.problems import Fault
from troth.policy.seal_meaning import WORDING, digest, meaning
from troth.terms import Place, Problem

_LINE = re.compile(r"(\S+)\s+meaning\s+([0-9a-f]{32}|-)\s+prose\s+([0-9a-f]{32})\s*")
_BOUND = re.compile(r"\[([^\]\[]+)\]\([a-z][a-z-]*:[^()\s]+\)")
_HEAD = "# What each section's rules mean, beside what its prose says.  Written by 'troth seal'."


@dataclass(frozen=True, slots=True)
class Seal:
    """One section's two digests; ``meaning`` is '-' where it has no rules."""

    ref: str
    meaning: str
    prose: str


@dataclass(frozen=True, slots=True)
class Lock:
    """The seals of a document's version, in the order of its sections."""

    version: str = "1"
    seals: tuple[Seal, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A section that is not as it was sealed: which half moved, or that it is ``new`` or ``gone``."""

    ref: str
    meaning: bool = False
    prose: bool = False
    new: bool = False
    gone: bool = False


def seal(policy: Policy, document: Document) -> Lock:
    """Return the seals of a document as it is now."""
    return Lock(policy.version, tuple(_seal(policy, s) for s in document.sections))


def compare(lock: Lock, policy: Policy, document: Document) -> tuple[Moved, ...]:
    """Return the sections that are not as they were sealed, and which half of each moved."""
    was = {s.ref: s for s in lock.seals}
    now = {s.ref: s for s in seal(policy, document).seals}
    moved = [Moved(ref, new=True) for ref in now if ref not in was]
    moved += [Moved(ref, gone=True) for ref in was if ref not in now]
    for ref in (r for r in now if r in was):
        halves = (was[ref].meaning != now[ref].meaning, was[ref].prose != now[ref].prose)
        if any(halves):
            moved.append(Moved(ref, *halves))
    return tuple(moved)


def check_seals(lock: Lock, policy: Policy, document: Document) -> Iterator[Problem]:
    """Yield an error for each section of which one half moved alone; the rest that moved as advice."""
    for moved in compare(lock, policy, document):
        section = document.section(moved.ref)
        place = Place(document.path, section.line if section else 1)
        if moved.meaning and not moved.prose:
            yield error(
                place,
                f"§{moved.ref}: the rules mean something else than was sealed, and the prose is as it was",
                "change the prose too, or say that it still fits: troth seal --meaning",
            )
        elif moved.prose and not moved.meaning:
            yield error(
                place,
                f"§{moved.ref}: the prose is not what was sealed, and the rules mean what they meant",
                "change the rules too, or say that only words changed: troth seal --editorial",
            )
        else:
            what = "is new" if moved.new else "is gone" if moved.gone else "changed in both halves"
            yield advice(
                place, f"§{moved.ref} {what} since the document was sealed", "seal it: troth seal --meaning"
            )


def write_lock(lock: Lock) -> str:
    """Return the text of ``policy.lock``.

    >>> print(write_lock(Lock("2", (Seal("6", "-", "0" * 32),))).splitlines()[2])
    6  meaning -  prose 00000000000000000000000000000000
    """
    rows = [f"{s.ref}  meaning {s.meaning}  prose {s.prose}" for s in lock.seals]
    return "\n".join([_HEAD, f"version {lock.version}", *rows]) + "\n"


def read_lock(text: str, path: str) -> Lock:
    """Return the lock of a text; a line that is no seal raises ``Fault``.

    >>> read_lock(write_lock(Lock("2")), "policy.lock")
    Lock(version='2', seals=())
    """
    version, seals = "1", []
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip() or row.startswith("#"):
            continue
        if row.startswith("version "):
            version = row.removeprefix("version ").strip()
        elif hit := _LINE.fullmatch(row):
            seals.append(Seal(*hit.groups()))
        else:
            raise Fault(Place(path, number), "this line is no seal", "write the file anew: troth seal")
    return Lock(version, tuple(seals))


def prose(policy: Policy, section: Section) -> str:
    """Return the digest of what a section says: its title, its prose and the texts in quotes of its rules.

    How lines are broken and which phrases are bound is layout, and changes nothing.
    """
    words = [" ".join(_BOUND.sub(r"\1", p.text).split()) for p in section.prose]
    quotes = sorted(q for s in policy.statements if s.clause.ref == section.ref for q in _quotes(s))
    return digest([section.title, *words, *quotes])


def _seal(policy: Policy, section: Section) -> Seal:
    said = meaning(policy, section.ref) if section.blocks else "-"
    return Seal(section.ref, said, prose(policy, section))


def _quotes(statement: Statement) -> Iterator[str]:
    inner: tuple[Statement, ...] = getattr(statement, "duties", ())
    for name in sorted(WORDING):
        if said := getattr(statement, name, ""):
            yield f"{type(statement).__name__} {getattr(statement, 'name', '')} {name} {said}"
    for part in inner:
        if not isinstance(part, Field):
            yield from _quotes(part)
