"""OpenAI's own client, unmodified, against a running server."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from live import serving
from tests.agents.served import TEAM, House, North
from tests.agents.test_turns import RAW, TYPED

openai: Any = import_module("openai")  # as a person without its types would use it


def test_an_unmodified_client_lists_asks_streams_and_understands_our_errors(
    house: House, model: tuple[North, str]
) -> None:
    with serving(house.app) as base, openai.OpenAI(base_url=f"{base}/club/v1", api_key=TEAM) as client:
        listed = [m.id for m in client.models.list()]
        messages = [{"role": "user", "content": TYPED}]
        whole = client.chat.completions.create(model="helper", messages=messages)
        parts = client.chat.completions.create(model="sage", messages=messages, stream=True)
        streamed = "".join(p.choices[0].delta.content or "" for p in parts)
        with pytest.raises(openai.NotFoundError) as missing:
            client.chat.completions.create(model="gpt-4", messages=messages)

    assert listed == ["helper", "sage"]
    assert "Press R twice" in (whole.choices[0].message.content or "")
    assert streamed == "Hello Kari Nordmann, I wrote to kari.nordmann@example.no."
    assert missing.value.code == "model_not_found"
    assert [raw for raw in RAW for _, body in model[0].heard if raw in body] == []
