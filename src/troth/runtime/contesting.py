"""Contesting: entries come in under the rules that were announced, and a result is told to whom it concerns.

Who won hears by mail while the contract about the contest still stands; then everybody's clock runs from the
result, unless another contest of theirs is still open.
"""

from __future__ import annotations

from collections.abc import Collection

from troth.gate.contest import Contest as Held
from troth.gate.contest import NotThen
from troth.gate.errors import BadBody, NoRecord
from troth.runtime.company import Company
from troth.services.contests import COMPETITION, DRAW, Contest, Contests, read_contests
from troth.terms import TrothError


class NoContest(TrothError):
    """Nothing of this name is announced."""

    def __init__(self) -> None:
        super().__init__("nothing of this name is announced; [contests] in site.toml says what is")


class NotForYou(TrothError):
    """The rules of a contest take somebody else."""

    def __init__(self, only: str) -> None:
        super().__init__(f"this is for those who have {only} with us")


def words_of(company: Company) -> Contests:
    """Return what is announced, with the document's words for it."""
    return read_contests(company.site, company.policy)


def announced(company: Company, name: str) -> tuple[Contest, Held]:
    """Return a contest and how it stands; the first look commits to its seed.  Raises ``NoContest``."""
    rules = words_of(company).contest(name)
    if rules is None:
        raise NoContest
    try:
        return rules, company.gate.contest(name=name)
    except NoRecord:
        return rules, begin(company, name)


def begin(company: Company, name: str, seed: str = "") -> Held:
    """Commit to a seed, the system's own or one that is given; raise ``NotThen`` the second time."""
    rules = words_of(company).contest(name)
    if rules is None:
        raise NoContest
    return company.gate.open_contest(
        name=name, kind=rules.kind, closes=rules.closes, announced=rules.beacon, seed=seed
    )


def enter(company: Company, person: int, name: str, work: str = "") -> str:
    """Enter somebody whom the rules take; return their number."""
    words, (rules, _) = words_of(company), announced(company, name)
    if rules.kind == COMPETITION and not work.strip():
        raise BadBody(words.data, "work", "a competition needs something handed in")
    if rules.kind == DRAW and work:
        raise BadBody(words.data, "work", "a draw takes an entry and nothing else")
    if rules.only:
        data, _, field = rules.only.partition(".")
        if not company.gate.read(person=person, data=data, purpose=words.purpose, field=field):
            raise NotForYou(rules.only)
    return company.gate.enter_contest(
        person=person,
        name=name,
        data=words.data,
        purpose=words.purpose,
        body={"work": work} if work else {},
        events=(words.entered,),
    )


def draw(company: Company, name: str, beacon: str = "") -> Held:
    """Draw, once entries are taken no more, and tell."""
    words, (rules, _) = words_of(company), announced(company, name)
    made = company.gate.draw_contest(name=name, data=words.data, winners=rules.winners, beacon=beacon)
    _tell(company, words, rules, made)
    return made


def judge(company: Company, name: str, winners: Collection[str], reason: str) -> Held:
    """Write down whom the judges chose, and tell."""
    words, (rules, _) = words_of(company), announced(company, name)
    if len(set(winners)) > rules.winners:
        raise NotThen(f"{rules.winners} may win")
    made = company.gate.judge_contest(name=name, data=words.data, winners=winners, reason=reason)
    _tell(company, words, rules, made)
    return made


def _tell(company: Company, words: Contests, rules: Contest, made: Held) -> None:
    """Write to the winners, then let everybody's clock run from the result."""
    people = list(company.gate.entrants(name=made.name, data=words.data))
    for person, number in people:
        if number in made.winners:
            _write(company, words, rules, person, number)
    for person, _ in people:
        if not _elsewhere(company, words, made.name, person):
            company.gate.event(person=person, name=words.told)


def _write(company: Company, words: Contests, rules: Contest, person: int, number: str) -> None:
    where = company.contact
    if where is None:
        return
    link = f"{company.base_url}/{company.name}/draws/{rules.name}"
    prize = f"The prize: {rules.prize}\n" if rules.prize else ""
    text = f"You won: {rules.title}.\n{prize}Your entry was {number}. How it came about: {link}"
    try:
        held = company.gate.read(person=person, data=where.data, purpose=words.purpose, field=where.field)
        if held:
            address = str(held[-1].body[where.field])
            company.send(address, f"You won: {rules.title}", text, person=person, purpose=words.purpose)
    except TrothError:
        return  # whoever cannot be written to sees it on the page by their number


def _elsewhere(company: Company, words: Contests, name: str, person: int) -> bool:
    """Say whether the person takes part in another contest whose result is not told yet."""
    others = (c.name for c in words.contests if c.name != name)
    return any(
        company.gate.number_of(person=person, name=other, data=words.data)
        and not company.gate.contest(name=other).done
        for other in others
    )
