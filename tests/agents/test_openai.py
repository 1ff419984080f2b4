"""The OpenAI form: what a client made for that API sends and gets, its errors, and who may knock."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.agents.served import TEAM, House, North
from tests.agents.test_turns import RAW, TYPED

import troth

URL = "/club/v1/chat/completions"


def ask(house: House, text: str = "How do I descale the machine?", key: str = TEAM, **more: Any) -> Any:
    body = {"model": "helper", "messages": [{"role": "user", "content": text}], **more}
    return house.browser().post(URL, json=body, headers={"Authorization": f"Bearer {key}"} if key else {})


def events(answer: Any) -> list[Any]:
    lines = [e.removeprefix("data: ") for e in answer.text.split("\n\n") if e]
    return [json.loads(line) if line != "[DONE]" else line for line in lines]


def test_a_completion_has_the_form_of_the_api_and_its_source(house: House) -> None:
    told = ask(house).json()
    (choice,) = told["choices"]

    assert told["object"] == "chat.completion"
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"].endswith("Source: The machine: Descaling")
    assert (
        told["usage"]["total_tokens"] == told["usage"]["prompt_tokens"] + told["usage"]["completion_tokens"]
    )


def test_an_agent_says_when_it_does_not_know(house: House) -> None:
    told = ask(house, "Who won the world cup in 1998?").json()["choices"][0]["message"]["content"]

    assert told.startswith("I do not know.")


def test_a_stream_is_whole_in_parts_and_ends_once(house: House) -> None:
    told = events(ask(house, stream=True, stream_options={"include_usage": True}))
    text = "".join(e["choices"][0]["delta"].get("content", "") for e in told[:-1] if e["choices"])

    assert "Press R twice" in text
    assert [e["choices"][0]["finish_reason"] for e in told[:-1] if e["choices"]].count("stop") == 1
    assert told[-2]["choices"] == []
    assert told[-2]["usage"]["total_tokens"] > 0
    assert told[-1] == "[DONE]"


def test_a_stream_from_a_model_is_restored_where_a_placeholder_is_split(
    house: House, model: tuple[North, str]
) -> None:
    told = events(ask(house, TYPED, model="sage", stream=True))
    text = "".join(e["choices"][0]["delta"].get("content", "") for e in told[:-1])

    assert text == "Hello Kari Nordmann, I wrote to kari.nordmann@example.no."
    assert [raw for raw in RAW for _, body in model[0].heard if raw in body] == []


def test_earlier_messages_are_masked_with_the_same_tokens(house: House, model: tuple[North, str]) -> None:
    history = [
        {"role": "system", "content": "The customer is Ola Hansen."},
        {"role": "user", "content": TYPED},
        {"role": "assistant", "content": "Hello Kari Nordmann."},
        {"role": "user", "content": [{"type": "text", "text": "Write to kari.nordmann@example.no"}]},
    ]
    ask(house, model="sage", messages=history)
    heard = json.loads(model[0].heard[0][1])["messages"]

    assert [m["role"] for m in heard] == ["system", "system", "user", "assistant", "user"]
    assert heard[-1]["content"] == "Write to [EMAIL_1]"
    assert "Ola" not in str(heard)
    assert "Kari" not in str(heard)


def test_a_stream_that_breaks_off_says_so_and_has_no_end(house: House, model: tuple[North, str]) -> None:
    model[0].fails = "half"
    told = events(ask(house, model="sage", stream=True))

    assert told[-1]["error"]["code"] == "not_answered"


def test_a_person_speaks_by_their_own_token_and_finds_the_turn_on_their_page(house: House) -> None:
    person = house.member()
    session = house.app.state.sessions.new("club", house.now)
    session.person = person
    ask(house, key=session.token)

    assert [t["agent"] for t in house.stored(person)] == ["helper"]


def test_a_team_speaks_for_the_person_whose_tag_it_sends(house: House) -> None:
    person = house.member()
    ask(house, user=house.company.gate.tag(person=person))

    assert len(house.stored(person)) == 1


def test_a_conversation_of_nobody_known_goes_on_under_its_number(house: House) -> None:
    number = ask(house).json()["troth"]["conversation"]
    ask(house, metadata={"conversation": number})
    store = house.company.gate._house.store
    (apart,) = store.persons(area="apart")

    assert len([r for r in store.records(person=apart) if r.data == "chat"]) == 2


def test_store_false_keeps_nothing(house: House) -> None:
    answer = ask(house, store=False)

    assert answer.status_code == 200
    assert list(house.company.gate._house.store.persons(area="apart")) == []


def test_models_are_the_agents_that_the_key_may_ask(house: House) -> None:
    headers = {"Authorization": f"Bearer {TEAM}"}
    listed = house.browser().get("/club/v1/models", headers=headers).json()
    one = house.browser().get("/club/v1/models/helper", headers=headers).json()

    assert [m["id"] for m in listed["data"]] == ["helper", "sage"]
    assert one["object"] == "model"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"key": ""}, 401, "invalid_api_key"),
        ({"key": "sk-wrong"}, 401, "invalid_api_key"),
        ({"model": "gpt-4"}, 404, "model_not_found"),
        ({"n": 2}, 400, None),
        ({"tools": [{"type": "function"}]}, 400, None),
        ({"messages": []}, 400, None),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, None),
        ({"messages": "hello"}, 400, None),
        ({"text": "x" * 9000}, 400, None),
        ({"metadata": {"conversation": "1 or 1"}}, 400, None),
    ],
)
def test_what_cannot_be_done_is_an_error_in_the_form_of_the_api(
    house: House, more: dict[str, Any], status: int, code: str | None
) -> None:
    answer = ask(house, **more)

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


def test_a_no_of_the_document_names_its_clause(house: House) -> None:
    person = house.member()
    house.company.gate.object(person=person, purpose="answer")
    answer = ask(house, user=house.company.gate.tag(person=person))

    assert answer.status_code == 403
    assert "§2" in answer.json()["error"]["message"]


def test_a_scrubber_that_fails_is_503_and_tells_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> object:
        raise RuntimeError(TYPED)

    monkeypatch.setattr("troth.gate.converse_mask.scrub", broken)
    answer = ask(house, TYPED)

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "not_masked"
    assert "Kari" not in answer.text


@pytest.mark.parametrize(
    ("site", "many"),
    [
        ("\n[agents]\nper-minute = 2\n", 2),
        ("\n[agents]\ndaily-tokens = 30\n", 1),
        ("\n[agents.budgets]\nshop = 30\n", 1),
    ],
)
def test_a_key_has_its_pace_and_its_budget(house: House, tmp_path: Any, site: str, many: int) -> None:
    other = House(tmp_path / "other", site=site)
    got = [ask(other).status_code for _ in range(many + 1)]
    last = ask(other)
    other.company.close()

    assert got == [200] * many + [429]
    assert last.json()["error"]["code"] == "rate_limit_exceeded"
    assert int(last.headers["retry-after"]) > 0


def test_a_key_bound_to_another_purpose_is_refused_and_the_evidence_says_so(house: House) -> None:
    key = next(k for k in house.company.staff if k.name == "shop")
    object.__setattr__(key, "purposes", ("membership",))
    answer = ask(house)

    assert answer.status_code == 403
    assert [e.kind for e in house.company.gate.entries()][-1] == "refused"


def test_a_days_budget_outlives_a_restart(tmp_path: Any) -> None:
    first = House(tmp_path / "first", site="\n[agents]\ndaily-tokens = 30\n")
    before = ask(first).status_code
    first.company.close()
    again = troth.open(
        first.folder / "club",
        store=str(first.folder / "store.db"),
        clock=lambda: first.now,
        root_key=b"k" * 32,
    )
    first.app = again.app
    after = ask(first)
    first.now += timedelta(days=1)
    tomorrow = ask(first)
    again.close()

    assert before == 200
    assert after.status_code == 429
    assert tomorrow.status_code == 200


def test_the_door_for_programs_describes_itself(house: House) -> None:
    told = house.browser().get("/club/v1/openapi.json").json()
    asked = told["components"]["schemas"]["CompletionIn"]

    assert told["openapi"] == "3.1.0"
    assert asked["properties"]["model"]["enum"] == ["helper", "sage"]
    assert {"messages", "stream", "store", "user", "metadata"} <= set(asked["properties"])
    for path, verbs in told["paths"].items():
        for method in verbs:
            url = "/club/v1" + path.replace("{agent}", "helper")
            got = house.browser().request(
                method, url, headers={"Authorization": f"Bearer {TEAM}"}, content=b""
            )
            assert str(got.status_code) in verbs[method]["responses"], (path, got.status_code)
