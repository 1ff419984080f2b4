"""Rights: what people can ask, how they object, what they are told, and what happens when things go wrong."""

from __future__ import annotations

from typing import Any

from troth.policy.kinds import CONDITIONS, ERA, MAYBE, NAME, NAMES, NUMBER, SPAN, TEXT, UNLESS, WORDS, one_of
from troth.policy.lines import Cursor
from troth.policy.model import Breach, Change, Children, OptOut, RequestDoor, Right, Span, Tell, Verify
from troth.policy.shapes import Kind, Part, Shape, view_of

RIGHTS = ("access", "correct", "erase", "restrict", "carry", "object", "withdraw", "complain", "review")
_WAYS = ("page", "screen", "letter", "phone", "message link", "link", "signal", "email", "subject")
Way = tuple[str, str]


def _ways(cursor: Cursor) -> tuple[Way, ...]:
    """Take doors parted by commas: ``page``, ``link "…"``, ``signal Sec-GPC``, ``email ADDRESS``."""
    found = [_way(cursor)]
    while True:
        start = cursor.at
        cursor.comma()
        if not cursor.sees(*_WAYS) or (cursor.at == start and not cursor.sees("subject")):
            cursor.at = start
            return tuple(found)
        found.append(_way(cursor))


def _way(cursor: Cursor) -> Way:
    kind = cursor.expect(*_WAYS)
    if kind == "signal" or kind == "email":
        return kind, cursor.said()
    return kind, cursor.maybe_text()


def _write_ways(ways: tuple[Way, ...]) -> str:
    words = [kind if not value else f"{kind} {_value(kind, value)}" for kind, value in ways]
    return ", ".join(words)


def _value(kind: str, value: str) -> str:
    return WORDS.write(value) if kind in ("signal", "email") else TEXT.write(value)


def _before(cursor: Cursor) -> Span:
    span: Span = SPAN.read(cursor)
    cursor.expect("before")
    return span


BEFORE = Kind("LENGTH before", _before, lambda v: f"{v} before")
WAYS = Kind('page, link "…", message link, signal WORD, email ADDRESS, subject "…"', _ways, _write_ways)
_TELLING = (
    Part("channels", "by", NAMES),
    Part("before", "before"),
    Part("within", "within", SPAN),
    Part("every", "every", SPAN),
    Part("otherwise", "else", one_of("erase", "restrict")),
    Part("unless", "unless", UNLESS),
)


def _told(found: dict[str, Any]) -> list[Any]:
    """Make one duty for each of those who are told; ``30 days before`` is before, by that span."""
    if "span" in found:
        found |= {"before": True, "within": found.pop("span")}
    return [Tell(**{**found, "who": who}) for who in found["who"]]


def _tell_view(value: Tell) -> dict[str, Any]:
    view = view_of(value)
    if value.before and value.within:
        view |= {"before": False, "within": None, "span": value.within}
    return view


def _tell(says: str, example: str, *parts: Part) -> Shape:
    return Shape(
        words="tell",
        make=Tell,
        says=says,
        example=example,
        head=(Part("who", "", NAMES, needed=True),),
        parts=(*parts, *_TELLING, Part("span", "", BEFORE)),
        spread="who",
        finish=_told,
        start=_tell_view,
    )


TOLD = _tell("a duty to tell of what the statement does", "tell person by email within 1 month else erase")


def _children(found: dict[str, Any]) -> list[Any]:
    return [Children(**{"refuse": False, **found})]


def _found(cursor: Cursor) -> str:
    if cursor.accept("within"):
        return f"within {SPAN.read(cursor)}" + (" when found" if cursor.accept("when found") else "")
    return cursor.expect("when found")


def _breach_view(value: Breach) -> dict[str, Any]:
    view = view_of(value)
    return {**view, "by": view.pop("channels")} if value.tells else view


def _breach(found: dict[str, Any]) -> list[Any]:
    by = found.pop("by", ())
    return [Breach(**{"channels": by, **found})]


_OPT_OUT = Shape(
    words="opt out of",
    make=OptOut,
    says="names another door for objecting: a page, a link, a signal, an address with an exact subject",
    example='opt out of news by email stop@fjordcoffee.example, subject "Stop" within 1 day',
    head=(Part("purposes", "", NAMES, needed=True),),
    parts=(
        Part("ways", "by", WAYS, needed=True),
        Part("within", "within", SPAN),
        Part("per", "per", NAMES),
        Part("erases", "erases", NAMES),
        *ERA,
        Part("says", "says", TEXT, below=True),
        Part("reason_needed", "reason needed", below=True),
    ),
)
_RIGHT = Shape(
    words="right",
    make=Right,
    says="names a right of the person and how soon it is answered; narrower than the law does not load",
    example='right access within 1 month, extended 2 months article "Art. 15"',
    head=(Part("name", "", one_of(*RIGHTS, "any"), needed=True),),
    parts=(
        Part("within", "within", SPAN),
        Part("extended", "extended", SPAN, comma=True),
        Part("ways", "by", NAMES),
        Part("detail", "everything", value="everything", many=True),
        Part("detail", "without reason", value="without reason", many=True),
        Part("article", "article", TEXT),
        Part("cases", "for", NAMES),
        Part("covers", "covers", NAMES),
        *ERA,
    ),
)
_REQUEST = Shape(
    words="request",
    make=RequestDoor,
    says="adds a door for a right, or a wider one",
    example='request by-letter "A letter to our address" by person does access within 1 month',
    head=(Part("name", "", NAME, needed=True), Part("text", "", MAYBE)),
    parts=(
        Part("by", "by", NAME, needed=True),
        Part("does", "does", NAME, needed=True),
        Part("within", "within", SPAN),
        Part("working", "counting working days"),
    ),
)
_CHANGE = Shape(
    words="change",
    make=Change,
    says="says how people hear of a new version, and whether they must accept it before they go on",
    example="change tell by email, screen 30 days before, accept before continuing",
    parts=(
        Part("channels", "tell by", NAMES),
        Part("days_before", "", BEFORE),
        Part("accept_before", "accept before continuing", comma=True),
        Part("reviewed", "read over every", SPAN, comma=True),
    ),
)
_VERIFY = Shape(
    words="verify",
    make=Verify,
    says="keeps what a person corrects unverified, and the old in use, until a link or a role has checked it",
    example="verify contact.email by link",
    head=(Part("data", "", NAMES, needed=True),),
    parts=(Part("by", "by", NAME, needed=True), Part("asking", "asking", NAMES), *CONDITIONS),
)
_BREACH = Shape(
    words="breach",
    make=Breach,
    says="says how soon the authority hears when data leak, and who else is told how",
    example="breach authority within 72 hours, tell by email, screen",
    parts=(
        Part("authority_within", "authority within", SPAN),
        Part("tells", "tell", NAMES, comma=True),
        Part("by", "by", NAMES),
        Part("channels", "tell by", NAMES, comma=True),
    ),
    finish=_breach,
    start=_breach_view,
)
_CHILDREN = Shape(
    words="children",
    make=Children,
    says="says below which age a person is refused, and what is done with what is found",
    example="children under 13 refuse, erase when found",
    head=(Part("under", "under", NUMBER, needed=True),),
    parts=(
        Part("refuse", "refuse"),
        Part("erase", "erase", Kind("when found | within LENGTH", _found, str), comma=True),
    ),
    finish=_children,
)

SHAPES = (
    _OPT_OUT,
    _RIGHT,
    _REQUEST,
    _tell(
        "a duty to tell, on its own: of what, to whom, by which channel, how soon",
        "tell person about breach by email within 3 days",
        Part("about", "about", WORDS),
    ),
    _VERIFY,
    _CHANGE,
    _BREACH,
    _CHILDREN,
)
