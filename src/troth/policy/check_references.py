"""Check references: the one list of where a statement names another.

``references`` yields each name with the kinds of statement that may declare it; a new statement adds its
lines here.  Whether a name is declared is ``check_names``'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch

from troth.policy.check_terms import MEMBER_KINDS, base
from troth.policy.model import (
    Area,
    Breach,
    Claim,
    Consent,
    Controller,
    Cookie,
    Data,
    Door,
    Event,
    Fact,
    Guard,
    Hold,
    Join,
    Keep,
    OptOut,
    Purpose,
    Recipient,
    RequestDoor,
    Right,
    Safeguard,
    Statement,
    Tell,
    Treatment,
    Whereabouts,
)

SOURCES = frozenset({"person", "device", "use", "staff", "public", "company", "anyone"})
EVENTS = frozenset(
    {
        "collected",
        "last-use",
        "account-closed",
        "case-closed",
        "consent-withdrawn",
        "financial-year",
        "end of financial-year",
    }
)
RIGHTS = frozenset(
    {"access", "correct", "erase", "restrict", "carry", "object", "withdraw", "complain", "review"}
)
ROLES = frozenset({"person", "anyone", "staff"})
_SELECTORS = frozenset({"any", "special", "profiling", "direct marketing", "decides automatically"})
_COUNTRY = re.compile(r"[A-Z]{2}|EEA|EU|EØS")


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a statement uses; any of ``kinds`` may declare it, or it is among ``known``."""

    name: str
    kinds: tuple[str, ...]
    known: frozenset[str] = frozenset()


def selected(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (kind, name) for the names in a claim's selector; the selector's own words are dropped.

    >>> list(selected(["any but serve, safety"])), list(selected(["any in ads"]))
    ([('', 'serve'), ('', 'safety')], [('area', 'ads')])
    """
    for word in words:
        if word in _SELECTORS or word.startswith(("on ", "outside ")):
            continue
        if hit := re.match(r"any (in|from|of) (\S+)$", word):
            yield ("source" if hit[1] == "from" else "area"), hit[2]
        elif word.startswith("any but "):
            yield from (("", name) for name in re.split(r"[,\s]+", word.removeprefix("any but ")))
        else:
            yield "", word


def _guard(guard: Guard) -> Iterator[Reference]:
    for name in (*(n for group in guard.when for n in group), *guard.unless):
        yield Reference(name, ("fact",))


def _many(names: Iterable[str], *kinds: str, known: frozenset[str] = frozenset()) -> Iterator[Reference]:
    for name in names:
        yield Reference(name, kinds, known)


def _events(names: Iterable[str]) -> Iterator[Reference]:
    for name in names:
        fact, _, edge = name.rpartition(" ")
        if edge in ("starts", "ends", "ended"):
            yield Reference(fact, ("fact",))
        else:
            yield Reference(name, ("event", "fact"), EVENTS)


@singledispatch
def references(statement: Statement) -> Iterator[Reference]:
    """Yield the names that a statement uses."""
    yield from ()


@references.register
def _(statement: Controller) -> Iterator[Reference]:
    yield from _many([statement.area], "area")
    yield from _many([statement.party], "party")
    if statement.contact.startswith("setting "):
        yield Reference(statement.contact.removeprefix("setting "), ("setting",))
    yield from _guard(statement.guard)


@references.register
def _(statement: Area) -> Iterator[Reference]:
    yield from _many([statement.party], "party")
    yield from _many([statement.requests_to], "role", "party", known=ROLES)
    yield from _many((p for duty in statement.duties for p in duty.covers), "purpose")


@references.register
def _(statement: Data) -> Iterator[Reference]:
    yield from _many(statement.sources, "party", "role", known=SOURCES)
    yield from _many(statement.inputs, "data")
    yield from _many([statement.area], "area")
    yield from _guard(statement.guard)


@references.register
def _(statement: Purpose) -> Iterator[Reference]:
    yield from _guard(statement.guard)
    yield from _many([statement.review_by], "role", known=ROLES)
    for basis in statement.bases:
        yield from _guard(basis.guard)
        for ground in basis.grounds:
            if ground.kind in ("consent", "contract"):
                yield Reference(ground.name, ("consent" if ground.kind == "consent" else "fact",))
        for use in basis.uses:
            yield Reference(f"{use.data}.{use.field}" if use.field else use.data, ("data",))
            yield from _guard(use.guard)


@references.register
def _(statement: Consent) -> Iterator[Reference]:
    yield from _many(statement.per, "party", known=frozenset(MEMBER_KINDS))
    yield from _guard(statement.guard)


@references.register
def _(statement: Door) -> Iterator[Reference]:
    yield from _many(statement.data, "data")
    kinds = ("party",) if statement.verb == "share" else ("role", "party")
    yield from _many([statement.party], *kinds, known=ROLES if statement.verb == "show" else frozenset())
    yield from _many(statement.purposes, "purpose")
    yield from _many([statement.consent], "consent")
    yield from _guard(statement.guard)


@references.register
def _(statement: Keep) -> Iterator[Reference]:
    yield from _many(statement.data, "data", known=frozenset({"any"}))
    yield from _events([statement.after, statement.at_latest_after])
    yield from _many([statement.while_fact], "fact")
    yield from _many([statement.because], "purpose")
    yield from _guard(statement.guard)


@references.register
def _(statement: Event) -> Iterator[Reference]:
    moved = (statement.extended_by,) if statement.extended_by != "person" else ()
    yield from _events(
        [
            *(event for _, _, event in statement.alternatives),
            *statement.restarts_at,
            *(e for pair in statement.paused for e in pair),
            *moved,
        ]
    )


@references.register
def _(statement: Fact) -> Iterator[Reference]:
    yield from _events([*statement.starts, *(event for _, _, event in statement.ends)])
    asked = [statement.raised_by, statement.approved_by, statement.review[0] if statement.review else ""]
    yield from _many(asked, "role", "party", known=ROLES)
    yield from _many([statement.within], "fact")
    yield from _many(statement.by, "data")
    yield from _many(statement.per, "party", known=frozenset(MEMBER_KINDS))


@references.register
def _(statement: Tell) -> Iterator[Reference]:
    yield from _many(statement.unless, "fact")


@references.register
def _(statement: Cookie) -> Iterator[Reference]:
    yield from _many(statement.areas, "area")
    yield from _many([statement.purpose], "purpose")
    yield from _many([statement.consent, statement.after], "consent")
    yield from _many([statement.by], "party")
    yield from _guard(statement.guard)


@references.register
def _(statement: Whereabouts) -> Iterator[Reference]:
    yield from _many((p for p in statement.places if not _COUNTRY.fullmatch(p)), "party")
    yield from _many(statement.data, "data", known=frozenset({"any"}))
    yield from _many([statement.safeguard], "safeguard")
    yield from _guard(statement.guard)


@references.register
def _(statement: Safeguard) -> Iterator[Reference]:
    yield from _many(statement.rests_on, "safeguard")


@references.register
def _(statement: Claim) -> Iterator[Reference]:
    for words, kinds in (
        ((*statement.data, *statement.except_data), ("data",)),
        ((*statement.purposes, *statement.except_purposes), ("purpose",)),
        (statement.parties, ("party", "role")),
    ):
        for kind, name in selected(words):
            if _COUNTRY.fullmatch(name):
                continue
            if kind == "source":
                yield Reference(name, ("party",), SOURCES)
            else:
                roles = ROLES | {"controller", "processor"} if "role" in kinds else frozenset()
                yield Reference(name, (kind,) if kind else kinds, roles)
    yield from _many((*statement.sources, *statement.sources_but), "party", "role", known=SOURCES)
    yield from _many([statement.without_consent or ""], "consent")
    yield from _many([statement.while_fact], "fact")
    yield from _guard(statement.guard)


@references.register
def _(statement: Hold) -> Iterator[Reference]:
    yield from _many(statement.data, "data", known=frozenset({"any"}))
    yield from _many([statement.while_fact], "fact")
    yield from _many([statement.purpose], "purpose")


@references.register
def _(statement: OptOut) -> Iterator[Reference]:
    yield from _many(statement.purposes, "purpose")
    yield from _many(statement.erases, "data")
    yield from _many(statement.per, "party", known=frozenset(MEMBER_KINDS))
    yield from _guard(statement.guard)


@references.register
def _(statement: Recipient) -> Iterator[Reference]:
    yield from _many(statement.safeguards, "safeguard")
    yield from _guard(statement.guard)


@references.register
def _(statement: Right) -> Iterator[Reference]:
    yield Reference(statement.name, (), RIGHTS | {"any"})


@references.register
def _(statement: Breach) -> Iterator[Reference]:
    yield from _many(statement.tells, "party", "role", known=ROLES)


@references.register
def _(statement: RequestDoor) -> Iterator[Reference]:
    yield from _many([statement.by], "role", "party", known=ROLES)


@references.register
def _(statement: Join) -> Iterator[Reference]:
    yield from _many([statement.left, statement.right], "data")
    yield from _many([statement.purpose], "purpose")
    yield from _many([statement.consent], "consent")


@references.register
def _(statement: Treatment) -> Iterator[Reference]:
    yield from _many((base(d) for d in statement.data), "data", known=frozenset({"any"}))
