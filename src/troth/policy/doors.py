"""Doors: who else sees data: parties outside, roles inside, what is shared and shown, what a device holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from troth.policy.kinds import (
    AS,
    ERA,
    GUARD,
    MAYBE,
    NAME,
    NAMES,
    NUMBER,
    SAID,
    SPAN,
    TEXT,
    form_value,
    form_words,
)
from troth.policy.lines import Cursor
from troth.policy.model import Cookie, Door, Join, Recipient, Role
from troth.policy.rights import TOLD
from troth.policy.shapes import Kind, Part, Shape, view_of


def _party(words: str, says: str, example: str, *, source: bool) -> Shape:
    return Shape(
        words=words,
        make=Recipient,
        says=says,
        example=example,
        fixed={"is_source": source},
        head=(Part("name", "", NAME, needed=True), Part("text", "", MAYBE)),
        parts=(
            *(Part("role", role, value=role) for role in ("joint controller", "controller", "processor")),
            Part("country", "in", NAME),
            Part("each", "each"),
            Part("needs", "needs", NAMES),
            Part("tasks", "tasks", NAMES),
            Part("safeguards", "under", NAMES),
            *ERA,
        ),
        inner=(("tells", TOLD),),
        finish=_with_tells(Recipient, f"{words} {{0.name}}"),
    )


def _with_tells(make: Callable[..., Any], about: str) -> Callable[[dict[str, Any]], list[Any]]:
    """Return a finish that puts the duties to tell behind the statement they stand in."""

    def finish(found: dict[str, Any]) -> list[Any]:
        tells = found.pop("tells", ())
        made = make(**found)
        return [made, *(replace(t, about=made.label or about.format(made)) for t in tells)]

    return finish


def _opened(found: dict[str, Any]) -> list[Any]:
    """Make one door a party, each with the duties to tell that stand under it."""
    found = form_value(found)
    parties = found.pop("party")
    finish = _with_tells(Door, "{0.verb} {0.party}")
    return [s for party in parties for s in finish({**found, "party": party})]


def _door(words: str, verb: str, to: str, says: str, example: str, *, one_of: bool = False) -> Shape:
    return Shape(
        words=words,
        make=Door,
        says=says,
        example=example,
        fixed={"verb": verb, "one_of": one_of},
        head=(Part("data", "", NAMES, needed=True),),
        parts=(
            Part("party", to, NAMES, needed=True),
            Part("purposes", "for", NAMES, needed=True),
            AS,
            Part("consent", "on consent", NAME),
            *GUARD,
        ),
        inner=(("tells", TOLD),),
        spread="party",
        finish=_opened,
        start=lambda door: form_words(view_of(door)),
    )


def _lasts(cursor: Cursor) -> str:
    return cursor.accept("session") or str(SPAN.read(cursor))


def _device(words: str, says: str, example: str) -> Shape:
    return Shape(
        words=words,
        make=Cookie,
        says=says,
        example=example,
        fixed={"kind": words},
        head=(Part("name", "", NAME, needed=True), Part("text", "", MAYBE)),
        parts=(
            Part("areas", "in", NAMES),
            Part("purpose", "for", NAME),
            Part("consent", "on consent", NAME),
            Part("necessary", "necessary"),
            Part("lasts", "lasts", Kind("session | LENGTH", _lasts, str)),
            Part("same_for_everyone", "same for everyone"),
            *ERA,
            Part("by", "by", NAME, below=True),
            Part("hosts", "host", NAMES, below=True),
            Part("named", "named", NAMES, below=True),
            Part("after", "after", NAME, below=True),
            Part("see", "see", SAID, below=True),
            Part("clear", "clear", TEXT, below=True),
            Part("counts", "counts", NAME, below=True),
        ),
    )


SHAPES = (
    _party(
        "recipient",
        "names an outside party: where it is and in which role; with `each`, an open class of them",
        'recipient growers "The growers\' association" controller in BR',
        source=False,
    ),
    _party(
        "source",
        "names an outside party that data come from",
        'source register "A public register" in NO\n  tell person by email within 1 month else erase',
        source=True,
    ),
    Shape(
        words="role",
        make=Role,
        says="names a kind of member or staff inside the house",
        example='role clerk "Answers your questions"',
        head=(Part("name", "", NAMES, needed=True), Part("text", "", MAYBE)),
        parts=(Part("at_most", "at most", NUMBER), Part("reviewed", "reviewed every", SPAN, comma=True)),
        spread="name",
    ),
    _door(
        "share one of",
        "share",
        "with",
        "opens exactly one of the named data to a party",
        "share one of contact.email, contact.phone with roaster for membership when order-placed",
        one_of=True,
    ),
    _door(
        "share",
        "share",
        "with",
        "opens data to a party outside; the purpose must use the data too, and gives the ground",
        "share taste with growers for offers as anonymous",
    ),
    _door(
        "show",
        "show",
        "to",
        "opens data to a role inside; the purpose must use the data too, and gives the ground",
        "show contact, order to clerk for membership when assigned",
    ),
    _device(
        "cookie",
        "names what is put on a device: for what, on which consent or whether strictly necessary, how long",
        'cookie session "Keeps you signed in" for membership necessary lasts session',
    ),
    _device(
        "pixel",
        "names what is loaded in a page to count or to follow",
        'pixel hit "Counts how a page does" for study on consent counting lasts session',
    ),
    Shape(
        words="join",
        make=Join,
        says="lets records under two keys of a person be linked",
        example="join views with lead for sales on consent linking from then on",
        head=(Part("left", "", NAME, needed=True),),
        parts=(
            Part("right", "with", NAME, needed=True),
            Part("purpose", "for", NAME, needed=True),
            Part("consent", "on consent", NAME),
            Part("from_then_on", "from then on"),
        ),
    ),
)
