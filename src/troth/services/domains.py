"""Domains: which company a mail address speaks for, which labels may stand before our own address.

A domain is compared as DNS writes it (IDNA 2008 with the mapping of UTS 46), whole and exactly: a subdomain
is another domain.  Proving that a domain is somebody's takes a TXT record; asking DNS is a carrier's work.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources

import idna

AGAIN = timedelta(days=30)  # a proof is looked at again after this; a failed one shuts the door after it
RECORD = "troth-instance="
LABEL = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1035, section 2.3.1
RESERVED = frozenset(
    "www mail smtp imap pop mx ns api app admin root support help status static assets cdn blog shop"
    " login signin signup account billing security abuse postmaster hostmaster webmaster autoconfig".split()
)


def domain_of(address: str) -> str:
    """Return the domain of a mail address in lower case and as an A-label, '' when it is none.

    >>> domain_of("anna@ACME.example"), domain_of("bob@sales.acme.example"), domain_of("x@Bücher.example")
    ('acme.example', 'sales.acme.example', 'xn--bcher-kva.example')
    >>> domain_of("maija@"), domain_of("acme.example"), domain_of("a@b_c.example")
    ('', '', '')
    """
    local, at, name = address.strip().rpartition("@")
    if not local or not at:
        return ""
    return canonical(name)


def canonical(name: str) -> str:
    """Return a domain name as it is compared, '' for what is none or has one label only.

    >>> canonical("Acme.Example."), canonical("localhost"), canonical("10.0.0.1")
    ('acme.example', '', '')
    """
    try:
        plain = idna.encode(name.strip().rstrip("."), uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return ""
    last = plain.rpartition(".")[2]
    return plain if "." in plain and not last.isdigit() and len(plain) <= 253 else ""


def public(domain: str) -> bool:
    """Say whether a domain is a public mail service's, or lies below one: nobody's company.

    >>> public("gmail.com"), public("acme.example"), public("mail.yahoo.co.jp")
    (True, False, True)
    """
    parts = domain.split(".")
    return any(".".join(parts[i:]) in _services() for i in range(len(parts) - 1))


def wrong_prefix(label: str) -> str:
    """Say what is wrong with a label that is to stand before our own address, '' when nothing is.

    >>> wrong_prefix("acme"), wrong_prefix("www")
    ('', 'this name is kept for the service itself')
    >>> wrong_prefix("-x") == wrong_prefix("a" * 64) != ""
    True
    """
    if not LABEL.fullmatch(label):
        return (
            "a prefix begins with a letter, ends with one or a digit, and has at most 63 of these or hyphens"
        )
    if label in RESERVED or label.startswith("xn--"):
        return "this name is kept for the service itself"
    return ""


def challenge(domain: str, secret: str) -> str:
    """Return the text that a TXT record of the domain must hold; another domain's fits nowhere else.

    >>> challenge("acme.example", "k").startswith("troth-instance=")
    True
    """
    return RECORD + hmac.new(secret.encode(), domain.encode(), sha256).hexdigest()[:40]


def answered(records: Iterable[str], wanted: str) -> bool:
    """Say whether one of the TXT records is the one that was asked for."""
    return any(hmac.compare_digest(r.strip().encode(), wanted.encode()) for r in records)


def standing(proven: datetime | None, failed: datetime | None, now: datetime) -> str:
    """Say how a domain stands: ``claimed``, ``proven``, ``failing`` (nobody new) or ``shut`` (no sign-in).

    >>> from datetime import UTC
    >>> day = datetime(2025, 5, 1, tzinfo=UTC)
    >>> standing(None, None, day), standing(day, None, day), standing(day, day, day + AGAIN)
    ('claimed', 'proven', 'shut')
    """
    if proven is None:
        return "claimed"
    if failed is None:
        return "proven"
    return "shut" if now >= failed + AGAIN else "failing"


@cache
def _services() -> frozenset[str]:
    text = (resources.files("troth.services") / "public_mail.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and line[0] != "#")
