"""Atoms: the yes-or-no questions about a person that rules ask; a rule needs some and is stopped by others.

An atom knows its words in a ``State`` and says whether it is true there.  Which atoms a rule has is for
``rules``.  Its one rule: what is not known counts against the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from troth.terms import State

MARKETING = "direct marketing"
AGED = "age at least "
STOPS = frozenset({"possible", "objection", "restriction", "under"})  # kinds that stop; the others are needed


class Atom(NamedTuple):
    """One question.

    ``kind``: consent, fact, possible (a fact true or unknown), objection, restriction, notice, from (known to
    be that old), under (known to be younger).

    ``per``: of member, origin, purpose, field, the kinds that a consent or fact is kept for (``origin``:
    the member that the datum came from, where it goes to another); ``whole`` on a restriction.  ``also``:
    the general word that objects to this purpose too.  ``rival``: the consent which, given later, lifts
    this objection or restriction.
    """

    kind: str
    name: str = ""
    per: tuple[str, ...] = ()
    purpose: str = ""
    also: str = ""
    rival: Atom | None = None


def stands(atom: Atom, state: State, member: str = "", field: str = "", origin: str = "") -> bool:
    """Say whether an atom is true of a person, for the member, field and origin that a request names.

    >>> stands(Atom("consent", "news", ("member",)), State(consents=frozenset({"news(fjord)"})), "fjord")
    True
    """
    match atom.kind:
        case "consent":
            return any(word in state.consents for word in spelled(atom, member, field, origin))
        case "fact":
            return any(word in state.facts for word in spelled(atom, member, field))
        case "possible":
            touched = not atom.also or not field or field == atom.also
            return touched and any(
                w in state.facts or w in state.unknown for w in spelled(atom, member, field)
            )
        case "objection":
            keys = (member, field, origin)
            return _open(_objections(atom, state, member), "objection", atom, state, keys)
        case "restriction":
            return _open(
                _restrictions(atom, state, field), "restriction", atom, state, (member, field, origin)
            )
        case "notice":
            return state.notice
        case "from":
            return state.age is not None and state.age >= int(atom.name)
    return state.age is not None and state.age < int(atom.name)


def spelled(atom: Atom, member: str = "", field: str = "", origin: str = "") -> tuple[str, ...]:
    """Return the words any of which makes a consent or fact true; none when it needs a member and has none.

    A word that leaves out the purpose or the field speaks of all of them.

    >>> spelled(Atom("consent", "pass-on", ("member", "purpose"), "better"), "kraft")
    ('pass-on(kraft)', 'pass-on(kraft, better)')
    """
    if not atom.per:
        return (atom.name,)
    if "origin" in atom.per:
        member = origin
    named = "member" in atom.per or "origin" in atom.per
    if named and not member:
        return ()
    first = [member] if named else []
    more = [w for kind, w in (("purpose", atom.purpose), ("field", field)) if kind in atom.per and w]
    picks = (combinations(more, n) for n in range(len(more) + 1))
    return tuple(_word(atom.name, [*first, *pick]) for group in picks for pick in group)


def wanted(atom: Atom, member: str = "", field: str = "", origin: str = "") -> str:
    """Name the change that makes a needed atom true, as a refusal lists it."""
    if atom.kind == "from":
        return f"{AGED}{atom.name}"
    if atom.kind == "notice":
        return "notice accepted"
    return f"{atom.kind} {next(iter(spelled(atom, member, field, origin)), atom.name)}"


def unwanted(atom: Atom, member: str = "", field: str = "", origin: str = "") -> str:
    """Name the change that makes a stopping atom false, as a refusal lists it."""
    match atom.kind:
        case "under":
            return f"{AGED}{atom.name}"
        case "objection":
            return f"objection to {atom.name} lifted"
        case "restriction":
            return "restriction lifted"
    return f"fact {next(iter(spelled(atom, member, field, origin)), atom.name)} ended"


def _word(name: str, keys: list[str]) -> str:
    return f"{name}({', '.join(keys)})" if keys else name


def _objections(atom: Atom, state: State, member: str) -> Iterator[str]:
    for word in (atom.name, f"{atom.name}({member})", atom.also):
        if word and word in state.objections:
            yield word


def _restrictions(atom: Atom, state: State, field: str) -> Iterator[str]:
    for word in state.restricted:
        data, _, part = word.partition(".")
        every = not part or not field or "whole" in atom.per
        if word == "*" or (data == atom.name and (every or part == field)):
            yield word


def _open(acts: Iterable[str], kind: str, atom: Atom, state: State, keys: tuple[str, str, str]) -> bool:
    """Say whether one of the acts is not followed by the rival consent."""
    rival = atom.rival
    if rival is None or not stands(rival, state, *keys):
        return any(True for _ in acts)
    consents = (f"consent {w}" for w in spelled(rival, *keys) if w in state.consents)
    agreed = max((_when(word, state) for word in consents), default=-1)
    return any(agreed <= _when(f"{kind} {act}", state, unlisted=len(state.order)) for act in acts)


def _when(act: str, state: State, *, unlisted: int = -1) -> int:
    """Return the act's latest place in the person's order."""
    places = [i for i, other in enumerate(state.order) if other == act]
    return places[-1] if places else unlisted
