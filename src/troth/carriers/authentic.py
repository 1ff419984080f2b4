"""Authentic: whether a mail comes from the domain it says it is from: DKIM, held against DMARC (RFC 7489).

Signatures are checked by ``dkimpy``; a domain's record, its organisational domain and alignment come from
``authheaders``.  DNS is asked through ``Lookup``, so that a test brings its own.  SPF is left out: it speaks
of the last machine, and forwarding breaks it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dkim
import dns.resolver
from authheaders import dmarc_per_from
from authheaders.dmarc_lookup import get_org_domain
from authres import DKIMAuthenticationResult
from dns.exception import DNSException

Lookup = Callable[[str], str]  # the TXT record of a name, '' when there is none
SIGNATURES = 5  # of one message that are looked at; each costs a question to DNS
PATIENCE = 5.0  # seconds for one answer of DNS
STRICT = frozenset({"reject", "quarantine"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """``result``: pass, fail (the domain says that its mail passes, and this does not) or none.

    ``forbids``: the domain asks that what fails be refused.
    """

    result: str
    forbids: bool = False


def text_record(name: str) -> str:
    """Ask DNS for a TXT record."""
    try:
        found = dns.resolver.resolve(name.rstrip("."), "TXT", lifetime=PATIENCE)
        return "".join(part.decode("utf-8", "replace") for part in next(iter(found)).strings)
    except (DNSException, StopIteration):
        return ""


def authentic(raw: bytes, domain: str, lookup: Lookup = text_record) -> Verdict:
    """Say whether a message is authentically from a domain: some good signature of it, or of its parent."""
    signers = _signers(raw, lookup)
    for signer in signers or ("",):
        result, forbids = _aligned(domain, signer, lookup)
        related = bool(signer) and _related(domain, signer)
        if related and result in ("pass", "none"):
            return Verdict("pass")
    return Verdict("fail" if result == "pass" else result, forbids)


def _signers(raw: bytes, lookup: Lookup) -> tuple[str, ...]:
    """Return the domains whose signatures on a message are good."""
    message = dkim.DKIM(raw, timeout=int(PATIENCE))
    found = []
    for index in range(min(SIGNATURES, _signed(message))):
        try:
            if message.verify(idx=index, dnsfunc=lambda name, timeout=5: _key(name, lookup)):
                found.append(bytes(message.domain).decode("ascii").lower())
        except (dkim.DKIMException, DNSException, ValueError, KeyError, TypeError):
            continue
    return tuple(dict.fromkeys(found))


def _signed(message: Any) -> int:
    return sum(1 for name, _ in message.headers if name.lower() == b"dkim-signature")


def _key(name: object, lookup: Lookup) -> bytes | None:
    said = name.decode("ascii", "replace") if isinstance(name, bytes) else str(name)
    return lookup(said.rstrip(".")).encode() or None


def _aligned(domain: str, signer: str, lookup: Lookup) -> tuple[str, bool]:
    signed = DKIMAuthenticationResult(result="pass" if signer else "none", header_d=signer)
    result, _, _, asked = dmarc_per_from(domain, None, signed, dnsfunc=lambda n: _record(n, domain, lookup))
    return str(result), str(asked) in STRICT


def _record(name: str, domain: str, lookup: Lookup) -> str | None:
    """Look a DMARC record up; where the list of suffixes has no place for a domain, its parents are asked."""
    found = lookup(name)
    if not found and "." not in name.removeprefix("_dmarc."):
        found = next((said for parent in _parents(domain) if (said := lookup(f"_dmarc.{parent}"))), "")
    return found or None


def _related(domain: str, signer: str) -> bool:
    """Say whether two domains are of one organisation.

    The library's list knows no suffix made since: it then takes the suffix itself for the organisation, and
    everybody under it for one; such domains are related only when one lies under the other.

    >>> _related("mail.club.no", "club.no"), _related("one.unlisted", "two.unlisted")
    (True, False)
    """
    ours, theirs = str(get_org_domain(domain)), str(get_org_domain(signer))
    if "." in ours:
        return ours == theirs
    return signer == domain or signer in _parents(domain) or domain in _parents(signer)


def _parents(domain: str) -> tuple[str, ...]:
    """Return the domains above one, without the last word alone.

    >>> _parents("a.b.club.example")
    ('b.club.example', 'club.example')
    """
    parts = domain.split(".")
    return tuple(".".join(parts[n:]) for n in range(1, len(parts) - 1))
