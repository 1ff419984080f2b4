"""Readers: what takes texts that others write: documents, flows, agents, messages, letters, JSON."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

from tests.campaign.guided import Reader

from troth.laws import packs
from troth.policy import parse
from troth.scrub.scrub import scrub
from troth.services.agents import read_agent
from troth.services.incoming import NoLetter, read_letter
from troth.services.messages import read_message
from troth.services.script import read_flow
from troth.terms import TrothError
from troth.web.api.body import read as read_body
from troth.web.api.fault import Fault
from troth.web.api.wire.choices import ConsentIn
from troth.web.api.wire.orders import OrderIn
from troth.web.api.wire.people import RecordIn

COMPANIES = Path(__file__).parents[2] / "companies"
LAWS = packs()


def _texts(pattern: str, most: int) -> list[bytes]:
    return [path.read_bytes()[:most] for path in sorted(COMPANIES.glob(pattern))]


def _letter() -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "Kari <kari@example.no>", "a@b.example", "Min side"
    letter.set_content("Hei, hva vet dere om meg?\n")
    letter.add_alternative("<p>Hei, <b>hva</b> vet dere?</p>", subtype="html")
    letter.add_attachment(b"x,y\n1,2\n", maintype="text", subtype="csv", filename="a.csv")
    return letter.as_bytes()


def _bodies() -> list[bytes]:
    said = (
        {"data": "contact", "purpose": "care", "fields": {"email": "a@b.example", "n": 1}, "source": None},
        {"name": "news", "given": True},
        {"lines": [{"product": "hub", "count": 1}], "buyer": "Kari", "address": {"street": "S 1"}},
    )
    return [json.dumps(one).encode() for one in said]


def _document(raw: bytes) -> object:
    return parse(raw, "policy.md", packs=LAWS)


def _json(raw: bytes) -> object:
    for kind in (RecordIn, ConsentIn, OrderIn):
        try:
            read_body(raw, kind)
        except Fault:
            continue
    return None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


READERS = (
    Reader("document", _document, _texts("*/policy.md", 3000), (TrothError,)),
    Reader("flow", lambda raw: read_flow(_text(raw), "f.md"), _texts("*/flows/*.md", 3000), (TrothError,)),
    Reader(
        "agent",
        lambda raw: read_agent(_text(raw), "a.md", lambda folder: {}),
        _texts("*/agents/*.md", 3000),
        (TrothError,),
    ),
    Reader(
        "message",
        lambda raw: read_message(_text(raw), "m.md"),
        _texts("*/messages/*.md", 3000),
        (TrothError,),
    ),
    Reader("letter", lambda raw: read_letter(raw, mailbox="a@b.example"), [_letter()], (NoLetter,)),
    Reader("json", _json, _bodies(), ()),
    Reader("scrub", lambda raw: scrub(_text(raw)), [b"I am Kari Nordmann, +47 99 88 77 66, kari@x.no"], ()),
)
