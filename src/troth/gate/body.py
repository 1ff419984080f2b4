"""Body: what is handed in, held against the category's fields, and treated before it is stored.

Checking is strict: a field the document does not declare is refused by name, a value of the wrong type too.
Treating carries out the door's duties: cut addresses, bare links, digests for passwords, nothing that only
passes through.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from troth.gate import attach, secret
from troth.gate.errors import BadBody
from troth.policy.model import Data, Field
from troth.scrub.checks import iban, luhn
from troth.terms import Form

LONGEST = 20_000  # characters in one text field
LARGEST = 2 * 1024 * 1024  # bytes of one file
CAMPAIGN = re.compile(r"[a-z0-9-]{1,24}")
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{2,24}")
PHONE = re.compile(r"\+?[0-9 ().-]{5,24}")
MONEY = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,2})?( ?[A-Z]{3})?")
KEY = re.compile(r"[^\s<>\"]{1,200}")
OLDEST = 1900  # the first year in which somebody who writes here may be born
V4, V6 = 24, 48  # network bits of a truncated address


def checked(datum: Data, body: Mapping[str, object], about: Iterable[str] = ()) -> dict[str, object]:
    """Return the body when every field is declared and of its type; raise ``BadBody`` naming the first that
    is not.  Fields that may be missing need not be there: what the person did not say is not asked for.
    ``about`` are further words of the person's own, of which a password may not be made.

    >>> d = Data(name="taste", fields=(Field(name="drink", type="choice", choices=("tea",)),))
    >>> checked(d, {"drink": "tea"})
    {'drink': 'tea'}
    >>> checked(d, {"shoe": 44})
    Traceback (most recent call last):
    troth.gate.errors.BadBody: taste.shoe: the document declares no such field
    """
    fields = {f.name: f for f in datum.fields}
    for name in body:
        if name not in fields:
            raise BadBody(datum.name, name, "the document declares no such field")
    kept = {name: value for name, value in body.items() if value is not None and value != ""}
    _safe(datum, kept, about)
    return {name: _fitting(datum, fields[name], value) for name, value in kept.items()}


def treated(datum: Data, body: Mapping[str, object], pseudonym: Callable[[str], str]) -> dict[str, object]:
    """Return what may be stored of a checked body: passing fields gone, addresses cut, links bare."""
    fields = {f.name: f for f in datum.fields}
    stored: dict[str, object] = {}
    for name, value in body.items():
        field = fields[name]
        if field.passing:
            continue
        if field.truncated or datum.form is Form.TRUNCATED:
            value = truncated(field, value)
        if field.type == "url":
            value = bare(str(value))
        if field.type == "password":
            value = secret.digest(str(value))
        if field.pseudonymous or (datum.form is Form.PSEUDONYMOUS and _tells_who(field)):
            value = pseudonym(f"{datum.name}.{name}:{value}")
        stored[name] = value
    return stored


def shaped(
    datum: Data, body: Mapping[str, object], form: Form, name: Callable[[str], str]
) -> dict[str, object]:
    """Return a stored body in the form in which it may travel."""
    fields = {f.name: f for f in datum.fields}
    if form is Form.TRUNCATED:
        return {n: truncated(fields[n], v) if n in fields else v for n, v in body.items()}
    if form is Form.PSEUDONYMOUS:
        told = {n: v for n, v in body.items() if n not in fields or not _tells_who(fields[n])}
        hidden = {n: name(f"{datum.name}.{n}") for n in body if n in fields and _tells_who(fields[n])}
        return {**told, **hidden}
    return dict(body)


def truncated(field: Field, value: object) -> object:
    """Cut a network address to its network, and a link to its site; other values stay.

    >>> truncated(Field(name="ip", type="ip"), "203.0.113.77")
    '203.0.113.0'
    >>> truncated(Field(name="ip", type="ip"), "2001:db8:1:2:3::4")
    '2001:db8:1::'
    """
    if field.type == "ip":
        address = ipaddress.ip_address(str(value))
        bits = V4 if address.version == 4 else V6
        return str(ipaddress.ip_network(f"{address}/{bits}", strict=False).network_address)
    if field.type == "url":
        parts = urlsplit(str(value))
        return urlunsplit((parts.scheme, _host(parts.netloc), parts.path, "", ""))
    return value


def bare(url: str) -> str:
    """Drop what a link says beside its address; a campaign's code, which names no person, may stay.

    >>> bare("https://kari:pw@shop.example/f?gclid=abc&campaign=summer-26#top")
    'https://shop.example/f?campaign=summer-26'
    """
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query) if k == "campaign" and CAMPAIGN.fullmatch(v)]
    return urlunsplit((parts.scheme, _host(parts.netloc), parts.path, urlencode(kept), ""))


def _host(netloc: str) -> str:
    return netloc.rpartition("@")[2]


def _tells_who(field: Field) -> bool:
    return field.identifies or field.type in ("email", "phone", "ip", "key")


def _fitting(datum: Data, field: Field, value: object) -> object:
    wrong = _TYPES.get(field.type, _text)(field, value)
    if wrong:
        raise BadBody(datum.name, field.name, wrong)
    return value.isoformat() if isinstance(value, date) else value


def _safe(datum: Data, body: Mapping[str, object], about: Iterable[str]) -> None:
    """Refuse a password that is short, known to thieves, or made of what else is said of its person."""
    for field in (f for f in datum.fields if f.type == "password" and f.name in body):
        own = [*about, *(str(value) for name, value in body.items() if name != field.name)]
        if wrong := secret.fault(str(body[field.name]), own):
            raise BadBody(datum.name, field.name, wrong)


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str | int | float | bool):
        return "this field takes a text"
    return f"a text of at most {LONGEST} characters" if len(str(value)) > LONGEST else ""


def _number(field: Field, value: object) -> str:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return "this field takes a number"
    low, high = field.low, field.high
    if (low is not None and number < low) or (high is not None and number > high) or number != number:
        return (
            f"a number from {low:g} to {high:g}" if low is not None and high is not None else "out of range"
        )
    return "" if abs(number) < float("inf") else "this field takes a number"


def _choice(field: Field, value: object) -> str:
    return "" if str(value) in field.choices else f"one of {', '.join(field.choices)}"


def _date(field: Field, value: object) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return "this field takes a date, as 2026-11-24"
    return "this field takes a date without a time" if isinstance(day, datetime) else ""


def _moment(field: Field, value: object) -> str:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return "this field takes a moment with its time zone"
    return "" if at.tzinfo is not None else "this field takes a moment with its time zone"


def _age(field: Field, value: object) -> str:
    return "" if re.fullmatch(r"[0-9]{1,3}", str(value)) and int(str(value)) <= 130 else "an age in years"


def _ip(field: Field, value: object) -> str:
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return "this field takes a network address"
    return ""


def _url(field: Field, value: object) -> str:
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return "this field takes a web address"
    plain = parts.scheme in ("", "http", "https") and len(str(value)) <= 2000
    return "" if plain and not re.search(r"[\s<>\"]", str(value)) else "this field takes a web address"


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[Field, object], str]:
    return lambda field, value: "" if pattern.fullmatch(str(value)) else what


def _born(field: Field, value: object) -> str:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return "a day, as 1990-05-01"
    return "" if day.year >= OLDEST else f"a day of birth, not before {OLDEST}"


def _yes_no(field: Field, value: object) -> str:
    return "" if value in (True, False, "yes", "no") else "yes or no"


def _card(field: Field, value: object) -> str:
    digits = re.sub(r"[ -]", "", str(value))
    right = re.fullmatch(r"[0-9]{13,19}", digits) and luhn(digits)
    return "" if right else "that is no card number"


def _iban(field: Field, value: object) -> str:
    return "" if iban(re.sub(r"\s", "", str(value)).upper()) else "that is no account number (IBAN)"


def _file(field: Field, value: object) -> str:
    """Check a file as ``attach.made`` writes it; a text in its place is a text."""
    return attach.fault(value, LARGEST) if isinstance(value, Mapping) else _text(field, value)


_TYPES: Mapping[str, Callable[[Field, object], str]] = {
    "email": _matching(EMAIL, "that is no mail address"),
    "phone": _matching(PHONE, "that is no phone number"),
    "money": _matching(MONEY, "an amount, as 12.50 NOK"),
    "key": _matching(KEY, "a key without spaces"),
    "number": _number,
    "choice": _choice,
    "date": _date,
    "moment": _moment,
    "url": _url,
    "ip": _ip,
    "age": _age,
    "born": _born,
    "yes-no": _yes_no,
    "file": _file,
    "card": _card,
    "iban": _iban,
}
