"""Ads: a flow as an advertising unit in a publisher's channel, and what keeps it from being one.

An ad holds nothing about anybody, so a step that needs somebody (an address, a name, free words, a consent, a
reward) cannot stand in it, nothing in it opens by itself, and a link leads to its client's own pages alone.
Counting is of units, hours, steps and options, under the document's own counters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from troth.policy.model import Area, Counter, Policy
from troth.publish.ad import Creative, Exit, Turn
from troth.publish.ad_lint import WEIGHTS
from troth.services.coverage import Coverage
from troth.services.flows import Flow, Step
from troth.services.visits import link_problem
from troth.terms import Place, Problem

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LINK = re.compile(r"\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)\)")
BARE = re.compile(r"(?:https?:)?//([\w.-]+)|\bwww\.[\w.-]+", re.IGNORECASE)
ALONE = re.compile(
    r"(?:->\s*)?(?P<word>redirect|goto|go|open|embed|frame|iframe|video|film|youtube|image|audio|load)?\b"
    r"[^\[\]()]*?(?P<url>(?:https?:)?//\S+|\bwww\.\S+)",
    re.IGNORECASE,
)
ASKED = {
    "email": "an e-mail address",
    "phone": "a phone number",
    "text": "free words",
    "number": "a number",
}
LOWEST = 90  # a conversation needs so many dots of height
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
DIMS = frozenset({"unit", "hour", "step", "option"})


@dataclass(frozen=True, slots=True)
class Unit:
    """One flow in one publisher's channel, as ``[ads.NAME]`` of ``site.toml`` says it."""

    name: str
    flow: str = ""
    publisher: str = ""
    size: str = "300x250"
    campaign: str = ""
    language: str = ""

    @property
    def dots(self) -> tuple[int, int]:
        """Return width and height, (0, 0) for what is no size."""
        width, _, height = self.size.partition("x")
        return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else (0, 0)


def units(site: Mapping[str, Any]) -> dict[str, Unit]:
    """Return the units of ``site.toml`` by name.

    >>> units({"ads": {"u": {"flow": "iced", "publisher": "paper"}}})["u"].size
    '300x250'
    """
    rows = site.get("ads", {})
    known = [name for name in Unit.__dataclass_fields__ if name != "name"]
    return {
        str(name): Unit(str(name), **{k: str(row[k]) for k in known if k in row})
        for name, row in rows.items()
        if isinstance(row, Mapping)
    }


def origins(site: Mapping[str, Any], publisher: str) -> tuple[str, ...]:
    """Return the origins a publisher registered, those over https alone."""
    listed = site.get("publishers", {}).get(publisher, {}).get("origins", ())
    return tuple(o for o in listed if _origin(str(o)) == o and o.startswith("https://"))


def client_of(site: Mapping[str, Any], flow: str) -> tuple[str, Mapping[str, Any]]:
    """Return whose flow this is, by key; '' and the company's own site when it is nobody else's."""
    for name, client in site.get("clients", {}).items():
        if flow in client.get("flows", ()):
            return str(name), client
    return "", {"name": site.get("title", ""), "links": site.get("links", ()), **site.get("look", {})}


def check_unit(
    unit: Unit, site: Mapping[str, Any], flows: Mapping[str, Flow], policy: Policy, path: str = "site.toml"
) -> tuple[Problem, ...]:
    """Return what keeps a unit from being published; empty when its tag may be handed out."""
    here = Place(path, 1)
    problems = [*_check_place(unit, site, policy, here)]
    flow = flows.get(unit.flow)
    if flow is None or flow.draft:
        return (*problems, Problem(here, f"the ad '{unit.name}' shows '{unit.flow}', which is no open flow"))
    _, client = client_of(site, flow.name)
    links = tuple(str(o) for o in client.get("links", ()))
    if not links:
        hint = 'write links = ["https://…"] beside the client\'s name in site.toml'
        problems.append(Problem(here, f"the client of '{flow.name}' has registered no page to lead to", hint))
    return (*problems, *check_ad(flow, policy, links))


def _check_place(unit: Unit, site: Mapping[str, Any], policy: Policy, here: Place) -> Iterator[Problem]:
    if not NAME.fullmatch(unit.name):
        yield Problem(here, f"'{unit.name}' is no name for an ad", "small letters, digits and -")
    if "services" in site and "ads" not in site["services"]:
        yield Problem(here, "the service 'ads' is not on", 'add "ads" to services in site.toml')
    if not any(area.no_personal_data for area in policy.of(Area)):
        yield Problem(
            here,
            f"the ad '{unit.name}' has no part of the service to stand in",
            'the document needs: area ads "…" no personal data',
        )
    if unit.publisher and not origins(site, unit.publisher):
        hint = f'[publishers.{unit.publisher}] origins = ["https://…"]'
        yield Problem(here, f"the publisher '{unit.publisher}' has registered no origin over https", hint)
    if unit.dots not in WEIGHTS or unit.dots[1] < LOWEST:
        sizes = ", ".join(f"{w}x{h}" for w, h in WEIGHTS if h >= LOWEST)
        yield Problem(here, f"a conversation has no room in {unit.size}", f"sizes are {sizes}")
    if problem := link_problem(unit.campaign):
        yield Problem(here, problem)


def check_ad(flow: Flow, policy: Policy, links: tuple[str, ...]) -> tuple[Problem, ...]:
    """Return why a flow cannot run as an ad, step by step; ``links`` are the client's registered origins."""
    coverage = Coverage(policy)
    found: list[Problem] = []
    for step in flow.steps:
        here = Place(flow.path, step.act or step.line)
        found += [
            Problem(here, f"'{step.name}' {needs}", "an ad holds nothing about anybody")
            for needs in _needs(step, coverage)
        ]
        found += [Problem(Place(flow.path, step.line), said, hint) for said, hint in _opens(step, links)]
    for key, text in (("title", flow.title), ("intro", flow.intro), *_translated(flow)):
        if BARE.search(text):
            found.append(Problem(Place(flow.path, 1), f"'{key}' names another host", "a link is a step's"))
    return tuple(found)


def _needs(step: Step, coverage: Coverage) -> Iterator[str]:
    """Say what a step would need to know of somebody."""
    ask = step.ask
    if ask is not None and ask.kind != "choice":
        yield f"asks for {ASKED.get(ask.kind, ask.kind)} ({ask.data}.{ask.field})"
    elif ask is not None:
        datum = coverage.data(ask.data)
        field = next((f for f in datum.fields if f.name == ask.field), None) if datum else None
        if ask.consent:
            yield f"needs the consent '{ask.consent}'"
        if (datum and datum.special) or (field and (field.special or field.identifies)):
            yield f"asks for {ask.data}.{ask.field}, which tells who somebody is or is a delicate matter"
    if step.consent:
        yield f"puts the consent '{step.consent}', which somebody would have to give"
    if step.film is not None:
        yield f"shows the film '{step.film.title}', which is played after a yes alone"
    if step.reward is not None:
        yield f"gives the reward '{step.reward.name}', which somebody would have to get"


def _opens(step: Step, links: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Say what a step would open or load, and which of its links lead elsewhere."""
    for line in step.say.splitlines():
        for link in LINK.finditer(line):
            if problem := exit_problem(link["url"], links):
                yield f"'{step.name}' {problem}", "a link leads to an origin the client registered (links)"
        rest = LINK.sub("", line)
        if found := ALONE.search(rest) or BARE.search(rest):
            host = BARE.search(found[0])
            named = (host[1] or host[0]) if host else found[0]
            yield (
                f"'{step.name}' would open or load {named} by itself",
                "a link that a person presses is written [Label](https://…)",
            )


def exit_problem(url: str, links: tuple[str, ...]) -> str:
    """Say why an address cannot be a link of an ad, '' when it can.

    >>> exit_problem("https://kaffe.example/menu", ("https://kaffe.example",))
    ''
    >>> exit_problem("https://kaffe.example.evil.example/", ("https://kaffe.example",))
    'leads to https://kaffe.example.evil.example, which the client has not registered'
    >>> exit_problem("https://kaffe.example/?u=kari", ("https://kaffe.example",))
    'has a link with a query; it carries the campaign and nothing else'
    """
    origin, there = _origin(url), urlsplit(url) if _origin(url) else None
    if there is None or origin not in links:
        return f"leads to {origin or url}, which the client has not registered"
    if there.query or there.fragment:
        return "has a link with a query; it carries the campaign and nothing else"
    return ""


def creative(unit: Unit, site: Mapping[str, Any], flow: Flow, count: str = "") -> Creative:
    """Return the ad that a checked unit shows; ``count``: where its presses are counted, '' nowhere."""
    _, client = client_of(site, flow.name)
    language = unit.language if unit.language in flow.languages else flow.language
    spoken, texts = flow.spoken(language), dict(dict(flow.translations).get(language, ()))
    turns = tuple(_turn(flow, flow.step(s.name), s, texts, unit.campaign) for s in spoken.steps)
    exits = [e for t in turns for e in t.exits]
    colour = str(client.get("colour", ""))
    return Creative(
        title=spoken.title,
        language=language,
        size=unit.dots,
        brand=str(client.get("name", "")),
        mark=str(client.get("mark", ""))[:4],
        colour=colour if COLOUR.fullmatch(colour) else "#1b211f",
        home=exits[0].url if exits else tagged(f"{client['links'][0]}/", unit.campaign),
        turns=turns,
        count=count,
    )


def _turn(flow: Flow, written: Step, spoken: Step, texts: Mapping[str, str], campaign: str) -> Turn:
    """Make one step of it; its links stand in the flow's own words and keep their place in a translation."""
    said = tuple(line for raw in spoken.say.splitlines() if (line := LINK.sub("", raw).strip()))
    exits = tuple(
        Exit(texts.get(f"{written.name}.link{n or ''}", link["label"]), tagged(link["url"], campaign))
        for n, link in enumerate(LINK.finditer(written.say))
    )
    after = flow.after(written)
    options = tuple((o.value, o.label, o.to or after) for o in spoken.ask.options) if spoken.ask else ()
    optional = spoken.ask is not None and spoken.ask.optional
    return Turn(written.name, said, options, after, optional, written.end, exits)


def tagged(url: str, campaign: str) -> str:
    """Return a link with the campaign's code, and with nothing of a person."""
    return f"{url}?{urlencode({'campaign': campaign})}" if campaign else url


def pressed(policy: Policy, unit: Unit, flow: Flow, step: str, option: str, hour: str) -> Counted:
    """Return the counters that one press moves; none for a step or an option that the flow does not have.

    >>> flow = Flow("f", "F", (Step("bye", "Bye", 1, end=True),))
    >>> p = Policy((Counter(name="ad-steps", of=("unit", "hour", "step", "option")),))
    >>> pressed(p, Unit("u", "f"), flow, "bye", "", "2025-03-01T10")[0][1]["step"]
    'bye'
    >>> pressed(p, Unit("u", "f"), flow, "bye", "kari@example.no", "2025-03-01T10")
    ()
    """
    found = next((s for s in flow.steps if s.name == step), None)
    options = {o.value for o in found.ask.options} if found and found.ask else set()
    if found is None or option not in options | {""}:
        return ()
    known = {"unit": unit.name, "hour": hour, "step": step, "option": option}
    return tuple(
        (c.name, {d: known[d] for d in c.of})
        for c in policy.of(Counter)
        if {"unit", "step"} <= set(c.of) <= DIMS
    )


Counted = tuple[tuple[str, Mapping[str, str]], ...]


def _translated(flow: Flow) -> Iterator[tuple[str, str]]:
    return ((key, text) for _, texts in flow.translations for key, text in texts)


def _origin(url: str) -> str:
    """Return the origin of an https address, '' for any other, or for one that hides a name in it."""
    try:
        there = urlsplit(url)
        port = f":{there.port}" if there.port else ""
    except ValueError:
        return ""
    plain = there.scheme == "https" and there.hostname and "@" not in there.netloc and "\\" not in url
    return f"https://{there.hostname}{port}" if plain else ""
