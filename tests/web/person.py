"""A person with a browser: walks through pages by their forms, as somebody would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from devices import shown
from starlette.testclient import TestClient

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TOKEN = re.compile(r'name="token" value="([^"]+)"')
ANSWERS = {
    "hello": "tea",
    "travel": "sea",
    "gender": "",
    "mail": "kari@example.no",
    "coffee": "",
    "news": "no",
}


@dataclass
class Person:
    """One browser and what its user does."""

    web: TestClient
    house: Any

    def csrf(self, path: str) -> str:
        found = CSRF.findall(self.web.get(path).text)
        assert found, f"no form on {path}"
        return str(found[0])

    def start(self, query: str = "", **more: str) -> str:
        return str(CSRF.findall(self.web.post(f"/smoc/f/summer/start{query}", data=more).text)[0])

    def say(self, step: str, answer: str, csrf: str, **more: str) -> Any:
        return self.web.post(
            "/smoc/f/summer/step", data={"step": step, "answer": answer, "csrf": csrf, **more}
        )

    def talk(self, mail: str = "kari@example.no", **answers: Any) -> Any:
        """Go through the summer conversation to its end; an answer may be (value, more fields)."""
        csrf, last = self.start(), None
        for step, usual in {**ANSWERS, "mail": mail, **answers}.items():
            answer, more = usual if isinstance(usual, tuple) else (usual, {})
            last = self.say(step, answer, csrf, **more)
            assert last.status_code == 200, (step, last.text)
        return last

    def act(self, path: str, page: str = "/smoc/me", **fields: Any) -> Any:
        """Send one form of a page, with its secret."""
        return self.web.post(path, data={"csrf": self.csrf(page), **fields})

    def sign_in(self, mail: str = "kari@example.no") -> Any:
        csrf = CSRF.findall(self.web.post("/smoc/signin", data={"email": mail}).text)[0]
        code = re.findall(r"\d{6}", self.house.company.mails()[-1].text)[0]
        return self.web.post("/smoc/signin/code", data={"code": code, "csrf": csrf})

    def staff(self) -> Any:
        return self.web.post("/smoc/console/signin", data={"code": "staff-1234", "second": shown(self.house.now)})

    def carry(self, token: str) -> None:
        """Have the browser bring this session and no other."""
        self.web.cookies.clear()
        self.web.headers["cookie"] = f"__Host-session-smoc={token}"

    @property
    def number(self) -> int:
        """The person behind the address, as the gate knows them."""
        found = self.house.company.gate.find(kind="email", value="kari@example.no")
        assert isinstance(found, int)
        return found

    def held(self) -> dict[str, Any]:
        return {h.data: h for h in self.house.company.gate.access(person=self.number).held}
