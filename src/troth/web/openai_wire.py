"""OpenAI wire: chat completions as the OpenAI API (v1, 2024) writes them, read and written.

What an unmodified client sends beside these fields is taken and left aside; what would change the answer and
cannot be done (several choices, tools, pictures) is refused, never ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from troth.web.chat.meter import tokens

ROLES = frozenset({"system", "developer", "user", "assistant"})
MOST = 200  # messages of one request


class Wrong(Exception):
    """An answer in the form that OpenAI's clients turn into their own errors."""

    def __init__(self, status: int, kind: str, message: str, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.code, self.param = status, kind, message, code, param
        self.headers: dict[str, str] = {}

    def body(self) -> dict[str, object]:
        """Return the error as it goes over the wire."""
        said = {"message": self.message, "type": self.kind, "param": self.param or None}
        return {"error": {**said, "code": self.code or None}}


class MessageIn(msgspec.Struct):
    """One message; ``content`` is a text or parts of which each is one."""

    role: str
    content: str | list[dict[str, Any]] | None = None


class CompletionIn(msgspec.Struct):
    """The part of a request that has a meaning here."""

    model: str
    messages: list[MessageIn]
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    n: int | None = None
    store: bool | None = None
    user: str | None = None
    metadata: dict[str, str] | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None

    @property
    def usage_wanted(self) -> bool:
        return bool((self.stream_options or {}).get("include_usage"))


@dataclass(frozen=True, slots=True)
class Head:
    """What every part of one answer says of it."""

    number: str
    created: int
    model: str
    masked: Mapping[str, int]
    warned: tuple[str, ...] = ()

    def of(self, kind: str) -> dict[str, object]:
        """Return the fields that a whole answer and each of its chunks begin with."""
        return {"id": f"chatcmpl-{self.number}", "object": kind, "created": self.created, "model": self.model}

    def ours(self) -> dict[str, object]:
        """Return what we say beside it: where the turn lies, and which kinds were masked or seen."""
        return {"conversation": self.number, "masked": dict(self.masked), "warned": list(self.warned)}


def read(raw: bytes) -> CompletionIn:
    """Read a request; raise ``Wrong`` for what cannot be read or done, without repeating it."""
    try:
        found = msgspec.json.decode(raw, type=CompletionIn)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        where = str(error).rpartition("at `$.")[2].rstrip("`") if "at `$." in str(error) else ""
        raise Wrong(
            400, "invalid_request_error", "the request cannot be read as chat completion", "", where
        ) from None
    if not found.messages or len(found.messages) > MOST or found.messages[-1].role != "user":
        raise Wrong(400, "invalid_request_error", "the last message is the user's", "", "messages")
    if found.n not in (None, 1):
        raise Wrong(400, "invalid_request_error", "there is one answer, so n is 1", "", "n")
    if found.tools or found.functions:
        raise Wrong(400, "invalid_request_error", "agents here call no tools", "", "tools")
    return found


def spoken(messages: Iterable[MessageIn]) -> list[tuple[str, str]]:
    """Return messages as (role, text); raise ``Wrong`` for a role or content nobody here can take.

    >>> spoken([MessageIn("user", [{"type": "text", "text": "Hi"}])])
    [('user', 'Hi')]
    """
    return [(_role(m.role), _text(m.content)) for m in messages]


def whole(head: Head, text: str, asked: int) -> dict[str, object]:
    """Return a completion that comes at once."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": None},
        "finish_reason": "stop",
        "logprobs": None,
    }
    return {
        **head.of("chat.completion"),
        "choices": [choice],
        "usage": usage(asked, text),
        "troth": head.ours(),
    }


def parts(head: Head, chunks: Iterator[str], asked: int, *, with_usage: bool) -> Iterator[str]:
    """Yield a completion as server-sent events, ending with ``[DONE]``."""
    told: list[str] = []
    yield event(_chunk(head, {"role": "assistant", "content": ""}) | {"troth": head.ours()})
    for chunk in chunks:
        told.append(chunk)
        yield event(_chunk(head, {"content": chunk}))
    yield event(_chunk(head, {}, "stop"))
    if with_usage:
        last = {**head.of("chat.completion.chunk"), "choices": [], "usage": usage(asked, "".join(told))}
        yield event(last)
    yield "data: [DONE]\n\n"


def usage(asked: int, text: str) -> dict[str, int]:
    """Return how much was asked and answered, in tokens of about four characters."""
    answered = tokens(text)
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def event(said: Mapping[str, object]) -> str:
    """Write one server-sent event."""
    return f"data: {json.dumps(said, ensure_ascii=False)}\n\n"


def _chunk(head: Head, delta: dict[str, object], finish: str | None = None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return {**head.of("chat.completion.chunk"), "choices": [choice]}


def _role(role: str) -> str:
    if role not in ROLES:
        raise Wrong(400, "invalid_request_error", "a message is of system, user or assistant", "", "messages")
    return "system" if role == "developer" else role


def _text(content: str | list[dict[str, Any]] | None) -> str:
    if isinstance(content, str) or content is None:
        return content or ""
    if any(part.get("type") != "text" or not isinstance(part.get("text"), str) for part in content):
        raise Wrong(400, "invalid_request_error", "agents here read text alone", "", "messages")
    return "".join(str(part["text"]) for part in content)
