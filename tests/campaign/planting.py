"""Planting: one person's life at a company, with a canary in everything that is said or noted about them.

Nothing here knows a company: what there is to hand in stands in its document (records, consents, facts), in
its API's description (every operation by every asker) and on its pages (every form).  What is refused counts
as well: a no must leave nothing behind either.
"""

from __future__ import annotations

import base64
import io
import json
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import once
from deployment import COMPANIES, Asker, Deployment
from devices import shown
from httpx2 import Response
from PIL import Image
from tests.campaign.canary import Mint
from tests.campaign.drawing import Drawing, words
from tests.campaign.walking import Input, Walker

from troth.carriers import NotTaken
from troth.policy.model import Consent, Data, Event, Fact, Field, Policy, Purpose, Recipient, Role
from troth.runtime.incoming import handed, mailboxes
from troth.terms import Refused
from troth.web.api.table import OPERATIONS

JOB, STAFF, OTHER = "every-job", "every-staff", "other-staff"
LINK = re.compile(r"https://[^/\s]+(/\S+)")
LAST = ("erasure", "account/close", "people/{tag}/restrictions", "DELETE /session", "/objections")
PICTURE = (64, 48)
PASSWORD = "a long and quiet afternoon"


def askers(company: str) -> tuple[Asker, ...]:
    """Return keys that together may call everything: a job, two of staff, and each kind of party."""
    policy, parties = once.read(COMPANIES / company).policy, once.read(COMPANIES / company).folder.parties
    roles = tuple(r.name for r in policy.of(Role))
    return (
        Asker(JOB, "job", purposes=tuple(p.name for p in policy.of(Purpose))),
        Asker(STAFF, "staff", roles=roles),
        Asker(OTHER, "staff", roles=roles),
        *(
            Asker(f"{r.name}-key", r.name, member=next(iter(parties[r.name])))
            for r in policy.of(Recipient)
            if r.each and parties.get(r.name)
        ),
    )


@dataclass
class Life:
    """Somebody at a company: their address is a canary too."""

    house: Deployment
    mint: Mint
    rng: random.Random
    mail: str
    tag: str = ""
    token: str = ""
    told: dict[str, list[int]] = field(default_factory=dict)  # what came back through each door
    broken: list[str] = field(default_factory=list)  # calls at which the system broke

    @property
    def policy(self) -> Policy:
        policy: Policy = self.house.company.policy
        return policy

    def through(self, door: str) -> None:
        """Say by which door the next canaries go."""
        self.mint.door = f"{self.house.company_name}: {door}"

    def note(self, answer: Response) -> Response:
        self.told.setdefault(self.mint.door, []).append(answer.status_code)
        return answer

    def call(self, who: str, method: str, path: str, body: Any = None, **query: str) -> Response:
        """Call the API, and wait where it says that this is too fast."""
        while (answer := self.house.call(who, method, path, body, **query)).status_code == 429:
            time.sleep(int(answer.headers.get("Retry-After", 1)))
        if _broke(answer.status_code):
            self.broken.append(f"{method} {path} as {who[:12]} with {body} {query}")
        return self.note(answer)

    def post(self, who: str, path: str, body: Any) -> Response:
        return self.call(who, "POST", path, body)


def _broke(status: int) -> bool:
    """Say whether the system broke; 502 says that somebody outside did not answer, and nobody does here."""
    return status >= 500 and status != 502


def live(house: Deployment, mint: Mint, rng: random.Random, doors: Iterable[str] = ()) -> Life:
    """Let somebody come and leave something at these doors, or at every one; return who it was."""
    mint.door = f"{house.company_name}: address"
    life = Life(
        house, mint, rng, mint.mail(f"{mint.word()}.example" if rng.random() < 0.3 else "example.org")
    )
    for name in doors or DOORS:
        life.through(name)
        DOORS[name](life)
    return life


def _coming(life: Life) -> None:
    """Begin as known by an address, say an age, accept the notice and agree to all that is asked."""
    who = {"kind": "email", "value": life.mail}
    begun = life.post(JOB, "/people", {"who": who})
    life.tag = str(begun.json().get("tag", ""))
    life.post("", "/session", {"email": life.mail})
    if codes := [m for m in life.house.mails(life.mail) if re.search(r"\b\d{6}\b", m.text)]:
        code = re.findall(r"\b\d{6}\b", codes[-1].text)[0]
        come = life.post("", "/session/code", {"email": life.mail, "code": code}).json()
        life.token, life.tag = str(come.get("token", "")), str(come.get("tag") or life.tag)
    life.post(life.token, "/people/me/age", {"years": 34})
    life.post(life.token, "/people/me/notice", {"version": life.policy.version})
    for consent in life.policy.of(Consent):
        for name in named(life, consent):
            life.post(life.token, "/people/me/consents", {"name": name, "given": True})


def named(life: Life, said: Consent | Fact) -> Iterator[str]:
    """Yield the names of a consent or a fact: one for each member of its class, two at most."""
    kinds = [k for k in said.per if k in life.house.company.parties]
    members = [m for k in kinds for m in life.house.company.parties[k]][:2]
    yield from (f"{said.name}({m})" for m in members) if members else (said.name,)


def _facts(life: Life) -> None:
    """Let staff say which facts hold and a job what happened, so that other rules count."""
    for fact in life.policy.of(Fact):
        if fact.of == "person" and life.rng.random() < 0.7:
            body = {"name": fact.name, "holds": True, "member": "", "reason": life.mint.text()}
            for said in (body, {k: body[k] for k in ("name", "holds", "member")}):
                life.post(life.rng.choice((JOB, STAFF)), f"/people/{life.tag}/facts", said)
    for event in life.policy.of(Event):
        if life.rng.random() < 0.5 and not re.search("clos|erase|end|over|left|stop", event.name):
            life.post(JOB, f"/people/{life.tag}/events", {"name": event.name})


def _records(life: Life) -> None:
    """Hand in each category for each purpose that may have it, by the person, a job and the parties."""
    for purpose in life.policy.of(Purpose):
        for name in dict.fromkeys(u.data for b in purpose.bases for u in b.uses if not u.reads):
            for data in (d for d in life.policy.of(Data) if d.name == name and not d.records):
                _record(life, data, purpose.name)


def _record(life: Life, data: Data, purpose: str) -> None:
    said = {"data": data.name, "purpose": purpose, "fields": filled(life, data)}
    for source in data.sources:
        if source == "person":
            life.post(life.token, "/people/me/records", said)
        elif source in life.house.company.parties:
            who = {"kind": "email", "value": life.mail}
            day = life.house.now.date().isoformat()
            life.post(
                f"{source}-key",
                "/pushes",
                {"confirmed": {"basis": "contract", "notice": day}, "records": [{"who": who, **said}]},
            )
        else:
            life.post(JOB, f"/people/{life.tag}/records", {**said, "source": source})


def filled(life: Life, data: Data) -> dict[str, Any]:
    """Return a category's fields with what their types want: a canary in each that takes a text."""
    kinds: dict[str, Callable[[], Any]] = {
        "email": life.mint.mail, "phone": life.mint.phone, "key": life.mint.word, "password": life.mint.word,
        "url": lambda: f"https://site.example/{life.mint.word()}",
    }  # fmt: skip
    now = life.house.now
    plain: dict[str, Any] = {
        "date": "1990-05-17", "moment": now.isoformat(), "yes-no": "yes", "money": "12.50 NOK", "born": 1990,
        "ip": "203.0.113.9", "age": 34, "card": "4111111111111111", "iban": "GB82WEST12345698765432",
    }  # fmt: skip

    def one(f: Field) -> Any:
        if f.choices:
            return life.rng.choice(f.choices)
        if f.type == "number":
            return f.low if f.low is not None else 5
        return plain[f.type] if f.type in plain else kinds.get(f.type, life.mint.text)()

    return {f.name: one(f) for f in data.fields if f.type not in ("file", "password")}


def _operations(life: Life) -> None:
    """Call every operation of the API as everybody who may, with canaries in what is sent."""
    base = f"/{life.house.company_name}/api/v1"
    described = life.house.web.get(f"{base}/openapi.json").json()
    drawing = Drawing(
        described["components"]["schemas"], life.rng, words(life.policy), lambda name: _free(life, name),
        named={
            "content": lambda: base64.b64encode(_upload(life)[1]).decode(),
            "email": lambda: life.mail, "who": lambda: {"kind": "email", "value": life.mail},
        },
    )  # fmt: skip
    numbers = re.findall(
        r'"(?:number|rid|sample|entitlement)": ?"?([\w-]+)', life.call(life.token, "GET", "/people/me").text
    )
    for o in OPERATIONS:
        if not any(last in f"{o.method} {o.path}" for last in LAST):
            here = described["paths"][o.path][o.method.lower()]
            for kind in o.who:
                _operation(life, o.method, o.path, here, kind, drawing, numbers)


def _operation(
    life: Life,
    method: str,
    path: str,
    here: Mapping[str, Any],
    kind: str,
    drawing: Drawing,
    numbers: list[str],
) -> None:
    party = [a.name for a in life.house.askers if a.kind not in ("job", "staff")] or [JOB]
    who = {"nobody": "", "person": life.token, "job": JOB, "staff": STAFF, "party": life.rng.choice(party)}
    schema = here.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    query: dict[str, str] = {}
    for told in here["parameters"]:
        name = str(told["name"])
        if told["in"] == "path":
            known = {"tag": ["me" if kind == "person" else life.tag]}.get(name, numbers or ["1"])
            path = path.replace("{" + name + "}", life.rng.choice([*known, *known, life.mint.word()]))
        elif told["in"] == "query" and life.rng.random() < 0.6:
            query[name] = drawing.rng.choice([*drawing.known, _free(life, name)])
    body = None if schema is None else json.loads(json.dumps(drawing.value(schema)))
    life.call(who[kind], method, path, body, **query)


def _free(life: Life, name: str) -> str:
    """Return a canary that fits what it is called."""
    for part, made in (("mail", life.mint.mail), ("address", life.mint.mail), ("phone", life.mint.phone)):
        if part in name:
            return made()
    return life.mint.text() if life.rng.random() < 0.7 else life.mint.word()


def _pages(life: Life) -> None:
    """Go through the pages in a browser, and send every form there is."""
    walker = _walker(life)
    base = walker.base
    flows, agents = life.house.company.flows, life.house.company.agents
    walker.walk(f"{base}/signup", f"{base}/signin", f"{base}/room/join", pages=3)
    for mail in life.house.mails(life.mail):
        walker.walk(*LINK.findall(mail.text)[:1], pages=1)
    walker.walk(
        *(f"{base}/f/{flow}" for flow in flows),
        *(f"{base}/a/{agent}" for agent in agents),
        *(f"{base}{page}" for page in ("/me", "/feed", "/profile", "/contact", "/jobs", "/mail", "/")),
        pages=40,
    )
    _noted(life, walker)


def _console(life: Life) -> None:
    """Go through the desk as staff, and write into every form there is."""
    walker = _walker(life)
    fields = {"code": STAFF, "second": shown(life.house.now)}
    life.note(walker.web.post(f"{walker.base}/console/signin", data=fields))
    walker.walk(f"{walker.base}/console/people/{life.tag}", f"{walker.base}/console/", pages=25)
    _noted(life, walker)


def _walker(life: Life) -> Walker:
    base = f"/{life.house.company_name}"
    return Walker(
        life.house.client(), base, lambda one: _typed(life, one), lambda one: _upload(life), life.rng
    )


def _noted(life: Life, walker: Walker) -> None:
    for action, status in walker.told:
        life.told.setdefault(life.mint.door, []).append(status)
        life.broken += [f"{action}: answered {status}"] if _broke(status) else []


def _typed(life: Life, one: Input) -> str:
    """Return what somebody types into a field by its kind and its name."""
    codes = [c for m in life.house.mails(life.mail) for c in re.findall(r"\b\d{6}\b", m.text)]
    fixed: dict[str, Callable[[], str]] = {
        "code": lambda: codes[-1] if codes else "000000", "email": lambda: life.mail,
        "password": lambda: PASSWORD, "years": lambda: "34", "number": lambda: "2",
        "date": lambda: "1990-05-17",
        "tel": life.mint.phone, "phone": life.mint.phone,
    }  # fmt: skip
    for told in (one.name.rpartition("-")[2], one.kind):
        if told in fixed:
            return fixed[told]()
    return life.mint.text(one.most)


def _upload(life: Life) -> tuple[str, bytes]:
    """Return a photograph that names somebody in its pixels' margin, or a text."""
    made = io.BytesIO()
    drawn = Image.new("RGB", PICTURE, "#336699")
    exif = Image.Exif()
    exif[0x013B] = life.mint.word()
    drawn.save(made, "JPEG", exif=exif, comment=life.mint.word().encode())
    if life.rng.random() < 0.5:
        return f"{life.mint.word()}.jpg", made.getvalue()
    return f"{life.mint.word()}.txt", f"{life.mint.text()}\n".encode() * 20


def _letters(life: Life) -> None:
    """Write letters to the company's mailboxes, as a mail provider hands them in."""
    for box in mailboxes(life.house.company):
        for subject in (life.mint.text(), "access to my data", "A complaint"):
            letter = EmailMessage()
            letter["From"], letter["To"], letter["Subject"] = life.mail, box, subject
            letter["Message-ID"] = f"<{life.mint.word()}@example.org>"
            letter.set_content(f"{life.mint.text()}\nmy number is {life.mint.phone()}\n")
            try:
                handed(
                    life.house.company, raw=letter.as_bytes(), mailbox=box, returns=life.mail, result="pass"
                )
            except (NotTaken, Refused):
                continue


def _agents(life: Life) -> None:
    """Talk with every agent, over the API that any chat client speaks."""
    for agent in life.house.company.agents:
        made = life.mint
        said = f"My name is {made.word()}, {made.mail()} or {made.phone()}. {made.text()}"
        body = {"model": agent, "messages": [{"role": "user", "content": said}]}
        url = f"/{life.house.company_name}/v1/chat/completions"
        for token in ("", life.token):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            life.note(life.house.web.post(url, json=body, headers=headers))


DOORS: dict[str, Callable[[Life], None]] = {
    "coming": _coming,
    "facts": _facts,
    "records": _records,
    "pages": _pages,
    "agents": _agents,
    "letters": _letters,
    "console": _console,
    "operations": _operations,
}
