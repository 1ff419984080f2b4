"""Identities: services that say who somebody is (OpenID Connect), and the few details they are asked for.

The folder names them (``[identity.NAME]`` in ``site.toml``), each a party that the document lists.  The way
is the authorization code with PKCE (RFC 7636), a state and a nonce of one stay, and a signed answer whose
issuer, audience, age and nonce are checked (OpenID Connect Core, 3.1.3.7).  Its one rule: *what was not
ticked is not read*.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from troth.terms import TrothError

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # none that a shared secret signs, and never 'none'
LEEWAY = 60  # seconds by which clocks may differ
CLAIMS = {"first": "given_name", "last": "family_name", "name": "name", "email": "email"}
SCOPES = {"email": "email"}  # of a detail; all others stand in the profile
FORMS = ("signup", "contact", "signin")  # what is filled in, or entered, with the answer


class WrongIdentity(TrothError):
    """What stands about such a service in the folder is not whole."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"site.toml: [identity.{name}] {why}")


class NotShown(TrothError):
    """The answer does not show who somebody is."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the answer does not show who you are: {why}; begin anew")


@dataclass(frozen=True, slots=True)
class Provider:
    """One such service; ``signs_in``: it also lets people in whose address it has proved."""

    name: str
    title: str
    issuer: str
    client: str
    secret: str = field(default="", repr=False)
    signs_in: bool = False
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """What was begun in one stay, good for one answer: for which form, and which details were ticked."""

    provider: str
    to: str
    details: tuple[str, ...]
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


Parties = Mapping[str, Mapping[str, Mapping[str, object]]]


def providers(site: Mapping[str, Any], parties: Parties, keys: str = "") -> dict[str, Provider]:
    """Return the services that the folder names; raise ``WrongIdentity``.  ``keys``: ``NAME=SECRET, …``.

    >>> site = {"identity": {"net": {"issuer": "https://net.example", "client": "c1"}}}
    >>> providers(site, {"network": {"net": {"title": "Net"}}})["net"].title
    'Net'
    >>> providers(site, {})
    Traceback (most recent call last):
    troth.services.identities.WrongIdentity: site.toml: [identity.net] stands in no class of parties.toml
    """
    known = {name: said for members in parties.values() for name, said in members.items()}
    secret = dict(pair.strip().split("=", 1) for pair in keys.split(",") if "=" in pair)
    found = {}
    for name, said in site.get("identity", {}).items():
        if name not in known:
            raise WrongIdentity(name, "stands in no class of parties.toml")
        issuer, client = str(said.get("issuer", "")).rstrip("/"), str(said.get("client", ""))
        if not issuer.startswith(("https://", "http://127.0.0.1:")) or not client:
            raise WrongIdentity(name, "needs an https issuer and a client")
        title, policy = str(known[name].get("title", name)), str(known[name].get("policy", ""))
        signs_in = bool(said.get("signs-in", False))
        found[name] = Provider(name, title, issuer, client, secret.get(name, ""), signs_in, policy)
    return found


def discovery(provider: Provider) -> str:
    """Return where a service publishes its addresses."""
    return f"{provider.issuer}/.well-known/openid-configuration"


def way_there(provider: Provider, found: Mapping[str, Any], pending: Pending, back: str) -> str:
    """Return the address at which somebody lets the service answer; raise ``NotShown`` for another's."""
    if found.get("issuer") != provider.issuer:
        raise NotShown("its published issuer is another one")
    scopes = dict.fromkeys(["openid", *(SCOPES.get(d, "profile") for d in pending.details)])
    challenge = urlsafe_b64encode(sha256(pending.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": back,
        "scope": " ".join(scopes),
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{found['authorization_endpoint']}?{urlencode(asked)}"


def exchange(provider: Provider, pending: Pending, code: str, back: str) -> dict[str, str]:
    """Return the form that turns a code into the signed answer."""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": provider.client,
        "code_verifier": pending.verifier,
    }
    return asked | ({"client_secret": provider.secret} if provider.secret else {})


def same_state(pending: Pending, provider: Provider, said: Mapping[str, str]) -> bool:
    """Say whether an answer belongs to what was begun here, and comes from whom it was begun with."""
    mine = hmac.compare_digest(pending.state.encode(), said.get("state", "").encode())
    return mine and pending.provider == provider.name and said.get("iss", provider.issuer) == provider.issuer


def shown(
    token: str, keys: Mapping[str, Any], provider: Provider, nonce: str, now: datetime
) -> dict[str, Any]:
    """Return what a signed answer claims; raise ``NotShown`` for one that is forged, old, or for another."""
    try:
        read = jwt.decode(token, KeySet.import_key_set({"keys": list(keys["keys"])}), algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": provider.client},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        rules.validate(read.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotShown(type(error).__name__) from None
    if read.claims.get("azp", provider.client) != provider.client:
        raise NotShown("it was made for another")
    return dict(read.claims)


def picked(claims: Mapping[str, Any], details: Sequence[str]) -> dict[str, str]:
    """Return the details that were ticked, as far as they are said; all else is let go.

    >>> picked({"given_name": "Ada", "email": "a@b.example", "contacts": ["x"]}, ["first"])
    {'first': 'Ada'}
    """
    said = {name: claims.get(CLAIMS[name]) for name in details if name in CLAIMS}
    return {
        name: value.strip()[:200] for name, value in said.items() if isinstance(value, str) and value.strip()
    }


def proved_address(claims: Mapping[str, Any]) -> str:
    """Return the address that a service has proved to be its person's, '' where it says so of none."""
    address = claims.get("email")
    return (
        address.strip().lower() if isinstance(address, str) and claims.get("email_verified") is True else ""
    )
