"""Converse: one turn with an agent: words are masked, the kernel asked, the answer streamed, the turn kept.

INVARIANT (one masked text): what goes to the model, the store, the evidence and whoever reads later is the
same masked text; the values behind it stay in the author's own vault, and only the author's answer gets them
back.  A temporary turn asks the same permits and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from troth.gate.converse_link import talker
from troth.gate.converse_mask import Masked, mask
from troth.gate.errors import BadBody, GateError
from troth.gate.folder import number as new_number
from troth.gate.folder import opened
from troth.gate.groups import bear, stamp
from troth.gate.house import House
from troth.gate.read import may
from troth.scrub import Restorer, Vault
from troth.terms import Action, Allowed, Permit, Refused, Request

INPUT, OUTPUT, CONVERSATION, AGENT = "input", "output", "conversation", "agent"
LONGEST = 8_000  # characters of one message
MOST = 60  # earlier messages that are looked at
SOURCE = "person"
Message = tuple[str, str]  # role (system, user, assistant) and text


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model outside is asked: a permit to share, which model, and masked messages, nothing else."""

    permit: Permit
    party: str
    model: str
    messages: tuple[Message, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """One message and where it belongs.

    ``person`` None: somebody nobody knows.  ``before``: what was said earlier, as its author sees it.
    ``reply`` answers a masked text inside the house; ``party`` and ``model`` name who does so outside.
    ``temporary``: nothing of the turn is kept.  ``source``: from whom the words come, as the document says.
    """

    data: str
    purpose: str
    text: str = field(repr=False)
    person: int | None = None
    agent: str = ""
    number: str = ""
    before: tuple[Message, ...] = field(default=(), repr=False)
    instructions: str = field(default="", repr=False)
    reply: Callable[[str, Sequence[Message]], Iterator[str]] | None = field(default=None, repr=False)
    party: str = ""
    model: str = ""
    temporary: bool = False
    language: str = ""
    source: str = SOURCE


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn under way: ``chunks`` is the answer as its author may read it; reading it out keeps the turn."""

    number: str
    masked: Masked
    chunks: Iterator[str] = field(repr=False)


def converse(house: House, *, ask: Ask, vault: Vault) -> Turn:
    """Take one message and return its turn; raise ``Refused``, ``BadBody``, ``NotMasked`` before all."""
    if not ask.text.strip() or len(ask.text) > LONGEST:
        raise BadBody(ask.data, INPUT, f"a message has between 1 and {LONGEST} characters")
    earlier = tuple((role, _masked(house, ask, text, vault).text) for role, text in ask.before[-MOST:])
    said = _masked(house, ask, ask.text.strip(), vault)
    _permits(house, ask)
    sent = (
        _permit(house, ask, Request(Action.SHARE, ask.data, ask.purpose, ask.party, INPUT))
        if ask.party
        else None
    )
    number = ask.number or new_number("c-")
    ask = replace(ask, number=number)
    if sent is not None:
        _note_sent(house, ask, sent)
        asked = (("system", ask.instructions),) if ask.instructions else ()
        raw = house.speak(Prompt(sent, ask.party, ask.model, (*asked, *earlier, ("user", said.text))))
    elif ask.reply is not None:
        raw = ask.reply(said.text, earlier)
    else:
        raise GateError(f"the agent '{ask.agent}' has nobody who answers")
    return Turn(number, said, _answered(house, ask, said, raw, vault))


def _masked(house: House, ask: Ask, text: str, vault: Vault) -> Masked:
    return mask(house, ask.data, text, vault, ask.language)


def _permits(house: House, ask: Ask) -> Permit:
    """Return the permit to keep a turn, or for a temporary one to use it; raise ``Refused``."""
    if ask.temporary:
        return _permit(house, ask, Request(Action.USE, ask.data, ask.purpose, field=INPUT))
    both = [_permit(house, ask, _coming(ask, name)) for name in (INPUT, OUTPUT)]
    return both[0]


def _coming(ask: Ask, name: str) -> Request:
    return Request(Action.COLLECT, ask.data, ask.purpose, field=name, source=ask.source)


def _permit(house: House, ask: Ask, request: Request) -> Permit:
    decision = may(house, person=ask.person, request=request)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit


def _note_sent(house: House, ask: Ask, permit: Permit) -> None:
    """Write down that masked words go to a model, before they do; of a temporary chat it names nobody."""
    clause, data = permit.clauses[0], [f"{ask.data}.{INPUT}"]
    if ask.temporary:
        said = {"data": data, "purpose": ask.purpose, "party": ask.party}
        house.store.log(kind="shared in passing", clause=clause.ref, detail=said)
        return
    with opened(house, talker(house, ask.person, ask.number)) as folder:
        folder.note("share", clause, data=data, purpose=ask.purpose, party=ask.party)


def _answered(house: House, ask: Ask, said: Masked, raw: Iterator[str], vault: Vault) -> Iterator[str]:
    """Yield the answer restored for its author, and keep the turn when it is whole; holds no lock."""
    heard: list[str] = []

    def listening() -> Iterator[str]:
        for chunk in raw:
            heard.append(chunk)
            yield chunk

    yield from Restorer(vault, author=vault.author).through(listening())
    output = _masked(house, ask, "".join(heard), vault)
    if not ask.temporary:
        _keep(house, ask, said, output)


def _keep(house: House, ask: Ask, said: Masked, output: Masked) -> None:
    """Store the turn apart from its person, with its evidence; raise ``Refused`` when it may not stay now."""
    permit, datum = _permits(house, ask), house.datum(ask.data)
    fields = {f.name for f in datum.fields}
    more = {CONVERSATION: ask.number, AGENT: ask.agent}
    group = stamp(house, ask.person, ask.data)
    body = {INPUT: said.text, OUTPUT: output.text, **{n: v for n, v in more.items() if n in fields and v}}
    with opened(house, talker(house, ask.person, ask.number)) as folder:
        folder.put(
            ask.data,
            {**body, **group},
            purposes=(ask.purpose,),
            source=ask.source,
            clause=permit.clauses[0],
            place=datum.area,
        )
        bear(folder, ask.data, group)
        found: Mapping[str, int] = dict(said.kinds)
        folder.note(
            "conversed",
            permit.clauses[0],
            data=ask.data,
            purpose=ask.purpose,
            source="" if ask.source == SOURCE else ask.source,
            masked=found or None,
            warned=list(said.warned),
        )
    if ask.person is not None:
        with opened(house, ask.person) as folder:
            if folder.marks.get("identified"):
                folder.happen("last-use")
