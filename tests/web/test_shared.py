"""Several processes serve one company: who is signed in to one is known to the other, and so is who left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import postgresql
import pytest
from starlette.testclient import TestClient

import troth
from troth.cli import main
from troth.runtime import Settings

BASE = "https://service.example"
MAIL = "kari@example.no"
ROOT = bytes(range(32))
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
STEP = re.compile(r'name="step" value="([^"]+)"')
ANSWERS = {"mail": "ola@example.no", "tasting": "no", "drink": ""}
CODE = re.compile(r"\b\d{6}\b")


@dataclass
class Two:
    """Two processes' worth of one company, and a browser that a balancer sends to either."""

    companies: list[Any]
    apps: list[Any] = field(default_factory=list)
    jar: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.apps = [company.app for company in self.companies]

    def at(self, n: int, method: str, path: str, jar: dict[str, str] | None = None, **form: str) -> Any:
        jar = self.jar if jar is None else jar
        web = TestClient(self.apps[n], base_url=BASE, raise_server_exceptions=False)
        sent = {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if jar else {}
        where = f"/club{path}"
        answer = web.request(method, where, data=form or None, headers=sent, follow_redirects=False)
        jar.update(answer.cookies.items())
        return answer

    def code(self) -> str:
        sent = [mail for company in self.companies for mail in company.mails() if mail.to == MAIL]
        return str(CODE.findall(max(sent, key=lambda mail: mail.at).text)[0])

    def sign_in(self, first: int, then: int, jar: dict[str, str] | None = None) -> Any:
        page = self.at(first, "POST", "/signin", jar, email=MAIL)
        csrf = CSRF.findall(page.text)[0]
        return self.at(then, "POST", "/signin/code", jar, code=self.code(), csrf=csrf)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    main(["init", str(folder / "club"), "--title", "The Club"])
    files = request.param == "sqlite"
    address = str(folder / "people.db") if files else postgresql.shared().founded()
    told = Settings(base_url=BASE, stays="store")
    made = [troth.open(folder / "club", store=address, root_key=ROOT, settings=told) for _ in range(2)]
    person = made[0].gate.new_person()
    body = {"email": MAIL}
    made[0].gate.collect(person=person, data="contact", body=body, purpose="membership", source="person")
    made[0].gate.identify(person=person, kind="email", value=MAIL, verified=True)
    yield Two(made)
    for company in made:
        company.close()


def test_a_code_asked_for_at_one_is_good_once_and_at_either(two: Two) -> None:
    two.jar.clear()
    answer = two.sign_in(0, 1)

    assert answer.status_code == 303, answer.text

    again: dict[str, str] = {}
    page = two.at(0, "POST", "/signin", again, email=MAIL)
    csrf, code = CSRF.findall(page.text)[0], two.code()
    first = two.at(1, "POST", "/signin/code", dict(again), code=code, csrf=csrf)
    second = two.at(0, "POST", "/signin/code", dict(again), code=code, csrf=csrf)

    assert (first.status_code, second.status_code) == (303, 200) or second.status_code >= 400


def test_who_is_signed_in_at_one_is_signed_in_at_the_other_until_they_leave_either(two: Two) -> None:
    two.jar.clear()
    two.sign_in(0, 0)

    assert [two.at(n, "GET", "/me").status_code for n in (0, 1)] == [200, 200]

    csrf = CSRF.findall(two.at(1, "GET", "/me").text)[0]
    taken = dict(two.jar)
    two.at(1, "POST", "/signout", csrf=csrf)

    assert [two.at(n, "GET", "/me", dict(taken)).status_code for n in (0, 1)] == [401, 401]


def test_a_flow_begun_at_one_is_answered_at_the_other(two: Two) -> None:
    two.jar.clear()
    answer = two.at(0, "POST", "/f/hello/start")
    for n, wanted in zip((1, 0, 1), ANSWERS, strict=True):
        page = two.at(n, "GET", answer.headers["location"].removeprefix("/club"))
        csrf, step = CSRF.findall(page.text)[0], STEP.findall(page.text)[0]

        assert step == wanted

        answer = two.at(1 - n, "POST", "/f/hello/step", csrf=csrf, step=step, answer=ANSWERS[step])

    assert "Thank you" in answer.text


def test_tries_at_one_count_at_the_other(two: Two) -> None:
    jar: dict[str, str] = {}
    page = two.at(0, "POST", "/signin", jar, email=MAIL)
    csrf, wrong = CSRF.findall(page.text)[0], "000000" if two.code() != "000000" else "111111"
    for n in (0, 1, 0, 1, 0):
        two.at(n, "POST", "/signin/code", dict(jar), code=wrong, csrf=csrf)
    right = two.at(1, "POST", "/signin/code", dict(jar), code=two.code(), csrf=csrf)

    assert right.status_code != 303
