"""Walking: somebody goes through a company's pages by links and fills in every form that they find there."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from httpx2 import Response

FORMS, STEPS = 3, 24  # forms alike that are sent; forms that follow one another
BACK = re.compile(
    r"/(signout|delete|close|withdraw|restrict|erase\w*|remove|end|leave|back|stop)\b|/me/object"
)


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form; ``choices`` are what can be chosen, of a select or of equally named buttons."""

    name: str
    kind: str
    value: str = ""
    most: int = 10_000
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Form:
    action: str
    method: str
    inputs: dict[str, Input] = field(default_factory=dict)


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        elif tag == "form":
            self._open = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None and tag == "option" and self._select:
            self._choice(self._select, "select", told.get("value", ""))
        elif self._open is not None and told.get("name"):
            self._field(self._open, tag, told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""

    def _field(self, form: Form, tag: str, told: Mapping[str, str]) -> None:
        name, kind = told["name"], told.get("type", "text") if tag == "input" else tag
        if kind in ("radio", "checkbox") or (tag == "button" and name in form.inputs):
            self._choice(name, kind, told.get("value", "on"))
            return
        self._select = name if tag == "select" else ""
        most = int(told.get("maxlength") or 10_000)
        form.inputs[name] = Input(name, kind, told.get("value", ""), most)

    def _choice(self, name: str, kind: str, value: str) -> None:
        assert self._open is not None
        before = self._open.inputs.get(name)
        choices = (*(before.choices if before else ()), value)
        self._open.inputs[name] = Input(name, kind, choices[0], choices=choices)


@dataclass
class Walker:
    """``web`` is a browser, ``base`` where the company stands; ``fill`` says what goes into a free field."""

    web: Any
    base: str
    fill: Callable[[Input], str]
    upload: Callable[[Input], tuple[str, bytes]]
    rng: random.Random
    seen: set[str] = field(default_factory=set)
    sent: dict[str, int] = field(default_factory=dict)
    told: list[tuple[str, int]] = field(default_factory=list)  # where a form went, and the answer's status

    def walk(self, *starts: str, pages: int = 40) -> None:
        """Visit up to so many pages, each once, and send their forms."""
        waiting = list(starts)
        while waiting and pages:
            path = waiting.pop(0)
            if path in self.seen:
                continue
            self.seen.add(path)
            pages -= 1
            answer = self.web.get(path)
            for form in _page(answer).forms:
                answer = self.send(form, path)
                for _ in range(STEPS):  # a conversation goes on by the form it answers with
                    on = [f for f in _page(answer).forms if f.action == form.action or "/step" in f.action]
                    if "/f/" not in form.action or not on:
                        break
                    answer = self.send(on[0], path)
                waiting += self._links(answer)
            waiting += self._links(answer)

    def _links(self, answer: Response) -> Iterator[str]:
        for link in _page(answer).links:
            parts = urlsplit(link)
            if not parts.netloc and parts.path.startswith(self.base + "/") and not BACK.search(parts.path):
                yield parts.path

    def send(self, form: Form, here: str) -> Response:
        """Fill a form in and send it, unless it takes something back or was sent often enough."""
        action = form.action or here
        alike = re.sub(r"\d+", "0", f"{form.method} {action} {sorted(form.inputs)}")
        if BACK.search(action) or (self.sent.get(alike, 0) >= FORMS and "/f/" not in action):
            return Response(204)
        self.sent[alike] = self.sent.get(alike, 0) + 1
        data = {i.name: self._value(i) for i in form.inputs.values() if i.kind != "file"}
        files = {i.name: self.upload(i) for i in form.inputs.values() if i.kind == "file"}
        if form.method == "get":
            return self._answered(action, self.web.get(action, params=data))
        return self._answered(action, self.web.post(action, data=data, files=files or None))

    def _answered(self, action: str, answer: Response) -> Response:
        self.told.append((action, answer.status_code))
        return answer

    def _value(self, one: Input) -> str:
        if one.kind == "hidden":
            return one.value
        if one.choices:
            return self.rng.choice([c for c in one.choices if c] or [""])
        if one.kind == "button":
            return one.value
        return self.fill(one)[: one.most]


def _page(answer: Response) -> Page:
    html = answer.headers.get("content-type", "").startswith("text/html")
    return Page(answer.text if html else "")
