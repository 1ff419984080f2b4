"""People: sign-in, records, readings and totals on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from troth.gate import Answer
from troth.gate.values import Held
from troth.policy.model import Policy
from troth.services.joint import answering
from troth.web.api.wire.base import ClauseOut, Fields, In, Line, Out, Who, Word, clause_out


class SessionIn(In, frozen=True):
    """Where the code goes; ``invited`` is the secret of a friend's link, by which one may come in anew."""

    email: Line
    invited: Annotated[str, Meta(max_length=200)] = ""


class CodeIn(In, frozen=True):
    email: Line
    code: Annotated[str, Meta(min_length=1, max_length=12)]
    invited: Annotated[str, Meta(max_length=200)] = ""


class SecondIn(In, frozen=True):
    """The six digits that a member of staff's device shows."""

    code: Annotated[str, Meta(pattern=r"^[0-9]{6}$")]


class SessionOut(Out, frozen=True):
    """``invited``: what became of a friend's link: joined, self, known, already, unknown, or '' for none."""

    token: str
    tag: str = ""
    invited: str = ""


class PersonIn(In, frozen=True):
    area: str = ""
    who: Who | None = None
    new: bool = False


class PersonOut(Out, frozen=True):
    tag: str


class RecordIn(In, frozen=True):
    data: Word
    purpose: Word
    fields: Fields
    source: Line | None = None
    member: str = ""


class RidOut(Out, frozen=True):
    rid: int
    dropped: tuple[str, ...] = ()


class CorrectIn(In, frozen=True):
    fields: Fields


class BehindOut(Out, frozen=True):
    """One answer of the person that a counted record stands on."""

    data: str
    field: str
    answer: str
    at: datetime


class RecordOut(Out, frozen=True):
    """One record: its purposes, where it came from, and when it is gone or what it waits for."""

    rid: int
    data: str
    fields: dict[str, Any]
    purposes: tuple[str, ...]
    source: str
    collected: datetime
    due: datetime | None = None
    waits: str = ""
    clause: ClauseOut | None = None
    because: str = ""
    restricted: bool = False
    role: str = ""  # in which role it is held, with or for which party, and who answers for it
    party: str = ""
    responsible: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    behind: tuple[BehindOut, ...] = ()
    erasable: bool = True  # whether all of it may go now, if its person asks for it
    lasts: tuple[LastsOut, ...] = ()  # what of it stays then, by which law


class LastsOut(Out, frozen=True):
    """What an erasure asked for today would leave of a record: which data, by which law, until when."""

    data: str
    because: str
    until: datetime | None
    article: str


class RecordsOut(Out, frozen=True):
    records: tuple[RecordOut, ...]


class RowOut(Out, frozen=True):
    """One person's record in a job's reading across persons, under a name that the form allows."""

    tag: str
    fields: dict[str, Any]


class RowsOut(Out, frozen=True):
    rows: tuple[RowOut, ...]
    more: bool = False


class CellOut(Out, frozen=True):
    value: str
    people: int


class TotalsOut(Out, frozen=True):
    """Counts of a field; what is too small to tell is not here, nor could it be worked out from what is.

    ``within``: how far a number may lie from the one counted, 19 times of 20.
    """

    data: str
    field: str
    totals: tuple[CellOut, ...]
    within: int = 0


class TallyOut(Out, frozen=True):
    """One question: how many answered it, and the split where no small group would show."""

    step: str
    question: str
    total: int | None
    split: tuple[CellOut, ...]


class SurveyOut(Out, frozen=True):
    """A survey's questions; ``within``: how far a number may lie from the one counted, 19 times of 20."""

    flow: str
    questions: tuple[TallyOut, ...]
    within: int = 0


class AlertOut(Out, frozen=True):
    """One alarm: ask for the records of its tag to see the address and the moments."""

    tag: str
    since: datetime
    attempts: int


class AlertsOut(Out, frozen=True):
    alerts: tuple[AlertOut, ...]


def record_out(held: Held, company: str, policy: Policy) -> RecordOut:
    """Write a record out, with who answers for it; the person's number stays inside."""
    by = answering(policy, held.data, held.purposes)
    return RecordOut(
        rid=held.rid,
        data=held.data,
        fields=dict(held.body),
        purposes=held.purposes,
        source=held.source,
        collected=held.collected,
        due=held.due,
        waits=held.waits,
        clause=clause_out(held.clause, company) if held.clause else None,
        because=held.because,
        restricted=held.restricted,
        role=by.role,
        party=by.party,
        responsible=by.responsible,
        stopped=held.stopped,
        behind=tuple(behind_out(b) for b in held.behind),
        erasable=not held.lasting,
        lasts=tuple(
            LastsOut(data=s.data, because=s.because, until=s.until, article=s.article) for s in held.lasting
        ),
    )


def behind_out(answer: Answer) -> BehindOut:
    """Write out one answer that something stands on."""
    return BehindOut(data=answer.data, field=answer.field, answer=answer.answer, at=answer.at)
