"""Talk: one chat with an agent while it lasts: its masked lines, and the vault that only its author opens.

INVARIANT (in memory only): what a vault hides lives here, in the session, and ends with it; what is stored is
masked and lies elsewhere (``troth.gate.converse``).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException

from troth.gate.anonymity import REMOVED
from troth.gate.converse import SOURCE, Ask, Turn
from troth.policy.model import Data, Role
from troth.runtime import Company
from troth.scrub import Vault, restore
from troth.services import Agent, Answer, recipient_of, replies
from troth.web.chat.meter import Meter

BUILT_IN = "built-in"


@dataclass(slots=True)
class Chat:
    """A chat in progress; ``lines`` are (role, masked text), ``found`` counts kinds that were replaced."""

    agent: str
    vault: Vault = field(default_factory=lambda: Vault(secrets.token_hex(8)), repr=False)
    number: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list, repr=False)
    temporary: bool = False
    found: dict[str, int] = field(default_factory=dict)
    warned: tuple[str, ...] = ()
    known: bool = True

    def shown(self) -> list[tuple[str, str]]:
        """Return the lines as their author may read them."""
        return [(role, restore(text, self.vault, author=self.vault.author)) for role, text in self.lines]

    def forget(self, detail: str) -> None:
        """Take a detail out of the lines, as it was taken out of what is stored."""
        found = re.compile(rf"(?<!\w){re.escape(detail)}(?!\w)", re.IGNORECASE)
        self.lines = [(role, found.sub(REMOVED, line)) for role, line in self.lines] if detail else self.lines


def served(company: Company, name: str) -> Agent:
    """Return the agent of this name; 404 for none, a draft, and one that the policy does not cover."""
    agent = company.agents.get(name)
    if agent is None or agent.draft or _broken(company, name):
        raise HTTPException(404)
    return agent


def served_all(company: Company) -> list[Agent]:
    """Return every agent that is served."""
    return [a for a in company.agents.values() if not a.draft and not _broken(company, a.name)]


def outsider(company: Company, data: str) -> str:
    """Return the word for somebody without an account whose words come in: a role that the document names
    as a source of the category; else the person themself.
    """
    roles = {r.name for r in company.policy.of(Role)}
    sources = next((d.sources for d in company.policy.of(Data) if d.name == data), ())
    return next((s for s in sources if s in roles), SOURCE)


def say(
    company: Company,
    meter: Meter,
    chat: Chat,
    person: int | None,
    text: str,
    key: str = "",
    *,
    known: bool = True,
) -> Turn:
    """Take one message into the chat and return its turn; reading the answer out writes it into the chat.

    ``known``: whether the words are of somebody with an account.
    """
    ask = _asking(company, chat, person, text, known)
    turn = company.gate.converse(ask=ask, vault=chat.vault)
    chat.number, chat.warned = turn.number, turn.masked.warned
    for kind, many in turn.masked.kinds:
        chat.found[kind] = chat.found.get(kind, 0) + many
    return Turn(turn.number, turn.masked, _noted(company, meter, chat, turn, key))


def _asking(company: Company, chat: Chat, person: int | None, text: str, known: bool) -> Ask:
    """Return a message as the gate takes it: to whom it goes, what was said before, from whom it comes."""
    agent, outside = served(company, chat.agent), {}
    if agent.upstream != BUILT_IN:
        outside = {"party": recipient_of(agent, company.site.get("models", {})), "model": agent.upstream}

    def heard(found: Answer) -> None:
        chat.known = found.known

    return Ask(
        agent.data,
        agent.purpose,
        text,
        person=person,
        agent=agent.name,
        number=chat.number,
        before=tuple(chat.lines),
        instructions=agent.instructions,
        reply=None if outside else replies(agent, heard),
        temporary=chat.temporary,
        language=agent.language,
        source=SOURCE if known else outsider(company, agent.data),
        **outside,
    )


def _noted(company: Company, meter: Meter, chat: Chat, turn: Turn, key: str) -> Iterator[str]:
    """Pass an answer on and write both lines down, masked, once it is whole."""
    told: list[str] = []
    for chunk in turn.chunks:
        told.append(chunk)
        yield chunk
    whole = "".join(told)
    meter.spend(company, turn.masked.text + whole, key)
    hidden = company.gate.masked(data=served(company, chat.agent).data, text=whole, vault=chat.vault)
    chat.lines += [("user", turn.masked.text), ("assistant", hidden.text)]


def _broken(company: Company, name: str) -> bool:
    """Say whether something is wrong with an agent; advice is nothing wrong."""
    return any(p.level == "error" for p in company.problems.get(f"agents/{name}", ()))
