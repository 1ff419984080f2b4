"""Anonymity: whether words may stay when they are nobody's any more; any doubt or failure says no.

Words pass when nothing that the scrubber knows is left in them, no value of the people concerned, no subject
of a special category, and no word that is neither public nor used by a crowd; what stands beside them (month,
agent) is told only where a crowd shares it.  INVARIANT (unfinished is a no): a test that fails is a doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from troth.gate.errors import GateError
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.totals import minimum
from troth.policy.model import Data, Purpose
from troth.scrub.residual import nameable, residual, unpublished, words_of
from troth.store import Record
from troth.terms import Form

SPECIAL, FLAGGED, UNFINISHED = "SPECIAL", "FLAGGED", "UNFINISHED"  # beside what ``residual`` names
REMOVED = "[REMOVED_1]"  # what stands where an author pointed at something that was missed
NAMING = frozenset({"pd:Identifying", "pd:Name", "pd:Contact", "pd:OfficialID"})
VALUED = frozenset({"text", "email", "phone", "key", "number"})  # the types whose values may stand in words


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the document says of sampling: copies of ``data``, at most so many in a hundred, for a purpose."""

    data: str
    sample: Data
    purpose: str
    percent: int


def scheme(house: House, data: str) -> Scheme | None:
    """Return how a category is sampled: ``data S from D as anonymous N percent``; None when it is not."""
    for sample in house.data.values():
        if sample.percent and sample.form is Form.ANONYMOUS and sample.inputs == (data,):
            return Scheme(data, sample, _purpose(house, sample.name), sample.percent)
    return None


def schemes(house: House) -> tuple[Scheme, ...]:
    """Return every sampling that the document declares."""
    return tuple(s for name in house.data if (s := scheme(house, name)) is not None)


def crowd(house: House) -> int:
    """Return how many people make a crowd; raise ``GateError`` where the document does not say."""
    least = minimum(house)
    if least is None:
        raise GateError("what anonymous means is not said; add: anonymous totals at least 10 people")
    return least


def doubts(
    house: House, text: str, *, known: Iterable[str], shared: Set[str] = frozenset(), language: str = ""
) -> tuple[str, ...]:
    """Name why a text might still be somebody's, empty when it is surely nobody's; never raises."""
    try:
        own = unpublished(text, house.published)
        found = residual(own, known=known, shared=house.published.words | shared, lang=language)
        more = {SPECIAL: bool(house.subjects(own)), FLAGGED: REMOVED in text}
        return (*found, *(doubt for doubt, stands in more.items() if stands))
    except Exception:  # whatever it was: what nobody has read to its end is not anonymous
        return (UNFINISHED,)


def names_of(house: House, person: int) -> Iterator[str]:
    """Yield the values by which a person is named in the categories that identify."""
    naming = frozenset(d.name for d in house.data.values() if _naming(d))
    for record in standing(house, person, naming):
        if isinstance(record.body, dict):
            kinds = {f.name: f.type for f in house.data[record.data].fields}
            yield from (str(v) for n, v in record.body.items() if kinds.get(n) in VALUED)


def shared_words(texts: Iterable[tuple[int, str]], least: int) -> frozenset[str]:
    """Return the words that at least so many authors use, out of (author, text), and that name nobody.

    >>> sorted(shared_words([(1, "export now, Kari"), (2, "export, Kari"), (1, "now")], 2))
    ['export']
    """
    users: dict[str, set[int]] = defaultdict(set)
    for author, text in texts:
        for word in words_of(text):
            users[word].add(author)
    return frozenset(w for w, those in users.items() if len(those) >= least and not nameable(w))


def told_by_crowd(rows: Iterable[tuple[int, str]], least: int) -> frozenset[str]:
    """Return the values that at least so many authors bear, out of (author, value).

    >>> told_by_crowd([(1, "2024-03"), (2, "2024-03"), (3, "2024-04")], 2)
    frozenset({'2024-03'})
    """
    bearers: dict[str, set[int]] = defaultdict(set)
    for author, value in rows:
        bearers[value].add(author)
    return frozenset(value for value, those in bearers.items() if value and len(those) >= least)


def words_in(record: Record) -> str:
    """Return the words of a turn: what was asked, then what was answered."""
    body = record.body if isinstance(record.body, dict) else {}
    return "\n".join(str(body[name]) for name in ("input", "output") if body.get(name))


def _naming(datum: Data) -> bool:
    return datum.dpv in NAMING or any(f.identifies for f in datum.fields)


def _purpose(house: House, sample: str) -> str:
    """Return the purpose for which copies are made: the first that uses them."""
    for purpose in house.policy.of(Purpose):
        if any(u.data == sample and not u.reads for b in purpose.bases for u in b.uses):
            return purpose.name
    return ""
