"""Model: masked words on their way to a model outside, over the wire form that OpenAI made common, and back.

It carries the permit under which they go.  What leaves is the messages and the model's name; no person, no
number of ours.  No redirect is followed, and an answer that breaks off is an error and no answer.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from troth.terms import Action, Permit, TrothError

LONGEST = 1_000_000  # bytes of one answer
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class NotAnswered(TrothError):
    """The model outside gave no whole answer; nothing that was said is repeated."""

    def __init__(self, party: str, reason: str) -> None:
        super().__init__(f"{party} did not answer: {reason}; nothing of the turn was stored, ask again later")


class Asked(Protocol):
    """What is asked; the gate's ``Prompt`` is one."""

    @property
    def permit(self) -> Permit: ...
    @property
    def party(self) -> str: ...
    @property
    def messages(self) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Model:
    """One endpoint of the OpenAI form: ``url`` ends before ``/chat/completions``; ``key`` is a secret."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 60.0

    def __call__(self, asked: Asked) -> Iterator[str]:
        """Yield the answer as it comes; raise ``NotAnswered`` when it does not come whole."""
        address = urlsplit(self.url)
        if not isinstance(asked.permit, Permit) or asked.permit.request.action is not Action.SHARE:
            raise NotAnswered(asked.party, "the words carry no permit to share them")
        if not address.hostname or (address.scheme != "https" and address.hostname not in _HERE):
            raise NotAnswered(asked.party, "its address is not an https address")
        return self._talk(asked, address.scheme, address.netloc, address.path.rstrip("/"))

    def _talk(self, asked: Asked, scheme: str, netloc: str, path: str) -> Iterator[str]:
        said = [{"role": role, "content": text} for role, text in asked.messages]
        body = json.dumps(
            {"model": self.model, "messages": said, "stream": True}, ensure_ascii=False
        ).encode()
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        connection = _connection(scheme, netloc, self.timeout)
        try:
            connection.request("POST", f"{path}/chat/completions", body, headers)
            with connection.getresponse() as answer:
                if answer.status != 200:
                    raise NotAnswered(asked.party, f"it answered {answer.status}")
                yield from _parts(asked.party, answer)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NotAnswered(asked.party, type(error).__name__) from None
        finally:
            connection.close()


def _connection(scheme: str, netloc: str, timeout: float) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(netloc, timeout=timeout)
    return http.client.HTTPSConnection(netloc, timeout=timeout, context=ssl.create_default_context())


def _parts(party: str, answer: http.client.HTTPResponse) -> Iterator[str]:
    """Yield the parts of a stream (server-sent events), or the whole of an answer that came at once."""
    if "event-stream" not in (answer.getheader("Content-Type") or ""):
        told = json.loads(answer.read(LONGEST))
        yield _text(told, "message")
        return
    read = 0
    while line := answer.readline(LONGEST):
        read += len(line)
        data = line.decode("utf-8").strip()
        if read > LONGEST:
            raise NotAnswered(party, "its answer does not end")
        if data == "data: [DONE]":
            return
        if data.startswith("data:"):
            told = json.loads(data[5:])
            if "error" in told:
                raise NotAnswered(party, "it broke off with an error")
            if part := _text(told, "delta"):
                yield part
    raise NotAnswered(party, "it broke off")


def _text(told: Mapping[str, object], where: str) -> str:
    """Return the words of one event.

    >>> _text({"choices": [{"delta": {"content": "Hi"}}]}, "delta"), _text({"choices": []}, "delta")
    ('Hi', '')
    """
    choices = told.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    part = first.get(where) if isinstance(first, dict) else None
    text = part.get("content") if isinstance(part, dict) else None
    return text if isinstance(text, str) else ""
