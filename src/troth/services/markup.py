"""Markup: a conversation is text; whatever a browser could take for a tag keeps the flow from being served.

Pages escape every text, so a tag would do nothing; it is refused all the same, because whoever writes one
means to load something, and nothing is loaded from elsewhere before a person chose it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from troth.services.flows import Flow
from troth.terms import Place, Problem

TAG = re.compile(r"<\s*[/!?a-zA-Z]|javascript:", re.IGNORECASE)
HINT = "write plain text; pages load nothing from elsewhere before a person chose it"


def markup(flow: Flow) -> Iterator[Problem]:
    """Yield a problem for each text of a flow that holds markup.

    >>> from troth.services.flows import Step
    >>> hello = Step("hello", "Hi <script src=//x.example>", 5, end=True)
    >>> print(next(markup(Flow("f", "F", (hello,), path="f.md"))).message)
    'hello' holds markup
    """
    for where, line, text in _texts(flow):
        if TAG.search(text):
            yield Problem(Place(flow.path, line), f"'{where}' holds markup", HINT)


def _texts(flow: Flow) -> Iterator[tuple[str, int, str]]:
    yield "title", 1, flow.title
    yield "intro", 1, flow.intro
    for step in flow.steps:
        yield step.name, step.line, step.say
        for option in step.ask.options if step.ask else ():
            yield f"{step.name}.{option.value}", step.line, option.label
        if step.reward:
            yield f"{step.name}.reward", step.line, step.reward.text
    for _, texts in flow.translations:
        for key, text in texts:
            yield key, 1, text
