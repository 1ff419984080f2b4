"""Script: reads a flow from its Markdown (``docs/flows.md``); what it cannot read is a problem with its line.

Nothing is guessed: a line that looks like an act and is none is an error, never a line of speech.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from troth.services.flows import Ask, Credit, Flow, Means, Option, Step
from troth.services.sitepages import Film
from troth.terms import Place, Problem

NAME = re.compile(r"[a-z0-9][a-z0-9-]{2,40}")
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
ASK = re.compile(
    r"ask (?P<data>[a-z][\w-]*)\.(?P<field>[a-z][\w-]*) (?P<kind>[a-z]+)"
    r"(?: (?P<low>-?\d+)\.\.(?P<high>-?\d+))?(?P<optional> optional)? for (?P<purpose>[a-z][\w-]*)"
    r"(?: on (?P<consent>[a-z][\w-]*(?:\([a-z][\w-]*\))?))?(?: about (?P<about>[a-z][\w-]*))?"
)
MEANS = re.compile(r"means (?P<question>[a-z][\w-]*\.[a-z][\w-]*) (?P<answer>[\w-]+): (?P<words>.+)")
CONSENT = re.compile(r"consent (?P<name>[a-z][\w-]*(?:\([a-z][\w-]*\))?)(?P<optional> optional)?")
REWARD = re.compile(
    r'reward (?P<name>[a-z][\w-]*) (?P<amount>\d+) "(?P<text>[^"]+)" for (?P<purpose>[a-z][\w-]*)'
)
FILM = re.compile(r'film (?P<tracker>[a-z][\w-]*) (?P<video>[A-Za-z0-9_-]{4,40}) "(?P<title>[^"]{1,120})"')
OPTION = re.compile(r"- (?P<value>[\w-]+): (?P<label>.+?)(?:\s*->\s*(?P<to>[a-z0-9-]+))?")
GO = re.compile(r"->\s*(?P<to>[a-z0-9-]+)")
TEXT = re.compile(r"- (?P<key>[\w.-]+): (?P<text>.+)")
KINDS = ("text", "choice", "email", "phone", "number", "moment")
HEAD = ("title", "language", "draft", "survey", "event", "closes", "opens", "books")


@dataclass(slots=True)
class _Reading:
    """What has been read so far; thrown away once the flow is built."""

    path: str
    head: dict[str, str] = field(default_factory=dict)
    intro: list[str] = field(default_factory=list)
    steps: list[dict[str, object]] = field(default_factory=list)
    translations: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def say(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(Problem(Place(self.path, line), message, hint))


def read_flow(text: str, path: str) -> tuple[Flow, tuple[Problem, ...]]:
    """Read a flow from its script; the problems are empty when it may be checked and served.

    >>> flow, problems = read_flow("---\\ntitle: Hi\\n---\\n## bye\\nHello.\\nend\\n", "flows/hi.md")
    >>> flow.name, flow.steps[0].end, problems
    ('hi', True, ())
    >>> _, problems = read_flow("---\\ntitle: H\\n---\\n## where\\nask a.b position for c\\n", "hi.md")
    >>> print(problems[0])
    hi.md:5:1  a flow cannot ask for 'position'
      kinds are text, choice, email, phone, number and moment
    """
    reading = _Reading(path)
    lines = text.splitlines()
    first = _front(reading, lines)
    where = ""
    for number, raw in enumerate(lines[first:], start=first + 1):
        line = raw.strip()
        if line.startswith("## "):
            where = _heading(reading, line[3:].strip(), number)
        elif line and where == "":
            reading.intro.append(line)
        elif line and where == "step":
            _line(reading, line, number)
        elif line:
            _translate(reading, where, line, number)
    return _build(reading), tuple(reading.problems)


def _front(reading: _Reading, lines: list[str]) -> int:
    if not lines or lines[0].strip() != "---":
        reading.say(1, "a flow begins with front matter", "write --- title: … --- first")
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            return number
        key, _, value = line.partition(":")
        if key.strip() not in HEAD:
            reading.say(number, f"unknown setting '{key.strip()}'", f"known are {', '.join(HEAD)}")
        reading.head[key.strip()] = value.strip()
    reading.say(1, "the front matter does not end", "close it with ---")
    return len(lines)


def _heading(reading: _Reading, name: str, number: int) -> str:
    if LANGUAGE.fullmatch(name):
        reading.translations.setdefault(name, [])
        return name
    if not NAME.fullmatch(name):
        reading.say(number, f"'{name}' is no name for a step", "small letters, digits and -, at least three")
    if any(step["name"] == name for step in reading.steps):
        reading.say(number, f"there is a second step '{name}'")
    reading.steps.append({"name": name, "line": number, "say": [], "options": [], "means": []})
    return "step"


def _line(reading: _Reading, line: str, number: int) -> None:
    step = reading.steps[-1]
    word = line.split(" ", 1)[0]
    if word in ("ask", "consent", "reward", "film") or line == "end":
        _act(reading, step, word, line, number)
    elif go := GO.fullmatch(line):
        step["to"] = go["to"]
    elif word == "means":
        _means(reading, step, line, number)
    elif line.startswith("- "):
        option = OPTION.fullmatch(line)
        if option is None:
            reading.say(number, "a choice is written '- value: Label -> step'")
        else:
            options = step["options"]
            assert isinstance(options, list)
            options.append(Option(option["value"], option["label"], option["to"] or ""))
    else:
        said = step["say"]
        assert isinstance(said, list)
        said.append(line)


def _means(reading: _Reading, step: dict[str, object], line: str, number: int) -> None:
    found, asked = MEANS.fullmatch(line), step.get("ask")
    if found is None or not isinstance(asked, re.Match) or asked["kind"] != "text":
        reading.say(
            number, "these words cannot be tied", "below an ask for a text: means data.field VALUE: word, …"
        )
        return
    words = tuple(w.strip() for w in found["words"].split(",") if w.strip())
    means = step["means"]
    assert isinstance(means, list)
    means.append(Means(found["question"], found["answer"], words, number))


def _act(reading: _Reading, step: dict[str, object], word: str, line: str, number: int) -> None:
    if "act" in step:
        reading.say(number, "a step does one thing", "begin a new step with ## before this line")
        return
    step["act"] = number
    if word == "end":
        step["end"] = True
        return
    found = {"ask": ASK, "consent": CONSENT, "reward": REWARD, "film": FILM}[word].fullmatch(line)
    if found is None:
        reading.say(number, f"this '{word}' cannot be read", _HINTS[word])
        return
    if word == "ask" and found["kind"] not in KINDS:
        reading.say(
            number,
            f"a flow cannot ask for '{found['kind']}'",
            "kinds are text, choice, email, phone, number and moment",
        )
        return
    step[word] = found


_HINTS = {
    "ask": "ask data.field KIND [low..high] [optional] for purpose [on consent] [about SUBJECT]",
    "consent": "consent name [optional]",
    "reward": 'reward name AMOUNT "Text" for purpose',
    "film": 'film STATEMENT VIDEO "Title"',
}


def _translate(reading: _Reading, language: str, line: str, number: int) -> None:
    found = TEXT.fullmatch(line)
    if found is None:
        reading.say(number, "a translation is written '- step: text'")
    else:
        reading.translations[language].append((found["key"], found["text"], number))


def _build(reading: _Reading) -> Flow:
    if not reading.head.get("title"):
        reading.say(1, "the flow has no title", "add title: … to the front matter")
    name = reading.path.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md")
    flow = Flow(
        name,
        reading.head.get("title", name),
        tuple(_step(raw) for raw in reading.steps),
        intro=" ".join(reading.intro),
        language=reading.head.get("language", "en"),
        draft=reading.head.get("draft", "false") == "true",
        survey=reading.head.get("survey", "false") == "true",
        event=reading.head.get("event", ""),
        opens=reading.head.get("opens", ""),
        books=reading.head.get("books", ""),
        closes=_day(reading),
        path=reading.path,
        translations=tuple(
            (tag, tuple((key, text) for key, text, _ in texts)) for tag, texts in reading.translations.items()
        ),
    )
    _check_shape(reading, flow)
    return flow


def _day(reading: _Reading) -> date | None:
    said = reading.head.get("closes", "")
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        reading.say(1, f"'{said}' is no day", "write closes: YYYY-MM-DD, its last day")
        return None


def _step(raw: dict[str, object]) -> Step:
    ask, consent, reward, film = (raw.get(act) for act in ("ask", "consent", "reward", "film"))
    said, options, line, means = raw["say"], raw["options"], raw["line"], raw["means"]
    assert isinstance(said, list)
    assert isinstance(means, list)
    assert isinstance(options, list)
    assert isinstance(line, int)
    return Step(
        str(raw["name"]),
        "\n".join(said),
        line,
        ask=_ask(ask, tuple(options), means) if isinstance(ask, re.Match) else None,
        consent=consent["name"] if isinstance(consent, re.Match) else "",
        optional=isinstance(consent, re.Match) and bool(consent["optional"]),
        reward=_credit(reward) if isinstance(reward, re.Match) else None,
        end=bool(raw.get("end")),
        to=str(raw.get("to", "")),
        act=int(str(raw.get("act", line))),
        film=Film(*film.groups()) if isinstance(film, re.Match) else None,
    )


def _ask(found: re.Match[str], options: tuple[Option, ...], means: list[Means]) -> Ask:
    low, high = found["low"], found["high"]
    return Ask(
        found["data"],
        found["field"],
        found["kind"],
        found["purpose"],
        options,
        float(low) if low else None,
        float(high) if high else None,
        optional=bool(found["optional"]),
        consent=found["consent"] or "",
        about=found["about"] or "",
        means=tuple(means),
    )


def _credit(found: re.Match[str]) -> Credit:
    return Credit(found["name"], int(found["amount"]), found["text"], found["purpose"])


def _check_shape(reading: _Reading, flow: Flow) -> None:
    names = {step.name for step in flow.steps}
    if not flow.steps:
        reading.say(1, "the flow has no step", "begin one with ## name")
        return
    for step in flow.steps:
        options = step.ask.options if step.ask else ()
        for to in (*(o.to for o in options), step.to):
            if to and to not in names:
                reading.say(step.act, f"'{step.name}' leads to '{to}', which is no step")
        if step.ask and step.ask.kind == "choice" and not options:
            reading.say(step.act, f"'{step.name}' asks for a choice and offers none")
        if not step.end and not flow.after(step):
            reading.say(
                step.line, f"the flow stops at '{step.name}' without an end", "write end in a last step"
            )
    for name in sorted(names - _reached(flow)):
        reading.say(flow.step(name).line, f"no way leads to '{name}'")
    for texts in reading.translations.values():
        for key, _, number in texts:
            if key not in {"title", "intro"} and key.split(".")[0] not in names:
                reading.say(number, f"the translation '{key}' belongs to no step")


def _reached(flow: Flow) -> set[str]:
    names = {step.name for step in flow.steps}
    seen: set[str] = set()
    todo = [flow.steps[0].name]
    while todo:
        name = todo.pop()
        if name in seen or name not in names:
            continue
        seen.add(name)
        step = flow.step(name)
        options = step.ask.options if step.ask else ()
        todo += [o.to for o in options if o.to]
        if not options or any(not o.to for o in options) or (step.ask and step.ask.optional):
            todo.append(flow.after(step))
    return seen
