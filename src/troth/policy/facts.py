"""Facts: the statements that name data, moments and conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from troth.policy.kinds import (
    CONDITIONS,
    ERA,
    EVENTS,
    MAYBE,
    MOMENTS,
    NAME,
    NAMES,
    PAIR,
    SPAN,
    TEXT,
    TEXTS,
    one_of,
    plain,
)
from troth.policy.lines import Cursor
from troth.policy.model import Conclusion, Data, Event, Fact, Field, Span
from troth.policy.problems import Fault, near
from troth.policy.shapes import Kind, Part, Shape, view_of
from troth.terms import Form

TYPES = (
    "age",
    "born",
    "card",
    "choice",
    "date",
    "email",
    "file",
    "iban",
    "ip",
    "key",
    "list",
    "moment",
    "money",
    "number",
    "password",
    "phone",
    "place",
    "text",
    "url",
    "yes-no",
)
RECORDS = ("consents", "requests", "events", "silence", "trail", "register", "reviews", "links", "former")


def _type(cursor: Cursor) -> dict[str, Any]:
    """Take a field's type with its choices or its range."""
    place, name = cursor.place(), cursor.word("the field's type")
    if name not in TYPES:
        raise Fault(place, f"'{name}' is no type of field", near(name, TYPES) or f"types: {', '.join(TYPES)}")
    found: dict[str, Any] = {"type": name}
    if name == "choice":
        found["choices"] = cursor.names()
    elif name in ("number", "age") and cursor.token and ".." in cursor.token.text:
        found["low"], found["high"] = _range(cursor)
    return found


def _range(cursor: Cursor) -> tuple[float, float]:
    place, word = cursor.place(), cursor.word("a range")
    try:
        low, high = map(float, word.split(".."))
    except ValueError:
        raise Fault(place, f"'{word}' is no range", "write 0..5") from None
    return low, high


def _write_type(view: dict[str, Any]) -> str:
    words = str(view["type"])
    if view["choices"]:
        words += " " + ", ".join(view["choices"])
    if view["low"] is not None:
        words += f" {plain(view['low'])}..{plain(view['high'])}"
    return words


def _field(found: dict[str, Any]) -> list[Any]:
    return [Field(**found.pop("kind"), **found)]


def _field_view(value: Field) -> dict[str, Any]:
    view = view_of(value)
    return {**view, "kind": view}


FIELD = Shape(
    words="",
    make=Field,
    says="names a field, its type, and what is special about it",
    example="phone phone optional",
    head=(
        Part("name", "", NAME, needed=True),
        Part("kind", "", Kind("TYPE [CHOICE, … | LOW..HIGH]", _type, _write_type), needed=True),
    ),
    parts=(
        Part("identifies", "identifies"),
        Part("optional", "optional"),
        Part("special", "special"),
        Part("passing", "passing"),
        Part("truncated", "truncated"),
        Part("pseudonymous", "pseudonymous"),
    ),
    finish=_field,
    start=_field_view,
)


def _data(found: dict[str, Any]) -> list[Any]:
    """Make the category; ``as`` says a form or a DPV term; what it derives from is settled later."""
    for word in found.pop("as", ()):
        if word in set(Form):
            found["form"] = Form(word)
        else:
            found["dpv"] = word
    return [Data(**found)]


def _data_view(value: Data) -> dict[str, Any]:
    view = view_of(value)
    form = () if value.form is Form.IDENTIFIED else (str(value.form),)
    return {
        **view,
        "sources": (*value.sources, *value.inputs),
        "as": form + ((value.dpv,) if value.dpv else ()),
    }


def _term(cursor: Cursor) -> str:
    place, word = cursor.place(), cursor.word("a form or a DPV term")
    if word not in set(Form) and ":" not in word:
        hint = near(word, Form) or f"forms: {', '.join(Form)}; terms look like pd:Contact"
        raise Fault(place, f"'{word}' is neither a form nor a DPV term", hint)
    return word


def _percent(cursor: Cursor) -> int:
    number = cursor.number()
    cursor.expect("percent")
    return number


def _conclusion(cursor: Cursor) -> tuple[Conclusion, ...]:
    """Take one rule: ``ANSWER from QUESTION ANSWER, …``."""
    answer = cursor.word("an answer")
    cursor.expect("from")
    found = [(cursor.word("a question"), cursor.word("an answer"))]
    while cursor.comma():
        found.append((cursor.word("a question"), cursor.word("an answer")))
    return (Conclusion(answer, tuple(found)),)


def _write_conclusion(value: Conclusion) -> str:
    return f"{value.answer} from {', '.join(f'{question} {answer}' for question, answer in value.of)}"


CONCLUSION = Kind("ANSWER from QUESTION ANSWER, …", _conclusion, _write_conclusion)


def derived(data: Data, names: frozenset[str]) -> Data:
    """Return the category, those of its sources that are categories themselves (``names``) as its inputs."""
    inputs = tuple(s for s in data.sources if s in names and s != data.name)
    return replace(data, sources=tuple(s for s in data.sources if s not in inputs), inputs=inputs)


DATA = Shape(
    words="data",
    make=Data,
    says="names a category of personal data, where it comes from (or what it derives from), and its fields",
    example='data contact "Contact details" from person as pd:Contact\n'
    "  email email identifies\n  phone phone optional",
    head=(Part("name", "", NAME, needed=True), Part("text", "", MAYBE)),
    parts=(
        Part("sources", "from", NAMES),
        Part("area", "in", NAME),
        Part("of_two", "of two people"),
        Part("optional", "optional"),
        Part("special", "special"),
        Part("counted", "counted"),
        Part("as", "pseudonymous", value=("pseudonymous",), many=True),
        Part("as", "as", Kind("FORM | TERM", lambda c: (_term(c),), " as ".join), many=True),
        Part("percent", "", Kind("N percent", _percent, lambda n: f"{n} percent")),
        Part("records", "records", one_of(*RECORDS)),
        Part("conclusions", "concludes", CONCLUSION, many=True, below=True),
        *CONDITIONS,
        *ERA,
    ),
    inner=(("fields", FIELD),),
    finish=_data,
    start=_data_view,
)


def _in_all(cursor: Cursor) -> Span:
    span: Span = SPAN.read(cursor)
    cursor.expect("in all")
    return span


EVENT = Shape(
    words="event",
    make=Event,
    says="names a moment: one that a service raises, or one computed from others (the earliest counts)",
    example="event visit-end is sign-out or 30 minutes without request",
    head=(Part("name", "", NAMES, needed=True),),
    parts=(
        Part("alternatives", "is", MOMENTS),
        Part("law", "law", TEXT, below=True),
        Part("restarts_at", "restarts at", NAMES, below=True),
        Part("paused", "paused from", PAIR, many=True, below=True),
        Part("extended_by", "extended by", NAME, below=True),
        Part("at_most", "at most", Kind("LENGTH in all", _in_all, lambda v: f"{v} in all"), below=True),
    ),
    spread="name",
)


def _review(cursor: Cursor) -> tuple[str, Span]:
    """Take who looks at a grant afterwards, and within which time."""
    role = cursor.word("a role")
    cursor.expect("within")
    return role, SPAN.read(cursor)


REVIEW = Kind("NAME within LENGTH", _review, lambda v: f"{v[0]} within {v[1]}")

FACT = Shape(
    words="fact",
    make=Fact,
    says="names a condition: raised by a service or a person, or running from one moment until another",
    example='fact active "You use us" from last-use until account-closed or 6 months without last-use',
    head=(Part("name", "", NAMES, needed=True), Part("text", "", MAYBE)),
    parts=(
        Part("of", "of", one_of("person", "viewer", "staff", "record", "party", "company", "grant")),
        Part("starts", "from", EVENTS),
        Part("ends", "until", MOMENTS),
        Part("lasts", "for", SPAN),
        Part("per", "per", NAMES),
        Part("raised_by", "raised by", NAME),
        Part("approved_by", "approved by", NAME),
        Part("by_other", "other", comma=True),
        Part("review", "reviewed by", REVIEW),
        Part("names", "names", NAMES),
        Part("covers_records", "covers records"),
        Part("within", "within", NAME),
        Part("reasons", "reason", TEXTS, below=True),
        Part("by", "by", NAMES),
    ),
    spread="name",
)

SHAPES = (DATA, EVENT, FACT)
