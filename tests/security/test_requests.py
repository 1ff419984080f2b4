"""What every answer says, what no request from elsewhere does, and what nothing tells."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from askers import SMOC
from deployment import Deployment, Person

KARI = "kari@example.no"
NOW = datetime(2025, 3, 1, 9, tzinfo=UTC)
PAGES = ("/", "/privacy", "/f/summer", "/signin", "/me", "/console/signin", "/nothing", "/contact")
FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
CLIMBS = (
    "../../people.db",
    "..%2f..%2fpeople.db",
    "%2e%2e/%2e%2e/policy.md",
    "....//policy.md",
    "/etc/passwd",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    made = Deployment(tmp_path_factory.mktemp("requests"), "smoc", SMOC, NOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def kari(house: Deployment) -> Person:
    """Somebody who talked and signed in."""
    person = house.person(KARI)
    said = {"hello": "tea", "travel": "sea", "gender": "", "mail": KARI, "coffee": "", "news": "no"}
    person.talk("summer", said)
    person.sign_in()
    return person


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_says_what_a_browser_may_do(house: Deployment, path: str) -> None:
    answer = house.person().get(path)
    policy = dict(part.split(None, 1) for part in answer.headers["content-security-policy"].split("; "))

    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"].startswith("'nonce-")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] in ("text/html; charset=utf-8", "application/problem+json")
    assert not {"server", "x-powered-by"} & set(answer.headers)


def test_a_nonce_is_used_once(house: Deployment) -> None:
    policies = {house.person().get("/").headers["content-security-policy"] for _ in range(5)}

    assert len(policies) == 5


def test_a_cookie_is_for_this_host_alone_and_no_script_sees_it(house: Deployment, kari: Person) -> None:
    page = kari.web.post(f"{kari.base}/signin", data={"email": KARI})
    told = [value for name, value in page.headers.multi_items() if name == "set-cookie"]
    cookies = {c.name: c.value or "" for c in kari.web.cookies.jar}

    assert any(name.startswith("__Host-") and len(value) >= 22 for name, value in cookies.items())
    for one in told:
        assert {"secure", "httponly", "path=/"} <= {p.strip().lower() for p in one.split(";")}
        assert "samesite=" in one.lower()
        assert "domain=" not in one.lower()


def test_no_session_stands_in_an_address(house: Deployment, kari: Person) -> None:
    values = [c.value for c in kari.web.cookies.jar if c.value]
    pages = [kari.get(path).text for path in ("/", "/me", "/me/choices", "/me/rights")]

    assert values
    assert [v for v in values for page in pages if v in page] == []


def test_a_form_from_elsewhere_does_nothing(house: Deployment, kari: Person) -> None:
    forms: tuple[tuple[str, dict[str, str]], ...] = (
        ("/me/delete", {"sure": "yes"}),
        ("/me/consent", {"name": "gender", "given": "yes"}),
        ("/signout", {}),
        ("/me/close", {"sure": "yes"}),
    )
    without = [kari.web.post(kari.base + path, data=fields).status_code for path, fields in forms]
    secret = {"csrf": "x" * 43}
    wrong = [kari.web.post(kari.base + path, data=f | secret).status_code for path, f in forms]
    begun = house.client().post(f"{kari.base}/f/summer/start", headers=FOREIGN)
    signing = house.client().post(f"{kari.base}/signin", data={"email": KARI}, headers=FOREIGN)

    assert {*without, *wrong, begun.status_code, signing.status_code} <= {400, 401, 403}
    assert kari.get("/me").status_code == 200


def test_no_other_origin_may_read_an_answer(house: Deployment, kari: Person) -> None:
    path = f"{kari.base}/api/v1/people/me"
    asked = house.web.options(path, headers=FOREIGN | {"Access-Control-Request-Method": "DELETE"})
    read = house.web.get(path, headers=FOREIGN | {"Authorization": f"Bearer {kari.token}"})

    assert asked.status_code in (400, 403, 404, 405)
    for answer in (asked, read):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("climb", CLIMBS)
def test_no_folder_is_listed_and_no_path_leads_out(house: Deployment, climb: str) -> None:
    places = ("/static/", "/published/", "/look/", "/qr/", "/ad/")
    answers = [house.client().get(f"/smoc{place}{climb}") for place in places]

    assert {a.status_code for a in answers} <= {400, 404, 405, 422}
    assert house.client().get("/smoc/static/").status_code == 404


def test_nobody_is_led_to_an_address_that_a_visitor_wrote(house: Deployment, kari: Person) -> None:
    there = "https://evil.example/x"
    words = ("next", "to", "url", "return", "back", "redirect", "r", "then")
    query = dict.fromkeys(words, there)
    asked = [kari.web.get(f"/smoc{p}", params=query, follow_redirects=False) for p in (*PAGES, "/go/none")]
    said = kari.web.post("/smoc/signin", data={"email": KARI, **query}, follow_redirects=False)
    host = house.client().get("/smoc/", headers={"Host": "evil.example"}, follow_redirects=False)

    for answer in (*asked, said, host):
        assert "evil.example" not in answer.headers.get("location", "")
        assert 'href="https://evil.example' not in answer.text


def test_no_secret_and_nobody_stands_in_a_log(
    house: Deployment, kari: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        ola = house.person("ola@example.no")
        house.post("rewards-job", "/people", {"who": {"kind": "email", "value": ola.mail}})
        house.post("", "/session", {"email": ola.mail})
        house.post("wrong-key", "/people", {"who": {"kind": "email", "value": ola.mail}})
        kari.get("/me")
    streams = capfd.readouterr()
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "asyncio"))]
    told = "\n".join([*ours, streams.out, streams.err])
    codes = [house.code(KARI)]

    assert [s for s in (KARI, ola.mail, "rewards-job", *codes, *kari.web.cookies.values()) if s in told] == []
