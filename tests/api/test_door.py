"""The door of the API: who may knock, how fast, with what, and what happens to a request sent twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from troth.web.api.pace import NOBODY, WRONG

V1 = "/fjord/api/v1"
PROBLEM = "application/problem+json"


def key(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"}


def person(api: TestClient, company: Any, mail: str = "kari@example.no") -> dict[str, str]:
    """Begin a person and sign them in by the code in their mail."""
    who = {"kind": "email", "value": mail}
    api.post(f"{V1}/people", json={"who": who}, headers=key("rewards-job"))
    api.post(f"{V1}/session", json={"email": mail})
    code = company.sent[-1][1].split()[-1]
    return key(api.post(f"{V1}/session/code", json={"email": mail, "code": code}).json()["token"])


def test_without_a_token_it_is_401_and_with_the_wrong_key_403_with_the_clause(
    api: TestClient, company: Any
) -> None:
    kari = person(api, company)
    tag = api.post(
        f"{V1}/people/find", json={"kind": "email", "value": "kari@example.no"}, headers=key("siri")
    ).json()["tag"]
    nobody = api.post(f"{V1}/people/{tag}/consents", json={"name": "tasting", "given": True})
    operator = api.post(
        f"{V1}/people/{tag}/consents", json={"name": "tasting", "given": False}, headers=key("lysverk-key")
    )
    herself = api.post(f"{V1}/people/me/consents", json={"name": "tasting", "given": True}, headers=kari)

    assert nobody.status_code == 401
    assert nobody.headers["www-authenticate"] == "Bearer"
    assert (operator.status_code, operator.json()["clause"]) == (403, "4")
    assert herself.json()["consents"][0]["given"] is True
    assert herself.json()["history"][0]["text"] == "May we use what you like?"


def test_nobody_learns_by_signing_in_who_is_known(api: TestClient, company: Any) -> None:
    person(api, company)
    known = api.post(f"{V1}/session", json={"email": "kari@example.no"})
    unknown = api.post(f"{V1}/session", json={"email": "ola@example.no"})

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_a_session_that_was_signed_out_is_401(api: TestClient, company: Any) -> None:
    kari = person(api, company)

    assert api.delete(f"{V1}/session", headers=kari).status_code == 200
    assert api.get(f"{V1}/people/me", headers=kari).status_code == 401


def test_one_persons_session_opens_nobody_elses_data(api: TestClient, company: Any) -> None:
    kari, ola = person(api, company), person(api, company, "ola@example.no")
    tag = company.gate.tag(person=company.gate.find(kind="email", value="kari@example.no"))
    refused = api.get(f"{V1}/people/{tag}", headers=ola)

    assert (refused.status_code, refused.json()["clause"]) == (403, "8")
    assert api.get(f"{V1}/people/{tag}", headers=kari).status_code == 200


def test_a_job_reads_for_its_own_purposes_and_no_others(api: TestClient, company: Any) -> None:
    person(api, company)
    tag = company.gate.tag(person=1001)
    own = f"{V1}/people/{tag}/records?data=contact&purpose=account"
    refused = {
        purpose: api.get(
            f"{V1}/people/{tag}/records?data=contact&purpose={purpose}", headers=key("rewards-job")
        )
        for purpose in ("", "credit-scoring", "offers")
    }

    assert api.get(own, headers=key("rewards-job")).json() == {"records": []}
    assert {r.status_code for r in refused.values()} == {403}
    assert all(r.headers["content-type"] == PROBLEM for r in refused.values())


def test_a_no_carries_its_clauses_with_links_and_the_smallest_change_to_a_yes(
    api: TestClient, company: Any
) -> None:
    kari = person(api, company)
    body = {"data": "taste", "purpose": "offers", "fields": {"drink": "tea"}}
    no = api.post(f"{V1}/people/me/records", json=body, headers=kari)

    assert no.status_code == 403
    assert no.json()["missing"] == ["consent tasting"]
    assert no.json()["clauses"][0]["link"] == "/fjord/privacy#s4"
    assert no.json()["clauses"][0]["sentence"] == "Only when you agree."


def test_an_undeclared_field_is_refused_by_its_name(api: TestClient, company: Any) -> None:
    kari = person(api, company)
    record = {"data": "contact", "purpose": "account", "fields": {"email": "kari@example.no", "ssn": "1"}}
    inside = api.post(f"{V1}/people/me/records", json=record, headers=kari)
    beside = api.post(f"{V1}/people/me/age", json={"years": 34, "ssn": 1}, headers=kari)

    assert (inside.status_code, inside.json()["fields"]) == (422, ["ssn"])
    assert (beside.status_code, beside.json()["fields"]) == (422, ["ssn"])


def test_a_post_sent_twice_under_one_key_happens_once(api: TestClient, company: Any) -> None:
    kari = person(api, company)
    body = {"data": "contact", "purpose": "account", "fields": {"email": "kari@example.no"}}
    once = kari | {"Idempotency-Key": '"a1"'}
    first = api.post(f"{V1}/people/me/records", json=body, headers=once)
    again = api.post(f"{V1}/people/me/records", json=body, headers=once)
    other = api.post(f"{V1}/people/me/records", json=body | {"purpose": "offers"}, headers=once)

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotent-replay"] == "true"
    assert other.status_code == 422
    assert len(company.gate.held[1001]) == 1


def test_an_answer_with_a_persons_choices_is_repeated_and_nothing_of_it_lies_readable(
    api: TestClient, company: Any
) -> None:
    once = person(api, company) | {"Idempotency-Key": "yes-1"}
    body = {"name": "tasting", "given": True}
    first, again = (api.post(f"{V1}/people/me/consents", json=body, headers=once) for _ in range(2))

    assert again.content == first.content
    assert len(company.gate.acts[1001]) == 1


def test_two_askers_may_use_the_same_idempotency_key(api: TestClient, company: Any) -> None:
    kari, ola = person(api, company), person(api, company, "ola@example.no")
    body = {"purpose": "offers"}
    both = [
        api.post(f"{V1}/people/me/objections", json=body, headers=who | {"Idempotency-Key": "k"})
        for who in (kari, ola)
    ]

    assert [b.status_code for b in both] == [200, 200]
    assert all("idempotent-replay" not in b.headers for b in both)


def test_every_answer_tells_the_pace_and_too_many_are_429(api: TestClient) -> None:
    answers = [api.get(f"{V1}/flows") for _ in range(NOBODY.calls + 5)]

    assert answers[0].headers["ratelimit"].startswith('"nobody";r=')
    assert answers[0].headers["ratelimit-policy"] == f'"nobody";q={NOBODY.calls};w={NOBODY.seconds}'
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].headers["content-type"] == PROBLEM


def test_guessing_tokens_is_slowed_down(api: TestClient) -> None:
    tries = [
        api.get(f"{V1}/people/me", headers=key(f"guess-{n}")).status_code for n in range(WRONG.calls + 3)
    ]

    assert tries[0] == 401
    assert tries[-1] == 429


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "text/csv"}, b"kari@example.no\nola@example.no", 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        ({"Content-Type": "application/json; charset=utf-16"}, '{"name": 1}'.encode("utf-16"), 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"{}", 415),
        ({}, b"", 415),
        ({"Content-Type": "application/json"}, b"\xff\xfe", 400),
        ({"Content-Type": "application/json"}, b"", 400),
        ({"Content-Type": "application/json"}, b'{"name": ', 400),
        ({"Content-Type": "application/json"}, b"[" * 60000, 422),
        ({"Content-Type": "application/json"}, b'{"name":' * 7000 + b"1" + b"}" * 7000, 422),
        ({"Content-Type": "application/json"}, b"x" * 70000, 413),
        ({"Content-Type": "application/json"}, b"[]", 422),
        ({"Content-Type": "application/json"}, b'{"name": "tasting", "given": "yes"}', 422),
        ({"Content-Type": "application/json", "Accept": "text/csv"}, b"{}", 406),
    ],
)
def test_a_body_that_is_not_taken_is_a_clear_4xx(
    api: TestClient, company: Any, headers: dict[str, str], content: bytes, status: int
) -> None:
    kari = person(api, company)
    answer = api.post(f"{V1}/people/me/consents", content=content, headers=kari | headers)

    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status


def test_a_list_of_contacts_makes_no_people(api: TestClient, company: Any) -> None:
    listed = json.dumps([{"email": f"{n}@example.no"} for n in range(500)])
    sent = api.post(
        f"{V1}/people", content=listed, headers=key("bryggen-key") | {"Content-Type": "application/json"}
    )

    assert sent.status_code == 403
    assert sent.json()["clause"]
    assert company.gate.held == {}


def test_an_unknown_address_method_or_company_is_told_in_problem_details(api: TestClient) -> None:
    answers = {
        404: api.get(f"{V1}/nowhere"),
        405: api.put(f"{V1}/flows"),
        422: api.get(f"{V1}/flows?email=kari@example.no"),
    }

    for status, answer in answers.items():
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answers[405].headers["allow"] == "GET"
    assert "kari" not in answers[422].text
    assert api.get("/other/api/v1/flows").status_code == 404


def test_a_fault_tells_nothing_of_its_text(api: TestClient, company: Any) -> None:
    def broken() -> str:
        raise RuntimeError("kari@example.no")

    company.gate.checkpoint = broken
    answer = api.get(f"{V1}/evidence/checkpoint")

    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "kari" not in answer.text
