"""House: who answers, where data live, which law holds, and what the document's words mean."""

from __future__ import annotations

from typing import Any

from troth.policy.kinds import DAY, ERA, MAYBE, NAME, NAMES, NUMBER, SAID, TEXT, WORDS
from troth.policy.lines import Cursor
from troth.policy.model import (
    Area,
    Controller,
    Counter,
    DutySplit,
    FormMeaning,
    Law,
    Required,
    Safeguard,
    Scope,
    Setting,
    Treatment,
    Whereabouts,
)
from troth.policy.problems import Fault, near
from troth.policy.shapes import Kind, Part, Shape, view_of
from troth.terms import Form

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _year_end(cursor: Cursor) -> tuple[int, int]:
    place, day, month = cursor.place(), cursor.number(), cursor.word("a month")
    if month not in _MONTHS:
        raise Fault(place, f"'{month}' is no month", near(month, _MONTHS))
    if not 1 <= day <= 31:
        raise Fault(place, f"'{day}' is no day of a month")
    return _MONTHS.index(month) + 1, day


_YEAR_END = Kind("DAY MONTH", _year_end, lambda v: f"{v[1]} {_MONTHS[v[0] - 1]}")

HEADERS = (
    Shape(
        words="version",
        make=dict,
        says="names this version of the document and the day from which it holds",
        example="version 2 since 2026-05-01",
        head=(Part("version", "", WORDS, needed=True),),
        parts=(Part("since", "since", DAY),),
    ),
    Shape(
        words="clock",
        make=dict,
        says="names the time zone in which days, months and years are counted",
        example="clock Europe/Oslo",
        head=(Part("zone", "", NAME, needed=True),),
    ),
    Shape(
        words="language",
        make=dict,
        says="names the language of the prose",
        example="language en",
        head=(Part("language", "", NAME, needed=True),),
    ),
    Shape(
        words="financial-year ends",
        make=dict,
        says="says on which day the books are closed; 31 December when nothing is said",
        example="financial-year ends 30 June",
        head=(Part("financial_year_end", "", _YEAR_END, needed=True),),
    ),
)

_REACHED = (
    Part("registered", "registered", SAID, below=True),
    Part("address", "address", SAID, below=True),
    Part("contact", "contact", SAID, below=True),
    Part("officer", "officer", SAID, below=True),
    Part("authority", "authority", SAID, below=True),
    Part("complaints", "complaints", SAID, below=True),
    *ERA,
)
_NAMED = Part("name", "", TEXT, needed=True)
_COUNTRY = Part("country", "in", NAME)


def _duty(side: str, example: str) -> Shape:
    return Shape(
        words=side,
        make=DutySplit,
        says=f"names a duty that is {side}, and the purposes it covers",
        example=example,
        fixed={"side": side},
        head=(Part("name", "", NAME, needed=True), Part("text", "", TEXT, needed=True)),
        parts=(Part("covers", "covers", NAMES),),
    )


AREA = Shape(
    words="area",
    make=Area,
    says="names a part of the service with its own answerability, place and doors",
    example='area rewards "What you earn" joint with operator\n'
    '  ours books "Keeping the books" covers accounts',
    head=(Part("name", "", NAME, needed=True), Part("text", "", MAYBE)),
    parts=(
        Part("role", "controller", value="controller"),
        Part("party", "processor for", NAME, also={"role": "processor"}),
        Part("party", "joint with", NAME, also={"role": "joint controller"}),
        Part("no_personal_data", "no personal data"),
        Part("apart_by", "apart by", NAME),
        Part("apart", "apart"),
        Part("stay_in", "stay in", NAMES),
        Part("requests_to", "requests to", NAME),
    ),
    inner=(
        ("duties", _duty("ours", 'ours books "Keeping the books" covers accounts')),
        ("duties", _duty("theirs", 'theirs complaints "Answering complaints"')),
    ),
)


def _laid(found: dict[str, Any]) -> list[Any]:
    """Make one statement a safeguard; ``any`` data are all data."""
    data = found.pop("data", ())
    guards = found.pop("safeguard", ("",))
    found["data"] = () if data == ("any",) else data
    return [Whereabouts(**found, safeguard=one) for one in guards]


def _lay(value: Whereabouts) -> dict[str, Any]:
    view = view_of(value)
    return {
        **view,
        "data": value.data or ("any",),
        "safeguard": (value.safeguard,) if value.safeguard else (),
    }


def _living(verb: str, says: str) -> Shape:
    return Shape(
        words=verb,
        make=Whereabouts,
        says=says,
        example=f"{verb} NO, IE for orders",
        fixed={"verb": verb},
        head=(Part("places", "", NAMES, needed=True),),
        parts=(Part("data", "for", NAMES), *ERA),
    )


def _rest(cursor: Cursor) -> tuple[str, ...]:
    """Take everything up to the end, parted by commas, each part as its words."""
    found: list[list[str]] = [[]]
    while cursor.token and not cursor.sees("added"):
        if cursor.comma():
            found.append([])
        else:
            found[-1].append(cursor.said())
    return tuple(" ".join(part) for part in found if part)


def _people(cursor: Cursor) -> int:
    number = cursor.number()
    cursor.expect("people")
    return number


def _yearly(cursor: Cursor) -> int:
    number = cursor.number()
    cursor.expect("times a year")
    return number


_REST = Kind("WORDS, …", _rest, ", ".join)
_TOLD = (
    Part("at_least", "at least", Kind("N people", _people, lambda n: f"{n} people")),
    Part("noise", "give or take", NUMBER, comma=True),
    Part("times", "at most", Kind("N times a year", _yearly, lambda n: f"{n} times a year"), comma=True),
    Part("detail", "", _REST, comma=True),
)


def _meaning(words: str, form: Form, shape: str, example: str) -> Shape:
    return Shape(
        words=words,
        make=FormMeaning,
        says=f"says what {words} means in this document",
        example=example,
        fixed={"form": form, "shape": shape},
        head=_TOLD if shape else (Part("detail", "", _REST),),
    )


TREATED = ("replace", "warn", "refuse", "to", "by")  # what a treatment's details begin with


def _treated(found: dict[str, Any]) -> list[Any]:
    said = [(word, found.pop(word)) for word in TREATED if word in found]
    found["detail"] = tuple(f"{word} {one}" for word, names in said for one in names)
    return [Treatment(**found)]


def _treat(value: Treatment) -> dict[str, Any]:
    view = view_of(value)
    for word in TREATED:
        view[word] = tuple(d.removeprefix(word + " ") for d in value.detail if d.startswith(word + " "))
    return view


def _treatment(verb: str, says: str, example: str, *parts: Part) -> Shape:
    return Shape(
        words=verb,
        make=Treatment,
        says=says,
        example=example,
        fixed={"verb": verb},
        head=(Part("data", "", NAMES, needed=True),),
        parts=parts,
        finish=_treated,
        start=_treat,
    )


_BY = Kind('"…" | WORD', lambda c: (c.said(),), lambda v: WORDS.write(v[0]))

SHAPES = (
    Shape(
        words="controller",
        make=Controller,
        says="names who answers, where they are, how to reach them and which authority watches them",
        example='controller "Fjord Coffee AS" in NO\n'
        '  contact privacy@fjordcoffee.example\n  authority "Datatilsynet"',
        fixed={"role": "controller"},
        head=(_NAMED,),
        parts=(_COUNTRY, Part("area", "for area", NAME), *_REACHED),
    ),
    Shape(
        words="joint controller",
        make=Controller,
        says="names one who answers together with a party",
        example='joint controller "Fjord Coffee AS" in NO with roaster',
        fixed={"role": "joint controller"},
        head=(_NAMED,),
        parts=(_COUNTRY, Part("party", "with", NAME), Part("area", "for area", NAME), *_REACHED),
    ),
    Shape(
        words="processor for",
        make=Controller,
        says="names one who works on a party's instructions",
        example='processor for client "Fjord Coffee AS" in NO',
        fixed={"role": "processor"},
        head=(Part("party", "", NAME, needed=True), _NAMED),
        parts=(_COUNTRY, Part("area", "for area", NAME), *_REACHED),
    ),
    Shape(
        words="under",
        make=Law,
        says="takes in a law pack, itself a document in this language",
        example="under gdpr",
        head=(Part("name", "", NAMES, needed=True),),
        parts=ERA,
        spread="name",
    ),
    AREA,
    _living("store in", "says in which countries data are stored"),
    _living("stay in", "says beyond which places data do not go, except to another controller by `transfer`"),
    Shape(
        words="transfer",
        make=Whereabouts,
        says="lets data go to a place or a party outside the EEA, under a safeguard",
        example="transfer contact to US under clauses",
        fixed={"verb": "transfer"},
        head=(Part("data", "", NAMES, needed=True),),
        parts=(Part("places", "to", NAMES, needed=True), Part("safeguard", "under", NAMES), *ERA),
        finish=_laid,
        start=_lay,
    ),
    Shape(
        words="safeguard",
        make=Safeguard,
        says="names a tool of GDPR Chapter V; it counts while it and all it rests on live",
        example='safeguard shield "Privacy Shield" until 2020-07-16',
        head=(Part("name", "", NAME, needed=True), Part("text", "", MAYBE)),
        parts=(
            Part("since", "since", DAY),
            Part("until", "until", DAY),
            Part("rests_on", "rests on", NAMES),
        ),
    ),
    _meaning(
        "anonymous totals",
        Form.ANONYMOUS,
        "totals",
        "anonymous totals at least 10 people, give or take 6, at most 4 times a year",
    ),
    _meaning("anonymous text", Form.ANONYMOUS, "text", "anonymous text without author, time to month"),
    _meaning("truncated to", Form.TRUNCATED, "", "truncated to /24, /48"),
    _treatment(
        "scrub",
        "says which kinds of details are replaced before data are stored, of which the writer is warned, and "
        "which subjects keep a text from being taken",
        "scrub letters replace email, phone, warn health, refuse offences",
        Part("replace", "replace", NAMES),
        Part("warn", "warn", NAMES, comma=True),
        Part("refuse", "refuse", NAMES, comma=True),
    ),
    _treatment(
        "truncate",
        "says what is cut off before data are stored",
        "truncate visit.ip to /24, /48",
        Part("to", "to", NAMES),
    ),
    _treatment(
        "pseudonymise",
        "says what is replaced by a code before data are stored",
        'pseudonymise letters.author by "a random code, its table kept apart"',
        Part("by", "by", _BY),
    ),
    Shape(
        words="counter",
        make=Counter,
        says="names counts that belong to nobody; a dimension is never a data field",
        example="counter arrivals of page, hour shown from 5",
        head=(Part("name", "", NAME, needed=True),),
        parts=(Part("of", "of", NAMES, needed=True), Part("shown_from", "shown from", NUMBER)),
    ),
    Shape(
        words="setting",
        make=Setting,
        says="names a value that comes from `site.toml`; empty or a placeholder does not load",
        example="setting privacy-mail",
        head=(Part("name", "", NAMES, needed=True),),
        spread="name",
    ),
    Shape(
        words="scope",
        make=Scope,
        says="names the hosts and mailboxes that the document covers; another address takes nothing in",
        example="scope www.fjordcoffee.example, privacy@fjordcoffee.example",
        head=(Part("places", "", NAMES, needed=True),),
    ),
    Shape(
        words="require",
        make=Required,
        says="in a law pack: names a disclosure that a document must make, and the article",
        example='require authority "Art. 13(2)(d)"',
        head=(Part("what", "", WORDS, needed=True), Part("article", "", MAYBE)),
    ),
)
