"""Contests: draws and competitions over the API: anybody looks, a person enters, the judges see no names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from troth.gate.contest import TooLate
from troth.policy.model import Door
from troth.runtime import contesting
from troth.runtime.contesting import NoContest, NotForYou
from troth.services.contests import judges
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import SaidOut
from troth.web.api.wire.contests import (
    ContestOut,
    ContestsOut,
    DrawIn,
    EntriesOut,
    EntryIn,
    EntryOut,
    JudgeIn,
    OpenIn,
    WinnerOut,
    WinnersOut,
    WorkOut,
    WorksOut,
    contest_out,
)

T = TypeVar("T")


def contests(call: Call) -> ContestsOut:
    """Return all that is announced, each with its commitment."""
    named = (c.name for c in contesting.words_of(call.company).contests)
    return ContestsOut(contests=tuple(_out(call, name) for name in named))


def contest(call: Call) -> ContestOut:
    """Return one contest as everybody may see it."""
    return _out(call, call.path["contest"])


def enter(call: Call) -> EntryOut:
    """Enter, once; 410 after the last day, 409 the second time, 422 for a field that is not asked."""
    sent, person = call.read(EntryIn), call.person()
    number = _tried(call, lambda: contesting.enter(call.company, person, sent.contest, sent.work))
    return EntryOut(contest=sent.contest, number=number)


def entries(call: Call) -> EntriesOut:
    """Return your entries that stand, with your number in each."""
    words, person = contesting.words_of(call.company), call.person()
    gate = call.company.gate
    found = [(c.name, gate.number_of(person=person, name=c.name, data=words.data)) for c in words.contests]
    return EntriesOut(entries=tuple(EntryOut(contest=name, number=n) for name, n in found if n))


def leave(call: Call) -> SaidOut:
    """Take your entry back; whoever left cannot win."""
    data = contesting.words_of(call.company).data
    call.company.gate.leave_contest(person=call.person(), name=call.path["contest"], data=data)
    return SaidOut(said="your entry is gone")


def begin(call: Call) -> ContestOut:
    """Commit to a seed."""
    _insist(call)
    name, seed = call.path["contest"], call.read(OpenIn).seed
    _tried(call, lambda: contesting.begin(call.company, name, seed))
    return _out(call, name)


def draw(call: Call) -> ContestOut:
    """Draw as committed; 409 before the close and the second time."""
    _insist(call)
    name, beacon = call.path["contest"], call.read(DrawIn).beacon
    _tried(call, lambda: contesting.draw(call.company, name, beacon))
    return _out(call, name)


def judge(call: Call) -> ContestOut:
    """Write down whom the judges chose."""
    _insist(call)
    name, sent = call.path["contest"], call.read(JudgeIn)
    _tried(call, lambda: contesting.judge(call.company, name, sent.winners, sent.reason))
    return _out(call, name)


def works(call: Call) -> WorksOut:
    """Return what was handed in, by entry number and no name."""
    role, words = _insist(call), contesting.words_of(call.company)
    shown = call.company.gate.works(
        name=call.path["contest"],
        data=words.data,
        purpose=words.purpose,
        role=role,
        staff=call.asker.name,
    )
    return WorksOut(works=tuple(WorkOut(number=n, work=str(b.get("work", ""))) for n, b in shown))


def winners(call: Call) -> WinnersOut:
    """Return who won, by tag, once it is decided; before that a number stays a number (403)."""
    _insist(call)
    name, data = call.path["contest"], contesting.words_of(call.company).data
    _, held = _tried(call, lambda: contesting.announced(call.company, name))
    if not held.done:
        raise Fault(403, "wrong-asker", "names are for after the decision", clauses=contest_clauses(call))
    won = [(p, n) for p, n in call.company.gate.entrants(name=name, data=data) if n in held.winners]
    return WinnersOut(winners=tuple(WinnerOut(number=n, tag=call.company.gate.tag(person=p)) for p, n in won))


def contest_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which entries are shown to who judges."""
    doors = [d.clause for d in _doors(call)]
    return doors[:1] or clauses_of(call.company.policy, Door)


def _doors(call: Call) -> list[Door]:
    data = contesting.words_of(call.company).data
    return [d for d in call.company.policy.of(Door) if d.verb == "show" and data in d.data]


def _insist(call: Call) -> str:
    """Return the role of the asker to which the document shows entries; refuse every other."""
    data = contesting.words_of(call.company).data
    roles = [r for r in judges(call.company.policy, data) if r in call.asker.roles]
    if not roles:
        raise Fault(403, "wrong-asker", "entries are not for this role", clauses=contest_clauses(call))
    return roles[0]


def _out(call: Call, name: str) -> ContestOut:
    rules, held = _tried(call, lambda: contesting.announced(call.company, name))
    return contest_out(rules, held)


def _tried(call: Call, deed: Callable[[], T]) -> T:
    try:
        return deed()
    except NoContest as error:
        raise Fault(404, "not-here", str(error)) from None
    except TooLate as error:
        raise Fault(410, "gone", str(error)) from None
    except NotForYou as error:
        raise Fault(403, "refused", str(error), clauses=contest_clauses(call)) from None
