"""Deployment: a company served whole, on a clock that the test turns; reached only as its users reach it.

Pages and API are one application on one store in files; a person has a browser, everyone else a key.
Nothing here reaches behind the public surface, but for ``files``: the bytes that a thief of the disk has.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import sqlite3
import weakref
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import once
import postgresql
import psycopg
from devices import SECRET, shown
from httpx2 import Response
from loop import portal
from starlette.testclient import TestClient

from troth import runtime
from troth.cli import main
from troth.runtime import Settings
from troth.runtime.breaching import tell_held
from troth.runtime.dunning import dun
from troth.runtime.granting import tell_granted
from troth.runtime.reminding import remind
from troth.runtime.renewing import renew
from troth.runtime.settling import Round, settle_due
from troth.web import app

COMPANIES = Path(__file__).parents[2] / "companies"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
BASE = "https://service.example"
CODE = re.compile(r"\b\d{6}\b")
SCOPE = re.compile(r"(?m)^scope ([a-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Asker:
    """A key that stands in ``staff.toml``: a job bound to purposes, one of staff, or a party's member."""

    name: str
    kind: str
    roles: tuple[str, ...] = ()
    member: str = ""
    purposes: tuple[str, ...] = ()
    second: str = SECRET
    about: Mapping[str, str] = field(default_factory=dict)  # undertakings: signed = "2025-01-01 to …"

    def row(self) -> str:
        """Write the key as its lines of ``staff.toml``; the secret is the name."""
        lines = ["[[key]]", f'name = "{self.name}"', f'kind = "{self.kind}"']
        lines += [f"roles = {list(self.roles)}"] if self.roles else []
        lines += [f'second = "{self.second}"'] if self.kind == "staff" and self.second else []
        lines += [f'member = "{self.member}"'] if self.member else []
        lines += [f"purposes = {list(self.purposes)}"] if self.purposes else []
        lines += [f'{name} = "{said}"' for name, said in self.about.items()]
        return "\n".join([*lines, f'digest = "{sha256(self.name.encode()).hexdigest()}"', ""])


@dataclass
class Deployment:
    """One company, served.  ``edit`` may change the copied folder before it is opened."""

    folder: Path
    company_name: str
    askers: tuple[Asker, ...] = ()
    now: datetime = datetime(2025, 3, 1, 9, tzinfo=UTC)
    edit: Callable[[Path], None] = lambda folder: None
    root_key: bytes | None = b"k" * 32  # None: a file beside the store, which the command line finds as well
    base: str = BASE  # how people reach it; a document that names its hosts is served on no other
    make: Callable[[Any], Any] = app  # from the open company, alone in a list, to the application
    settings: Settings = field(default_factory=Settings)  # but for the address, which is ``base``
    carrier: Any = None  # what takes messages out, beside the list that tests read
    company: Any = field(init=False, repr=False)
    web: TestClient = field(init=False, repr=False)
    _address: str = field(default="", init=False, repr=False)
    _tokens: dict[tuple[str, int], Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.home = self.folder / self.company_name
        shutil.copytree(COMPANIES / self.company_name, self.home)
        staff = self.home / "staff.toml"
        told = staff.read_text("utf-8") if staff.exists() else ""
        staff.write_text(told + "\n".join(a.row() for a in self.askers), "utf-8")
        self.edit(self.home)
        self.base = self.base if self.base != BASE else _reached(self.home)
        self.open()

    def open(self) -> None:
        """Open the company, as a restart would; its site and rewards are its own to change."""
        opened = runtime.open(
            once.read(self.home),
            store=self.address,
            clock=lambda: self.now,
            root_key=self.root_key,
            settings=replace(self.settings, base_url=self.base),
            make=self.make,
            carrier=self.carrier,
        )
        self.company = replace(opened, site=deepcopy(opened.site), rewards=deepcopy(opened.rewards))
        self.web = self.client()

    def client(self, address: str = "203.0.113.24") -> TestClient:
        """Return a new browser or program at the same application, with a cookie jar and an address."""
        served = getattr(self, "_app", None) if getattr(self, "_for", None) is self.company else None
        self._app, self._for = served or self.company.app, self.company
        made = TestClient(
            self._app,
            base_url=self.base,
            client=(address, 4711),
            raise_server_exceptions=False,
        )
        made.portal = portal()
        return made

    @property
    def store(self) -> Path:
        return self.folder / "people.db"

    @property
    def address(self) -> str:
        """Where the people lie: in files, or on a server of the tests' own if it is asked for."""
        if postgresql.asked() and not self._address:
            self._address = postgresql.shared().founded()
            weakref.finalize(self, postgresql.shared().drop, self._address).atexit = False
        return self._address or str(self.store)

    def stored(self, data: str) -> int:
        """Count the rows of a category that stand in the data, as whoever holds the disk could."""
        count = "SELECT count(*) FROM rows WHERE data = "
        if not postgresql.asked():
            with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as file:
                return int(file.execute(f"{count}?", (data,)).fetchone()[0])
        with psycopg.connect(self.address, options="-c search_path=troth") as server:
            row = server.execute(f"{count}%s".encode(), (data,)).fetchone()
            return int(row[0]) if row else 0

    def close(self) -> None:
        self.company.close()

    # -- time --------------------------------------------------------------------------------------

    def at(self, moment: str) -> Deployment:
        """Set the clock to an ISO 8601 moment with its offset."""
        self.now = datetime.fromisoformat(moment).astimezone(UTC)
        return self

    def later(self, **by: float) -> Deployment:
        self.now += timedelta(**by)
        return self

    def sweep(self) -> None:
        """Sweep as the night job does, by the command line's own verb on the open store."""
        remind(self.company)
        renew(self.company)
        dun(self.company)
        tell_held(self.company)
        tell_granted(self.company)
        self.company.gate.sweep()
        settle_due(self.company, Round())
        runtime.prove_again(self.company)

    # -- programs ----------------------------------------------------------------------------------

    def call(self, who: str, method: str, path: str, body: Any = None, **query: str) -> Response:
        """Call the API as the key of this name, as a person's token, or as nobody ('')."""
        bearer = self._desk(who) if any(a.name == who and a.kind == "staff" for a in self.askers) else who
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        url = f"/{self.company_name}/api/v1{path}"
        return self.web.request(method, url, json=body, params=query, headers=headers)

    def _desk(self, who: str) -> str:
        """Have a member of staff come in by their second factor, once an hour; return their token."""
        token, since = self._tokens.get((who, id(self._app)), ("", None))
        if since is None or not timedelta(0) <= self.now - since < timedelta(minutes=50):
            code = {"code": shown(self.now)}
            url = f"/{self.company_name}/api/v1/session/staff"
            answer = self.web.post(url, json=code, headers={"Authorization": f"Bearer {who}"})
            token = answer.json().get("token", who)
        self._tokens[who, id(self._app)] = (token, self.now)
        return str(token)

    def get(self, who: str, path: str, **query: str) -> Response:
        return self.call(who, "GET", path, **query)

    def post(self, who: str, path: str, body: Any) -> Response:
        return self.call(who, "POST", path, body)

    def cli(self, *words: str) -> tuple[int, str, str]:
        """Run one command; return its exit code and what it said on both streams."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
        return code, out.getvalue(), err.getvalue()

    # -- people ------------------------------------------------------------------------------------

    def person(self, mail: str = "kari@example.no") -> Person:
        """Somebody with a browser of their own and this address."""
        return Person(self, self.client(), mail)

    def token(self, mail: str) -> str:
        """Sign in over the API by the code in the mail; return the bearer token."""
        self.post("", "/session", {"email": mail})
        answer = self.post("", "/session/code", {"email": mail, "code": self.code(mail)})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def mails(self, to: str = "") -> list[Any]:
        """Return what was sent in the last day, oldest first, to one address or to all."""
        return [m for m in self.company.mails() if not to or m.to == to]

    def code(self, mail: str) -> str:
        """Return the last code that was sent to an address."""
        return next(str(found[0]) for m in reversed(self.mails(mail)) if (found := CODE.findall(m.text)))

    # -- the disk ----------------------------------------------------------------------------------

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give every file the deployment writes, as a thief of the disk would read it."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and self.home not in path.parents:
                yield str(path.relative_to(self.folder)), path.read_bytes()

    def on_disk(self, text: str) -> list[str]:
        """Name the files in which a text stands as it is, or as UTF-16."""
        return [n for n, raw in self.files() if text.encode() in raw or text.encode("utf-16-le") in raw]


def _reached(home: Path) -> str:
    """Return where a document is served that names its hosts, else at the one that all others are."""
    named = SCOPE.search((home / "policy.md").read_text("utf-8"))
    return f"https://{named[1]}" if named else BASE


@dataclass
class Person:
    """One browser and its user, who walks through pages by their forms."""

    house: Deployment
    web: TestClient
    mail: str

    @property
    def base(self) -> str:
        return f"/{self.house.company_name}"

    def get(self, path: str, **query: str) -> Response:
        return self.web.get(self.base + path, params=query)

    def post(self, path: str, fields: Mapping[str, str], page: str = "") -> Response:
        """Send a form, with the secret of the page it stands on."""
        secret = {"csrf": self.csrf(page)} if page else {}
        return self.web.post(self.base + path, data={**secret, **fields})

    def csrf(self, page: str) -> str:
        found = CSRF.findall(self.get(page).text)
        assert found, f"no form on {page}"
        return str(found[0])

    def talk(self, flow: str, answers: Mapping[str, Any], **start: str) -> Response:
        """Go through a flow; an answer is a value, or a value with further fields of its form."""
        last = self.web.post(f"{self.base}/f/{flow}/start", data=start)
        for step, given in answers.items():
            value, more = given if isinstance(given, tuple) else (given, {})
            found = CSRF.findall(last.text)
            assert found, (step, last.status_code, last.text[:2000])
            last = self.web.post(
                f"{self.base}/f/{flow}/step",
                data={"step": step, "answer": value, "csrf": found[0], **more},
            )
        return last

    def sign_in(self) -> Response:
        """Sign in on the page, by the code in the mail."""
        page = self.web.post(f"{self.base}/signin", data={"email": self.mail})
        fields = {"code": self.house.code(self.mail), "csrf": CSRF.findall(page.text)[0]}
        return self.web.post(f"{self.base}/signin/code", data=fields)

    @property
    def token(self) -> str:
        """A bearer token of this person, by a sign-in over the API."""
        return self.house.token(self.mail)
