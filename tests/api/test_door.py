"""The door of the API: who may knock, how fast, with what, and what happens to a request sent twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deployment import Deployment
from living import begin, kari

from troth.gate import Gate
from troth.web.api.pace import NOBODY, WRONG

V1 = "/smoc/api/v1"
PROBLEM = "application/problem+json"


def key(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"}


def test_without_a_token_it_is_401_and_with_the_wrong_key_403_with_the_clause(smoc: Deployment) -> None:
    life, body = kari(smoc), {"name": "gender", "given": True}
    smoc.post(life.token, "/people/me/age", {"years": 34})
    nobody = smoc.post("", f"/people/{life.tag}/consents", body)
    operator = smoc.post("lysverk-key", f"/people/{life.tag}/consents", body | {"given": False})
    herself = smoc.post(life.token, "/people/me/consents", body)

    assert nobody.status_code == 401
    assert nobody.headers["www-authenticate"] == "Bearer"
    assert (operator.status_code, bool(operator.json()["clause"])) == (403, True)
    assert [c["given"] for c in herself.json()["consents"] if c["name"] == "gender"] == [True]
    assert herself.json()["history"][-1]["text"] == "May we use your gender to suit offers?"


def test_nobody_learns_by_signing_in_who_is_known(smoc: Deployment) -> None:
    kari(smoc)
    known, unknown = (smoc.post("", "/session", {"email": f"{n}@example.org"}) for n in ("kari", "ola"))

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_a_session_that_was_signed_out_is_401(smoc: Deployment) -> None:
    life = kari(smoc)

    assert smoc.call(life.token, "DELETE", "/session").status_code == 200
    assert smoc.get(life.token, "/people/me").status_code == 401


def test_one_persons_session_opens_nobody_elses_data(smoc: Deployment) -> None:
    life, ola = kari(smoc), kari(smoc, "ola@example.no")
    refused = smoc.get(ola.token, f"/people/{life.tag}")

    assert (refused.status_code, bool(refused.json()["clause"])) == (403, True)
    assert smoc.get(life.token, f"/people/{life.tag}").status_code == 200


def test_a_job_reads_for_its_own_purposes_and_no_others(smoc: Deployment) -> None:
    tag = begin(smoc, "kari@example.no")

    def read(purpose: str) -> Any:
        return smoc.get("rewards-job", f"/people/{tag}/records", data="contact", purpose=purpose)

    own, others = read("account"), [read(purpose) for purpose in ("", "credit-scoring", "news")]

    assert [r["fields"] for r in own.json()["records"]] == [{"email": "kari@example.no"}]
    assert {r.status_code for r in others} == {403}
    assert all(r.headers["content-type"] == PROBLEM for r in others)


def test_a_no_carries_its_clauses_with_links_and_the_smallest_change_to_a_yes(smoc: Deployment) -> None:
    body = {"data": "gender", "purpose": "suit", "fields": {"value": "woman"}}
    no = smoc.post(kari(smoc).token, "/people/me/records", body)

    assert no.status_code == 403
    assert "consent gender" in no.json()["missing"]
    assert no.json()["clauses"][0]["link"].startswith("/smoc/privacy#s")
    assert no.json()["clauses"][0]["ref"]


def test_an_undeclared_field_is_refused_by_its_name(smoc: Deployment) -> None:
    token = kari(smoc).token
    record = {"data": "contact", "purpose": "account", "fields": {"email": "kari@example.no", "ssn": "1"}}
    inside = smoc.post(token, "/people/me/records", record)
    beside = smoc.post(token, "/people/me/age", {"years": 34, "ssn": 1})

    assert (inside.status_code, inside.json()["fields"]) == (422, ["ssn"])
    assert (beside.status_code, beside.json()["fields"]) == (422, ["ssn"])


def test_a_post_sent_twice_under_one_key_happens_once(smoc: Deployment) -> None:
    life, url = kari(smoc), f"{V1}/people/me/records"
    body = {"data": "taste", "purpose": "learn", "fields": {"drink": "tea"}}
    once = key(life.token) | {"Idempotency-Key": '"a1"'}
    first, again = (smoc.web.post(url, json=body, headers=once) for _ in range(2))
    other = smoc.web.post(url, json=body | {"purpose": "fit"}, headers=once)

    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replay"] == "true"
    assert other.status_code == 422
    assert len(life.holds("taste")) == 1


def test_an_answer_with_a_persons_choices_is_repeated_and_happens_once(smoc: Deployment) -> None:
    life = kari(smoc)
    smoc.post(life.token, "/people/me/age", {"years": 34})
    once, body = key(life.token) | {"Idempotency-Key": "yes-1"}, {"name": "gender", "given": True}
    url = f"{V1}/people/me/consents"
    first, again = (smoc.web.post(url, json=body, headers=once) for _ in range(2))
    history = smoc.get(life.token, "/people/me/consents").json()["history"]

    assert again.content == first.content
    assert [h["name"] for h in history].count("gender") == 1


def test_two_askers_may_use_the_same_idempotency_key(smoc: Deployment) -> None:
    url, body = f"{V1}/people/me/objections", {"purpose": "fit"}
    both = [
        smoc.web.post(url, json=body, headers=key(life.token) | {"Idempotency-Key": "k"})
        for life in (kari(smoc), kari(smoc, "ola@example.no"))
    ]

    assert [b.status_code for b in both] == [200, 200]
    assert all("idempotent-replay" not in b.headers for b in both)


def test_every_answer_tells_the_pace_and_too_many_are_429(still: Deployment) -> None:
    answers = [still.web.get(f"{V1}/flows") for _ in range(NOBODY.calls + 5)]

    assert answers[0].headers["ratelimit"].startswith('"nobody";r=')
    assert answers[0].headers["ratelimit-policy"] == f'"nobody";q={NOBODY.calls};w={NOBODY.seconds}'
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].headers["content-type"] == PROBLEM


def test_guessing_tokens_is_slowed_down(still: Deployment) -> None:
    tries = [
        still.web.get(f"{V1}/people/me", headers=key(f"guess-{n}")).status_code
        for n in range(WRONG.calls + 3)
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
    smoc: Deployment, headers: dict[str, str], content: bytes, status: int
) -> None:
    who = key(kari(smoc).token)
    answer = smoc.web.post(f"{V1}/people/me/consents", content=content, headers=who | headers)

    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status


def test_a_list_of_contacts_makes_no_people(still: Deployment) -> None:
    listed = json.dumps([{"email": f"{n}@example.no"} for n in range(500)])
    sent = still.web.post(
        f"{V1}/people", content=listed, headers=key("kaffe-key") | {"Content-Type": "application/json"}
    )

    assert sent.status_code == 403
    assert sent.json()["clause"]
    assert still.company.gate.overview().people == ()


def test_an_unknown_address_method_or_company_is_told_in_problem_details(still: Deployment) -> None:
    answers = {
        404: still.web.get(f"{V1}/nowhere"),
        405: still.web.put(f"{V1}/flows"),
        422: still.web.get(f"{V1}/flows?email=kari@example.no"),
    }

    for status, answer in answers.items():
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answers[405].headers["allow"] == "GET"
    assert "kari" not in answers[422].text
    assert still.web.get("/other/api/v1/flows").status_code == 404


def test_a_fault_tells_nothing_of_its_text(still: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(gate: Gate) -> str:
        raise RuntimeError("kari@example.no")

    monkeypatch.setattr(Gate, "checkpoint", broken)
    answer = still.web.get(f"{V1}/evidence/checkpoint")

    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "kari" not in answer.text
