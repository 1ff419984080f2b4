"""Sessions: what a person is in the middle of, on the server only; the browser holds one signed random name.

The name is 128 random bits and a signature.  It reaches the browser as one session cookie, set only in the
answer to an act of the person (start, sign-in), or, inside a frame, in the form itself.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Cookie
from troth.runtime.waiting import Waiting
from troth.services.facts import device
from troth.web.alarm import Alarm
from troth.web.shared import Shared
from troth.web.tries import Tries

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=24)
CODE_GOOD_FOR = timedelta(minutes=10)
TRIES = 5
SHOWN = timedelta(hours=1)  # how long a receipt waits to be taken away
GUARD = "guard"  # the cookie that keeps forms from being misused, where the document has it
MOST = 100_000  # sessions held at once; the oldest goes first


@dataclass(slots=True)
class Talk:
    """A flow in progress: answers by step, consents by name, and the language it is spoken in.

    ``age`` is what the person declared to be at least; ``preview`` marks a rehearsal that stores nothing.
    ``visit`` holds the technical facts of the request that began it, until the end.
    """

    step: str
    answers: dict[str, str] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    language: str = "en"
    age: int | None = None
    preview: bool = False
    visit: dict[str, object] = field(default_factory=dict)
    came: set[str] = field(default_factory=set)  # the steps that were counted
    trapped: bool = False  # a field that nobody sees was filled in


@dataclass(slots=True)
class Session:
    """One browser's stay with one company.

    ``person`` is whom it may see, None before that is known; ``staff`` names the member of staff, with their
    ``roles``.  ``touched`` is when the person's clocks were last moved (``moments.py``).
    """

    company: str
    token: str
    csrf: str
    since: datetime
    seen: datetime
    person: int | None = None
    staff: str = ""
    roles: tuple[str, ...] = ()
    party: str = ""  # the class of a partner who is in, with its member and the name of its key
    member: str = ""
    key: str = ""
    mail: str = ""
    invited: str = ""  # the secret of a friend's link by which this stay came
    said: str = ""
    drawn: str = ""  # the random name under which features are noted
    read: str = ""  # what the page with the notice gave out, so that it is accepted there
    language: str = ""
    shade: str = ""  # light or dark, where the reader chose one
    entered: bool = False  # the way in was counted
    answers: dict[str, bool] = field(default_factory=dict)  # what was said on the page of cookies
    touched: datetime | None = None
    agent: str = field(default="", repr=False)  # what the browser called itself when it got the cookie
    browser: str = ""  # its short name, for the list of stays
    by_code: bool = False  # it began with a code to the person's address
    pending: Any = field(default=None, repr=False)  # what a service is asked, ``services.identities.Pending``
    filled: dict[str, str] = field(
        default_factory=dict, repr=False
    )  # and what it said, for a form not yet sent
    must_choose: bool = False  # it began with a password that was sent; one of their own comes first
    proved: str = field(default="", repr=False)  # an address proved in this stay; its person is not here yet
    leaving: int | None = None  # who gives up the address they came in by once the new one is proved
    talks: dict[str, Talk] = field(default_factory=dict)
    chats: dict[str, Any] = field(default_factory=dict, repr=False)  # agent → ``chat.talk.Chat``


@dataclass(slots=True)
class Code:
    """A sign-in code on its way: good until then, for so many tries."""

    digits: str
    until: datetime
    tries: int = 0


class Sessions:
    """All stays of this process, which a restart ends; or of all processes, where they are ``shared``."""

    def __init__(self, shared: Shared | None = None) -> None:
        self._secret, self.shared = secrets.token_bytes(32), shared
        self._held: dict[str, Session] = {}
        self._codes: dict[tuple[str, bytes], Code] = {}
        self._steps: dict[tuple[str, str], int] = {}
        self._receipts: dict[str, tuple[datetime, str]] = {}
        self.alarm = Alarm()
        self.tries = Tries()

    def new(self, company: str, now: datetime) -> Session:
        """Begin a stay; the caller puts its token into a cookie or a form."""
        opaque = secrets.token_hex(16)
        token = f"{opaque}.{self._sign(company, opaque)}"
        session = Session(company, token, secrets.token_urlsafe(18), now, now)
        self._forget_old(now)
        if self.shared:
            self.shared.began(opaque, session)
        else:
            self._held[opaque] = session
        return session

    def find(self, company: str, token: str, now: datetime) -> Session | None:
        """Return the stay of this token, None when it is forged, another company's, or over."""
        opaque, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(company, opaque).encode()):
            return None
        session = self.shared.find(company, opaque) if self.shared else self._held.get(opaque)
        if session is None or session.company != company:
            return None
        if now - session.seen > IDLE or now - session.since > LONGEST:
            self.end(session)
            return None
        session.seen = now
        return session

    def end(self, session: Session) -> None:
        opaque = session.token.partition(".")[0]
        self._held.pop(opaque, None)
        if self.shared:
            self.shared.end(session.company, opaque)

    def end_person(self, company: str, person: int) -> None:
        """End every stay of one person, as after an erasure."""
        for session in self.of(company, person):
            self.end(session)

    def end_others(self, company: str, person: int, but: str = "") -> None:
        """End every stay of one person but the one with this token."""
        for session in self.of(company, person):
            if session.token != but:
                self.end(session)

    def of(self, company: str, person: int) -> tuple[Session, ...]:
        """Return the stays of one person, the latest used first."""
        if self.shared:
            found = self.shared.of(company, person)
        else:
            found = [s for s in list(self._held.values()) if s.company == company and s.person == person]
        return tuple(sorted(found, key=lambda s: s.seen, reverse=True))

    def lay_out(self, company: str, receipt: str, now: datetime) -> str:
        """Keep a receipt, which names nobody, for one hour, and return the random name it is fetched by."""
        for key in [k for k, (until, _) in list(self._receipts.items()) if now >= until]:
            self._receipts.pop(key, None)
        name = secrets.token_urlsafe(16)
        if waiting := self._waiting(company):
            waiting.put("receipt", name, receipt.encode(), now + SHOWN)
        else:
            self._receipts[name] = (now + SHOWN, receipt)
        return name

    def receipt(self, company: str, name: str, now: datetime) -> str:
        """Return a receipt that was laid out, '' when it is gone."""
        if waiting := self._waiting(company):
            laid = waiting.get("receipt", name)
            return laid.value.decode() if laid else ""
        until, text = self._receipts.get(name, (now, ""))
        return text if now < until else ""

    def end_unproved(self, company: str, person: int) -> None:
        """End every stay of a person that began with a typed address and not with a code sent to it."""
        for session in self.of(company, person):
            if not session.mail:
                self.end(session)

    def code(self, company: str, address: str, now: datetime) -> str:
        """Return a new code, or '' while the last one for this address is refused or fresh."""
        key = self._code_key(company, address)
        held, version = self._code(key)
        if held is not None and now < held.until and held.tries >= TRIES:
            return ""
        tries = held.tries if held is not None and now < held.until else 0
        digits = f"{secrets.randbelow(1_000_000):06d}"
        self._keep(key, Code(digits, now + CODE_GOOD_FOR, tries), version)
        return digits

    def check_code(self, company: str, address: str, digits: str, now: datetime) -> str:
        """Say ``right``, ``wrong`` or ``refused`` (five wrong tries, until the ten minutes are over)."""
        key = self._code_key(company, address)
        held, version = self._code(key)
        if held is None or now >= held.until:
            held = Code("", now + CODE_GOOD_FOR)
        if held.tries >= TRIES:
            return "refused"
        if held.digits and hmac.compare_digest(held.digits.encode(), digits.encode()):
            return "right" if self._drop(key) else "refused"
        held.tries += 1
        return "wrong" if self._keep(key, held, version) else "refused"  # by another try at this moment

    def closed(self, company: str, address: str, now: datetime) -> bool:
        """Say whether this door is closed after too many wrong tries."""
        held, _ = self._code(self._code_key(company, address))
        return held is not None and now < held.until and held.tries >= TRIES

    def forgive(self, company: str, address: str) -> None:
        """Forget the tries of an address that has proved itself."""
        self._drop(self._code_key(company, address))

    def first_time(self, company: str, name: str, step: int, now: datetime) -> bool:
        """Say whether the second factor of one of the staff is new at this step, and note it as used."""
        if self.shared:
            return self.shared.first(company, name, step, now)
        new = step > self._steps.get((company, name), -1)
        if new:
            self._steps[company, name] = step
        return new

    def _code_key(self, company: str, address: str) -> tuple[str, bytes]:
        return company, hmac.digest(self._secret_of(company), address.strip().lower().encode(), sha256)

    def _waiting(self, company: str) -> Waiting | None:
        return self.shared.waiting[company] if self.shared else None

    def _code(self, key: tuple[str, bytes]) -> tuple[Code | None, int]:
        """Return the code on its way, and which version of it this is."""
        return self.shared.code(key[0], key[1].hex()) if self.shared else (self._codes.get(key), 0)

    def _keep(self, key: tuple[str, bytes], code: Code, version: int) -> bool:
        """Put a code in the place of the one that was read; say whether that still stood there."""
        if self.shared:
            return self.shared.keep_code(key[0], key[1].hex(), code, version)
        self._codes[key] = code
        return True

    def _drop(self, key: tuple[str, bytes]) -> bool:
        """Take a code away; say whether it was there."""
        if self.shared:
            return self.shared.drop_code(key[0], key[1].hex())
        return self._codes.pop(key, None) is not None

    def _secret_of(self, company: str) -> bytes:
        return self.shared.waiting[company].secret("stays") if self.shared else self._secret

    def _sign(self, company: str, opaque: str) -> str:
        return hmac.new(self._secret_of(company), opaque.encode(), sha256).hexdigest()[:32]

    def _forget_old(self, now: datetime) -> None:
        if len(self._held) >= MOST:
            self._held.pop(next(iter(self._held)))
        for key in [k for k, s in list(self._held.items()) if now - s.seen > IDLE]:
            self._held.pop(key, None)
        for code in [k for k, c in list(self._codes.items()) if now >= c.until]:
            self._codes.pop(code, None)


def cookie_name(request: Request, company: str, kind: str = "session") -> str:
    """Name a cookie; over https the browser itself holds it to this host and path (``__Host-``)."""
    return ("__Host-" if request.url.scheme == "https" else "") + f"{kind}-{company}"


def agent_of(request: Request) -> str:
    """Return what the browser calls itself."""
    return request.headers.get("user-agent", "")[:400]


def set_cookie(request: Request, response: Response, session: Session) -> None:
    """Hand the token over as a cookie that ends with the browser; it is good from this browser only."""
    session.agent = agent_of(request)
    session.browser = device(session.agent)
    response.set_cookie(
        cookie_name(request, session.company),
        session.token,
        path="/",
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )
    if guards(request):
        response.set_cookie(
            cookie_name(request, session.company, GUARD),
            guard_of(session),
            path="/",
            httponly=True,
            secure=request.url.scheme == "https",
            samesite="strict",
        )


def guards(request: Request) -> bool:
    """Say whether the document has a cookie that comes back with our own forms alone (SameSite=Strict)."""
    return any(c.name == GUARD for c in request.state.company.policy.of(Cookie))


def guard_of(session: Session) -> str:
    """Return what that cookie holds for a stay: nothing that opens it."""
    return sha256(f"guard {session.csrf}".encode()).hexdigest()[:32]


def unguarded(request: Request, session: Session) -> bool:
    """Say whether a form came without the cookie that its stay was given."""
    brought = request.cookies.get(cookie_name(request, session.company, GUARD), "")
    return request.method == "POST" and guards(request) and brought != guard_of(session)


def drop_cookie(request: Request, response: Response, company: str) -> None:
    for kind in ("session", *((GUARD,) if guards(request) else ())):
        response.delete_cookie(
            cookie_name(request, company, kind),
            path="/",
            httponly=True,
            secure=request.url.scheme == "https",
            samesite="lax",
        )
