"""Summer: the first company in November 2026, with a draft, a desk, and who walks its summer talk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deployment import CSRF, Asker, Deployment, Person
from devices import shown
from httpx2 import Response

DESK = Asker("staff-1234", "staff", roles=("steward", "support"))
DRAFT = """---
title: A winter with us
draft: true
---
Not yet.

## hello
Do you take something warm?
ask taste.drink choice for learn
- coffee: Coffee
- tea: Tea

## bye
Thank you.
end
"""
ANSWERS: Mapping[str, Any] = {
    "hello": "tea",
    "travel": "sea",
    "gender": "",
    "mail": "kari@example.no",
    "coffee": "",
    "news": "no",
}


def served(folder: Path, site: str = "") -> Deployment:
    """Serve the company with a flow that is not ready, one key of staff, and further lines of its site."""

    def edit(home: Path) -> None:
        (home / "flows" / "winter.md").write_text(DRAFT, "utf-8")
        toml = home / "site.toml"
        toml.write_text(toml.read_text("utf-8") + site, "utf-8")

    return Deployment(folder, "smoc", (DESK,), datetime(2026, 11, 24, 10, tzinfo=UTC), edit)


class Visitor(Person):
    """One browser in front of the summer conversation, and what its user does."""

    def start(self, query: str = "", **more: str) -> str:
        """Begin, and return the secret of the first form."""
        page = self.web.post(f"{self.base}/f/summer/start{query}", data=more)
        return str(CSRF.findall(page.text)[0])

    def say(self, step: str, answer: str, csrf: str, **more: str) -> Response:
        fields = {"step": step, "answer": answer, "csrf": csrf, **more}
        return self.web.post(f"{self.base}/f/summer/step", data=fields)

    def walk(self, mail: str = "kari@example.no", **answers: Any) -> Response:
        """Go through the whole conversation; an answer may be (value, more fields)."""
        return self.talk("summer", {**ANSWERS, "mail": mail, **answers})

    def act(self, path: str, page: str = "/me", **fields: Any) -> Response:
        """Send one form of a page, with its secret."""
        return self.post(path, fields, page)

    def staff(self) -> Response:
        """Come in at the desk, by the key and the device."""
        fields = {"code": DESK.name, "second": shown(self.house.now)}
        return self.web.post(f"{self.base}/console/signin", data=fields)

    def carry(self, token: str) -> None:
        """Have the browser bring this session and no other."""
        self.web.cookies.clear()
        self.web.headers["cookie"] = f"__Host-session-smoc={token}"

    @property
    def number(self) -> int:
        """The person behind the address, as the gate knows them."""
        found = self.house.company.gate.find(kind="email", value=self.mail)
        assert isinstance(found, int)
        return found

    def held(self) -> dict[str, Any]:
        """What is held about the person, the last record of each category."""
        return {h.data: h for h in self.house.company.gate.access(person=self.number).held}
