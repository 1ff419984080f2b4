"""Rooms: what members of two companies do on the pages and over the API, in few words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from deployment import CSRF, Asker, Deployment, Person
from httpx2 import Response

from troth.runtime.outside import Outside

BOUND = {"signed": "2025-01-01 to 2026-12-31", "reviewed": "2025-03-01"}
SMARP = (
    Asker("saara-support", "staff", roles=("support",), about=BOUND),
    Asker("timo-operations", "staff", roles=("operations",), about=BOUND),
    Asker("paula-product", "staff", roles=("product",), about=BOUND),
    Asker("sini-sales", "staff", roles=("sales",), about=BOUND),
    Asker("dana-dpo", "staff", roles=("dpo",), about=BOUND),
    Asker("service-job", "job", purposes=("service", "joining", "talk", "maintain")),
    Asker("better-job", "job", purposes=("better",)),
    Asker("news-job", "job", purposes=("news", "sponsored", "post-news")),
)


@dataclass
class Net:
    """A network in which only what a test put there answers."""

    records: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def outside(self) -> Outside:
        return Outside(txt=lambda name: self.records.get(name, []), page=lambda url: self.pages.get(url, ""))


@dataclass
class Member:
    """Somebody with a browser in the room, who walks through pages by their forms."""

    browser: Person

    @property
    def house(self) -> Deployment:
        return self.browser.house

    @property
    def mail(self) -> str:
        return self.browser.mail

    def get(self, path: str, **query: str) -> Response:
        return self.browser.get(path, **query)

    def post(self, to: str, page: str = "/profile", files: Any = None, **fields: str) -> Response:
        """Send a form with the secret of the page it stands on; ``_`` in a name is a hyphen."""
        said = {name.replace("_", "-"): value for name, value in fields.items()}
        secret = {"csrf": self.browser.csrf(page)}
        return self.browser.web.post(f"{self.browser.base}{to}", data={**secret, **said}, files=files)

    def says(self, text: str, **more: str) -> str:
        """Post something and return its number."""
        answer = self.post("/feed", "/feed", text=text, read="yes", **more)
        assert answer.status_code == 200, answer.text[:2000]
        return self.numbers(answer)[0]

    def numbers(self, answer: Response | None = None) -> list[str]:
        """Return the numbers of the posts on the feed, from the top."""
        text = (answer or self.get("/feed")).text
        return [part.split('"')[0] for part in text.split('<article class="card post" id="')[1:]]

    @property
    def tag(self) -> str:
        gate = self.house.company.gate
        return str(gate.tag(person=gate.find(kind="email", value=self.mail)))

    @property
    def token(self) -> str:
        return self.browser.token


def granted(house: Deployment, who: str, fact: str, names: dict[str, str], **reach: Any) -> Response:
    """Ask for a grant as a member of staff; the words of its reach follow, ``ends`` is the grant's end."""
    more = {"until": reach.pop("ends")} if "ends" in reach else {}
    return house.post(who, "/grants", {"fact": fact, "names": names, "reach": reach, **more})


def coming(house: Deployment, mail: str) -> tuple[Person, Response]:
    """Type an address and the code that came to it; return the browser and the page after it."""
    person = house.person(mail.lower())
    page = person.web.post(f"{person.base}/room/join", data={"email": mail})
    if page.status_code != 200:
        return person, page
    fields = {"code": house.code(person.mail), "csrf": CSRF.findall(page.text)[0]}
    return person, person.web.post(f"{person.base}/room/join/code", data=fields)


def member(house: Deployment, mail: str, name: str = "", **more: str) -> Member:
    """Come in by a work address; the company's name claims a room."""
    person, page = coming(house, mail)
    if "room/join/name" in page.text:
        called = name or mail.partition("@")[0].title()
        fields = {"csrf": CSRF.findall(page.text)[0], "name": called, "adult": "yes", **more}
        page = person.web.post(f"{person.base}/room/join/name", data=fields)
    assert page.status_code in (200, 403), page.text[:2000]
    return Member(person)


def opened(house: Deployment, net: Net, mail: str, company: str, name: str = "") -> Member:
    """Claim a room, show the proof in DNS and open it; its Admin is returned."""
    admin = member(house, mail, name, company=company)
    page = admin.get("/room").text
    host, value = (part.split("</code>")[0] for part in page.split("<code>")[1:3])
    net.records[host] = [value]
    answer = admin.post("/room/prove", "/room")
    assert answer.status_code == 200, answer.text[:2000]
    return admin


def networked(house: Deployment) -> Net:
    """Put a made-up network around a deployment."""
    net = Net()
    house.company = replace(house.company, outside=net.outside())
    house.web = house.client()
    return net
