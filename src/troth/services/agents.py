"""Agents: who answers a person's own words, as a company writes them down, and what the policy lets them do.

``companies/NAME/agents/AGENT.md`` is front matter and instructions; its knowledge lies in the folder of the
same name.  An agent whose purpose, data or model no clause covers is not served.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from troth.gate.converse import INPUT, OUTPUT, Message
from troth.gate.converse_mask import treatment, unknown_kinds
from troth.policy.model import Door
from troth.services.coverage import Coverage
from troth.services.knowledge import Answer, Knowledge, answer, read_knowledge
from troth.terms import Place, Problem

BUILT_IN = "built-in"
HEAD = ("title", "purpose", "data", "upstream", "knowledge", "language", "draft")
NEEDED = ("title", "purpose", "data")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")
SAYS: Mapping[str, tuple[str, str]] = {
    "en": ("I do not know. My pages say nothing about that, and I do not guess.", "Source"),
    "nb": ("Det vet jeg ikke. Sidene mine sier ingenting om det, og jeg gjetter ikke.", "Kilde"),
    "sv": ("Det vet jag inte. Mina sidor säger inget om det, och jag gissar inte.", "Källa"),
    "da": ("Det ved jeg ikke. Mine sider siger intet om det, og jeg gætter ikke.", "Kilde"),
    "de": ("Das weiß ich nicht. Meine Seiten sagen dazu nichts, und ich rate nicht.", "Quelle"),
    "fi": ("En tiedä. Sivuni eivät kerro siitä, enkä arvaa.", "Lähde"),
}
Pages = Callable[[str], Mapping[str, str]]
Models = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent.  ``upstream``: built-in, or a name under ``[models]`` in ``site.toml``."""

    name: str
    title: str
    purpose: str
    data: str
    upstream: str = BUILT_IN
    instructions: str = ""
    language: str = "en"
    draft: bool = False
    knowledge: Knowledge = field(default_factory=Knowledge, repr=False)
    path: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    def at(self, key: str) -> Place:
        """Return where a setting stands."""
        return Place(self.path, self.lines.get(key, 1))


def read_agent(text: str, path: str, pages: Pages) -> tuple[Agent, tuple[Problem, ...]]:
    """Read an agent from its file; ``pages`` gives a folder's pages.  The problems are of its own writing.

    >>> text = "---\\ntitle: Help\\npurpose: answer\\ndata: talk\\n---\\nBe brief."
    >>> agent, problems = read_agent(text, "agents/help.md", lambda folder: {})
    >>> agent.name, agent.upstream, agent.instructions, problems
    ('help', 'built-in', 'Be brief.', ())
    """
    name = path.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md")
    head, lines, body, problems = _front(text, path)
    for key in NEEDED:
        if not head.get(key):
            problems.append(Problem(Place(path, 1), f"the agent has no {key}", f"add {key}: … above"))
    if not NAME.fullmatch(name):
        problems.append(
            Problem(Place(path, 1), f"'{name}' is no name for an agent", "small letters, digits, -")
        )
    folder = head.get("knowledge", "").rstrip("/") or name
    agent = Agent(
        name,
        head.get("title", name),
        head.get("purpose", ""),
        head.get("data", ""),
        head.get("upstream", "") or BUILT_IN,
        body,
        head.get("language", "en"),
        head.get("draft", "") == "true",
        read_knowledge(pages(folder) if NAME.fullmatch(folder) else {}),
        path,
        lines,
    )
    return agent, tuple(problems)


def check_agent(agent: Agent, coverage: Coverage, models: Models) -> tuple[Problem, ...]:
    """Return what keeps an agent from being served; empty when the policy covers all of it."""
    return tuple(_covered(agent, coverage)) + tuple(_answering(agent, coverage, models))


def replies(
    agent: Agent, heard: Callable[[Answer], None]
) -> Callable[[str, Sequence[Message]], Iterator[str]]:
    """Return what answers a masked text out of the agent's pages, word by word; ``heard`` gets it."""

    def reply(text: str, before: Sequence[Message]) -> Iterator[str]:
        asked = [said for role, said in before if role == "user"]
        found = answer(agent.knowledge, text, asked[-1] if asked else "")
        heard(found)
        yield from re.findall(r"\S+\s*|\s+", written(found, agent.language))

    return reply


def written(found: Answer, language: str) -> str:
    """Write a finding out with its places, or that nothing is known.

    >>> written(Answer(), "nb")[:18]
    'Det vet jeg ikke. '
    """
    unknown, source = SAYS.get(language, SAYS["en"])
    if not found.known:
        return unknown
    return f"{found.text}\n\n{source}: {'; '.join(str(p) for p in found.places)}"


def recipient_of(agent: Agent, models: Models) -> str:
    """Name the recipient of the document that runs an agent's model; '' for one that answers in the house."""
    return str(models.get(agent.upstream, {}).get("recipient", "")) if agent.upstream != BUILT_IN else ""


def _front(text: str, path: str) -> tuple[dict[str, str], dict[str, int], str, list[Problem]]:
    head: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    rows = text.splitlines()
    if not rows or rows[0].strip() != "---" or "---" not in (r.strip() for r in rows[1:]):
        return (
            head,
            lines,
            text.strip(),
            [Problem(Place(path, 1), "an agent begins with front matter between ---")],
        )
    for number, row in enumerate(rows[1:], start=2):
        if row.strip() == "---":
            return head, lines, "\n".join(rows[number:]).strip(), problems
        key, _, value = row.partition(":")
        if key.strip() not in HEAD:
            known = f"known are {', '.join(HEAD)}"
            problems.append(Problem(Place(path, number), f"unknown setting '{key.strip()}'", known))
        head[key.strip()], lines[key.strip()] = value.strip(), number
    return head, lines, "", problems


def _covered(agent: Agent, coverage: Coverage) -> Iterator[Problem]:
    data = coverage.data(agent.data)
    if data is None:
        yield Problem(
            agent.at("data"), f"keeps what is said as '{agent.data}', which the policy does not have"
        )
        return
    if coverage.purpose(agent.purpose) is None:
        yield Problem(
            agent.at("purpose"), f"answers for '{agent.purpose}', a purpose the policy does not have"
        )
        return
    fields = {f.name for f in data.fields}
    for name in (INPUT, OUTPUT):
        if name not in fields:
            yield Problem(
                agent.at("data"), f"'{agent.data}' has no field '{name}'", "a turn is input and output"
            )
        elif not coverage.covers(agent.data, name, agent.purpose):
            near = coverage.nearest(agent.data)
            hint = f"nearest: §{near[0].ref} collects {agent.data} for {near[1]}" if near else ""
            what = f"collects {agent.data}.{name} for {agent.purpose}, but no clause lets an agent do so"
            yield Problem(agent.at("purpose"), what, hint)
    if "person" not in data.sources:
        yield Problem(agent.at("data"), f"'{agent.data}' does not come from the person", "say: from person")
    for word in unknown_kinds(coverage.policy, agent.data):
        yield Problem(
            agent.at("data"), f"the policy scrubs '{word}' from {agent.data}, a kind nobody can find"
        )


def _answering(agent: Agent, coverage: Coverage, models: Models) -> Iterator[Problem]:
    place = agent.at("upstream")
    if agent.upstream == BUILT_IN:
        if not agent.knowledge.passages:
            folder = f"agents/{agent.name}/"
            yield Problem(agent.at("title"), "has no knowledge to answer from", f"write pages into {folder}")
        return
    model, recipient = models.get(agent.upstream), recipient_of(agent, models)
    if model is None or not model.get("url") or not recipient:
        hint = f"give [models.{agent.upstream}] a url and a recipient in site.toml"
        yield Problem(place, f"asks the model '{agent.upstream}', which is not whole", hint)
        return
    what = (agent.data, f"{agent.data}.{INPUT}")
    doors = [d for d in coverage.policy.of(Door) if d.verb == "share" and d.party == recipient]
    if not any(set(what) & set(d.data) and agent.purpose in d.purposes for d in doors):
        hint = f"add: share {agent.data}.{INPUT} with {recipient} for {agent.purpose}"
        yield Problem(place, f"sends {agent.data}.{INPUT} to '{recipient}', but no clause shares it", hint)
    if treatment(coverage.policy, agent.data) is None:
        message = f"sends {agent.data} to '{recipient}' as it was typed"
        yield Problem(place, message, f"add: scrub {agent.data} replace name, email, …", "advice")
